"""Calendars and their periods: made, opened, closed, and when their reports are due."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import done, refused, render_page
from backbone.web.pagination import paginate
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.calendars.operations import NotAllowed as NotPossible
from measurement.planning import operations, selectors
from measurement.planning.forms import CalendarForm, DueForm, MorePeriodsForm
from measurement.submissions import opening
from measurement.submissions.expecting import would_expect
from measurement.submissions.models import NotAllowed


@requires(Permission.SUBMISSIONS_VIEW_ALL)
@require_safe
def periods(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    return render_page(
        request,
        "measurement/planning/periods.html",
        {
            "calendars": selectors.calendars_of(initiative, today=initiative.today(now())),
            "may_manage": request.access.may(Permission.PERIODS_MANAGE),
        },
    )


@requires(Permission.PERIODS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def add_calendar(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    form = CalendarForm(_typed(request), initiative=initiative, today=initiative.today(now()))
    is_right = request.method == "POST" and form.is_valid()
    if is_right and "preview" not in request.POST:
        days = form.cleaned_data
        try:
            operations.make_calendar(
                calendar=form.instance, first=days["first"], last=days["last"], by=request.user, at=now()
            )
        except NotPossible as reason:
            return refused(request, reason)
        messages.success(request, _("The calendar is made. Next: choose who reports on it."))
        return done(request, to=_calendar_page(form.instance))
    return render_page(
        request,
        "measurement/planning/add_calendar.html",
        {"form": form, "spans": form.spans if is_right else [], "trail": _trail(initiative)},
        partials=("calendar-form",),
        status=422 if form.errors else 200,
    )


@requires(Permission.SUBMISSIONS_VIEW_ALL)
@require_safe
def calendar(request: InitiativeRequest, initiative: Initiative, calendar_id: UUID) -> HttpResponse:
    found = _calendar(initiative, calendar_id)
    form = MorePeriodsForm(calendar=found, newest=found.periods.last())
    return _calendar_response(request, found, form)


@requires(Permission.PERIODS_MANAGE)
@require_POST
def add_periods(request: InitiativeRequest, initiative: Initiative, calendar_id: UUID) -> HttpResponse:
    found = _calendar(initiative, calendar_id)
    form = MorePeriodsForm(request.POST, calendar=found, newest=found.periods.last())
    if not form.is_valid():
        return _calendar_response(request, found, form)
    made = operations.extend_calendar(
        calendar=found, first=form.first, last=form.cleaned_data["last"], by=request.user, at=now()
    )
    words = ngettext("%(count)d more period.", "%(count)d more periods.", len(made))
    messages.success(request, words % {"count": len(made)})
    return done(request, to=_calendar_page(found))


@requires(Permission.SUBMISSIONS_VIEW_ALL)
@require_safe
def period(request: InitiativeRequest, initiative: Initiative, period_id: UUID) -> HttpResponse:
    found = _period(initiative, period_id)
    return _period_response(request, found, DueForm(period=found))


@requires(Permission.PERIODS_MANAGE)
@require_POST
def open_period(request: InitiativeRequest, initiative: Initiative, period_id: UUID) -> HttpResponse:
    found = _period(initiative, period_id)
    try:
        expected = opening.open_period(period=found, by=request.user, at=now())
    except NotAllowed as reason:
        return refused(request, reason)
    words = ngettext(
        "%(period)s is open. %(count)d report is expected.",
        "%(period)s is open. %(count)d reports are expected.",
        expected,
    )
    messages.success(request, words % {"period": found.label, "count": expected})
    return done(request, to=_period_page(found))


@requires(Permission.PERIODS_MANAGE)
@require_POST
def close_period(request: InitiativeRequest, initiative: Initiative, period_id: UUID) -> HttpResponse:
    return _move(request, _period(initiative, period_id), opening.close_period, _("%(period)s is closed."))


@requires(Permission.PERIODS_MANAGE)
@require_POST
def reopen_period(request: InitiativeRequest, initiative: Initiative, period_id: UUID) -> HttpResponse:
    words = _("%(period)s is open again.")
    return _move(request, _period(initiative, period_id), opening.reopen_period, words)


@requires(Permission.PERIODS_MANAGE)
@require_POST
def change_due_date(request: InitiativeRequest, initiative: Initiative, period_id: UUID) -> HttpResponse:
    found = _period(initiative, period_id)
    form = DueForm(request.POST, period=found)
    if not form.is_valid():
        return _period_response(request, found, form)
    try:
        opening.change_due_date(period=found, **form.cleaned_data, by=request.user, at=now())
    except NotAllowed as reason:
        return refused(request, reason)
    messages.success(request, _("The due date is changed."))
    return done(request, to=_period_page(found))


def _move(
    request: InitiativeRequest, period: ReportingPeriod, operation: Callable[..., None], words: str
) -> HttpResponse:
    try:
        operation(period=period, by=request.user, at=now())
    except NotAllowed as reason:
        return refused(request, reason)
    messages.success(request, words % {"period": period.label})
    return done(request, to=_period_page(period))


def _calendar(initiative: Initiative, calendar_id: UUID) -> ReportingCalendar:
    return get_object_or_404(ReportingCalendar, initiative=initiative, public_id=calendar_id)


def _period(initiative: Initiative, period_id: UUID) -> ReportingPeriod:
    known = ReportingPeriod.objects.in_initiative(initiative).select_related("calendar", "initiative")
    return get_object_or_404(known, public_id=period_id)


def _calendar_response(
    request: InitiativeRequest, found: ReportingCalendar, form: MorePeriodsForm
) -> HttpResponse:
    page = paginate(request, found.periods.order_by("-start"))
    return render_page(
        request,
        "measurement/planning/calendar.html",
        {
            "calendar": found,
            "page": page,
            "lines": selectors.with_counts(page.object_list),
            "form": form,
            "may_manage": request.access.may(Permission.PERIODS_MANAGE),
            "trail": _trail(found.initiative),
        },
        partials=("more-periods",),
        status=422 if form.errors else 200,
    )


def _period_response(request: InitiativeRequest, found: ReportingPeriod, form: DueForm) -> HttpResponse:
    is_planned = found.state == ReportingPeriod.State.PLANNED
    partners, figures = would_expect(found) if is_planned else (0, 0)
    calendar_step = {"label": found.calendar.name, "url": _calendar_page(found.calendar)}
    return render_page(
        request,
        "measurement/planning/period.html",
        {
            "period": found,
            "line": selectors.with_counts([found])[0],
            "partners": partners,
            "figures": figures,
            "form": form,
            "may_manage": request.access.may(Permission.PERIODS_MANAGE),
            "trail": [*_trail(found.initiative), calendar_step],
        },
        partials=("due-form",),
        status=422 if form.errors else 200,
    )


def _typed(request: InitiativeRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _calendar_page(calendar: ReportingCalendar) -> str:
    return reverse("measurement:planning:calendar", args=[calendar.initiative.slug, calendar.public_id])


def _period_page(period: ReportingPeriod) -> str:
    return reverse("measurement:planning:period", args=[period.initiative.slug, period.public_id])


def _trail(initiative: Initiative) -> list[dict[str, str]]:
    return [{"label": _("Periods"), "url": reverse("measurement:planning:periods", args=[initiative.slug])}]
