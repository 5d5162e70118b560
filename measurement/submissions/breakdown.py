"""A total and its categories: what fits, what is missing, what can be worked out. Pure.

Works on components, so that it holds for shares and averages as for counts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal


@dataclass(frozen=True)
class Filled:
    """`derived` maps a category, or None for the total, to the number that was worked out for it."""

    derived: Mapping[int | None, Decimal] = field(default_factory=dict)
    excess: Decimal | None = None
    shortfall: Decimal | None = None


def complete_partition(
    total: Decimal | None,
    parts: Mapping[int, Decimal | None],
    *,
    unknown: int | None,
    partly_known: bool = False,
) -> Filled:
    """Everybody is in exactly one category: work out what can be, and say what cannot be right.

    `excess`: the categories are above the total by so much. `shortfall`: below it, with no blank Unknown to
    take the rest. `partly_known`: there are more categories than `parts`, and nobody knows their
    numbers; then neither a total nor a shortfall follows from the others.
    """
    given = {category: number for category, number in parts.items() if number is not None}
    blanks = [category for category, number in parts.items() if number is None]
    added = sum(given.values(), Decimal(0))
    if total is None:
        whole = bool(given) and not partly_known and not _without(blanks, unknown)
        return Filled(derived={None: added}) if whole else Filled()
    if added > total:
        return Filled(excess=added - total)
    if blanks and not _without(blanks, unknown):
        return Filled(derived=dict.fromkeys(blanks, total - added))
    if not blanks and given and not partly_known and added < total:
        return Filled(shortfall=total - added)
    return Filled()


def _without(blanks: Sequence[int], unknown: int | None) -> list[int]:
    return [category for category in blanks if category != unknown]
