"""The curve of a measure, told to the charts."""

from collections.abc import Iterable

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from backbone.web.dates import long_date
from measurement.charts.line import line_chart_html
from measurement.charts.series import Curve, LineChart, Point, ReferenceLine, SeriesBreak
from measurement.dashboards.curves import CurvePage
from measurement.dashboards.judged import Judged
from measurement.indicators.models import Target


def curve_drawing(page: CurvePage, what: Judged, beside: tuple[Curve, ...] = ()) -> SafeString:
    """The curve with its target; that of one group without, since the target is not its own. `beside`: other series."""
    version = page.measure.version
    target = page.measure.target_of(page.figure) if page.figure and not page.group else None
    chart = LineChart(
        title=what.finding,
        curve=Curve(version.name, tuple(_points(page)), version.unit, version.decimals),
        target=_target_line(target) if target else None,
        baseline=_baseline(target) if target else None,
        breaks=tuple(SeriesBreak(each.on, each.note) for each in page.breaks),
        forecast=what.outlook.curve if what.outlook else None,
        comparisons=beside,
        limits=what.limits,
    )
    return line_chart_html(chart, element_id="curve")


def _points(page: CurvePage) -> Iterable[Point]:
    figures = {figure.period.pk: figure for figure in page.curve}
    for period in page.periods:
        figure = figures.get(period.pk)
        yield Point(
            period.label,
            period.start,
            period.end,
            figure.shown if figure else None,
            partial=bool(figure and figure.is_partial),
        )


def _target_line(target: Target) -> ReferenceLine:
    label = _("Target by %(day)s") % {"day": long_date(target.due_on)}
    return ReferenceLine(label, ((target.baseline_on, target.baseline), (target.due_on, target.value)))


def _baseline(target: Target) -> ReferenceLine:
    return ReferenceLine(_("Baseline"), ((target.baseline_on, target.baseline),))
