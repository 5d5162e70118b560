"""What a proportion, and a change of one, could have been."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measurement.judgement.intervals import Interval, newcombe, wilson
from measurement.judgement.ratios import Ratio
from tests.measurement.judgement.showing import half_up


def of(hits: int, cases: int) -> Ratio:
    return Ratio(Decimal(hits), Decimal(cases))


def in_percent(interval: Interval) -> tuple[str, str]:
    return str(half_up(interval.low * 100, 1)), str(half_up(interval.high * 100, 1))


proportions = st.integers(1, 5000).flatmap(lambda cases: st.builds(of, st.integers(0, cases), st.just(cases)))


@pytest.mark.parametrize(
    ("hits", "cases", "expected"),
    [
        (8, 10, ("49.0", "94.3")),
        (0, 10, ("0.0", "27.8")),
        (10, 10, ("72.2", "100.0")),
        (84, 160, ("44.8", "60.1")),
        (1, 3, ("6.1", "79.2")),  # 6.149 rounded once; 6.15 rounded again would be 6.2
    ],
)
def test_a_proportion_carries_its_wilson_interval(hits: int, cases: int, expected: tuple[str, str]) -> None:
    """Example 19."""
    assert in_percent(wilson(of(hits, cases))) == expected


@pytest.mark.parametrize(
    ("times", "expected", "may_be_no_change"),
    [(1, ("-3.1", "17.9"), True), (10, ("4.1", "10.8"), False)],
)
def test_the_same_difference_is_clear_only_with_enough_cases(
    times: int, expected: tuple[str, str], may_be_no_change: bool
) -> None:
    """Example 20."""
    interval = newcombe(before=of(81 * times, 180 * times), after=of(84 * times, 160 * times))

    assert in_percent(interval) == expected
    assert interval.holds(0) is may_be_no_change


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ((56, 70), (48, 80), ("0.0524", "0.3339")),
        ((9, 10), (3, 10), ("0.1705", "0.8090")),
        ((6, 7), (2, 7), ("0.0582", "0.8062")),
        ((5, 56), (0, 29), ("-0.0381", "0.1926")),
        ((0, 10), (0, 20), ("-0.1611", "0.2775")),
        ((0, 10), (0, 10), ("-0.2775", "0.2775")),
        ((10, 10), (0, 20), ("0.6791", "1.0000")),
        ((10, 10), (0, 10), ("0.6075", "1.0000")),
    ],
)
def test_the_interval_of_a_difference_is_that_of_the_published_table(
    first: tuple[int, int], second: tuple[int, int], expected: tuple[str, str]
) -> None:
    """Newcombe 1998, table II, method 10."""
    interval = newcombe(before=of(*second), after=of(*first))

    assert (str(half_up(interval.low, 4)), str(half_up(interval.high, 4))) == expected


@pytest.mark.parametrize(("hits", "cases"), [(0, 0), (5, -1), (-1, 10), (11, 10)])
def test_what_is_no_proportion_has_no_interval(hits: int, cases: int) -> None:
    with pytest.raises(ValueError, match="proportion"):
        wilson(of(hits, cases))


@pytest.mark.parametrize(
    ("low", "high", "held"), [(-1, 0, True), (0, 1, True), (1, 2, False), (-2, -1, False)]
)
def test_the_ends_belong_to_an_interval(low: int, high: int, held: bool) -> None:
    assert Interval(Decimal(low), Decimal(high)).holds(0) is held


@given(proportion=proportions)
def test_an_interval_holds_its_proportion_and_stays_between_none_and_all(proportion: Ratio) -> None:
    interval = wilson(proportion)

    assert proportion.value is not None
    assert 0 <= interval.low <= proportion.value <= interval.high <= 1


@given(proportion=proportions)
def test_counting_the_others_instead_turns_the_interval_round(proportion: Ratio) -> None:
    one, other = (
        wilson(proportion),
        wilson(Ratio(proportion.denominator - proportion.numerator, proportion.denominator)),
    )

    assert abs(one.low - (1 - other.high)) < Decimal("1e-24")
    assert abs(one.high - (1 - other.low)) < Decimal("1e-24")


@given(before=proportions, after=proportions)
def test_looking_back_in_time_turns_the_difference_round(before: Ratio, after: Ratio) -> None:
    forwards, backwards = newcombe(before, after), newcombe(after, before)

    assert abs(forwards.low + backwards.high) < Decimal("1e-24")
    assert -1 <= forwards.low <= forwards.high <= 1


@given(proportion=proportions)
def test_more_cases_of_the_same_proportion_narrow_the_interval(proportion: Ratio) -> None:
    few = wilson(proportion)
    many = wilson(Ratio(proportion.numerator * 4, proportion.denominator * 4))

    assert many.high - many.low < few.high - few.low


@given(proportion=proportions)
def test_no_difference_is_never_a_clear_change(proportion: Ratio) -> None:
    assert newcombe(proportion, proportion).holds(0)
