"""Where a value axis starts and ends, and the few round numbers on it."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal, localcontext

from measurement.charts.series import Axis

HUNDRED = Decimal(100)
LEAST_PERCENT_SPAN = Decimal(20)
FULL_PERCENT_SPAN = Decimal(45)


@dataclass(frozen=True, slots=True)
class Scale:
    """Round numbers from the lower to the upper end, and whether zero was left out."""

    ticks: tuple[Decimal, ...]
    zoomed: bool

    @property
    def low(self) -> Decimal:
        return self.ticks[0]

    @property
    def high(self) -> Decimal:
        return self.ticks[-1]

    def share(self, value: Decimal) -> float:
        """How far up the axis a value lies, 0 to 1."""
        with localcontext(prec=200):
            return float((value - self.low) / (self.high - self.low))


def scale_for(values: Iterable[Decimal], axis: Axis, decimals: int, *, steps: int = 4) -> Scale:
    """The axis on which all values find room: never cut off, from zero unless it is said."""
    known = list(values) or [Decimal(0)]
    with localcontext(prec=200):
        low, high = min(known), max(known)
        if axis is Axis.FROM_ZERO:
            low, high = min(low, Decimal(0)), max(high, Decimal(0))
        if axis is Axis.PERCENT:
            low, high = _percent_ends(low, high)
        if low == high:
            low, high = _around(low, zero=axis is Axis.FROM_ZERO)
        ticks = _ticks(low, high, steps, Decimal(1).scaleb(-decimals))
    return Scale(ticks=ticks, zoomed=not ticks[0] <= 0 <= ticks[-1])


def _percent_ends(low: Decimal, high: Decimal) -> tuple[Decimal, Decimal]:
    if low < 0 or high > HUNDRED:
        return min(low, Decimal(0)), max(high, HUNDRED)
    if high - low >= FULL_PERCENT_SPAN:
        return Decimal(0), HUNDRED
    spare = max(LEAST_PERCENT_SPAN - (high - low), Decimal(0)) / 2
    low, high = low - spare, high + spare
    if low < 0:
        low, high = Decimal(0), high - low
    if high > HUNDRED:
        low, high = low - (high - HUNDRED), HUNDRED
    return low, high


def _around(value: Decimal, *, zero: bool) -> tuple[Decimal, Decimal]:
    if value == 0:
        return (Decimal(0), Decimal(1)) if zero else (Decimal(-1), Decimal(1))
    spare = abs(value) / 10
    return value - spare, value + spare


def _ticks(low: Decimal, high: Decimal, steps: int, finest: Decimal) -> tuple[Decimal, ...]:
    step = _round_step((high - low) / steps, finest)
    first = (low / step).to_integral_value(ROUND_FLOOR)
    last = (high / step).to_integral_value(ROUND_CEILING)
    last = max(last, first + 1)
    return tuple(step * (first + count) for count in range(int(last - first) + 1))


def _round_step(rough: Decimal, finest: Decimal) -> Decimal:
    """The next of 1, 2, 2.5, 5 and their tens that is a multiple of what the measure can show."""
    if rough <= finest:
        return finest
    power = Decimal(1).scaleb(rough.adjusted())
    steps = (each * power for each in map(Decimal, ("1", "2", "2.5", "5", "10")))
    return next(step for step in steps if step >= rough and step % finest == 0)
