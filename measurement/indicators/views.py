"""The registry of measures, the sheet of each, its versions and targets."""

from django.contrib import messages
from django.forms import BaseForm
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import done, refused, render_page
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.indicators import linking, operations, selectors
from measurement.indicators.forms import DefineForm, RedefineForm
from measurement.indicators.gaps import gaps_of
from measurement.indicators.models import Indicator, Target
from measurement.indicators.offers import OFFERS
from measurement.indicators.target_forms import TargetForm

Trail = list[dict[str, str]]


@requires(Permission.SUBMISSIONS_VIEW_ALL)
@require_safe
def indicators(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    found = selectors.indicators_of(initiative, on=initiative.today(now()))
    return render_page(
        request,
        "measurement/indicators/indicators.html",
        {
            "indicators": list(found),
            "may_manage": request.access.may(Permission.INDICATORS_MANAGE),
        },
    )


@requires(Permission.INITIATIVE_VIEW)
@require_safe
def sheet(request: InitiativeRequest, initiative: Initiative, code: str) -> HttpResponse:
    indicator = get_object_or_404(selectors.indicators_of(initiative, on=initiative.today(now())), code=code)
    return render_page(
        request,
        "measurement/indicators/sheet.html",
        {
            "indicator": indicator,
            "history": selectors.history(list(indicator.versions.all())),
            "lines": selectors.lines_of(indicator.version),
            "breaks": indicator.breaks.all(),
            "targets": selectors.targets_of(
                indicator,
                everybody=request.access.may(Permission.FIGURES_VIEW_ALL),
                own=request.access.organizations(Permission.OWN_FIGURES_VIEW),
            ),
            "breakdowns": selectors.breakdowns_of(indicator),
            "may_watch": indicator.version.rules.has_base,
            "gaps": gaps_of(indicator),
            "tells_about": linking.nodes_of(indicator),
            "may_manage": request.access.may(Permission.INDICATORS_MANAGE),
            "may_see_partners": request.access.may(Permission.PARTNERS_VIEW),
            "trail": _trail(initiative) if request.access.may(Permission.SUBMISSIONS_VIEW_ALL) else [],
        },
    )


@requires(Permission.INDICATORS_MANAGE)
@require_safe
def define(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    """The first step: which kind."""
    return render_page(
        request,
        "measurement/indicators/define.html",
        {"offers": list(OFFERS.values()), "trail": _trail(initiative)},
    )


@requires(Permission.INDICATORS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def define_as(request: InitiativeRequest, initiative: Initiative, kind: str) -> HttpResponse:
    """The second step: what that kind needs."""
    offer = next((offer for offer in OFFERS.values() if offer.kind.value == kind), None)
    if offer is None:
        raise Http404
    form = DefineForm(_typed(request), kind=offer.kind, initiative=initiative, today=initiative.today(now()))
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.define(
                indicator=form.indicator, version=form.instance, by=request.user, at=now()
            )
        except operations.NotAllowed as reason:
            return refused(request, reason)
        messages.success(request, _("The measure is defined. Next: choose who reports it."))
        return done(request, to=_sheet(made))
    return _form_page(request, "define_as", "measure-form", form, offer=offer, trail=_trail(initiative))


@requires(Permission.INDICATORS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def redefine(request: InitiativeRequest, initiative: Initiative, code: str) -> HttpResponse:
    indicator = _indicator(initiative, code)
    newest = indicator.versions.select_related("initiative", "indicator").latest("number")
    if newest.kind not in OFFERS:
        raise Http404
    form = RedefineForm(_typed(request), newest=newest)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.redefine(
                indicator=indicator,
                version=form.instance,
                break_note=form.cleaned_data["break_note"],
                by=request.user,
                at=now(),
            )
        except operations.NotAllowed as reason:
            return refused(request, reason)
        messages.success(request, _("Version %(number)s is there.") % {"number": made.number})
        return done(request, to=_sheet(indicator))
    context = {"newest": newest, "indicator": indicator, "trail": _trail(initiative, indicator)}
    return _form_page(request, "redefine", "measure-form", form, **context)


@requires(Permission.INDICATORS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def set_target(
    request: InitiativeRequest, initiative: Initiative, code: str, target_id: int | None = None
) -> HttpResponse:
    indicator = _indicator(initiative, code)
    target = Target(initiative=initiative, indicator=indicator)
    if target_id is not None:
        target = _target(indicator, target_id)
    form = TargetForm(_typed(request), instance=target)
    if request.method == "POST" and form.is_valid():
        try:
            operations.set_target(target=form.instance, by=request.user, at=now())
        except operations.NotAllowed as reason:
            return refused(request, reason)
        messages.success(request, _("The target is set."))
        return done(request, to=_sheet(indicator))
    context = {"target_id": target_id, "indicator": indicator, "trail": _trail(initiative, indicator)}
    return _form_page(request, "target", "target-form", form, **context)


@requires(Permission.INDICATORS_MANAGE)
@require_POST
def remove_target(
    request: InitiativeRequest, initiative: Initiative, code: str, target_id: int
) -> HttpResponse:
    indicator = _indicator(initiative, code)
    operations.remove_target(target=_target(indicator, target_id), by=request.user, at=now())
    messages.success(request, _("The target is removed. The audit trail keeps it."))
    return done(request, to=_sheet(indicator))


def _indicator(initiative: Initiative, code: str) -> Indicator:
    return get_object_or_404(Indicator.objects.in_initiative(initiative).with_versions(), code=code)


def _target(indicator: Indicator, target_id: int) -> Target:
    return get_object_or_404(Target, indicator=indicator, pk=target_id)


def _form_page(
    request: InitiativeRequest, page: str, partial: str, form: BaseForm, **context: object
) -> HttpResponse:
    return render_page(
        request,
        f"measurement/indicators/{page}.html",
        {"form": form, **context},
        partials=(partial,),
        status=422 if form.errors else 200,
    )


def _typed(request: InitiativeRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _sheet(indicator: Indicator) -> str:
    return reverse("measurement:indicators:sheet", args=[indicator.initiative.slug, indicator.code])


def _trail(initiative: Initiative, indicator: Indicator | None = None) -> Trail:
    steps = [
        {
            "label": _("Indicators"),
            "url": reverse("measurement:indicators:indicators", args=[initiative.slug]),
        }
    ]
    if indicator is not None:
        steps.append({"label": indicator.version.name, "url": _sheet(indicator)})
    return steps
