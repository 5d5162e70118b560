"""What deserves a kind question about a value just typed in, beside the rule for outliers. Pure; never a block.

Values are as people read them (52.5 for 52.5 %), the history is that of the same partner without the new value.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Final

from measurement.judgement import outliers
from measurement.judgement.limits import proportion_limits
from measurement.judgement.ratios import Ratio

TIMES_A_SLIP: Final = 10  # one digit too many or too few
WORTH_ASKING: Final = 10  # of a number that was 0, or is now: 0 and 3 happen
SHARES_NEEDED: Final = 4  # earlier ones, each with cases
_PERCENT: Final = (Decimal(0), Decimal(100))


class Doubt(StrEnum):
    OUTLIER = "outlier"
    SLIP = "slip"
    FROM_ZERO = "from_zero"
    TO_ZERO = "to_zero"
    NO_PERCENTAGE = "no_percentage"
    IMPLAUSIBLE = "implausible"
    PART_ABOVE_TOTAL = "part_above_total"
    PARTS_ABOVE_TOTAL = "parts_above_total"
    SHARE = "share"
    ALL_THE_SAME = "all_the_same"


@dataclass(frozen=True)
class Doubted:
    """`facts` are the numbers that the question names."""

    doubt: Doubt
    facts: dict[str, Decimal] = field(default_factory=dict)


def doubted(
    value: Decimal,
    history: Sequence[Decimal],
    *,
    is_percentage: bool = False,
    low: Decimal | None = None,
    high: Decimal | None = None,
) -> list[Doubted]:
    """What to ask about one value. `history` runs from the oldest to the newest; `low` and `high` were declared."""
    found = _out_of_range(value, is_percentage=is_percentage, low=low, high=high)
    change = _far_off(value, history) or _slip(value, history) or _zero(value, history)
    return [*found, *([change] if change else [])]


def is_implausible(
    value: Decimal,
    *,
    is_percentage: bool = False,
    low: Decimal | None = None,
    high: Decimal | None = None,
) -> bool:
    """Not impossible, but to be marked wherever it is shown."""
    return bool(_out_of_range(value, is_percentage=is_percentage, low=low, high=high))


def _out_of_range(
    value: Decimal, *, is_percentage: bool, low: Decimal | None, high: Decimal | None
) -> list[Doubted]:
    if is_percentage and not _PERCENT[0] <= value <= _PERCENT[1]:
        return [Doubted(Doubt.NO_PERCENTAGE)]
    if (low is not None and value < low) or (high is not None and value > high):
        ends = {"low": low, "high": high}
        return [Doubted(Doubt.IMPLAUSIBLE, {name: end for name, end in ends.items() if end is not None})]
    return []


def _far_off(value: Decimal, history: Sequence[Decimal]) -> Doubted | None:
    if not outliers.check(history, value).ask:
        return None
    facts = {"low": min(history), "high": max(history), "last": history[-1]}
    return Doubted(Doubt.OUTLIER, facts)


def _slip(value: Decimal, history: Sequence[Decimal]) -> Doubted | None:
    """Ten times the last one, or a tenth of it: while there are too few values to know what is usual."""
    if not history or len(history) >= outliers.POINTS_NEEDED or not history[-1] or not value:
        return None
    larger, smaller = sorted((abs(value), abs(history[-1])), reverse=True)
    return Doubted(Doubt.SLIP, {"last": history[-1]}) if larger >= TIMES_A_SLIP * smaller else None


def _zero(value: Decimal, history: Sequence[Decimal]) -> Doubted | None:
    if not history:
        return None
    last = history[-1]
    if not value and abs(last) >= WORTH_ASKING and all(history):
        return Doubted(Doubt.TO_ZERO, {"last": last})
    if not last and abs(value) >= WORTH_ASKING and not any(history):
        return Doubted(Doubt.FROM_ZERO, {"last": last})
    return None


def share_doubted(share: Ratio, history: Sequence[Ratio]) -> Doubted | None:
    """A proportion outside the limits for its own number of cases; facts are shares of 1. See `proportion_limits`."""
    known = [past for past in history if past.denominator > 0 and 0 <= past.numerator <= past.denominator]
    if len(known) < SHARES_NEEDED or share.denominator <= 0 or not 0 <= share.numerator <= share.denominator:
        return None
    limits = proportion_limits([*known, share])[-1]
    value = share.numerator / share.denominator
    if limits.low <= value <= limits.high:
        return None
    return Doubted(Doubt.SHARE, {"low": max(limits.low, Decimal(0)), "high": min(limits.high, Decimal(1))})


def parts_doubted(total: Decimal, parts: Sequence[Decimal], *, exclusive: bool) -> list[Doubted | None]:
    """Of each part, and at the end of all together, what to ask beside their total.

    `exclusive`: nobody is in two of them, so that their sum says something.
    """
    each = [Doubted(Doubt.PART_ABOVE_TOTAL, {"total": total}) if part > total else None for part in parts]
    added = sum(parts, Decimal(0))
    whole = Doubted(Doubt.PARTS_ABOVE_TOTAL, {"sum": added}) if exclusive and added > total else None
    return [*each, whole]
