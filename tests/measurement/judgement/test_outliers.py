"""When a value just typed in is asked about."""

from decimal import Decimal
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measurement.judgement.outliers import check, modified_z
from measurement.judgement.reasons import Reason
from tests.measurement.judgement.showing import half_up

HISTORY = [Decimal(value) for value in (100, 98, 103, 97, 102, 101)]
values = st.decimals(-(10**6), 10**6, places=2)


@pytest.mark.parametrize(
    ("value", "decimals", "score", "asked"), [(1010, 1, "306.7", True), (110, 2, "3.20", False)]
)
def test_a_value_far_from_its_history_is_asked_about(
    value: int, decimals: int, score: str, asked: bool
) -> None:
    """Example 23."""
    found = check(HISTORY, Decimal(value))

    assert found.score is not None
    assert half_up(found.score, decimals) == Decimal(score)
    assert found.ask is asked


def test_a_score_of_three_and_a_half_is_asked_about() -> None:
    """Deviations of 6745 give a score of a ten-thousandth of the distance."""
    history = [Decimal(value) for value in (-6745, -6745, -6745, 6745, 6745, 6745)]

    assert check(history, Decimal(35000)).score == Decimal("3.5")
    assert check(history, Decimal(35000)).ask
    assert not check(history, Decimal(34999)).ask


def test_five_points_are_too_few_to_ask() -> None:
    found = check(HISTORY[:5], Decimal(1010))

    assert (found.ask, found.reason, found.score) == (False, Reason.TOO_FEW_POINTS, None)


@pytest.mark.parametrize(("value", "asked"), [(12, False), (13, True), (0, True)])
def test_what_was_always_the_same_is_asked_about_when_it_differs(value: int, asked: bool) -> None:
    found = check([Decimal(12)] * 6, Decimal(value))

    assert (found.ask, found.reason, found.score) == (asked, Reason.NO_SPREAD, None)


def test_the_mean_deviation_stands_in_where_half_of_the_history_is_the_same() -> None:
    history = [Decimal(value) for value in (0, 0, 0, 0, 0, 12)]

    score = modified_z(history, Decimal(6))

    assert score is not None
    assert half_up(score, 3) == half_up(6 / (Decimal("1.253314") * 2), 3)


@given(history=st.lists(values, min_size=6, max_size=40), value=values, moved=values)
def test_the_unit_and_the_order_of_the_history_change_nothing(
    history: list[Decimal], value: Decimal, moved: Decimal
) -> None:
    found = check(history, value)

    assert check(sorted(history), value) == found
    assert check([past + moved for past in history], value + moved) == found
    assert check([-past for past in history], -value) == found


@given(history=st.lists(values, min_size=6, max_size=40))
def test_the_middle_of_the_history_is_never_asked_about(history: list[Decimal]) -> None:
    assert not check(history, median(history)).ask
