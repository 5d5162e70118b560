"""What a chart is told: plain values, no models, no drawing.

Times are dates, values are exact decimals in the unit of the curve; percentages are 0 to 100, not 0 to 1.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import Enum

from measurement.charts.figures import PERCENT


class Axis(Enum):
    """Where the value axis starts. Anything but zero is said beside the axis."""

    FROM_ZERO = "from zero"
    PERCENT = "per cent"
    FITTED = "fitted"


def _refuse_infinite(*values: Decimal | None) -> None:
    if any(value is not None and not value.is_finite() for value in values):
        raise ValueError("a chart shows finite numbers only; what is not known is None")


@dataclass(frozen=True, slots=True)
class Point:
    """One period of a curve. `value` None is a gap; `low` and `high` are its interval or, alone, a range."""

    label: str
    start: date
    end: date
    value: Decimal | None
    low: Decimal | None = None
    high: Decimal | None = None
    partial: bool = False
    note: str = ""

    def __post_init__(self) -> None:
        _refuse_infinite(self.value, self.low, self.high)
        if self.end < self.start:
            raise ValueError(f"a period that ends before it starts: {self.start} to {self.end}")

    @property
    def middle(self) -> float:
        return (self.start.toordinal() + self.end.toordinal() + 1) / 2

    @property
    def has_range(self) -> bool:
        return self.low is not None and self.high is not None

    @property
    def is_gap(self) -> bool:
        return self.value is None and not self.has_range

    def values(self) -> Iterator[Decimal]:
        yield from (each for each in (self.value, self.low, self.high) if each is not None)


@dataclass(frozen=True, slots=True)
class Curve:
    """Points in order of time."""

    name: str
    points: tuple[Point, ...]
    unit: str = ""
    decimals: int = 0

    def known(self) -> list[Point]:
        return [point for point in self.points if point.value is not None]

    def values(self) -> Iterator[Decimal]:
        for point in self.points:
            yield from point.values()


@dataclass(frozen=True, slots=True)
class ReferenceLine:
    """A line to compare with: through dated values, or level when there is only one."""

    label: str
    points: tuple[tuple[date, Decimal], ...]

    def __post_init__(self) -> None:
        if not self.points:
            raise ValueError("a reference line needs at least one dated value")
        _refuse_infinite(*(value for _, value in self.points))


@dataclass(frozen=True, slots=True)
class SeriesBreak:
    """From this day on, figures mean something else than before."""

    on: date
    note: str


@dataclass(frozen=True, slots=True)
class ActionMark:
    """What was done meanwhile; without an end it is still going on."""

    start: date
    end: date | None
    label: str


@dataclass(frozen=True, slots=True)
class Limits:
    """The corridor within which values come and go by chance, from a day on or everywhere."""

    low: Decimal
    centre: Decimal
    high: Decimal
    since: date | None = None

    def __post_init__(self) -> None:
        _refuse_infinite(self.low, self.centre, self.high)


@dataclass(frozen=True, slots=True)
class LineChart:
    """A curve with all that it is judged against. `title` is the finding, as a sentence."""

    title: str
    curve: Curve
    description: str = ""
    target: ReferenceLine | None = None
    baseline: ReferenceLine | None = None
    breaks: tuple[SeriesBreak, ...] = ()
    actions: tuple[ActionMark, ...] = ()
    forecast: Curve | None = None
    comparisons: tuple[Curve, ...] = ()
    limits: Limits | None = None
    axis: Axis | None = None

    @property
    def unit(self) -> str:
        return self.curve.unit

    @property
    def decimals(self) -> int:
        return self.curve.decimals

    @property
    def is_empty(self) -> bool:
        return all(point.is_gap for point in self.curve.points)

    @property
    def drawn_axis(self) -> Axis:
        if self.axis is not None:
            return self.axis
        return Axis.PERCENT if self.unit == PERCENT else Axis.FROM_ZERO

    def references(self) -> list[ReferenceLine]:
        return [line for line in (self.target, self.baseline) if line]

    def curves(self) -> list[Curve]:
        return [self.curve, *self.comparisons, *([self.forecast] if self.forecast else [])]

    def values(self) -> Iterator[Decimal]:
        """Every value that must find room on the axis."""
        for curve in self.curves():
            yield from curve.values()
        for line in self.references():
            yield from (value for _, value in line.points)
        if self.limits:
            yield from (self.limits.low, self.limits.high)


def runs(points: Iterable[Point], breaks: Iterable[SeriesBreak] = ()) -> list[list[Point]]:
    """The stretches of a curve that may be joined by a line.

    A line ends at a value that is not known, at a period that is not listed at all, and where the meaning of
    the figures changes.
    """
    days = [each.on.toordinal() for each in breaks]
    found: list[list[Point]] = []
    before: Point | None = None
    for point in points:
        if point.value is not None:
            if before and before.value is not None and _joined(before, point, days):
                found[-1].append(point)
            else:
                found.append([point])
        before = point
    return found


def _joined(before: Point, after: Point, breaks: list[int]) -> bool:
    if any(before.middle < day <= after.middle for day in breaks):
        return False
    return not skipped(before, after)


def skipped(before: Point, after: Point) -> bool:
    """Whether a period between two points is not listed. Summer between two school years is no period."""
    away = (after.start - before.end).days - 1
    return away * 5 > ((before.end - before.start).days + 1) * 4
