"""What a figure is as a proportion of cases, and where it stands on the way to its target: one rule for every page."""

from datetime import date
from decimal import Decimal

from measurement.indicators.kinds import Kind
from measurement.indicators.models import Target
from measurement.judgement import targets
from measurement.judgement.intervals import Interval, wilson
from measurement.judgement.ratios import Ratio
from measurement.judgement.reasons import Polarity
from measurement.judgement.targets import TargetJudgement
from measurement.rollups.selectors import Figure


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


def interval_of(figure: Figure) -> Interval | None:
    """What a proportion could have been, in its unit: none of few cases, nor while figures are still coming in."""
    if figure.is_partial or figure.shown is None or not is_proportion(figure):
        return None
    shares = wilson(ratio_of(figure))
    return Interval(shares.low * figure.version.per, shares.high * figure.version.per)


def is_proportion(figure: Figure) -> bool:
    """Cases of cases, so that chance can be reckoned with."""
    amount, base = figure.cell.amount, figure.cell.base
    return (
        (figure.kind is Kind.ORDINAL or (figure.kind is Kind.RATIO and figure.version.is_proportion))
        and amount is not None
        and base is not None
        and 0 <= amount <= base
    )


def ratio_of(figure: Figure) -> Ratio:
    return Ratio(figure.cell.amount or Decimal(0), figure.cell.base or Decimal(0))
