"""Is it real? Signals that a measure changed, told apart from its ordinary wandering.

Decisions
    Limits come from the first 12 points and then stay, so that a new level can not hide in its own limits.
    After a break in a series, hand in the points since the break.
    A trend is judged by the signals that the latest point is part of: what ended long ago is history.
    Rising and falling are runs of 7 points, each beyond the one before; a point on the centre line is on
    neither side.
    Where signals of now point both ways (still low, but climbing) there is a change, neither good nor bad.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import groupby, pairwise

from measurement.judgement.intervals import Interval, newcombe
from measurement.judgement.limits import Limits, xmr_limits
from measurement.judgement.ratios import Ratio
from measurement.judgement.reasons import Polarity, Reason, reason_against

POINTS_NEEDED = 12
RUN = 7
NEAR = Decimal(2) / 3
DUST = Decimal("1e-20")


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"


BETTER = {Polarity.HIGHER: Direction.UP, Polarity.LOWER: Direction.DOWN}


class SignalKind(StrEnum):
    OUTSIDE = "outside"  # a point beyond a limit
    SHIFT = "shift"  # 7 in a row on one side of the centre
    DRIFT = "drift"  # 7 rising or falling
    NEAR_LIMIT = "near_limit"  # 2 of 3 beyond two thirds of a limit, all three on that side


@dataclass(frozen=True)
class Signal:
    """`first` and `last` are places in the sequence of points, from 0, both included."""

    kind: SignalKind
    direction: Direction
    first: int
    last: int


class TrendStatus(StrEnum):
    IMPROVING = "improving"
    WORSENING = "worsening"
    CHANGED = "changed"  # real, but neither good nor bad
    NO_CLEAR_CHANGE = "no_clear_change"
    NOT_JUDGED = "not_judged"


@dataclass(frozen=True)
class TrendJudgement:
    """`limits` and `signals` of a long series; `difference` and `interval` (shares) of two proportions."""

    status: TrendStatus
    reason: Reason | None = None
    limits: Limits | None = None
    signals: tuple[Signal, ...] = ()
    difference: Decimal | None = None
    interval: Interval | None = None


def judge_points(
    points: Sequence[Decimal],
    polarity: Polarity,
    *,
    partial: bool = False,
    group: Decimal | None = None,
) -> TrendJudgement:
    """Trend of values in order of time, in one unit, missing ones left out.

    `group` is the number of people or cases behind the latest one, where it is a percentage.
    """
    reason = reason_against(partial=partial, group=group)
    if reason is None and len(points) < POINTS_NEEDED:
        reason = Reason.TOO_FEW_POINTS
    if reason:
        return TrendJudgement(TrendStatus.NOT_JUDGED, reason)
    limits = xmr_limits(points[:POINTS_NEEDED])
    found = signals(points, [limits] * len(points))
    now = {signal.direction for signal in found if signal.last == len(points) - 1}
    return TrendJudgement(_status(now, polarity), limits=limits, signals=found)


def judge_difference(
    before: Ratio, after: Ratio, polarity: Polarity, *, partial: bool = False
) -> TrendJudgement:
    """Change between two proportions of different people, for a series too short for limits.

    ValueError where a numerator is outside 0 to its denominator.
    """
    reason = reason_against(partial=partial, group=min(before.denominator, after.denominator))
    if reason:
        return TrendJudgement(TrendStatus.NOT_JUDGED, reason)
    interval = newcombe(before, after)
    difference = after.numerator / after.denominator - before.numerator / before.denominator
    clear = set() if interval.holds(0) else {_direction_of(difference)}
    return TrendJudgement(_status(clear, polarity), difference=difference, interval=interval)


def signals(points: Sequence[Decimal], limits: Sequence[Limits]) -> tuple[Signal, ...]:
    """Every signal in values in order of time, each with its own limits. ValueError where lengths differ."""
    found = [*_signals_up(points, limits, Direction.UP)]
    found += _signals_up([-point for point in points], [_mirrored(limit) for limit in limits], Direction.DOWN)
    return tuple(sorted(found, key=lambda signal: (signal.first, signal.last, signal.kind)))


def _signals_up(
    points: Sequence[Decimal], limits: Sequence[Limits], direction: Direction
) -> Iterator[Signal]:
    """The signals on the high side; the low side is the same picture upside down."""
    pairs = list(zip(points, limits, strict=True))
    dust = _dust(points)
    above = [point - limit.centre > dust for point, limit in pairs]
    outside = [point - limit.high > dust for point, limit in pairs]
    near = [point - limit.centre - NEAR * (limit.high - limit.centre) > dust for point, limit in pairs]
    rising = [later - earlier > dust for earlier, later in pairwise(points)]
    two_of_three = [
        all(above[start : start + 3]) and sum(near[start : start + 3]) >= 2
        for start in range(len(points) - 2)
    ]
    for first, last in _runs(outside, 1):
        yield Signal(SignalKind.OUTSIDE, direction, first, last)
    for first, last in _runs(above, RUN):
        yield Signal(SignalKind.SHIFT, direction, first, last)
    for first, last in _runs(rising, RUN - 1):
        yield Signal(SignalKind.DRIFT, direction, first, last + 1)
    for first, last in _runs(two_of_three, 1):
        yield Signal(SignalKind.NEAR_LIMIT, direction, first, last + 2)


def _dust(points: Sequence[Decimal]) -> Decimal:
    """What two values may differ by and still be the same: thirds are cut at their 28th digit."""
    return DUST * max((abs(point) for point in points), default=Decimal(0))


def _runs(marks: Sequence[bool], at_least: int) -> Iterator[tuple[int, int]]:
    """First and last place of every unbroken run of marks that is long enough."""
    for marked, run in groupby(range(len(marks)), key=lambda place: marks[place]):
        places = list(run)
        if marked and len(places) >= at_least:
            yield places[0], places[-1]


def _mirrored(limits: Limits) -> Limits:
    return Limits(centre=-limits.centre, low=-limits.high, high=-limits.low)


def _direction_of(difference: Decimal) -> Direction:
    return Direction.UP if difference > 0 else Direction.DOWN


def _status(directions: set[Direction], polarity: Polarity) -> TrendStatus:
    if not directions:
        return TrendStatus.NO_CLEAR_CHANGE
    better = BETTER.get(polarity)
    if better is None or len(directions) > 1:
        return TrendStatus.CHANGED
    return TrendStatus.IMPROVING if better in directions else TrendStatus.WORSENING
