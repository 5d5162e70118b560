"""What pages read about calendars, periods and assignments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, Q, QuerySet

from initiatives.charter.models import Initiative
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.indicators.models import Indicator
from measurement.submissions.models import Assignment, ExpectedReport, Submission

State = ReportingPeriod.State
_CLOSED_SHOWN, _PLANNED_SHOWN = 3, 2
IN = (Submission.Status.SUBMITTED, Submission.Status.APPROVED)


@dataclass(frozen=True)
class PeriodLine:
    """A period with how many reports are expected and how many of them are in."""

    period: ReportingPeriod
    expected: int = 0
    received: int = 0


@dataclass(frozen=True)
class CalendarOnPage:
    calendar: ReportingCalendar
    lines: list[PeriodLine]
    periods: int


def calendars_of(initiative: Initiative, *, today: date) -> list[CalendarOnPage]:
    """Every calendar with what is at hand: the open periods, the last ones closed, the next ones to open."""
    calendars = list(ReportingCalendar.objects.filter(initiative=initiative).prefetch_related("periods"))
    shown = {calendar.pk: _at_hand(list(calendar.periods.all()), today) for calendar in calendars}
    lines = {line.period.pk: line for line in with_counts(each for some in shown.values() for each in some)}
    return [
        CalendarOnPage(calendar, [lines[each.pk] for each in shown[calendar.pk]], len(calendar.periods.all()))
        for calendar in calendars
    ]


def with_counts(periods: Iterable[ReportingPeriod]) -> list[PeriodLine]:
    """In one query, whatever the number of partners."""
    periods = list(periods)
    counted = {
        row["period"]: row
        for row in ExpectedReport.objects.filter(period__in=periods)
        .values("period")
        .annotate(expected=Count("pk"), received=Count("pk", filter=Q(submission__status__in=IN)))
    }
    return [
        PeriodLine(each, counted[each.pk]["expected"], counted[each.pk]["received"])
        if each.pk in counted
        else PeriodLine(each)
        for each in periods
    ]


def assignments_of(indicator: Indicator, *, find: str = "") -> QuerySet[Assignment]:
    """Who reports it, by name and then by time. `find` is a part of a partner's name."""
    rows = (
        Assignment.objects.filter(indicator=indicator)
        .select_related("organization", "calendar")
        .prefetch_related("disaggregations")
        .order_by("organization__name", "organization_id", "starts_on", "pk")
    )
    wanted = find.replace("\0", "").strip()[:200]
    return rows.filter(organization__name__icontains=wanted) if wanted else rows


def _at_hand(periods: list[ReportingPeriod], today: date) -> list[ReportingPeriod]:
    """Newest first. Where nothing has been opened yet, the next ones are those that are not over."""
    is_open = [each for each in periods if each.state == State.OPEN]
    closed = [each for each in periods if each.state == State.CLOSED][-_CLOSED_SHOWN:]
    begun = max((each.ordinal for each in is_open + closed), default=None)
    planned = [each for each in periods if each.state == State.PLANNED]
    if begun is None:
        next_ones = [each for each in planned if each.end >= today] or planned[-_PLANNED_SHOWN:]
    else:
        next_ones = [each for each in planned if each.ordinal > begun]
    return sorted(is_open + closed + next_ones[:_PLANNED_SHOWN], key=lambda each: each.start, reverse=True)
