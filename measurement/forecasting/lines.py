"""The line through the complete figures of a curve, and the periods that it reaches.

Decisions. From six figures on, at most half as far as they reach back, and only since the last change of meaning.
What a measure cannot be is cut off: below nothing where it never was, above all of a share.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from measurement.calendars.periods import Span, next_span
from measurement.indicators.kinds import Kind
from measurement.judgement.forecasts import Forecast, ForecastPoint, forecast
from measurement.judgement.small_numbers import GroupSize
from measurement.rollups.selectors import Figure

FEWEST_POINTS: Final = 6


@dataclass(frozen=True)
class Ahead:
    """A period to come: what is to be expected of it, and between what it will most likely lie."""

    ordinal: int
    span: Span
    value: Decimal
    low: Decimal
    high: Decimal


@dataclass(frozen=True)
class Line:
    """Through `points`, the last of which is the figure that it was made after."""

    points: Sequence[Figure]
    slope: Decimal
    intercept: Decimal
    ahead: tuple[Ahead, ...]


def line_through(points: Sequence[Figure]) -> Line | None:
    """`points`: complete figures of one meaning and one calendar, in order of time. None where nothing can be said."""
    if len(points) < FEWEST_POINTS or points[-1].size is not GroupSize.ENOUGH:
        return None
    known = {figure.period.ordinal: figure.value for figure in points}
    first, last = points[0].period.ordinal, points[-1].period.ordinal
    found = forecast([known.get(ordinal) for ordinal in range(first, last + 1)])
    if not found.points or found.slope is None or found.intercept is None:
        return None
    return Line(points, found.slope, found.intercept, tuple(_ahead(found, points)))


def complete(curve: Iterable[Figure], breaks: Sequence[date]) -> list[Figure]:
    """The figures that a line may go through: complete ones since the last change of meaning."""
    known = [figure for figure in curve if not figure.is_partial and figure.shown is not None]
    if not known:
        return []
    since = max((day for day in breaks if day <= known[-1].period.start), default=date.min)
    return [figure for figure in known if figure.period.start >= since]


def _ahead(found: Forecast, points: Sequence[Figure]) -> Iterable[Ahead]:
    period = points[-1].period
    span = period.span
    for number, place in enumerate(found.points, start=1):
        span = next_span(period.calendar.rule, span)
        value, low, high = (cut(each, points) for each in _values(place))
        yield Ahead(period.ordinal + number, span, value, low, high)


def _values(place: ForecastPoint) -> tuple[Decimal, Decimal, Decimal]:
    return place.value, place.low, place.high


def cut(value: Decimal, points: Sequence[Figure]) -> Decimal:
    """A limit as it is shown: what was never below zero is not there, and a share ends at all of it."""
    if all((figure.value or Decimal(0)) >= 0 for figure in points):
        value = max(value, Decimal(0))
    highest = _highest(points[-1]) if points else None
    return value if highest is None else min(value, highest)


def _highest(figure: Figure) -> Decimal | None:
    """All of a proportion, or of a percentage the highest that its definition calls plausible."""
    version = figure.version
    highest: Decimal | None = version.plausible_high if version.unit == "%" else None
    return version.per if figure.kind is Kind.RATIO and version.is_proportion else highest
