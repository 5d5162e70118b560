"""The record of exact sums that stands behind every rolled-up figure. Pure.

A record combines componentwise: commutative, associative, with `NOTHING` as its neutral element. So any
order, batch or partition of the same figures gives the same record, and a recomputed record equals one that
was kept up to date. The SQL of `sums.py` computes the same thing for many figures at once.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from decimal import Context, Decimal
from functools import reduce
from itertools import zip_longest
from typing import Any, Final

from measurement.submissions.status import MEANINGS, FigureStatus

_EXACT: Final = Context(prec=1000)


@dataclass(frozen=True)
class Record:
    """`amount`, `base`, `squares`: sums of components, None where nothing was reported; `squares` None too where a
    base comes without them. `based`: the sum of the amounts that have a base; `levels`: sums level by level;
    `figures`: how many values are in them. The counts below are of expected values. Names are those of `Cell`."""

    amount: Decimal | None = None
    base: Decimal | None = None
    squares: Decimal | None = None
    based: Decimal | None = None
    levels: Sequence[Decimal] | None = None
    withheld_low: Decimal | None = None
    withheld_high: Decimal | None = None
    lowest: Decimal | None = None
    highest: Decimal | None = None
    figures: int = 0
    expected: int = 0
    received: int = 0
    on_time: int = 0
    missing: int = 0
    zeros: int = 0
    without_cases: int = 0
    not_applicable: int = 0
    not_collected: int = 0
    withheld: int = 0
    estimated: int = 0
    provisional: int = 0
    included_elsewhere: int = 0
    carried: int = 0
    recorded_at: datetime | None = None

    def __add__(self, other: "Record") -> "Record":
        return Record(
            **{
                each.name: _COMBINE.get(each.name, _sum)(getattr(self, each.name), getattr(other, each.name))
                for each in fields(Record)
                if each.name != "squares"
            },
            squares=None
            if self._lacks_squares or other._lacks_squares
            else _sum(self.squares, other.squares),
        )

    @property
    def _lacks_squares(self) -> bool:
        return self.base is not None and self.squares is None


NOTHING: Final = Record()


def _sum(one: Any, other: Any) -> Any:
    if one is None or other is None:
        return one if other is None else other
    return _EXACT.add(one, other) if isinstance(one, Decimal) else one + other


def _extreme(pick: Callable[..., Any]) -> Callable[[Any, Any], Any]:
    def combine(one: Any, other: Any) -> Any:
        given = [each for each in (one, other) if each is not None]
        return pick(given) if given else None

    return combine


def _level_by_level(
    one: Sequence[Decimal] | None, other: Sequence[Decimal] | None
) -> Sequence[Decimal] | None:
    if one is None or other is None:
        return one if other is None else other
    return [_EXACT.add(a, b) for a, b in zip_longest(one, other, fillvalue=Decimal(0))]


_COMBINE: Final = {
    "levels": _level_by_level,
    "lowest": _extreme(min),
    "highest": _extreme(max),
    "recorded_at": _extreme(max),
}

_COUNTED: Final = (
    FigureStatus.MISSING,
    FigureStatus.NOT_APPLICABLE,
    FigureStatus.NOT_COLLECTED,
    FigureStatus.WITHHELD,
    FigureStatus.ESTIMATED,
    FigureStatus.PROVISIONAL,
    FigureStatus.INCLUDED_ELSEWHERE,
)


def record_of(
    status: FigureStatus,
    *,
    amount: Decimal | None = None,
    base: Decimal | None = None,
    squares: Decimal | None = None,
    levels: Sequence[Decimal] | None = None,
    low: Decimal | None = None,
    high: Decimal | None = None,
    on_time: bool = False,
    recorded_at: datetime | None = None,
) -> Record:
    """The record of one expected value."""
    meaning = MEANINGS[status]
    counts = {str(each): int(status is each) for each in _COUNTED}
    return Record(
        amount=amount,
        base=base,
        squares=squares,
        based=None if base is None else amount,
        levels=levels,
        withheld_low=low,
        withheld_high=high,
        lowest=amount,
        highest=amount,
        figures=int(amount is not None),
        expected=int(meaning.expected),
        received=int(meaning.received),
        on_time=int(meaning.received and on_time),
        zeros=int(amount is not None and amount == 0),
        without_cases=int(base is not None and base == 0),
        recorded_at=recorded_at,
        **counts,
    )


def combine(records: Iterable[Record]) -> Record:
    return reduce(lambda one, other: one + other, records, NOTHING)
