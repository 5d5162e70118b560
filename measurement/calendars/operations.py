"""Making calendars and their periods. Opening them is with the reports they expect: submissions.opening."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backbone.accounts.models import User
from backbone.audit import trail
from backbone.web.codes import refusing_duplicates
from initiatives.charter.models import Initiative
from measurement.calendars.models import PeriodPart, ReportingCalendar, ReportingPeriod
from measurement.calendars.periods import Span, contains, covered_days, due_on, spans_between


class NotAllowed(Exception):
    """It does not fit how things stand. The text says so to people."""


@transaction.atomic
def create_calendar(*, calendar: ReportingCalendar, by: User | None, at: datetime) -> ReportingCalendar:
    with refusing_duplicates(
        NotAllowed(_("There is already a calendar with the code “%(code)s”.") % {"code": calendar.code})
    ):
        calendar.save()
    trail.record("calendar.created", about=calendar, by=by, at=at)
    return calendar


@transaction.atomic
def add_periods(
    *, calendar: ReportingCalendar, first: date, last: date, by: User | None, at: datetime
) -> list[ReportingPeriod]:
    """Make the periods between two days, without a hole to those that are there; return the new ones."""
    # Not the calendar alone: of two calendars that are filled at once, one has to see the other's periods.
    Initiative.objects.select_for_update(no_key=True).get(pk=calendar.initiative_id)
    existing = list(calendar.periods.order_by("ordinal"))
    spans = spans_between(calendar.rule, *_stretched(existing, first, last))
    made = ReportingPeriod.objects.bulk_create(_new_periods(calendar, spans, existing))
    link_parts(calendar)
    if made:
        trail.record(
            "calendar.periods_added",
            about=calendar,
            by=by,
            at=at,
            details={"periods": [p.code for p in made]},
        )
    return made


def _stretched(existing: list[ReportingPeriod], first: date, last: date) -> tuple[date, date]:
    if not existing:
        return first, last
    return min(first, existing[0].start), max(last, existing[-1].end)


def _new_periods(
    calendar: ReportingCalendar, spans: list[Span], existing: list[ReportingPeriod]
) -> Iterable[ReportingPeriod]:
    known = {period.start: period.ordinal for period in existing}
    anchor = next((known[span.start] - place for place, span in enumerate(spans) if span.start in known), 1)
    for place, span in enumerate(spans):
        if span.start not in known:
            yield ReportingPeriod(
                initiative_id=calendar.initiative_id,
                calendar=calendar,
                code=span.code,
                label=span.label,
                start=span.start,
                end=span.end,
                ordinal=anchor + place,
                due_on=due_on(span, calendar.due_after_days),
            )


def link_parts(calendar: ReportingCalendar) -> None:
    """Note which periods lie in which, between this calendar and every calendar of the initiative.

    Only where the parts fill the whole day by day: three months make a quarter, but weeks never make a month.
    """
    calendars = ReportingCalendar.objects.filter(initiative_id=calendar.initiative_id).prefetch_related(
        "periods"
    )
    this = next(each for each in calendars if each.pk == calendar.pk)
    pairs = {pair for other in calendars for pair in _pairs(this, other) | _pairs(other, this)}
    PeriodPart.objects.bulk_create(
        [
            PeriodPart(initiative_id=calendar.initiative_id, whole_id=whole, part_id=part)
            for whole, part in sorted(pairs)
        ],
        ignore_conflicts=True,
    )


def _pairs(wholes: ReportingCalendar, parts: ReportingCalendar) -> set[tuple[int, int]]:
    if wholes.pk == parts.pk:
        return {(period.pk, period.pk) for period in wholes.periods.all()}
    by_start = {period.start: period for period in parts.periods.all()}
    return {
        (whole.pk, by_start[span.start].pk)
        for whole in wholes.periods.all()
        for span in filling(whole.span, parts)
        if span.start in by_start
    }


def filling(whole: Span, calendar: ReportingCalendar) -> list[Span]:
    """The spans of the calendar that together are exactly the whole; none if they cannot be."""
    spans = spans_between(calendar.rule, whole.start, whole.end)
    inside = [span for span in spans if contains(whole, span)]
    return inside if covered_days(whole, inside) == whole.days else []
