"""Axes with few round numbers, from zero unless it is said."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measurement.charts.figures import compact, rounded
from measurement.charts.scales import scale_for
from measurement.charts.series import Axis

values = st.lists(st.decimals(-(10**9), 10**9, places=3), min_size=1, max_size=8)


def ticks(values: list[int], axis: Axis, decimals: int = 0) -> list[str]:
    return [f"{tick:f}" for tick in scale_for(map(Decimal, values), axis, decimals).ticks]


def test_counts_start_at_zero_and_end_above_the_highest() -> None:
    assert ticks([62, 97], Axis.FROM_ZERO) == ["0", "25", "50", "75", "100"]


def test_a_count_never_has_half_a_person_on_its_axis() -> None:
    assert ticks([1, 3], Axis.FROM_ZERO) == ["0", "1", "2", "3"]


def test_a_percentage_that_moves_little_is_not_blown_up() -> None:
    assert ticks([52, 53], Axis.PERCENT) == ["40", "45", "50", "55", "60", "65"]


def test_a_percentage_near_its_end_stays_within_a_hundred() -> None:
    assert ticks([97, 99], Axis.PERCENT)[-1] == "100"


@given(values, st.sampled_from(Axis), st.integers(0, 3))
def test_every_value_finds_room_on_few_even_steps(values: list[Decimal], axis: Axis, decimals: int) -> None:
    scale = scale_for(values, axis, decimals)

    assert all(0 <= scale.share(value) <= 1 for value in values)
    assert 2 <= len(scale.ticks) <= 8
    assert len({after - before for before, after in zip(scale.ticks, scale.ticks[1:], strict=False)}) == 1


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("999999", "999,999"),
        ("1000000", "1 million"),
        ("-1234567890", "-1.23 billion"),
        ("2500000000000", "2.5 trillion"),
        ("1e30", "1.0 × 10^30"),
    ],
)
def test_long_numbers_are_told_in_words(value: str, shown: str) -> None:
    assert compact(Decimal(value), 0) == shown


@pytest.mark.parametrize(
    ("value", "decimals", "result"),
    [("2.5", 0, "3"), ("-2.5", 0, "-3"), ("2.675", 2, "2.68"), ("-0.4", 0, "0")],
)
def test_rounding_is_half_up_and_once(value: str, decimals: int, result: str) -> None:
    assert str(rounded(Decimal(value), decimals)) == result
