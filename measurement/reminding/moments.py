"""When somebody is reminded of a report: pure, on days of the initiative's own time zone."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

# What could not be sent on its day is sent on one of the next, and after these not at all.
_OPENING_LASTS, _LATE_LASTS = timedelta(days=3), timedelta(days=7)


class Moment(StrEnum):
    OPENED = "opened"
    BEFORE = "before"
    DAY = "day"
    LATE = "late"
    ASKED = "asked"


@dataclass(frozen=True)
class Schedule:
    """`days_before` and `days_after` None for not at all."""

    is_on: bool = True
    at_opening: bool = True
    days_before: int | None = 7
    on_the_day: bool = True
    days_after: int | None = 7


USUAL: Final = Schedule()


@dataclass(frozen=True)
class Due:
    """A moment, and the day for which it was planned: together they are sent once."""

    moment: Moment
    day: date


def moment_of(
    schedule: Schedule, *, opened_on: date, due_on: date, today: date, not_before: date | None = None
) -> Due | None:
    """The one thing to say today, if there is any. `not_before`: until when its reader wanted to be left alone.

    Somebody who asked to be reminded on a day is, whatever the schedule says; what was planned earlier is dropped.
    """
    if not_before is not None and today < not_before:
        return None
    if not_before is not None and today <= not_before + _OPENING_LASTS:
        return Due(Moment.ASKED, not_before)
    if not schedule.is_on:
        return None
    due = next((each for each in _planned(schedule, opened_on, due_on, today)), None)
    return None if due and not_before and due.day < not_before else due


def _planned(schedule: Schedule, opened_on: date, due_on: date, today: date) -> list[Due]:
    """What applies today, the latest first."""
    found = []
    if schedule.days_after is not None:
        late = due_on + timedelta(days=schedule.days_after)
        if late <= today <= late + _LATE_LASTS:
            found.append(Due(Moment.LATE, late))
    if schedule.on_the_day and today == due_on:
        found.append(Due(Moment.DAY, due_on))
    if schedule.days_before is not None:
        before = due_on - timedelta(days=schedule.days_before)
        # Who has been asked only just now is not asked again the next day.
        if opened_on < before <= today < due_on:
            found.append(Due(Moment.BEFORE, before))
    if schedule.at_opening and opened_on <= today <= opened_on + _OPENING_LASTS:
        found.append(Due(Moment.OPENED, opened_on))
    return found
