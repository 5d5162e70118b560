"""The change among partners present in both periods, so that a late partner never looks like a decline."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from measurement.judgement.ratios import Ratio
from measurement.judgement.reasons import Reason


@dataclass(frozen=True)
class LikeForLike:
    """`before`, `after`, `change` in the measure's unit (shares for ratios); `relative` 0.10 is +10 %.

    `partners` are those compared, `left_out` those with a value in one of the periods only, both sorted.
    """

    partners: tuple[str, ...]
    left_out: tuple[str, ...]
    before: Decimal | None = None
    after: Decimal | None = None
    change: Decimal | None = None
    relative: Decimal | None = None
    reason: Reason | None = None


def compare_sums(before: Mapping[str, Decimal | None], after: Mapping[str, Decimal | None]) -> LikeForLike:
    """Like for like of what is summed across partners, keyed by partner. None is no value; 0 is a value."""
    partners, left_out = _present_in_both(before, after)
    if not partners:
        return LikeForLike(partners, left_out, reason=Reason.NO_VALUE)
    return _compared(
        partners,
        left_out,
        sum((before[key] or Decimal(0) for key in partners), Decimal(0)),
        sum((after[key] or Decimal(0) for key in partners), Decimal(0)),
    )


def compare_ratios(before: Mapping[str, Ratio | None], after: Mapping[str, Ratio | None]) -> LikeForLike:
    """Like for like of a ratio, keyed by partner: sums of numerators over sums of denominators on both sides.

    A partner that had no case is present and changes nothing.
    """
    partners, left_out = _present_in_both(before, after)
    earlier = Ratio.total(ratio for key in partners if (ratio := before[key]) is not None).value
    later = Ratio.total(ratio for key in partners if (ratio := after[key]) is not None).value
    if earlier is None or later is None:
        return LikeForLike(partners, left_out, reason=Reason.NO_VALUE)
    return _compared(partners, left_out, earlier, later)


def _present_in_both(
    before: Mapping[str, object], after: Mapping[str, object]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    earlier = {key for key, value in before.items() if value is not None}
    later = {key for key, value in after.items() if value is not None}
    return tuple(sorted(earlier & later)), tuple(sorted(earlier ^ later))


def _compared(
    partners: tuple[str, ...], left_out: tuple[str, ...], before: Decimal, after: Decimal
) -> LikeForLike:
    change = after - before
    relative = change / abs(before) if before else None
    return LikeForLike(partners, left_out, before, after, change, relative)
