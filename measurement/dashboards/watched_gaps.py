"""The curves of the gaps that staff watch, judged like any figure: with intervals, and never of few cases.

Decisions. A gap is partial where either group is. Only where everybody is in one category are two shares of
different people, so that chance can be reckoned with.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from backbone.web.dates import long_date
from measurement.charts.figures import plain
from measurement.charts.line import line_chart_html
from measurement.charts.series import Curve, LineChart, Point, ReferenceLine
from measurement.dashboards import cards, signs, verdicts
from measurement.dashboards.curves import CurvePage
from measurement.indicators.gaps import EquityGap, gaps_of
from measurement.indicators.models import Disaggregation, IndicatorVersion
from measurement.judgement import targets
from measurement.judgement.gaps import PARITY, GapKind, change_interval, gap, gap_interval
from measurement.judgement.intervals import Interval
from measurement.judgement.small_numbers import GroupSize
from measurement.judgement.targets import TargetJudgement, TargetStatus
from measurement.rollups import selectors as rollups
from measurement.rollups.judging import is_proportion, ratio_of
from measurement.rollups.selectors import Figure

_DECIMALS_OF_FACTORS: Final = 2


@dataclass(frozen=True)
class GapPoint:
    """Both groups in one period. `value` None: not known, or too few cases; `interval` in the same unit."""

    group: Figure
    reference: Figure
    value: Decimal | None
    interval: Interval | None

    @property
    def is_partial(self) -> bool:
        return self.group.is_partial or self.reference.is_partial

    @property
    def cases(self) -> Decimal | None:
        """Those of the smaller group."""
        known = [each.cases for each in (self.group, self.reference) if each.cases is not None]
        return min(known, default=None)

    @property
    def may_be_judged(self) -> bool:
        sizes = (self.group.size, self.reference.size)
        return not self.is_partial and self.value is not None and all(s is GroupSize.ENOUGH for s in sizes)


@dataclass(frozen=True)
class GapRow:
    period: str
    group: str
    reference: str
    gap: str
    interval: str


@dataclass(frozen=True)
class WatchedGap:
    """A gap for the page. `status`: a word of the status component."""

    gap: EquityGap
    finding: str
    lines: list[str]
    status: str | None
    drawing: SafeString
    rows: list[GapRow]


def watched_gaps(page: CurvePage) -> list[WatchedGap]:
    """Those of which there is anything to show. Two queries, or none where none is watched."""
    if not page.measure.has_gaps or page.calendar is None:
        return []
    watched = list(gaps_of(page.measure.indicator))
    categories = {each.category_id for each in watched} | {each.reference_id for each in watched}
    figures = rollups.curves_of(page.known, page.measure.indicator, categories, group=page.group)
    by_place = {(each.cell.category_id, each.period.pk): each for each in figures}
    return [found for each in watched if (found := _watched(each, page, by_place))]


def _watched(
    each: EquityGap, page: CurvePage, figures: dict[tuple[int | None, int], Figure]
) -> WatchedGap | None:
    pairs = [
        (figures.get((each.category_id, period.pk)), figures.get((each.reference_id, period.pk)))
        for period in page.periods
    ]
    points = [_point(each, group, reference) for group, reference in pairs if group and reference]
    if not points:
        return None
    latest = _latest(points)
    version = latest.group.version
    judgement = judge(each, latest) if page.group is None else None
    return WatchedGap(
        gap=each,
        finding=_finding(each, latest, version),
        lines=list(_lines(each, points[: points.index(latest) + 1], page, judgement)),
        status=_status(judgement),
        drawing=_drawing(each, points, page),
        rows=[_row(each, point, version) for point in reversed(points)],
    )


def _point(each: EquityGap, group: Figure, reference: Figure) -> GapPoint:
    if group.shown is None or reference.shown is None:
        return GapPoint(group, reference, None, None)
    value = gap(each.kind, reference=reference.shown, group=group.shown)
    return GapPoint(group, reference, value, _interval(each, group, reference))


def _interval(each: EquityGap, group: Figure, reference: Figure) -> Interval | None:
    apart = each.category.disaggregation.adds_up == Disaggregation.AddsUp.PARTITION
    if not (apart and is_proportion(group) and is_proportion(reference)):
        return None
    found = gap_interval(each.kind, reference=ratio_of(reference), group=ratio_of(group))
    if found is None or each.kind is GapKind.RATIO:
        return found
    per = group.version.per
    return Interval(found.low * per, found.high * per)


def _latest(points: Sequence[GapPoint]) -> GapPoint:
    """The newest that is complete; where there is none, the newest."""
    complete = [point for point in points if not point.is_partial]
    return (complete or list(points))[-1]


def judge(each: EquityGap, point: GapPoint) -> TargetJudgement | None:
    """The gap on its way from its baseline to its target; None where there is no target or no gap."""
    if each.value is None or each.baseline_on is None or each.due_on is None or point.value is None:
        return None
    end = point.group.period.end
    share = targets.linear_share((end - each.baseline_on).days, (each.due_on - each.baseline_on).days)
    return targets.judge(
        baseline=each.baseline,
        target=each.value,
        actual=point.value,
        share=share,
        partial=point.is_partial,
        group=point.cases,
    )


def _status(judgement: TargetJudgement | None) -> str | None:
    if judgement is None:
        return None
    if judgement.status is not TargetStatus.NOT_JUDGED:
        return judgement.status.value
    return verdicts.WORDS_OF_REASON.get(judgement.reason) if judgement.reason else None


def _finding(each: EquityGap, point: GapPoint, version: IndicatorVersion) -> str:
    words = {"gap": each, "value": shown(each, point.value, version), "period": point.group.period.label}
    if point.is_partial:
        return _("%(gap)s: partial in %(period)s") % words
    if point.value is None:
        return _("%(gap)s: too few cases or partners in %(period)s to say") % words
    if not point.may_be_judged or point.interval is None:
        return _("%(gap)s: %(value)s in %(period)s") % words
    if point.interval.holds(PARITY[each.kind]):
        return _("%(gap)s: %(value)s in %(period)s, no clear gap") % words
    return _("%(gap)s: %(value)s in %(period)s, more than chance") % words


def _lines(
    each: EquityGap, points: Sequence[GapPoint], page: CurvePage, judgement: TargetJudgement | None
) -> Iterable[str]:
    latest, version = points[-1], points[-1].group.version
    if not latest.is_partial and latest.value is not None and not latest.may_be_judged:
        yield _("Fewer than 30 cases stand behind one of the two: too few to judge.")
    if latest.interval and latest.may_be_judged:
        yield _("Chance alone could make it anything between %(low)s and %(high)s.") % {
            "low": shown(each, latest.interval.low, version),
            "high": shown(each, latest.interval.high, version),
        }
    yield from _moved(each, points, page)
    if judgement and judgement.expected is not None and each.value is not None and each.due_on:
        yield _("To reach %(target)s by %(day)s it should be at %(expected)s by now.") % {
            "target": shown(each, each.value, version),
            "day": long_date(each.due_on),
            "expected": shown(each, judgement.expected, version),
        }


def _moved(each: EquityGap, points: Sequence[GapPoint], page: CurvePage) -> Iterable[str]:
    """Against the gap before, where both can be told from chance and mean the same."""
    judged = [point for point in points if point.may_be_judged and point.interval]
    if len(judged) < 2 or judged[-1] is not points[-1]:
        return
    before, after = judged[-2:]
    if not verdicts.is_comparable(before.group, after.group, page.measure):
        return
    if before.value is None or after.value is None or not before.interval or not after.interval:
        return
    moved = change_interval(each.kind, (before.value, before.interval), (after.value, after.interval))
    words = {
        "before": shown(each, before.value, before.group.version),
        "period": before.group.period.label,
    }
    if moved.holds(PARITY[each.kind]):
        yield _("It was %(before)s in %(period)s: no clear change.") % words
    else:
        yield _("It was %(before)s in %(period)s: the change is more than chance.") % words


def shown(each: EquityGap, value: Decimal | None, version: IndicatorVersion) -> str:
    if value is None:
        return ""
    if each.kind is GapKind.DIFFERENCE:
        return signs.difference(value, version)
    return _("%(factor)s times") % {"factor": plain(value, _DECIMALS_OF_FACTORS)}


def _drawing(each: EquityGap, points: Sequence[GapPoint], page: CurvePage) -> SafeString:
    version = points[-1].group.version
    is_factor = each.kind is GapKind.RATIO
    chart = LineChart(
        title=_finding(each, _latest(points), version),
        curve=Curve(
            str(each),
            tuple(_drawn(point) for point in points),
            _("times") if is_factor else signs.points_or_unit(version),
            _DECIMALS_OF_FACTORS if is_factor else max(version.decimals, 1),
        ),
        target=_target(each) if page.group is None else None,
    )
    return line_chart_html(chart, element_id=f"gap-{each.pk}")


def _drawn(point: GapPoint) -> Point:
    period = point.group.period
    return Point(period.label, period.start, period.end, point.value, partial=point.is_partial)


def _target(each: EquityGap) -> ReferenceLine | None:
    if each.baseline_on is None or each.baseline is None or each.due_on is None or each.value is None:
        return None
    label = _("Target by %(day)s") % {"day": long_date(each.due_on)}
    return ReferenceLine(label, ((each.baseline_on, each.baseline), (each.due_on, each.value)))


def _row(each: EquityGap, point: GapPoint, version: IndicatorVersion) -> GapRow:
    interval = point.interval if point.may_be_judged else None
    words = {
        "low": shown(each, interval.low, version) if interval else "",
        "high": shown(each, interval.high, version) if interval else "",
    }
    return GapRow(
        period=point.group.period.label,
        group=cards.shown(point.group),
        reference=cards.shown(point.reference),
        gap=shown(each, point.value, version) or "–",
        interval=_("%(low)s to %(high)s") % words if interval else "",
    )
