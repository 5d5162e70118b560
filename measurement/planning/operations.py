"""Making and extending calendars, where figures that are there already fill their periods."""

from datetime import date, datetime

from django.db import transaction

from backbone.accounts.models import User
from backbone.celery import hint
from measurement.calendars import operations as calendars
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.submissions.models import CurrentFigure, DirtyKey, Key


@transaction.atomic
def make_calendar(
    *, calendar: ReportingCalendar, first: date, last: date, by: User | None, at: datetime
) -> list[ReportingPeriod]:
    """A calendar with its periods from `first` to `last`."""
    made = calendars.create_calendar(calendar=calendar, by=by, at=at)
    return extend_calendar(calendar=made, first=first, last=last, by=by, at=at)


@transaction.atomic
def extend_calendar(
    *, calendar: ReportingCalendar, first: date, last: date, by: User | None, at: datetime
) -> list[ReportingPeriod]:
    """More periods. Twice is the same as once."""
    made = calendars.add_periods(calendar=calendar, first=first, last=last, by=by, at=at)
    _add_up_what_is_there(calendar, made, at=at)
    return made


def _add_up_what_is_there(calendar: ReportingCalendar, made: list[ReportingPeriod], *, at: datetime) -> None:
    """A new year of twelve months that have been reported has a sum from its first day on."""
    filled = (
        CurrentFigure.objects.filter(
            initiative_id=calendar.initiative_id, period__wholes__whole__in=[each.pk for each in made]
        )
        .values_list("indicator_id", "period__wholes__whole_id")
        .distinct()
    )
    keys = [Key(indicator, whole, None) for indicator, whole in filled]
    if keys:
        DirtyKey.objects.mark(calendar.initiative_id, keys, at=at)
        hint("measurement.roll_up_changed")
