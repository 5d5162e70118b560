"""What was added in each period, where figures are counted since the beginning of a year."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from measurement.rollups.selectors import Figure


def flows(curve: Sequence[Figure]) -> list[Decimal | None]:
    """The first differences of a curve in order of time; a year's first figure is its own.

    None where the figure or the one before is not known, or not complete: what a partner who is not in
    yet has handed in before would look like a loss.
    """
    pairs = pairwise([None, *curve])
    return [_added(before, now) for before, now in pairs if now is not None]


def _added(before: Figure | None, now: Figure) -> Decimal | None:
    if now.value is None or now.is_partial:
        return None
    if before is None or before.period.year != now.period.year:
        return now.value if _begins_a_year(now) else None
    if before.period.ordinal != now.period.ordinal - 1 or before.value is None or before.is_partial:
        return None
    return now.value - before.value


def _begins_a_year(figure: Figure) -> bool:
    return figure.period.start.month == figure.period.calendar.first_month
