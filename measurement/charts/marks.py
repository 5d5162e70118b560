"""The curve itself: hatched gaps, lines that end where knowledge ends, dots, ranges."""

from decimal import Decimal
from itertools import groupby, pairwise
from xml.etree import ElementTree as ET

from django.utils.translation import gettext

from measurement.charts import figures, lettering, look, svg
from measurement.charts.placement import Box, Spot
from measurement.charts.plan import Plan
from measurement.charts.series import Point, runs

MANY = 40
LABELLED_GAP = 62.0


def draw_gaps(root: ET.Element, plan: Plan) -> None:
    """Hatch the time for which nothing is known, so that nobody reads it as zero or as steady."""
    spans = _gap_spans(plan)
    if not spans:
        return
    paint = svg.hatching(root, "gap")
    group = svg.add(root, "g", klass="chart-gaps", aria_hidden="true")
    height = plan.frame.bottom - plan.frame.top
    for left, right in spans:
        svg.add(group, "rect", x=left, y=plan.frame.top, width=right - left, height=height, fill=paint)
        if right - left >= LABELLED_GAP:
            x, y = (left + right) / 2, plan.frame.bottom - 10
            svg.lettering(group, gettext("no data"), x=x, y=y, anchor="middle", halo=True)


def _gap_spans(plan: Plan) -> list[tuple[float, float]]:
    """Gaps between the first and the last known period, neighbours in one."""
    points = plan.chart.curve.points
    known = [index for index, point in enumerate(points) if not point.is_gap]
    inner = points[known[0] : known[-1] + 1]
    spans = []
    for is_gap, group in groupby(inner, key=lambda point: point.is_gap):
        members = list(group)
        if is_gap:
            spans.append((plan.on(members[0].start), plan.x(members[-1].end.toordinal() + 1)))
    return spans


def has_gaps(plan: Plan) -> bool:
    return bool(_gap_spans(plan))


def draw_curve(root: ET.Element, plan: Plan) -> None:
    group = svg.add(root, "g", klass="chart-curve")
    for run in runs(plan.chart.curve.points, plan.chart.breaks):
        _draw_run(group, plan, run)
    for point in plan.chart.curve.points:
        _draw_point(group, plan, point)


def _draw_run(group: ET.Element, plan: Plan, run: list[Point]) -> None:
    """One stretch, solid, and dashed where it leads to or from a figure that is only partial."""
    edges = list(pairwise(run))
    for dashed, members in groupby(edges, key=lambda edge: edge[0].partial or edge[1].partial):
        joined = list(members)
        points = [joined[0][0], *(after for _, after in joined)]
        places = [plan.at(point, point.value) for point in points if point.value is not None]
        dashes = "1 5" if dashed else ""
        svg.track(group, places, colour=look.TEAL, wide=2.4, dashes=dashes).set("class", "chart-line")
        plan.room.take_line(places)


def _draw_point(group: ET.Element, plan: Plan, point: Point) -> None:
    if point.is_gap:
        return
    mark = svg.add(group, "g", klass="chart-point")
    svg.add(mark, "title", _spoken(plan, point))
    if point.low is not None and point.high is not None:
        _draw_range(mark, plan, point, point.low, point.high)
    if point.value is not None:
        x, y = plan.at(point, point.value)
        draw_dot(mark, x, y, partial=point.partial, radius=_radius(plan))
        plan.room.take([Box(x - 5, y - 5, x + 5, y + 5)])


def _draw_range(mark: ET.Element, plan: Plan, point: Point, low: Decimal, high: Decimal) -> None:
    """A thin whisker around a value; a broad bar where only the range is known."""
    alone = point.value is None
    x, top, bottom = plan.x(point.middle), plan.y(high), plan.y(low)
    bar = svg.rule(mark, (x, top), (x, bottom), colour=look.TEAL, wide=7 if alone else 1.5)
    for name, setting in {"class": "chart-range", "stroke-opacity": "0.5", "stroke-linecap": "round"}.items():
        bar.set(name, setting)
    plan.room.take([Box(x - 2, top, x + 2, bottom)])


def draw_dot(parent: ET.Element, x: float, y: float, *, partial: bool, radius: float) -> None:
    """A full dot; hollow with a broken rim where the figure is partial."""
    if not partial:
        svg.add(parent, "circle", cx=x, cy=y, r=radius, fill=look.TEAL, stroke=look.PAPER, stroke_width=1)
        return
    ring = svg.add(
        parent,
        "circle",
        klass="chart-partial",
        cx=x,
        cy=y,
        r=radius + 0.6,
        fill=look.PAPER,
        stroke=look.TEAL,
        stroke_width=1.8,
    )
    ring.set("stroke-dasharray", "2.2 1.6")


def _radius(plan: Plan) -> float:
    count = len(plan.chart.curve.points)
    return 4.5 if count <= 16 and not plan.narrow else 3.4 if count <= MANY else 2.2


def _spoken(plan: Plan, point: Point) -> str:
    """What a pointer resting on a dot reads."""
    parts = [f"{point.label}: {_value_text(plan, point)}"]
    if point.partial:
        parts.append(gettext("partial"))
    return ", ".join([*parts, *([point.note] if point.note else [])])


def _value_text(plan: Plan, point: Point) -> str:
    def shown(value: Decimal) -> str:
        return figures.with_unit(value, plan.chart.decimals, plan.chart.unit)

    value = shown(point.value) if point.value is not None else ""
    if point.low is None or point.high is None:
        return value
    ends = {
        "low": figures.compact(point.low, plan.chart.decimals),
        "high": shown(point.high),
    }
    between = gettext("between %(low)s and %(high)s") % ends
    return f"{value} ({between})" if value else between


def label_ends(root: ET.Element, plan: Plan) -> None:
    """Write the values of the last and the first known period beside their dots."""
    known = plan.chart.curve.known()
    if not known:
        return
    _label(root, plan, known[-1], size=look.LARGE, weight=700, last=True)
    if len(known) > 1:
        _label(root, plan, known[0], size=look.TEXT, weight=500, last=False)


def _label(root: ET.Element, plan: Plan, point: Point, *, size: float, weight: int, last: bool) -> None:
    if point.value is None:
        return
    text = figures.with_sign(point.value, plan.chart.decimals, plan.chart.unit)
    x, y = plan.at(point, point.value)
    beside = [Spot(x + 10, y + size * 0.35)]
    around = [
        Spot(x, y - 11, "middle"),
        Spot(x, y + 11 + size * 0.7, "middle"),
        Spot(x - 6, y - 11, "end"),
        Spot(x + 4, y - 12),
        Spot(x + 4, y + 12 + size * 0.7),
        Spot(x, y - 24, "middle"),
        Spot(x, y + 24 + size * 0.7, "middle"),
    ]
    narrow_text = lettering.shortened(text, size, plan.width / 2)
    spot = plan.room.place(narrow_text, size, [*beside, *around] if last else [*around, *beside])
    svg.lettering(
        root,
        narrow_text,
        x=spot.x,
        y=spot.y,
        size=size,
        colour=look.TEAL,
        anchor=spot.anchor,
        weight=weight,
        halo=True,
    )
