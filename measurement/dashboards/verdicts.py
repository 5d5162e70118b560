"""What may be said of a curve: its finding as a sentence, and its status on the way to the target.

Decisions. Neither is said of partial figures, nor of percentages of few cases. A curve is judged only since
the last change of its meaning. With too few points for limits only proportions of cases can be told from
chance; of everything else only the movement is told.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final

from measurement.charts.words import Count, Movement, Verdict, finding
from measurement.dashboards.selectors import Measure
from measurement.indicators.kinds import Kind
from measurement.indicators.models import Target
from measurement.judgement import targets, trends
from measurement.judgement.ratios import Ratio
from measurement.judgement.reasons import Polarity, Reason
from measurement.judgement.targets import TargetJudgement, TargetStatus
from measurement.judgement.trends import Direction, TrendJudgement, TrendStatus
from measurement.rollups.kinds import Standing
from measurement.rollups.selectors import Figure

_VERDICTS: Final = {
    TrendStatus.IMPROVING: Verdict.IMPROVED,
    TrendStatus.WORSENING: Verdict.WORSENED,
    TrendStatus.NO_CLEAR_CHANGE: Verdict.NO_CLEAR_CHANGE,
}
_WORDS_OF_REASON: Final = {
    Reason.PARTIAL: "partial",
    Reason.TOO_SMALL: "too_small",
    Reason.TOO_EARLY: "too_early",
}


@dataclass(frozen=True)
class _Told:
    """A verdict and the figure that the latest one is compared with."""

    verdict: Verdict | None
    earlier: Figure | None


def sentence(curve: Sequence[Figure], measure: Measure) -> str:
    """What the last figure of a curve says, without a full stop."""
    if not curve or curve[-1].standing is Standing.NOTHING:
        return finding(Movement(latest=None))
    latest = curve[-1]
    if latest.is_partial:
        counted = latest.completeness
        partners = Count(counted.received, counted.expected) if latest.reported else None
        return finding(_movement(latest, None), Verdict.PARTIAL, partners=partners)
    if latest.shown is None:
        return finding(Movement(latest=latest.value), Verdict.TOO_SMALL)
    told = _told(_comparable(curve, measure), Polarity(latest.version.polarity))
    return finding(_movement(latest, told.earlier), told.verdict)


def status(figure: Figure, target: Target | None) -> str | None:
    """A word of the status component; None where nothing is to be judged."""
    judgement = judge(figure, target)
    if judgement is None:
        return None
    if judgement.status is not TargetStatus.NOT_JUDGED:
        return judgement.status.value
    return _WORDS_OF_REASON.get(judgement.reason) if judgement.reason else None


def judge(figure: Figure, target: Target | None) -> TargetJudgement | None:
    """The figure against the target of the whole initiative; of one group no target is known."""
    if target is None or figure.value is None or figure.cell.group_id is not None:
        return None
    polarity = Polarity(figure.version.polarity)
    if polarity is Polarity.MAINTAIN:
        return targets.judge_maintained(
            target=target.value,
            tolerance=target.tolerance or Decimal(0),
            actual=figure.value,
            polarity=polarity,
            partial=figure.is_partial,
            group=figure.cases,
        )
    return targets.judge(
        baseline=target.baseline,
        target=target.value,
        actual=figure.value,
        share=_share_of_way(target, figure.period.end),
        partial=figure.is_partial,
        group=figure.cases,
    )


def _share_of_way(target: Target, day: date) -> Decimal:
    return targets.linear_share((day - target.baseline_on).days, (target.due_on - target.baseline_on).days)


def _comparable(curve: Sequence[Figure], measure: Measure) -> list[Figure]:
    """The figures that can be compared with the last one: complete ones since the last break."""
    since = max((day for day in measure.breaks if day <= curve[-1].period.start), default=date.min)
    return [
        figure
        for figure in curve
        if figure.period.start >= since and not figure.is_partial and figure.shown is not None
    ]


def _told(curve: list[Figure], polarity: Polarity) -> _Told:
    if len(curve) < 2:
        return _Told(None, None)
    if curve[-1].size.value != "enough":
        return _Told(Verdict.TOO_SMALL, curve[-2])
    if len(curve) >= trends.POINTS_NEEDED:
        return _told_by_limits(curve, polarity)
    if _is_proportion(curve[-1]) and _is_proportion(curve[-2]):
        judgement = trends.judge_difference(_ratio(curve[-2]), _ratio(curve[-1]), polarity)
        return _Told(_verdict(judgement), curve[-2])
    return _Told(None, curve[-2])


def _told_by_limits(curve: list[Figure], polarity: Polarity) -> _Told:
    """A signal is told from where it began, if the latest figure lies on that side of it."""
    points = [figure.value or Decimal(0) for figure in curve]
    judgement = trends.judge_points(points, polarity)
    signal = max(
        (each for each in judgement.signals if each.last == len(points) - 1),
        key=lambda each: each.first,
        default=None,
    )
    if signal is None:
        return _Told(Verdict.NO_CLEAR_CHANGE, curve[-2])
    earlier = max(signal.first - (0 if signal.kind is trends.SignalKind.DRIFT else 1), 0)
    fits = _moved(points[earlier], points[-1]) is signal.direction
    return _Told(_verdict(judgement), curve[earlier]) if fits else _Told(None, curve[-2])


def _moved(before: Decimal, after: Decimal) -> Direction | None:
    if before == after:
        return None
    return Direction.UP if after > before else Direction.DOWN


def _verdict(judgement: TrendJudgement) -> Verdict | None:
    if judgement.reason is Reason.TOO_SMALL:
        return Verdict.TOO_SMALL
    return _VERDICTS.get(judgement.status)


def _is_proportion(figure: Figure) -> bool:
    """Cases of cases, so that chance can be reckoned with."""
    amount, base = figure.cell.amount, figure.cell.base
    return (
        figure.kind is Kind.RATIO
        and figure.version.is_proportion
        and amount is not None
        and base is not None
        and 0 <= amount <= base
    )


def _ratio(figure: Figure) -> Ratio:
    return Ratio(figure.cell.amount or Decimal(0), figure.cell.base or Decimal(0))


def _movement(latest: Figure, earlier: Figure | None) -> Movement:
    return Movement(
        latest=latest.shown,
        earlier=earlier.shown if earlier else None,
        since=earlier.period.label if earlier else "",
        unit=latest.version.unit,
        decimals=latest.version.decimals,
        polarity=Polarity(latest.version.polarity),
    )
