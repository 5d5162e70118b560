"""Is it real? Limits and the four signals."""

from collections.abc import Sequence
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measurement.judgement.limits import Limits, mean_moving_range, proportion_limits, xmr_limits
from measurement.judgement.ratios import Ratio
from measurement.judgement.reasons import Polarity, Reason
from measurement.judgement.trends import (
    Direction,
    Signal,
    SignalKind,
    TrendStatus,
    judge_difference,
    judge_points,
    signals,
)
from tests.measurement.judgement.showing import half_up

YEAR = (62, 58, 60, 63, 59, 61, 57, 60, 64, 58, 61, 59)
RISEN = (62, 63, 62, 64, 63, 65, 66)
values = st.decimals(-(10**6), 10**6, places=3)
series = st.lists(values, min_size=12, max_size=30)


def exact(points: Sequence[int]) -> list[Decimal]:
    return [Decimal(point) for point in points]


def of(hits: int, cases: int) -> Ratio:
    return Ratio(Decimal(hits), Decimal(cases))


def found_around_zero(points: Sequence[int], limit: int = 9) -> tuple[Signal, ...]:
    """Signals with the centre at 0 and a limit of 9: two thirds of it are 6."""
    return signals(exact(points), [Limits(Decimal(0), Decimal(-limit), Decimal(limit))] * len(points))


def test_limits_are_the_mean_and_266_hundredths_of_the_mean_moving_range() -> None:
    """Example 21."""
    limits = xmr_limits(exact(YEAR))

    assert half_up(limits.centre, 4) == Decimal("60.1667")
    assert half_up(mean_moving_range(exact(YEAR)), 4) == Decimal("3.3636")
    assert (half_up(limits.low, 4), half_up(limits.high, 4)) == (Decimal("51.2194"), Decimal("69.1139"))
    assert signals(exact(YEAR), [limits] * 12) == ()


def test_seven_higher_points_in_a_row_are_a_shift() -> None:
    """Example 21: points 13 to 19, which are places 12 to 18."""
    judgement = judge_points(exact(YEAR + RISEN), Polarity.HIGHER)

    assert judgement.signals == (Signal(SignalKind.SHIFT, Direction.UP, 12, 18),)
    assert judgement.limits == xmr_limits(exact(YEAR))
    assert judgement.status is TrendStatus.IMPROVING


def test_six_higher_points_in_a_row_are_none() -> None:
    judgement = judge_points(exact(YEAR + RISEN[:-1]), Polarity.HIGHER)

    assert judgement.signals == ()
    assert judgement.status is TrendStatus.NO_CLEAR_CHANGE


def test_a_single_point_beyond_the_limit_is_outside() -> None:
    """Example 21."""
    judgement = judge_points(exact((*YEAR, 71)), Polarity.HIGHER)

    assert judgement.signals == (Signal(SignalKind.OUTSIDE, Direction.UP, 12, 12),)


def test_one_odd_step_does_not_widen_the_limits() -> None:
    points = exact((10, 11, 10, 11, 10, 11, 40, 11, 10, 11, 10, 11))

    assert mean_moving_range(points) == 1


def test_a_step_of_exactly_3267_thousandths_of_the_mean_is_left_out() -> None:
    """Steps 1, 1, 1, and x with x = 3.267 times their mean: x = 3 · 3.267 / (4 - 3.267)."""
    x = Decimal("9.801") / Decimal("0.733")
    steps = [Decimal(0), Decimal(733), Decimal(1466), Decimal(2199), Decimal(2199) + Decimal(9801)]

    assert half_up(x, 4) == Decimal("13.3711")
    assert mean_moving_range(steps) == 733


def test_limits_of_proportions_widen_where_cases_are_few() -> None:
    """Example 24."""
    proportions = [of(45, 100), of(52, 110), of(38, 90), of(30, 40), of(61, 120)]
    points = [part.numerator / part.denominator for part in proportions]

    limits = proportion_limits(proportions)

    assert half_up(limits[3].centre, 4) == Decimal("0.4913")
    assert (half_up(limits[3].low, 4), half_up(limits[3].high, 4)) == (Decimal("0.2542"), Decimal("0.7284"))
    assert signals(points, limits) == (Signal(SignalKind.OUTSIDE, Direction.UP, 3, 3),)
    assert points[3] == Decimal("0.75")


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ((0, 9, 0), []),
        ((0, 10, 0), [(SignalKind.OUTSIDE, Direction.UP, 1, 1)]),
        ((0, -9, 0), []),
        ((0, -10, -11), [(SignalKind.OUTSIDE, Direction.DOWN, 1, 2)]),
        ((1, 2, 1, 2, 1, 2), []),
        ((1, 2, 1, 2, 1, 2, 1), [(SignalKind.SHIFT, Direction.UP, 0, 6)]),
        ((-1, 1, 2, 1, 0, 1, 2, 1, 2), []),
        ((-1, -2, -1, -2, -1, -2, -1, -2), [(SignalKind.SHIFT, Direction.DOWN, 0, 7)]),
        ((-3, -2, -1, 0, 1, 2), []),
        ((-3, -2, -1, 0, 1, 2, 3), [(SignalKind.DRIFT, Direction.UP, 0, 6)]),
        ((-3, -2, -1, 0, 0, 1, 2, 3), []),
        ((4, 3, 2, 1, 0, -1, -2, 0), [(SignalKind.DRIFT, Direction.DOWN, 0, 6)]),
        ((7, 1, 7), [(SignalKind.NEAR_LIMIT, Direction.UP, 0, 2)]),
        ((7, 7, 1, 0), [(SignalKind.NEAR_LIMIT, Direction.UP, 0, 2)]),
        ((7, -1, 7), []),
        ((7, 0, 7), []),
        ((6, 1, 7), []),
        ((7, 1, -7), []),
        ((0, -7, -7, -1), [(SignalKind.NEAR_LIMIT, Direction.DOWN, 1, 3)]),
        (
            (7, 1, 7, 1, 7),
            [(SignalKind.NEAR_LIMIT, Direction.UP, 0, 2), (SignalKind.NEAR_LIMIT, Direction.UP, 2, 4)],
        ),
        ((7, 7, 7, 7), [(SignalKind.NEAR_LIMIT, Direction.UP, 0, 3)]),
    ],
)
def test_each_signal_begins_where_its_rule_says(
    points: tuple[int, ...], expected: list[tuple[SignalKind, Direction, int, int]]
) -> None:
    assert found_around_zero(points) == tuple(Signal(*parts) for parts in expected)


@pytest.mark.parametrize(
    ("polarity", "status"),
    [
        (Polarity.HIGHER, TrendStatus.IMPROVING),
        (Polarity.LOWER, TrendStatus.WORSENING),
        (Polarity.NEUTRAL, TrendStatus.CHANGED),
        (Polarity.MAINTAIN, TrendStatus.CHANGED),
    ],
)
def test_the_direction_is_judged_by_which_way_is_better(polarity: Polarity, status: TrendStatus) -> None:
    assert judge_points(exact(YEAR + RISEN), polarity).status is status
    assert judge_difference(of(810, 1800), of(840, 1600), polarity).status is status


def test_a_signal_that_is_over_is_shown_but_not_judged() -> None:
    judgement = judge_points(exact((*YEAR, 71, 60)), Polarity.HIGHER)

    assert [signal.kind for signal in judgement.signals] == [SignalKind.OUTSIDE]
    assert judgement.status is TrendStatus.NO_CLEAR_CHANGE


def test_still_low_but_climbing_is_a_change_neither_good_nor_bad() -> None:
    judgement = judge_points(exact((*YEAR, 40, 41, 42, 43, 44, 45, 46)), Polarity.HIGHER)

    assert {signal.direction for signal in judgement.signals} == {Direction.UP, Direction.DOWN}
    assert judgement.status is TrendStatus.CHANGED


def test_few_cases_show_the_difference_and_no_clear_change() -> None:
    """Example 20."""
    judgement = judge_difference(of(81, 180), of(84, 160), Polarity.HIGHER)

    assert judgement.difference == Decimal("0.075")
    assert judgement.interval is not None
    assert half_up(judgement.interval.low * 100, 1) == Decimal("-3.1")
    assert half_up(judgement.interval.high * 100, 1) == Decimal("17.9")
    assert judgement.status is TrendStatus.NO_CLEAR_CHANGE


def test_a_clear_fall_of_a_proportion_is_worse_where_higher_is_better() -> None:
    judgement = judge_difference(of(840, 1600), of(810, 1800), Polarity.HIGHER)

    assert judgement.status is TrendStatus.WORSENING


@pytest.mark.parametrize(
    ("points", "partial", "group", "reason"),
    [
        (YEAR[:-1], False, None, Reason.TOO_FEW_POINTS),
        (YEAR, True, None, Reason.PARTIAL),
        (YEAR, False, Decimal(29), Reason.TOO_SMALL),
        ((), False, None, Reason.TOO_FEW_POINTS),
    ],
)
def test_a_trend_that_is_not_judged_says_why(
    points: tuple[int, ...], partial: bool, group: Decimal | None, reason: Reason
) -> None:
    judgement = judge_points(exact(points), Polarity.HIGHER, partial=partial, group=group)

    assert (judgement.status, judgement.reason) == (TrendStatus.NOT_JUDGED, reason)
    assert judgement.signals == ()


@pytest.mark.parametrize(
    ("before", "after", "partial", "reason"),
    [
        (of(9, 29), of(500, 1000), False, Reason.TOO_SMALL),
        (of(500, 1000), of(0, 0), False, Reason.TOO_SMALL),
        (of(400, 1000), of(500, 1000), True, Reason.PARTIAL),
    ],
)
def test_a_difference_that_is_not_judged_says_why(
    before: Ratio, after: Ratio, partial: bool, reason: Reason
) -> None:
    judgement = judge_difference(before, after, Polarity.HIGHER, partial=partial)

    assert (judgement.status, judgement.reason) == (TrendStatus.NOT_JUDGED, reason)


def test_two_points_are_enough_for_limits() -> None:
    assert xmr_limits(exact((10, 20))) == Limits(Decimal(15), Decimal("-11.6"), Decimal("41.6"))


@pytest.mark.parametrize(("hits", "share"), [(0, 0), (5, 1)])
def test_limits_of_none_and_of_all_leave_no_room(hits: int, share: int) -> None:
    assert (
        proportion_limits([of(hits, 5)] * 2) == [Limits(Decimal(share), Decimal(share), Decimal(share))] * 2
    )


def test_limits_need_something_to_compute_them_from() -> None:
    with pytest.raises(ValueError, match="two points"):
        xmr_limits([Decimal(1)])
    with pytest.raises(ValueError, match="cases"):
        proportion_limits([of(1, 2), of(0, 0)])
    with pytest.raises(ValueError, match="cases"):
        proportion_limits([of(3, 2)])
    with pytest.raises(ValueError, match="shorter"):
        signals(exact((1, 2)), [Limits(Decimal(0), Decimal(-1), Decimal(1))])


@given(hits=st.integers(0, 400), cases=st.integers(1, 400), length=st.integers(12, 25))
def test_what_never_changes_gives_no_signal_not_even_as_thirds(hits: int, cases: int, length: int) -> None:
    judgement = judge_points([Decimal(hits) / cases] * length, Polarity.HIGHER)

    assert judgement.signals == ()
    assert judgement.status is TrendStatus.NO_CLEAR_CHANGE


@given(points=series)
def test_upside_down_every_signal_points_the_other_way(points: list[Decimal]) -> None:
    turned = {Direction.UP: Direction.DOWN, Direction.DOWN: Direction.UP}
    upright = judge_points(points, Polarity.HIGHER)
    upside_down = judge_points([-point for point in points], Polarity.LOWER)

    assert {(s.kind, turned[s.direction], s.first, s.last) for s in upright.signals} == {
        (s.kind, s.direction, s.first, s.last) for s in upside_down.signals
    }
    assert upright.status is upside_down.status


@given(points=series, later=st.lists(values, max_size=5))
def test_later_points_move_no_limit_and_take_back_no_signal(
    points: list[Decimal], later: list[Decimal]
) -> None:
    before = judge_points(points, Polarity.HIGHER)
    after = judge_points([*points, *later], Polarity.HIGHER)

    assert before.limits == after.limits
    for signal in before.signals:
        assert any(
            (signal.kind, signal.direction, signal.first) == (other.kind, other.direction, other.first)
            and signal.last <= other.last
            for other in after.signals
        )
