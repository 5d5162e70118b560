"""The big chart: one curve over time with all that it is judged against."""

from xml.etree import ElementTree as ET

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from measurement.charts import axes, lanes, lettering, look, marks, references, svg
from measurement.charts.describe import description_of
from measurement.charts.plan import Plan, plan_for
from measurement.charts.series import LineChart

WIDE = (720, 320)
NARROW = (358, 300)


def line_chart_svg(
    chart: LineChart, *, width: int = WIDE[0], height: int = WIDE[1], element_id: str, klass: str = "chart"
) -> SafeString:
    """Draw a chart. `height` is that of curve and axes; lanes of actions and the key come below it.

    Text keeps its size whatever the width: for a phone ask for a small width, do not shrink a wide chart.
    """
    root = svg.drawing(
        element_id=element_id,
        title=chart.title,
        description=chart.description or description_of(chart),
        width=width,
        height=height,
        klass=klass,
    )
    if chart.is_empty:
        return _empty(root, width)
    plan = plan_for(chart, width, height)
    _draw_behind(root, plan)
    _draw_before(root, plan)
    bottom = lanes.draw_actions(root, plan, float(height) + 4)
    _set_height(root, width, lanes.draw_key(root, plan, bottom))
    return svg.written(root)


def line_chart_html(chart: LineChart, *, element_id: str) -> SafeString:
    """The chart drawn twice, for wide pages and print, and for phones; only one of them is ever shown."""
    wide = line_chart_svg(
        chart, element_id=f"{element_id}-wide", klass="chart img-fluid d-none d-sm-block d-print-block"
    )
    narrow = line_chart_svg(
        chart,
        width=NARROW[0],
        height=NARROW[1],
        element_id=f"{element_id}-narrow",
        klass="chart img-fluid d-block d-sm-none d-print-none",
    )
    return format_html('<div class="chart-pair">{}{}</div>', wide, narrow)


def _draw_behind(root: ET.Element, plan: Plan) -> None:
    marks.draw_gaps(root, plan)
    references.draw_limits(root, plan)
    axes.draw_values(root, plan)
    axes.draw_periods(root, plan)
    references.draw_breaks(root, plan)
    references.draw_forecast(root, plan)
    references.draw_comparisons(root, plan)
    references.draw_target(root, plan)


def _draw_before(root: ET.Element, plan: Plan) -> None:
    """The curve over everything else, then labels: the most important first, since it gets the best place."""
    marks.draw_curve(root, plan)
    marks.label_ends(root, plan)
    references.label_target(root, plan)
    references.draw_baseline(root, plan)
    references.label_forecast(root, plan)
    references.label_comparisons(root, plan)


def _set_height(root: ET.Element, width: float, height: float) -> None:
    root.set("height", svg.number(height))
    root.set("viewBox", f"0 0 {svg.number(width)} {svg.number(height)}")


def _empty(root: ET.Element, width: float) -> SafeString:
    """No figures, no axes: a sentence."""
    _set_height(root, width, 64)
    svg.add(root, "line", x1=0, y1=63, x2=width, y2=63, stroke=look.RULE, stroke_width=1)
    words = lettering.shortened(
        gettext("No figures yet. The curve starts with the first one."), look.TEXT, width
    )
    svg.lettering(root, words, x=0, y=36, size=look.TEXT)
    return svg.written(root)
