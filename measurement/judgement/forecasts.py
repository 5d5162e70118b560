"""Where a measure goes if nothing changes: a straight line through its history, and how wrong that may be.

A forecast is stored as it was made; later actuals are judged against the stored points.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from measurement.judgement.reasons import Polarity, Reason
from measurement.judgement.student import t_quantile

POINTS_NEEDED = 3  # two make a line, the third says how well it fits


@dataclass(frozen=True)
class ForecastPoint:
    """`place` counts periods from 1, the first of the history; 95 % prediction interval `low` to `high`."""

    place: int
    value: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Forecast:
    """`slope` in the measure's unit a period, `intercept` in its unit at place 0."""

    points: tuple[ForecastPoint, ...] = ()
    slope: Decimal | None = None
    intercept: Decimal | None = None
    reason: Reason | None = None


@dataclass(frozen=True)
class _Line:
    """A least-squares line, and what its prediction interval needs."""

    slope: Decimal
    intercept: Decimal
    count: int
    mean_place: Decimal
    squares_of_place: Decimal
    residual_squares: Decimal

    def at(self, place: int) -> ForecastPoint:
        value = self.intercept + self.slope * place
        distance = (place - self.mean_place) ** 2 / self.squares_of_place
        variance = self.residual_squares / (self.count - 2) * (1 + distance + Decimal(1) / self.count)
        reach = t_quantile(self.count - 2) * variance.sqrt()
        return ForecastPoint(place=place, value=value, low=value - reach, high=value + reach)


def forecast(history: Sequence[Decimal | None]) -> Forecast:
    """The periods after the last known value, at most half as many as the history is long.

    `history` has one entry a period, in order; None where a period has no value. Its length is counted from
    the first known value to the last. No forecast from fewer than 3 known values.
    Source: ordinary least squares; prediction interval of one new observation by Student's t, n - 2 degrees.
    """
    known = [(place, value) for place, value in enumerate(history, start=1) if value is not None]
    if len(known) < POINTS_NEEDED:
        return Forecast(reason=Reason.TOO_FEW_POINTS)
    line = _fitted(known)
    first, last = known[0][0], known[-1][0]
    reach = (last - first + 1) // 2
    return Forecast(
        points=tuple(line.at(place) for place in range(last + 1, last + reach + 1)),
        slope=line.slope,
        intercept=line.intercept,
    )


def turned_the_curve(point: ForecastPoint, actual: Decimal, polarity: Polarity) -> bool:
    """Whether an actual is better than the whole interval of its period. Never where no way is better."""
    if polarity is Polarity.HIGHER:
        return actual > point.high
    return polarity is Polarity.LOWER and actual < point.low


def _fitted(known: Sequence[tuple[int, Decimal]]) -> _Line:
    count = len(known)
    mean_place = Decimal(sum(place for place, _ in known)) / count
    mean_value = sum((value for _, value in known), Decimal(0)) / count
    squares = sum(((place - mean_place) ** 2 for place, _ in known), Decimal(0))
    slope = sum(((place - mean_place) * (value - mean_value) for place, value in known), Decimal(0)) / squares
    intercept = mean_value - slope * mean_place
    residuals = (value - intercept - slope * place for place, value in known)
    return _Line(
        slope=slope,
        intercept=intercept,
        count=count,
        mean_place=mean_place,
        squares_of_place=squares,
        residual_squares=sum((residual**2 for residual in residuals), Decimal(0)),
    )
