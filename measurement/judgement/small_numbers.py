"""How much a percentage of few people may say."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from measurement.judgement.ratios import Ratio

PERCENTAGE_FROM = 10
STATUS_FROM = 30


class GroupSize(StrEnum):
    TOO_SMALL = "too_small"  # under 10: no percentage
    SMALL = "small"  # 10 to 29: a percentage with a mark, no status, no ranking
    ENOUGH = "enough"


@dataclass(frozen=True)
class Percentage:
    """`value` in percent (52.5), None where the group is too small to show one."""

    value: Decimal | None
    size: GroupSize


def group_size(group: Decimal) -> GroupSize:
    """How a percentage of so many people or cases is treated. ValueError below 0."""
    if group < 0:
        raise ValueError(f"a group has no {group} members")
    if group < PERCENTAGE_FROM:
        return GroupSize.TOO_SMALL
    return GroupSize.SMALL if group < STATUS_FROM else GroupSize.ENOUGH


def percentage(ratio: Ratio) -> Percentage:
    """The percentage that may be shown of a ratio, unrounded, and the size of the group behind it."""
    size = group_size(ratio.denominator)
    if ratio.value is None or size is GroupSize.TOO_SMALL:
        return Percentage(value=None, size=size)
    return Percentage(value=ratio.numerator * 100 / ratio.denominator, size=size)
