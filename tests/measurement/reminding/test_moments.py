"""When somebody is reminded, as a table."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measurement.reminding.moments import USUAL, Due, Moment, Schedule, moment_of

OPENED, DUE = date(2026, 4, 1), date(2026, 4, 30)


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 3, 31), None),
        (date(2026, 4, 1), Due(Moment.OPENED, OPENED)),
        (date(2026, 4, 4), Due(Moment.OPENED, OPENED)),  # the sender was down for three days
        (date(2026, 4, 5), None),
        (date(2026, 4, 22), None),
        (date(2026, 4, 23), Due(Moment.BEFORE, date(2026, 4, 23))),
        (date(2026, 4, 29), Due(Moment.BEFORE, date(2026, 4, 23))),
        (date(2026, 4, 30), Due(Moment.DAY, DUE)),
        (date(2026, 5, 1), None),
        (date(2026, 5, 7), Due(Moment.LATE, date(2026, 5, 7))),
        (date(2026, 5, 14), Due(Moment.LATE, date(2026, 5, 7))),
        (date(2026, 5, 15), None),
    ],
)
def test_the_usual_schedule(today: date, expected: Due | None) -> None:
    assert moment_of(USUAL, opened_on=OPENED, due_on=DUE, today=today) == expected


@pytest.mark.parametrize(
    ("schedule", "today"),
    [
        (Schedule(is_on=False), date(2026, 4, 23)),
        (Schedule(at_opening=False), OPENED),
        (Schedule(days_before=None), date(2026, 4, 23)),
        (Schedule(on_the_day=False, days_before=None), DUE),
        (Schedule(days_after=None), date(2026, 5, 7)),
    ],
)
def test_each_reminder_can_be_switched_off(schedule: Schedule, today: date) -> None:
    assert moment_of(schedule, opened_on=OPENED, due_on=DUE, today=today) is None


def test_what_was_opened_within_the_last_week_is_not_spoken_of_twice() -> None:
    found = {
        moment_of(USUAL, opened_on=date(2026, 4, 27), due_on=DUE, today=day)
        for day in (date(2026, 4, 27), date(2026, 4, 28), date(2026, 4, 29))
    }

    assert found == {Due(Moment.OPENED, date(2026, 4, 27))}


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 4, 23), None),
        (date(2026, 4, 25), Due(Moment.ASKED, date(2026, 4, 25))),
        (date(2026, 4, 29), None),  # "a week before" was planned for a day on which nothing was wanted
        (date(2026, 4, 30), Due(Moment.DAY, DUE)),
    ],
)
def test_who_wanted_to_be_left_alone_is_and_is_reminded_then(today: date, expected: Due | None) -> None:
    found = moment_of(USUAL, opened_on=OPENED, due_on=DUE, today=today, not_before=date(2026, 4, 25))

    assert found == expected


@given(
    opened=st.integers(-60, 0),
    today=st.integers(-70, 90),
    before=st.none() | st.integers(1, 60),
    after=st.none() | st.integers(1, 60),
)
def test_nothing_is_said_of_the_future_or_before_it_is_open(
    opened: int, today: int, before: int | None, after: int | None
) -> None:
    def day(number: int) -> date:
        return DUE + timedelta(days=number)

    schedule = Schedule(days_before=before, days_after=after)
    due = moment_of(schedule, opened_on=day(opened), due_on=DUE, today=day(today))

    assert due is None or day(opened) <= due.day <= day(today)
