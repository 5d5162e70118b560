"""Gaps between groups: known answers, and what must hold whatever the numbers."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measurement.judgement.gaps import PARITY, GapKind, change_interval, gap, gap_interval
from measurement.judgement.intervals import Interval
from measurement.judgement.ratios import Ratio

FIRST, SECOND = Ratio(Decimal(81), Decimal(180)), Ratio(Decimal(84), Decimal(160))


def proportions() -> st.SearchStrategy[Ratio]:
    return st.integers(1, 500).flatmap(
        lambda n: st.integers(1, n).map(lambda k: Ratio(Decimal(k), Decimal(n)))
    )


def test_a_difference_is_that_of_example_20() -> None:
    found = gap_interval(GapKind.DIFFERENCE, reference=FIRST, group=SECOND)

    assert gap(GapKind.DIFFERENCE, reference=Decimal("45.0"), group=Decimal("52.5")) == Decimal("7.5")
    assert found
    assert (round(found.low * 100, 1), round(found.high * 100, 1)) == (Decimal("-3.1"), Decimal("17.9"))


def test_a_ratio_has_the_interval_of_its_logarithm() -> None:
    """14 of 100 against 10 of 100, worked out by hand: 1.4 times, exp(±1.96 × √(1/14 - 1/100 + 1/10 - 1/100))."""
    small, large = Ratio(Decimal(10), Decimal(100)), Ratio(Decimal(14), Decimal(100))
    found = gap_interval(GapKind.RATIO, reference=small, group=large)

    assert gap(GapKind.RATIO, reference=Decimal(10), group=Decimal(14)) == Decimal("1.4")
    assert found
    assert (round(found.low, 3), round(found.high, 3)) == (Decimal("0.653"), Decimal("3.002"))


def test_no_factor_of_nothing() -> None:
    nobody = Ratio(Decimal(0), Decimal(50))
    assert gap(GapKind.RATIO, reference=Decimal(0), group=Decimal(5)) is None
    assert gap_interval(GapKind.RATIO, reference=nobody, group=FIRST) is None
    assert gap_interval(GapKind.RATIO, reference=FIRST, group=nobody) is None


@given(proportions(), proportions())
def test_the_gap_lies_in_its_interval_and_of_equals_holds_parity(one: Ratio, other: Ratio) -> None:
    for kind in GapKind:
        value = gap(
            kind, reference=one.numerator / one.denominator, group=other.numerator / other.denominator
        )
        interval = gap_interval(kind, reference=one, group=other)
        same = gap_interval(kind, reference=one, group=one)
        assert value is not None
        assert interval
        assert same
        slack = Decimal("1e-15")
        assert interval.low - slack <= value <= interval.high + slack
        assert same.low - slack <= PARITY[kind] <= same.high + slack


def test_a_change_of_the_gap_is_real_only_with_enough_cases() -> None:
    def moved(times: int) -> Interval:
        def of(k: int, n: int) -> Ratio:
            return Ratio(Decimal(k * times), Decimal(n * times))

        before = gap_interval(GapKind.DIFFERENCE, reference=of(60, 100), group=of(40, 100))
        after = gap_interval(GapKind.DIFFERENCE, reference=of(60, 100), group=of(50, 100))
        assert before
        assert after
        return change_interval(GapKind.DIFFERENCE, (Decimal("-0.2"), before), (Decimal("-0.1"), after))

    assert moved(1).holds(0)
    assert not moved(10).holds(0)


@pytest.mark.parametrize("factor", [Decimal("0.5"), Decimal(1), Decimal(3)])
def test_a_factor_that_stays_has_not_changed(factor: Decimal) -> None:
    interval = Interval(factor / 2, factor * 2)
    moved = change_interval(GapKind.RATIO, (factor, interval), (factor, interval))
    assert moved.holds(1)
    assert round(moved.low * moved.high, 10) == 1
