"""Where bars stand: within the picture, in order, whatever the days."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from initiatives.actions.timeline import LEFT, WIDTH, Span, lay_out
from initiatives.actions.words import waiting_for

DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))
TODAY = date(2026, 4, 15)


def span(one: date, other: date, step: date) -> Span:
    return Span("A name", min(one, other), max(one, other), "planned", [(step, True)])


@given(st.lists(st.builds(span, DAYS, DAYS, DAYS), max_size=6), DAYS)
def test_everything_stands_within_the_picture(some: list[Span], today: date) -> None:
    drawn = lay_out(some, today)

    for bar in drawn.bars:
        assert LEFT <= bar.x < bar.x + bar.width <= WIDTH
        assert 0 < bar.y < drawn.height
        assert all(LEFT <= step.x <= WIDTH for step in bar.steps)
    assert len(drawn.marks) <= 14
    assert [mark.x for mark in drawn.marks] == sorted(mark.x for mark in drawn.marks)


def test_bars_keep_the_proportions_of_their_days() -> None:
    whole = Span("Year", date(2026, 1, 1), date(2026, 12, 31), "planned")
    half = Span("Half", date(2026, 1, 1), date(2026, 7, 1), "planned")

    year, part = lay_out([whole, half], TODAY).bars

    assert part.width == pytest.approx(year.width / 2, abs=3)
    assert part.x == year.x
    assert part.y > year.y


def test_today_is_marked_only_where_it_lies_within() -> None:
    old = Span("Old", date(2020, 1, 1), date(2020, 12, 31), "done")

    assert lay_out([old], TODAY).today is None
    assert lay_out([Span("Now", TODAY, TODAY, "planned")], TODAY).today is not None


def test_a_circle_is_told_as_a_sentence() -> None:
    assert waiting_for(["A", "B"]) == "“A” waits for “B”, “B” waits for “A”"
