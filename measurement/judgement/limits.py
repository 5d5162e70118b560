"""How far a measure wanders when nothing has changed: the limits of a process behaviour chart.

Limits are not cut off at 0 or 100 %, because two thirds of a cut limit would be too near. A chart cuts them
when it draws.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise

from measurement.judgement.ratios import Ratio

OF_MEAN_MOVING_RANGE = Decimal("2.66")
ODD_RANGE_FROM = Decimal("3.267")
SIGMAS = 3


@dataclass(frozen=True)
class Limits:
    """In the unit of the points; shares for proportions."""

    centre: Decimal
    low: Decimal
    high: Decimal


def mean_moving_range(points: Sequence[Decimal]) -> Decimal:
    """Mean step between neighbours, leaving out (once) steps from 3.267 times their mean upward.

    ValueError under 2 points.
    """
    if len(points) < 2:
        raise ValueError("a moving range needs two points")
    steps = [abs(after - before) for before, after in pairwise(points)]
    mean = _mean(steps)
    ordinary = [step for step in steps if step < ODD_RANGE_FROM * mean]
    return _mean(ordinary) if ordinary else mean


def xmr_limits(points: Sequence[Decimal]) -> Limits:
    """Natural process limits of values in order of time, missing ones left out. ValueError under 2 points.

    Source: Wheeler, "Understanding Variation" (1993): mean ± 2.66 times the mean moving range.
    """
    centre = _mean(points)
    reach = OF_MEAN_MOVING_RANGE * mean_moving_range(points)
    return Limits(centre=centre, low=centre - reach, high=centre + reach)


def proportion_limits(proportions: Sequence[Ratio]) -> list[Limits]:
    """Limits of each proportion by its own number of cases: three standard errors around the share of all.

    Source: Shewhart's p chart (Montgomery, "Introduction to Statistical Quality Control").
    Errors: ValueError where one has no case, or all together are no proportion.
    """
    total = Ratio.total(proportions)
    if any(part.denominator <= 0 for part in proportions) or not 0 <= total.numerator <= total.denominator:
        raise ValueError("limits of proportions need cases in each, and no more hits than cases")
    centre = total.numerator / total.denominator
    reaches = [SIGMAS * (centre * (1 - centre) / part.denominator).sqrt() for part in proportions]
    return [Limits(centre=centre, low=centre - reach, high=centre + reach) for reach in reaches]


def _mean(values: Sequence[Decimal]) -> Decimal:
    return sum(values, Decimal(0)) / len(values)
