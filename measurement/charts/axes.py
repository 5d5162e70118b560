"""Grid, values at the left, periods below."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from xml.etree import ElementTree as ET

from django.utils.translation import gettext

from measurement.charts import figures, lettering, look, svg
from measurement.charts.plan import Plan
from measurement.charts.series import Axis, Point

APART = 12.0
WIDEST = 130.0
YEAR = 365


def draw_values(root: ET.Element, plan: Plan) -> None:
    """Dotted lines at round numbers; that at zero is solid, since only zero is a floor."""
    group = svg.add(root, "g", klass="chart-values", aria_hidden="true")
    left, right = plan.frame.left, plan.frame.right
    for tick in plan.scale.ticks:
        y = plan.y(tick)
        colour, dashes = (look.AXIS, "") if tick == 0 else (look.HATCH, "1 4")
        svg.rule(group, (left, y), (right, y), colour=colour, dashes=dashes)
        svg.lettering(group, plan.tick_text(tick), x=left - 8, y=y + 4, anchor="end")
    svg.lettering(group, lettering.shortened(axis_text(plan), look.SMALL, plan.width), x=0, y=14)


def axis_text(plan: Plan) -> str:
    """The unit where the numbers do not carry it, and the ends of an axis that does not start at zero."""
    unit = "" if plan.chart.unit == figures.PERCENT else plan.chart.unit
    ends = {"unit": unit, "low": plan.tick_text(plan.scale.low), "high": plan.tick_text(plan.scale.high)}
    if not _axis_needs_words(plan):
        return unit
    if not unit:
        return gettext("Axis from %(low)s to %(high)s") % ends
    return gettext("%(unit)s, axis from %(low)s to %(high)s") % ends


def _axis_needs_words(plan: Plan) -> bool:
    short = plan.chart.drawn_axis is Axis.PERCENT and plan.scale.high < 100
    return plan.scale.zoomed or short


def draw_periods(root: ET.Element, plan: Plan) -> None:
    """As many periods by name as fit side by side."""
    group = svg.add(root, "g", klass="chart-periods", aria_hidden="true")
    y = plan.frame.bottom
    svg.rule(group, (plan.frame.left, y), (plan.frame.right, y), colour=look.AXIS)
    for x, label in _named_periods(plan):
        half = lettering.width_of(label, look.SMALL) / 2
        svg.rule(group, (x, y), (x, y + 5), colour=look.AXIS)
        middle = min(max(x, half), plan.width - half)
        svg.lettering(group, label, x=middle, y=y + 20, anchor="middle")


def _named_periods(plan: Plan) -> list[tuple[float, str]]:
    points = _all_points(plan)
    places = [(plan.x(each.middle), lettering.shortened(each.label, look.SMALL, WIDEST)) for each in points]
    anchor = _anchor(points)
    choices = (places[anchor % stride :: stride] for stride in _strides(points))
    named = next((chosen for chosen in choices if _apart(chosen)), places[-1:])
    return [*named, *_far_years(plan, named)]


def _all_points(plan: Plan) -> list[Point]:
    """The periods of the curve, then those that only the forecast has."""
    points = list(plan.chart.curve.points)
    last = points[-1].end
    if plan.chart.forecast:
        points += [point for point in plan.chart.forecast.points if point.start > last]
    return points


def _strides(points: list[Point]) -> Iterator[int]:
    """Every period, every so many that make equal parts of a year, then every so many years."""
    per_year = max(round(YEAR / ((points[0].end - points[0].start).days + 1)), 1)
    yield from (part for part in (1, 2, 3, 6, 13, 26) if part < per_year and per_year % part == 0)
    yield from (per_year * years for years in (1, 2, 3, 5, 10, 20, 50, 100))


def _anchor(points: list[Point]) -> int:
    """A period that is named in any case: the first January, or the last period of yearly ones."""
    januaries = [index for index, point in enumerate(points) if point.start.month == 1]
    return len(points) - 1 if len(januaries) in (0, len(points)) else januaries[0]


def _apart(places: list[tuple[float, str]]) -> bool:
    return all(
        right - left >= (_width(before) + _width(after)) / 2 + APART
        for (left, before), (right, after) in pairwise(places)
    )


def _width(text: str) -> float:
    return lettering.width_of(text, look.SMALL)


def _far_years(plan: Plan, named: list[tuple[float, str]]) -> list[tuple[float, str]]:
    """The year in which the axis ends, when it runs on beyond every period to a target."""
    if plan.last_day <= _all_points(plan)[-1].end.toordinal() + 1:
        return []
    end = (plan.x(plan.last_day), str(date.fromordinal(int(plan.last_day)).year))
    return [end] if _apart([*named[-1:], end]) else []
