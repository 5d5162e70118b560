"""What may be said of a curve: its finding as a sentence, and its status on the way to the target.

Decisions. Neither is said of partial figures, nor of percentages of few cases. A curve is judged only since
the last change of its meaning. With too few points for limits only proportions of cases can be told from
chance; of everything else only the movement is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from measurement.charts.words import Count, Movement, Verdict, finding
from measurement.dashboards import apart
from measurement.dashboards.ranges import why_a_range
from measurement.dashboards.selectors import Measure
from measurement.indicators.models import Target
from measurement.judgement import trends
from measurement.judgement.reasons import Polarity, Reason
from measurement.judgement.small_numbers import GroupSize
from measurement.judgement.targets import TargetStatus
from measurement.judgement.trends import Direction, Signal, TrendJudgement, TrendStatus
from measurement.rollups.judging import is_proportion, judge, ratio_of
from measurement.rollups.kinds import Standing
from measurement.rollups.selectors import Figure

_VERDICTS: Final = {
    TrendStatus.IMPROVING: Verdict.IMPROVED,
    TrendStatus.WORSENING: Verdict.WORSENED,
    TrendStatus.NO_CLEAR_CHANGE: Verdict.NO_CLEAR_CHANGE,
}
WORDS_OF_REASON: Final = {
    Reason.PARTIAL: "partial",
    Reason.TOO_SMALL: "too_small",
    Reason.TOO_EARLY: "too_early",
}


@dataclass(frozen=True)
class Told:
    """A verdict, the figure that the latest one is compared with, and what the verdict rests on.

    `points`: the complete figures since the last change of meaning, of which the latest is one unless it is partial.
    """

    verdict: Verdict | None = None
    earlier: Figure | None = None
    points: Sequence[Figure] = ()
    judgement: TrendJudgement | None = None


def told(curve: Sequence[Figure], measure: Measure) -> Told:
    """What may be said of the last figure of a curve."""
    if not curve or curve[-1].standing is Standing.NOTHING or apart.is_apart(curve[-1]):
        return Told()
    latest = curve[-1]
    points = _comparable(curve, measure)
    if latest.is_partial:
        return Told(Verdict.PARTIAL, points[-1] if points else None, points)
    if latest.shown is None:
        return Told(Verdict.TOO_SMALL, None, points)
    return _told(points, Polarity(latest.version.polarity))


def sentence(curve: Sequence[Figure], measure: Measure) -> str:
    """What the last figure of a curve says, without a full stop."""
    return said(curve, told(curve, measure))


def said(curve: Sequence[Figure], what: Told) -> str:
    """What is told of the last figure, as a sentence without a full stop."""
    if not curve or curve[-1].standing is Standing.NOTHING:
        return finding(Movement(latest=None))
    latest = curve[-1]
    if words := _why_no_number(latest):
        return words
    if latest.is_partial:
        counted = latest.completeness
        partners = Count(counted.received, counted.expected) if latest.reported else None
        return finding(_movement(latest, None), Verdict.PARTIAL, partners=partners)
    if latest.range:
        return why_a_range(latest)
    if latest.shown is None:
        return finding(Movement(latest=latest.value), Verdict.TOO_SMALL)
    return finding(_movement(latest, what.earlier), what.verdict)


def _why_no_number(latest: Figure) -> str:
    if apart.is_apart(latest):
        return apart.sentence(latest)
    return _("Too few partners to show a figure without giving one away") if latest.too_few_partners else ""


def status(figure: Figure, target: Target | None) -> str | None:
    """A word of the status component; None where nothing is to be judged."""
    judgement = judge(figure, target)
    if judgement is None:
        return None
    if judgement.status is not TargetStatus.NOT_JUDGED:
        return judgement.status.value
    return WORDS_OF_REASON.get(judgement.reason) if judgement.reason else None


def is_comparable(earlier: Figure, later: Figure, measure: Measure) -> bool:
    """Whether the meaning of the figures is the same in both periods."""
    return not any(earlier.period.start < day <= later.period.start for day in measure.breaks)


def _comparable(curve: Sequence[Figure], measure: Measure) -> list[Figure]:
    """The figures that can be compared with the last one: complete ones since the last break."""
    return [
        figure
        for figure in curve
        if is_comparable(figure, curve[-1], measure) and not figure.is_partial and figure.shown is not None
    ]


def _told(points: list[Figure], polarity: Polarity) -> Told:
    if len(points) < 2:
        return Told(None, None, points)
    before, latest = points[-2:]
    if latest.size is not GroupSize.ENOUGH:
        return Told(Verdict.TOO_SMALL, before, points)
    if len(points) >= trends.POINTS_NEEDED:
        return _told_by_limits(points, polarity)
    if is_proportion(latest) and is_proportion(before):
        judgement = trends.judge_difference(ratio_of(before), ratio_of(latest), polarity)
        return Told(_verdict(judgement), before, points, judgement)
    return Told(None, before, points)


def _told_by_limits(points: list[Figure], polarity: Polarity) -> Told:
    """A signal is told from where it began, if the latest figure lies on that side of it."""
    values = [figure.value or Decimal(0) for figure in points]
    judgement = trends.judge_points(values, polarity)
    signal = max(signals_of_now(judgement, len(points)), key=lambda each: each.first, default=None)
    if signal is None:
        return Told(Verdict.NO_CLEAR_CHANGE, points[-2], points, judgement)
    earlier = max(signal.first - (0 if signal.kind is trends.SignalKind.DRIFT else 1), 0)
    fits = _moved(values[earlier], values[-1]) is signal.direction
    verdict = _verdict(judgement) if fits else None
    return Told(verdict, points[earlier] if fits else points[-2], points, judgement)


def signals_of_now(judgement: TrendJudgement, count: int) -> list[Signal]:
    """The signals that the last of so many points is part of: what ended long ago is history."""
    return [signal for signal in judgement.signals if signal.last == count - 1]


def _moved(before: Decimal, after: Decimal) -> Direction | None:
    if before == after:
        return None
    return Direction.UP if after > before else Direction.DOWN


def _verdict(judgement: TrendJudgement) -> Verdict | None:
    if judgement.reason is Reason.TOO_SMALL:
        return Verdict.TOO_SMALL
    return _VERDICTS.get(judgement.status)


def _movement(latest: Figure, earlier: Figure | None) -> Movement:
    return Movement(
        latest=latest.shown,
        earlier=earlier.shown if earlier else None,
        since=earlier.period.label if earlier else "",
        unit=latest.version.unit,
        decimals=latest.version.decimals,
        polarity=Polarity(latest.version.polarity),
    )
