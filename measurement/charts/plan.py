"""The plan of a line chart: what is where, before anything is drawn."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from measurement.charts import figures, lettering, look
from measurement.charts.placement import Box, Room
from measurement.charts.scales import Scale, scale_for
from measurement.charts.series import LineChart, Point, ReferenceLine, SeriesBreak

UNIT_ROW = 22.0
NOTE_ROW = 17.0
TICK_ROW = 28.0
NOTE_ROWS = 3
LEAST_FUTURE = 4


@dataclass(frozen=True, slots=True)
class Plan:
    """The frame of the curve in a picture, and the way from dates and values to places in it."""

    chart: LineChart
    width: float
    frame: Box
    scale: Scale
    first_day: float
    last_day: float
    room: Room

    def x(self, day: float) -> float:
        share = (day - self.first_day) / (self.last_day - self.first_day)
        return self.frame.left + share * (self.frame.right - self.frame.left)

    def on(self, day: date) -> float:
        return self.x(day.toordinal())

    def y(self, value: Decimal) -> float:
        return self.frame.bottom - self.scale.share(value) * (self.frame.bottom - self.frame.top)

    def at(self, point: Point, value: Decimal) -> tuple[float, float]:
        return self.x(point.middle), self.y(value)

    @property
    def narrow(self) -> bool:
        return self.width < look.NARROW

    def tick_text(self, value: Decimal) -> str:
        return tick_text(self.chart, self.scale, value)


def tick_text(chart: LineChart, scale: Scale, value: Decimal) -> str:
    step = scale.ticks[1] - scale.ticks[0]
    decimals = min(max(-int(step.normalize().as_tuple().exponent), 0), chart.decimals)
    return figures.with_sign(value, decimals, chart.unit)


def plan_for(chart: LineChart, width: float, height: float) -> Plan:
    """Give every part its room: unit and notes on top, periods below, the last value at the right."""
    scale = scale_for(chart.values(), chart.drawn_axis, chart.decimals, steps=4 if height >= 240 else 2)
    ticks = max(lettering.width_of(tick_text(chart, scale, tick), look.SMALL) for tick in scale.ticks)
    first, last = _days(chart)
    notes = min(len(shown_breaks(chart, first, last)), NOTE_ROWS)
    frame = Box(
        left=min(ticks + 10, width / 3),
        top=UNIT_ROW + notes * NOTE_ROW + 14,
        right=width - _right_margin(chart, width, last),
        bottom=height - TICK_ROW,
    )
    bounds = Box(frame.left - 3, UNIT_ROW - 4, width, frame.bottom)
    return Plan(chart, width, frame, scale, first, last, Room(bounds))


def shown_breaks(chart: LineChart, first: float, last: float) -> list[SeriesBreak]:
    return [each for each in chart.breaks if first <= each.on.toordinal() <= last]


def _days(chart: LineChart) -> tuple[float, float]:
    """From the first day of anything to the last.

    A target far away does not squeeze the curve: the time beyond all points is at most as long as theirs.
    """
    points = [point for curve in chart.curves() for point in curve.points]
    first = min(point.start for point in points).toordinal()
    last = max(point.end for point in points).toordinal() + 1
    most = max(last - first, LEAST_FUTURE * _longest_period(points))
    marked = [day.toordinal() for line in chart.references() for day, _ in _dated(line)]
    if chart.baseline:
        marked.append(chart.baseline.points[0][0].toordinal())
    return float(max(min([first, *marked]), first - most)), float(min(max([last, *marked]), last + most))


def _dated(line: ReferenceLine) -> tuple[tuple[date, Decimal], ...]:
    """A level line has no place in time."""
    return line.points if len(line.points) > 1 else ()


def _longest_period(points: list[Point]) -> int:
    return max((point.end - point.start).days + 1 for point in points)


def _right_margin(chart: LineChart, width: float, last_day: float) -> float:
    """Room for what is written right of the last points, where they lie at the right edge."""
    texts = [curve.name for curve in chart.comparisons] if width >= look.NARROW else []
    known = chart.curve.known()
    if known and known[-1].end.toordinal() + 1 >= last_day and known[-1].value is not None:
        texts.append(figures.with_sign(known[-1].value, chart.decimals, chart.unit) + "00")
    widest = max((lettering.width_of(text, look.TEXT) for text in texts), default=0.0)
    return min(widest + 10, width / 4) if texts else 16.0
