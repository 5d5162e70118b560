"""Does a value just typed in deserve a kind question?

The history never contains the value in question: a z that includes the suspect can not pass (n-1)/√n.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from statistics import median

from measurement.judgement.reasons import Reason

ASK_FROM = Decimal("3.5")
POINTS_NEEDED = 6
# What makes each measure of spread comparable to the standard deviation of a normal distribution.
OF_MEDIAN_DEVIATION = Decimal("0.6745")
OF_MEAN_DEVIATION = Decimal("1.253314")


@dataclass(frozen=True)
class OutlierCheck:
    """`score` is the modified z, without unit and sign; None where there is none to compute."""

    ask: bool
    score: Decimal | None = None
    reason: Reason | None = None


def check(history: Sequence[Decimal], value: Decimal) -> OutlierCheck:
    """Whether to ask about `value`, given the earlier values in the same unit, without it, in any order.

    Where half of the history is one and the same value the median deviation is 0, and the mean deviation
    stands in. Where all of it is, there is no score: whatever differs is asked about.
    Source: Iglewicz and Hoaglin, "How to detect and handle outliers" (1993).
    """
    if len(history) < POINTS_NEEDED:
        return OutlierCheck(ask=False, reason=Reason.TOO_FEW_POINTS)
    score = modified_z(history, value)
    if score is None:
        return OutlierCheck(ask=value != history[0], reason=Reason.NO_SPREAD)
    return OutlierCheck(ask=score >= ASK_FROM, score=score)


def modified_z(history: Sequence[Decimal], value: Decimal) -> Decimal | None:
    """Distance of `value` from the median of a history, in robust standard deviations. None without spread.

    StatisticsError where the history is empty.
    """
    centre = median(history)
    deviations = [abs(past - centre) for past in history]
    typical = median(deviations)
    if typical:
        return OF_MEDIAN_DEVIATION * abs(value - centre) / typical
    mean = sum(deviations, Decimal(0)) / len(deviations)
    return abs(value - centre) / (OF_MEAN_DEVIATION * mean) if mean else None
