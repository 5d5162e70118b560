"""What a curve is compared with: target, baseline, chance, forecast, other places, changes of meaning."""

from datetime import date
from decimal import Decimal
from itertools import pairwise
from xml.etree import ElementTree as ET

from django.utils.translation import gettext

from measurement.charts import figures, lettering, look, svg
from measurement.charts.placement import Spot
from measurement.charts.plan import NOTE_ROW, NOTE_ROWS, UNIT_ROW, Plan, shown_breaks
from measurement.charts.series import Curve, ReferenceLine, runs

Place = tuple[float, float]
DASHES_OF_BREAK = "5 2 1 2"
DASHES_OF_OTHERS = ("", "5 3", "1 4")


def draw_limits(root: ET.Element, plan: Plan) -> None:
    limits = plan.chart.limits
    if limits is None:
        return
    left, right = plan.frame.left, plan.frame.right
    if limits.since:
        left = min(max(plan.on(limits.since), left), right)
    low, high = plan.y(limits.low), plan.y(limits.high)
    group = svg.add(root, "g", klass="chart-limits", aria_hidden="true")
    band = svg.add(group, "rect", x=left, y=high, width=right - left, height=low - high, fill=look.AXIS)
    band.set("fill-opacity", "0.1")
    for y, dashes in ((low, "1 3"), (plan.y(limits.centre), "6 3"), (high, "1 3")):
        svg.rule(group, (left, y), (right, y), colour=look.AXIS, dashes=dashes)


def draw_breaks(root: ET.Element, plan: Plan) -> None:
    """A line through the day, its note above the curve where nothing else stands."""
    for index, each in enumerate(shown_breaks(plan.chart, plan.first_day, plan.last_day)):
        x, y = plan.on(each.on), UNIT_ROW + index % NOTE_ROWS * NOTE_ROW + 10
        mark = svg.add(root, "g", klass="chart-break")
        svg.add(mark, "title", each.note)
        svg.rule(mark, (x, y - 9), (x, plan.frame.bottom), colour=look.GREY, wide=1.2, dashes=DASHES_OF_BREAK)
        _write_note(mark, plan, each.note, x, y)


def _write_note(mark: ET.Element, plan: Plan, note: str, x: float, y: float) -> None:
    """On the side of its line that has more room."""
    after, before = plan.width - x - 8, x - 8
    spot, room = (Spot(x + 6, y), after) if after >= before else (Spot(x - 6, y, "end"), before)
    text = lettering.shortened(note, look.SMALL, room)
    plan.room.take([spot.box(text, look.SMALL)])
    svg.lettering(mark, text, x=spot.x, y=spot.y, anchor=spot.anchor, halo=True)


def draw_comparisons(root: ET.Element, plan: Plan) -> None:
    for index, curve in enumerate(plan.chart.comparisons):
        group = svg.add(root, "g", klass="chart-comparison")
        dashes = DASHES_OF_OTHERS[index % len(DASHES_OF_OTHERS)]
        for run in runs(curve.points):
            places = _places(plan, [(each.middle, each.value) for each in run])
            svg.track(group, places, colour=look.AXIS, wide=1.6, dashes=dashes)
            if len(places) == 1:  # a line of one place cannot be seen
                svg.add(group, "circle", cx=places[0][0], cy=places[0][1], r=3, fill=look.AXIS)
            plan.room.take_line(places, thick=2)


def label_comparisons(root: ET.Element, plan: Plan) -> None:
    """Names at the right ends, from top to bottom, so that no two of them change places."""
    known = [(curve.name, curve.known()[-1]) for curve in plan.chart.comparisons if curve.known()]
    ends = [(plan.at(point, point.value), name) for name, point in known if point.value is not None]
    for place, name in sorted(ends, key=lambda end: end[0][1]):
        _write(root, plan, name, place, colour=look.GREY)


def draw_forecast(root: ET.Element, plan: Plan) -> None:
    """The corridor in which the next values lie if nothing changes."""
    curve = plan.chart.forecast
    if curve is None:
        return
    group = svg.add(root, "g", klass="chart-forecast")
    _draw_corridor(group, plan, curve)
    places = _places(plan, [(each.middle, each.value) for each in curve.points])
    if places:
        svg.track(group, places, colour=look.TEAL, wide=1.8, dashes="1 4")
        plan.room.take_line(places, thick=2)


def _draw_corridor(group: ET.Element, plan: Plan, curve: Curve) -> None:
    lower = _places(plan, [(each.middle, each.low) for each in curve.points if each.has_range])
    upper = _places(plan, [(each.middle, each.high) for each in curve.points if each.has_range])
    if len(lower) > 1:
        outline = f"{svg.path_of([*upper, *reversed(lower)])}Z"
        svg.add(group, "path", d=outline, fill=look.TEAL).set("fill-opacity", "0.13")


def label_forecast(root: ET.Element, plan: Plan) -> None:
    curve = plan.chart.forecast
    if curve is None or not curve.known():
        return
    places = _places(plan, [(each.middle, each.value) for each in curve.points])
    _write(root, plan, curve.name, places[-1], colour=look.TEAL)


def draw_target(root: ET.Element, plan: Plan) -> None:
    """A dashed line, with a ring where the target is to be met."""
    line = plan.chart.target
    places = _line_places(plan, line) if line else []
    if line is None or not places:
        return
    group = svg.add(root, "g", klass="chart-target")
    svg.track(group, places, colour=look.INK, wide=1.6, dashes="6 5")
    plan.room.take_line(places, thick=2)
    if len(line.points) > 1 and not _runs_on(plan, line):
        x, y = places[-1]
        svg.add(group, "circle", cx=x, cy=y, r=5, fill=look.PAPER, stroke=look.INK, stroke_width=1.6)
        svg.add(group, "circle", cx=x, cy=y, r=1.8, fill=look.INK)


def _runs_on(plan: Plan, line: ReferenceLine) -> bool:
    """Whether the target lies further in the future than the chart shows."""
    return len(line.points) > 1 and line.points[-1][0].toordinal() > plan.last_day


def _line_places(plan: Plan, line: ReferenceLine) -> list[Place]:
    if len(line.points) == 1:
        y = plan.y(line.points[0][1])
        return [(plan.frame.left, y), (plan.frame.right, y)]
    inside = [step for step in (_cut(plan, *ends) for ends in pairwise(line.points)) if step]
    return [inside[0][0], *(after for _, after in inside)] if inside else []


def _cut(plan: Plan, before: tuple[date, Decimal], after: tuple[date, Decimal]) -> tuple[Place, Place] | None:
    """The part of a step that lies inside the time shown."""
    start, end = before[0].toordinal(), after[0].toordinal()
    left, right = max(float(start), plan.first_day), min(float(end), plan.last_day)
    if right <= left:
        return None

    def height(day: float) -> float:
        return plan.y(before[1]) + (plan.y(after[1]) - plan.y(before[1])) * (day - start) / (end - start)

    return (plan.x(left), height(left)), (plan.x(right), height(right))


def label_target(root: ET.Element, plan: Plan) -> None:
    line = plan.chart.target
    places = _line_places(plan, line) if line else []
    if line is None or not places:
        return
    text = _named_value(plan, line, line.points[-1][1])
    if len(line.points) == 1:
        _write_along(root, plan, text, places[-1][1])
    else:
        _write(root, plan, f"{text} →" if _runs_on(plan, line) else text, places[-1], colour=look.INK)


def _write_along(root: ET.Element, plan: Plan, text: str, y: float) -> None:
    """A label on a level line: at its right end if there is room, else further left."""
    left, right = plan.frame.left, plan.frame.right
    ends = [right, (left + 2 * right) / 3, (left + right) / 2, (2 * left + right) / 3]
    spots = [Spot(x, y + away, "end") for away in (-6, 16) for x in ends]
    spot = plan.room.place(text, look.SMALL, spots)
    svg.lettering(root, text, x=spot.x, y=spot.y, colour=look.INK, anchor=spot.anchor, weight=500, halo=True)


def draw_baseline(root: ET.Element, plan: Plan) -> None:
    """A diamond where the way to the target starts."""
    line = plan.chart.baseline
    if line is None:
        return
    day, value = line.points[0]
    x, y = max(plan.on(day), plan.frame.left), plan.y(value)
    outline = [(x, y - 6), (x + 6, y), (x, y + 6), (x - 6, y)]
    group = svg.add(root, "g", klass="chart-baseline")
    svg.add(group, "path", d=f"{svg.path_of(outline)}Z", fill=look.PAPER, stroke=look.INK, stroke_width=1.6)
    text = _named_value(plan, line, value)
    below, above = [Spot(x, y + away) for away in (21, 34, 48)], [Spot(x, y - away) for away in (12, 25, 39)]
    spot = plan.room.place(text, look.SMALL, [*below, *above, Spot(x + 12, y + 5)])
    svg.lettering(group, text, x=spot.x, y=spot.y, colour=look.INK, anchor=spot.anchor, halo=True)


def _named_value(plan: Plan, line: ReferenceLine, value: Decimal) -> str:
    shown = figures.with_sign(value, plan.chart.decimals, plan.chart.unit)
    named = gettext("%(name)s: %(value)s") % {"name": line.label, "value": shown}
    return lettering.shortened(named, look.SMALL, plan.width / 2)


def _write(root: ET.Element, plan: Plan, name: str, place: Place, *, colour: str) -> None:
    """A label at the right end of a line, wherever there is room near it."""
    x, y = place
    text = lettering.shortened(name, look.SMALL, plan.width / 2)
    right = [Spot(x + 8, y + away) for away in (4, 17, -9, 30, -22)]
    near = [Spot(min(x, plan.width - 4), y + away, "end") for away in (-10, 20, -24, 34, -38, 48)]
    spot = plan.room.place(text, look.SMALL, [*right, *near])
    svg.lettering(root, text, x=spot.x, y=spot.y, colour=colour, anchor=spot.anchor, weight=500, halo=True)


def _places(plan: Plan, values: list[tuple[float, Decimal | None]]) -> list[Place]:
    return [(plan.x(day), plan.y(value)) for day, value in values if value is not None]
