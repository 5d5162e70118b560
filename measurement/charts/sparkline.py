"""A word-sized curve beside a number: no axes, no values, only the shape and where it ends."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.safestring import SafeString

from measurement.charts import look, svg
from measurement.charts.scales import Scale

WIDTH, HEIGHT, EDGE = 120, 32, 5.0


def sparkline_svg(values: Sequence[Decimal | None], *, label: str, element_id: str) -> SafeString:
    """Draw values at equal distances; None is a gap. The last known is a dot, hollow if newer ones miss."""
    root = svg.drawing(
        element_id=element_id, title=label, description="", width=WIDTH, height=HEIGHT, klass="sparkline"
    )
    places = _places(values)
    for run in _runs(places):
        if len(run) > 1:
            svg.track(root, run, colour=look.TEAL, wide=1.8)
        else:
            svg.add(root, "circle", cx=run[0][0], cy=run[0][1], r=1.6, fill=look.TEAL)
    known = [place for place in places if place]
    if known:
        (x, y), stale = known[-1], places[-1] is None
        fill = look.PAPER if stale else look.TEAL
        svg.add(root, "circle", cx=x, cy=y, r=3.2, fill=fill, stroke=look.TEAL, stroke_width=1.6)
    else:
        svg.rule(root, (EDGE, HEIGHT / 2), (WIDTH - EDGE, HEIGHT / 2), colour=look.AXIS, dashes="2 4")
    return svg.written(root)


def _places(values: Sequence[Decimal | None]) -> list[tuple[float, float] | None]:
    known = [value for value in values if value is not None]
    if not known:
        return [None for _ in values]
    scale = Scale((min(known), max(known)), zoomed=True)
    step = (WIDTH - 2 * EDGE) / max(len(values) - 1, 1)
    return [
        None if value is None else (EDGE + index * step, _y(scale, value))
        for index, value in enumerate(values)
    ]


def _y(scale: Scale, value: Decimal) -> float:
    """A curve that never moves lies in the middle, since it is neither low nor high."""
    share = scale.share(value) if scale.low != scale.high else 0.5
    return HEIGHT - EDGE - share * (HEIGHT - 2 * EDGE)


def _runs(places: list[tuple[float, float] | None]) -> list[list[tuple[float, float]]]:
    found: list[list[tuple[float, float]]] = []
    before: tuple[float, float] | None = None
    for place in places:
        if place is not None:
            if before is None:
                found.append([])
            found[-1].append(place)
        before = place
    return found
