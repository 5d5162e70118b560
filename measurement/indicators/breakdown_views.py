"""Breakdowns and the words of their categories."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import done, refused, render_page
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.indicators import breakdowns as operations
from measurement.indicators.breakdown_forms import CategoryForm, CrossTableForm, NewBreakdownForm, RenameForm
from measurement.indicators.models import Category, Disaggregation
from measurement.indicators.operations import NotAllowed


@requires(Permission.SUBMISSIONS_VIEW_ALL)
@require_safe
def breakdowns(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    return render_page(
        request,
        "measurement/indicators/breakdowns.html",
        {
            "breakdowns": Disaggregation.objects.filter(initiative=initiative)
            .select_related("rows", "columns")
            .prefetch_related("categories"),
            "may_manage": request.access.may(Permission.INDICATORS_MANAGE),
            "trail": _trail(initiative)[:1],
        },
    )


@requires(Permission.INDICATORS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def add_breakdown(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    form = NewBreakdownForm(_typed(request), initiative=initiative)
    if request.method == "POST" and form.is_valid():
        words = form.cleaned_data
        try:
            made = operations.create_breakdown(
                disaggregation=Disaggregation(
                    initiative=initiative, **{each: words[each] for each in ("name", "code", "adds_up")}
                ),
                names=words["categories"],
                unknown=words["unknown"],
                by=request.user,
                at=now(),
            )
        except NotAllowed as reason:
            return refused(request, reason)
        messages.success(request, _("The breakdown “%(name)s” is there.") % {"name": made.name})
        return done(request, to=_list(initiative))
    return render_page(
        request,
        "measurement/indicators/add_breakdown.html",
        {"form": form, "trail": _trail(initiative)},
        partials=("breakdown-form",),
        status=422 if form.errors else 200,
    )


@requires(Permission.INDICATORS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def add_cross_table(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    form = CrossTableForm(_typed(request), initiative=initiative)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.create_cross_table(**form.cleaned_data, by=request.user, at=now())
        except NotAllowed as reason:
            return refused(request, reason)
        messages.success(request, _("The cross-table “%(name)s” is there.") % {"name": made.name})
        return done(request, to=_list(initiative))
    return render_page(
        request,
        "measurement/indicators/add_cross_table.html",
        {"form": form, "trail": _trail(initiative)},
        partials=("cross-table-form",),
        status=422 if form.errors else 200,
    )


@requires(Permission.INDICATORS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def breakdown(request: InitiativeRequest, initiative: Initiative, breakdown_id: UUID) -> HttpResponse:
    """Its words."""
    found = _breakdown(initiative, breakdown_id)
    form = RenameForm(_typed(request), breakdown=found)
    if request.method == "POST" and form.is_valid():
        operations.rename(
            disaggregation=found, name=form.cleaned_data["name"], names=form.names, by=request.user, at=now()
        )
        messages.success(request, _("Saved."))
        return done(request, to=_page(found))
    return _breakdown_page(request, found, form, CategoryForm(breakdown=found))


@requires(Permission.INDICATORS_MANAGE)
@require_POST
def add_category(request: InitiativeRequest, initiative: Initiative, breakdown_id: UUID) -> HttpResponse:
    found = _breakdown(initiative, breakdown_id)
    form = CategoryForm(request.POST, breakdown=found)
    if not form.is_valid():
        return _breakdown_page(request, found, RenameForm(breakdown=found), form)
    try:
        operations.add_category(disaggregation=found, **form.cleaned_data, by=request.user, at=now())
    except NotAllowed as reason:
        return refused(request, reason)
    messages.success(request, _("Added. Periods that you open from now on ask for it."))
    return done(request, to=_page(found))


@requires(Permission.INDICATORS_MANAGE)
@require_POST
def remove_category(
    request: InitiativeRequest, initiative: Initiative, breakdown_id: UUID, code: str
) -> HttpResponse:
    found = _breakdown(initiative, breakdown_id)
    category = get_object_or_404(Category, disaggregation=found, code=code)
    try:
        operations.remove_category(category=category, by=request.user, at=now())
    except NotAllowed as reason:
        return refused(request, reason)
    messages.success(request, _("“%(name)s” is removed.") % {"name": category.name})
    return done(request, to=_page(found))


def _breakdown(initiative: Initiative, breakdown_id: UUID) -> Disaggregation:
    return get_object_or_404(Disaggregation, initiative=initiative, public_id=breakdown_id)


def _breakdown_page(
    request: InitiativeRequest, found: Disaggregation, form: RenameForm, category_form: CategoryForm
) -> HttpResponse:
    return render_page(
        request,
        "measurement/indicators/breakdown.html",
        {
            "breakdown": found,
            "form": form,
            "category_form": category_form,
            "rows": [(each, form[f"category-{each.pk}"]) for each in form.categories],
            "trail": _trail(found.initiative),
        },
        partials=("words-form", "category-form"),
        status=422 if form.errors or category_form.errors else 200,
    )


def _typed(request: InitiativeRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _list(initiative: Initiative) -> str:
    return reverse("measurement:indicators:breakdowns", args=[initiative.slug])


def _page(found: Disaggregation) -> str:
    return reverse("measurement:indicators:breakdown", args=[found.initiative.slug, found.public_id])


def _trail(initiative: Initiative) -> list[dict[str, str]]:
    indicators = reverse("measurement:indicators:indicators", args=[initiative.slug])
    return [
        {"label": _("Indicators"), "url": indicators},
        {"label": _("Breakdowns"), "url": _list(initiative)},
    ]
