"""How far one group lies from another, and whether that, or its change, is more than chance."""

from decimal import Decimal
from enum import StrEnum
from typing import Final

from measurement.judgement.intervals import Z_95, Interval, newcombe
from measurement.judgement.ratios import Ratio


class GapKind(StrEnum):
    DIFFERENCE = "difference"  # of the group's value and the reference's
    RATIO = "ratio"  # the group's value over the reference's


PARITY: Final = {GapKind.DIFFERENCE: Decimal(0), GapKind.RATIO: Decimal(1)}


def gap(kind: GapKind, *, reference: Decimal, group: Decimal) -> Decimal | None:
    """In the unit of the values, or as a factor. None where the reference is 0 and a factor is asked for."""
    if kind is GapKind.DIFFERENCE:
        return group - reference
    return group / reference if reference else None


def gap_interval(kind: GapKind, *, reference: Ratio, group: Ratio) -> Interval | None:
    """95 % interval of the gap of two independent proportions: as shares, or as a factor.

    None where a factor is asked for and one of them has no case with, which leaves its logarithm without end.
    Sources: Newcombe 1998, method 10; for factors Katz, Baptista, Azen and Pike, Biometrics 34 (1978).
    Errors: ValueError as in `wilson`.
    """
    if kind is GapKind.DIFFERENCE:
        return newcombe(reference, group)
    if not reference.numerator or not group.numerator:
        return None
    variance = sum((1 / each.numerator - 1 / each.denominator for each in (reference, group)), Decimal(0))
    middle = _share(group) / _share(reference)
    reach = (Z_95 * variance.sqrt()).exp()
    return Interval(middle / reach, middle * reach)


def change_interval(
    kind: GapKind, before: tuple[Decimal, Interval], after: tuple[Decimal, Interval]
) -> Interval:
    """95 % interval of how far a gap has moved: after - before, or after over before for factors (above 0).

    It holds `PARITY` where the gap may just as well be what it was.
    Source: Zou and Donner, Statistics in Medicine 27 (2008): the two intervals, squared and added.
    """
    if kind is GapKind.RATIO:
        moved = _moved(_logarithms(*before), _logarithms(*after))
        return Interval(moved.low.exp(), moved.high.exp())
    return _moved(before, after)


def _moved(before: tuple[Decimal, Interval], after: tuple[Decimal, Interval]) -> Interval:
    (first, of_first), (second, of_second) = before, after
    difference = second - first
    return Interval(
        low=difference - ((second - of_second.low) ** 2 + (of_first.high - first) ** 2).sqrt(),
        high=difference + ((of_second.high - second) ** 2 + (first - of_first.low) ** 2).sqrt(),
    )


def _logarithms(value: Decimal, interval: Interval) -> tuple[Decimal, Interval]:
    return value.ln(), Interval(interval.low.ln(), interval.high.ln())


def _share(ratio: Ratio) -> Decimal:
    return ratio.numerator / ratio.denominator
