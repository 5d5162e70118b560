"""The schedule of a calendar's reminders: what holds, and changing it."""

from datetime import datetime

from django.db import transaction

from backbone.accounts.models import User
from backbone.audit import trail
from measurement.calendars.models import ReportingCalendar
from measurement.reminding.models import ReminderSchedule


def of(calendar: ReportingCalendar) -> ReminderSchedule:
    """What was said of it, or the usual."""
    found = ReminderSchedule.objects.filter(calendar=calendar).first()
    return found or ReminderSchedule(initiative_id=calendar.initiative_id, calendar=calendar)


@transaction.atomic
def save(*, schedule: ReminderSchedule, by: User, at: datetime) -> ReminderSchedule:
    said = {
        name: getattr(schedule, name)
        for name in ("is_on", "at_opening", "days_before", "on_the_day", "days_after", "with_link")
    }
    saved, _is_new = ReminderSchedule.objects.update_or_create(
        calendar=schedule.calendar, defaults={"initiative_id": schedule.initiative_id, **said}
    )
    trail.record("reminders.changed", about=schedule.calendar, by=by, at=at, details=said)
    return saved
