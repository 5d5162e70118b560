"""A released curve, told to the charts. A hidden figure is a gap like any other, and is named in the table."""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from backbone.web.dates import long_date
from measurement.charts.bars import Bar, BarChart, bars_svg
from measurement.charts.line import line_chart_html, line_chart_svg
from measurement.charts.series import Curve, LineChart, Point, ReferenceLine, SeriesBreak
from measurement.charts.sparkline import sparkline_svg
from measurement.judgement.forecasts import forecast
from measurement.publishing.judging import Judged
from measurement.releases.selectors import CellRead, MeasureRead, PeriodRead, State, TargetRead, hidden_phrase

_FEWEST_POINTS: Final = 6  # as everywhere: fewer tell too little about what comes


def curve_html(
    measure: MeasureRead, curve: Sequence[CellRead], judged: Judged, *, of_all: bool
) -> SafeString:
    """For pages: once for wide ones and once for phones. `of_all`: the target is not that of one place."""
    return line_chart_html(_chart(measure, curve, judged, of_all=of_all), element_id="curve")


def curve_image(measure: MeasureRead, curve: Sequence[CellRead], judged: Judged) -> SafeString:
    """For other people's pages: one picture that stands alone."""
    chart = _chart(measure, curve, judged, of_all=True)
    return line_chart_svg(chart, element_id=f"curve-{measure.code}")


def _chart(measure: MeasureRead, curve: Sequence[CellRead], judged: Judged, *, of_all: bool) -> LineChart:
    target = target_now(measure, judged) if of_all else None
    return LineChart(
        title=judged.sentence,
        curve=Curve(measure.name, tuple(map(_point, curve)), measure.unit, measure.decimals),
        target=_target_line(target) if target else None,
        baseline=ReferenceLine(_("Baseline"), ((target.baseline_on, target.baseline),)) if target else None,
        breaks=tuple(SeriesBreak(each.on, each.note) for each in measure.breaks),
        forecast=ahead(measure, judged),
    )


def sparkline(measure: MeasureRead, curve: Sequence[CellRead]) -> SafeString | str:
    values = [each.value for each in curve]
    if sum(value is not None for value in values) < 2:
        return ""
    label = _("%(name)s from %(first)s to %(last)s") % {
        "name": measure.name,
        "first": curve[0].period.label,
        "last": curve[-1].period.label,
    }
    return sparkline_svg(values, label=label, element_id=f"curve-{measure.code}")


def bars(title: str, cells: Iterable[CellRead], *, unit: str, decimals: int, element_id: str) -> SafeString:
    drawn = tuple(
        Bar(
            each.category or each.place,
            each.value,
            note=hidden_phrase()
            if each.state == State.HIDDEN
            else ""
            if each.value is not None
            else each.number,
        )
        for each in cells
    )
    return bars_svg(BarChart(title, drawn, unit=unit, decimals=decimals), element_id=element_id)


def target_now(measure: MeasureRead, judged: Judged) -> TargetRead | None:
    """The first that is not over yet when the newest figure ends, or else the last."""
    if not measure.targets or judged.cell is None:
        return None
    in_order = sorted(measure.targets, key=lambda each: each.due_on)
    day = judged.cell.period.end
    return next((each for each in in_order if each.due_on >= day), in_order[-1])


def ahead(measure: MeasureRead, judged: Judged) -> Curve | None:
    """The line through the comparable figures, at most half as far as they reach back. None from fewer than six."""
    points = judged.points
    if len(points) < _FEWEST_POINTS or judged.cell is not points[-1]:
        return None
    found = forecast([each.value for each in points]).points
    lowest = Decimal(0) if all((each.value or 0) >= 0 for each in points) else None
    highest = measure.per if judged.cell.interval is not None else None
    spans = _spans_after(points[-1].period)
    drawn = (
        Point(
            f"{long_date(start)} – {long_date(end)}",
            start,
            end,
            _cut(each.value, lowest, highest),
            _cut(each.low, lowest, highest),
            _cut(each.high, lowest, highest),
        )
        for each, (start, end) in zip(found, spans, strict=False)
    )
    return Curve(_("If nothing changes"), tuple(drawn), measure.unit, measure.decimals)


def _cut(value: Decimal, lowest: Decimal | None, highest: Decimal | None) -> Decimal:
    value = value if lowest is None else max(value, lowest)
    return value if highest is None else min(value, highest)


def _spans_after(period: PeriodRead) -> Iterator[tuple[date, date]]:
    """Periods as long as this one, one after the other: whole months where it is of whole months."""
    days = (period.end - period.start).days + 1
    months = round(days / 30.44) if period.start.day == 1 and days > 27 else 0
    start = period.end + timedelta(days=1)
    while True:
        after = _months_later(start, months) if months else start + timedelta(days=days)
        yield start, after - timedelta(days=1)
        start = after


def _months_later(day: date, months: int) -> date:
    place = day.year * 12 + day.month - 1 + months
    year, month = divmod(place, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _point(cell: CellRead) -> Point:
    partial = cell.standing == "partial"
    return Point(cell.period.label, cell.period.start, cell.period.end, cell.value, partial=partial)


def _target_line(target: TargetRead) -> ReferenceLine:
    label = _("Target by %(day)s") % {"day": long_date(target.due_on)}
    return ReferenceLine(label, ((target.baseline_on, target.baseline), (target.due_on, target.value)))
