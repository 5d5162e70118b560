"""Why something is not judged, and which way is better: the words that all judgements share."""

from decimal import Decimal
from enum import StrEnum

from measurement.judgement.small_numbers import GroupSize, group_size


class Polarity(StrEnum):
    """Which way is better. The values are those that an indicator stores."""

    HIGHER = "higher"
    LOWER = "lower"
    MAINTAIN = "maintain"
    NEUTRAL = "neutral"


class Reason(StrEnum):
    PARTIAL = "partial"  # too few partners or too little volume is in
    TOO_SMALL = "too_small"  # the group behind a percentage is under 30
    NO_VALUE = "no_value"
    NO_BASELINE = "no_baseline"
    NO_TARGET = "no_target"
    NO_DISTANCE = "no_distance"  # target and baseline are equal, so there is no way to go
    TOO_EARLY = "too_early"  # nothing is expected yet
    TOO_FEW_POINTS = "too_few_points"
    NO_SPREAD = "no_spread"  # every earlier value is the same


def reason_against(*, partial: bool = False, group: Decimal | None = None) -> Reason | None:
    """Why no judgement may be shown of a figure, whatever its value. None where one may.

    `group` is the number of people or cases behind a percentage; None where the figure has no such base.
    """
    if partial:
        return Reason.PARTIAL
    if group is not None and group_size(group) is not GroupSize.ENOUGH:
        return Reason.TOO_SMALL
    return None
