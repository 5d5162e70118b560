"""Who reports a measure."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import done, refused, render_page
from backbone.web.pagination import paginate
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.indicators.models import Indicator
from measurement.planning import selectors
from measurement.planning.assigning_forms import (
    MOST_SHOWN,
    AssignForm,
    BreakdownsForm,
    EndForm,
    as_initial,
)
from measurement.submissions import assigning
from measurement.submissions.models import Assignment, NotAllowed


@requires(Permission.SUBMISSIONS_VIEW_ALL)
@require_safe
def assignments(request: InitiativeRequest, initiative: Initiative, code: str) -> HttpResponse:
    indicator = _indicator(initiative, code)
    find = request.GET.get("find", "")
    return render_page(
        request,
        "measurement/planning/assignments.html",
        {
            "indicator": indicator,
            "page": paginate(request, selectors.assignments_of(indicator, find=find)),
            "find": find,
            "today": initiative.today(now()),
            "may_manage": request.access.may(Permission.INDICATORS_MANAGE),
            "trail": _trail(indicator)[:-1],
        },
        partials=("assigned",),
    )


@requires(Permission.INDICATORS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def assign(request: InitiativeRequest, initiative: Initiative, code: str) -> HttpResponse:
    indicator = _indicator(initiative, code)
    today = initiative.today(now())
    if request.method != "POST" or request.POST.get("step") == "find":
        initial = as_initial(request.POST) or {"starts_on": today.replace(month=1, day=1)}
        return _assign_page(
            request, indicator, AssignForm(initial=initial, initiative=initiative, today=today)
        )
    form = AssignForm(request.POST, initiative=initiative, today=today)
    if not form.is_valid():
        return _assign_page(request, indicator, form)
    chosen = form.organizations
    made = assigning.assign(
        indicator=indicator, organizations=chosen, **form.terms, by=request.user, at=now()
    )
    messages.success(request, _what_was_assigned(len(made), len(chosen)))
    return done(request, to=_list(indicator))


@requires(Permission.INDICATORS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def end_assignment(request: InitiativeRequest, initiative: Initiative, assignment_id: UUID) -> HttpResponse:
    assignment = _assignment(initiative, assignment_id)
    form = EndForm(request.POST if request.method == "POST" else None, assignment=assignment)
    if request.method == "POST" and form.is_valid():
        try:
            assigning.end_assignment(
                assignment=assignment, on=form.cleaned_data["ends_on"], by=request.user, at=now()
            )
        except NotAllowed as reason:
            return refused(request, reason)
        messages.success(request, _("The end for %(partner)s is set.") % {"partner": assignment.organization})
        return done(request, to=_list(assignment.indicator))
    context = {"assignment": assignment, "form": form, "trail": _trail(assignment.indicator)}
    return render_page(
        request,
        "measurement/planning/end_assignment.html",
        context,
        partials=("end-form",),
        status=422 if form.errors else 200,
    )


@requires(Permission.INDICATORS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def change_breakdowns(
    request: InitiativeRequest, initiative: Initiative, assignment_id: UUID
) -> HttpResponse:
    assignment = _assignment(initiative, assignment_id)
    form = BreakdownsForm(request.POST if request.method == "POST" else None, assignment=assignment)
    if request.method == "POST" and form.is_valid():
        words = {name: form.cleaned_data[name] for name in ("since", "disaggregations")}
        try:
            assigning.change_breakdowns(assignments=form.assignments, **words, by=request.user, at=now())
        except NotAllowed as reason:
            return refused(request, reason)
        messages.success(request, _("Saved. Nothing changes in the periods before."))
        return done(request, to=_list(assignment.indicator))
    context = {"assignment": assignment, "form": form, "trail": _trail(assignment.indicator)}
    return render_page(
        request,
        "measurement/planning/change_breakdowns.html",
        context,
        partials=("breakdowns-form",),
        status=422 if form.errors else 200,
    )


def _assignment(initiative: Initiative, assignment_id: UUID) -> Assignment:
    rows = Assignment.objects.select_related("indicator__initiative", "organization", "calendar")
    return get_object_or_404(rows, initiative=initiative, public_id=assignment_id)


def _assign_page(request: InitiativeRequest, indicator: Indicator, form: AssignForm) -> HttpResponse:
    typed: QueryDict = request.POST
    find, ticked = typed.get("find", ""), typed.getlist("partners")
    return render_page(
        request,
        "measurement/planning/assign.html",
        {
            "indicator": indicator,
            "form": form,
            "find": find,
            "ticked": ticked,
            "shown": form.shown(find, ticked),
            "most_shown": MOST_SHOWN,
            "trail": _trail(indicator),
        },
        partials=("assign-form", "partner-choice"),
        status=422 if form.errors else 200,
    )


def _what_was_assigned(made: int, chosen: int) -> str:
    words = ngettext(
        "%(count)d partner reports it from then on.", "%(count)d partners report it from then on.", made
    ) % {"count": made}
    if made == chosen:
        return words
    already = ngettext(
        "%(count)d reports it in that time already and stays as it is.",
        "%(count)d report it in that time already and stay as they are.",
        chosen - made,
    ) % {"count": chosen - made}
    return f"{words} {already}"


def _indicator(initiative: Initiative, code: str) -> Indicator:
    return get_object_or_404(Indicator.objects.in_initiative(initiative).with_versions(), code=code)


def _list(indicator: Indicator) -> str:
    return reverse("measurement:planning:assignments", args=[indicator.initiative.slug, indicator.code])


def _trail(indicator: Indicator) -> list[dict[str, str]]:
    slug = indicator.initiative.slug
    return [
        {"label": _("Indicators"), "url": reverse("measurement:indicators:indicators", args=[slug])},
        {
            "label": indicator.version.name,
            "url": reverse("measurement:indicators:sheet", args=[slug, indicator.code]),
        },
        {"label": _("Who reports it"), "url": _list(indicator)},
    ]
