"""The curve and the breakdowns of a measure, told to the charts."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from backbone.web.dates import long_date
from measurement.charts.bars import Bar, BarChart, bars_svg
from measurement.charts.line import NARROW, WIDE, line_chart_html
from measurement.charts.series import Curve, LineChart, Point, ReferenceLine, SeriesBreak
from measurement.dashboards.curves import Breakdown, CurvePage
from measurement.dashboards.gaps import gap_lines
from measurement.dashboards.judged import Judged
from measurement.dashboards.ranges import range_words
from measurement.indicators.kinds import OverTime
from measurement.indicators.models import Disaggregation, Target
from measurement.judgement.small_numbers import GroupSize
from measurement.rollups.selectors import Figure


def curve_drawing(page: CurvePage, what: Judged) -> SafeString:
    """The curve with its target; that of one group without, since the target is not its own."""
    version = page.measure.version
    target = page.measure.target_for(page.figure.period.end) if page.figure and not page.group else None
    chart = LineChart(
        title=what.finding,
        curve=Curve(version.name, tuple(_points(page)), version.unit, version.decimals),
        target=_target_line(target) if target else None,
        baseline=_baseline(target) if target else None,
        breaks=tuple(SeriesBreak(each.on, each.note) for each in page.breaks),
        forecast=what.outlook.curve if what.outlook else None,
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


@dataclass(frozen=True)
class Share:
    """One category of a breakdown. `share` is in per cent of the total, where categories add up to it."""

    figure: Figure
    share: Decimal | None


@dataclass(frozen=True)
class DrawnBreakdown:
    """`known` is the per cent of the total whose category is known; None where it is everybody or unknown."""

    disaggregation: Disaggregation
    rows: list[Share]
    drawing: SafeString
    known: Decimal | None
    gaps: list[str]


def drawn_breakdown(breakdown: Breakdown, total: Figure) -> DrawnBreakdown:
    rows = [Share(figure, _share(figure, breakdown, total)) for figure in breakdown.figures]
    known = sum(
        (row.share for row in rows if row.share is not None and not _is_unknown(row.figure)), Decimal(0)
    )
    shares = [row for row in rows if row.share is not None]
    return DrawnBreakdown(
        breakdown.disaggregation,
        rows,
        _bars(breakdown, rows, total),
        known if shares and round(known, 1) < 100 else None,
        gap_lines(breakdown.disaggregation, breakdown.figures),
    )


def _share(figure: Figure, breakdown: Breakdown, total: Figure) -> Decimal | None:
    """Only sums have shares, and only where everybody is in exactly one category."""
    if breakdown.disaggregation.adds_up != Disaggregation.AddsUp.PARTITION or figure.version.rules.has_base:
        return None
    if OverTime(figure.version.over_time) is OverTime.MAX or figure.value is None or not total.value:
        return None
    return figure.value * 100 / total.value


def _bars(breakdown: Breakdown, rows: list[Share], total: Figure) -> SafeString:
    chart = BarChart(
        title=_("%(measure)s by %(breakdown)s, %(period)s")
        % {
            "measure": total.version.name,
            "breakdown": breakdown.disaggregation.name,
            "period": total.period.label,
        },
        bars=tuple(_bar(row) for row in rows),
        unit=total.version.unit,
        decimals=total.version.decimals,
    )
    name = f"by-{breakdown.disaggregation.pk}"
    return format_html(
        '<div class="chart-pair">{}{}</div>',
        bars_svg(
            chart,
            width=WIDE[0],
            element_id=f"{name}-wide",
            klass="chart img-fluid d-none d-sm-block d-print-block",
        ),
        bars_svg(
            chart,
            width=NARROW[0],
            element_id=f"{name}-narrow",
            klass="chart img-fluid d-block d-sm-none d-print-none",
        ),
    )


def _bar(row: Share) -> Bar:
    figure, category = row.figure, row.figure.cell.category
    note = _("too few cases") if figure.size is GroupSize.TOO_SMALL else range_words(figure)
    return Bar(
        label=category.name if category else "",
        value=figure.shown,
        share=row.share,
        unknown=_is_unknown(figure),
        note=note or (_("partial") if figure.is_partial and figure.shown is not None else ""),
    )


def _is_unknown(figure: Figure) -> bool:
    return figure.cell.category is not None and figure.cell.category.is_unknown
