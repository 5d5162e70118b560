"""The value that people read: a pure function of the record behind it and the rules of its kind.

Sources: sections 1 to 3 of the measurement rules (docs/measurement.md).
"""

from dataclasses import dataclass
from decimal import Context, Decimal
from enum import StrEnum
from typing import Final, Protocol

from measurement.indicators.kinds import RULES, Kind

_WIDE: Final = Context(prec=60)


class Sums(Protocol):
    """What a record and a cell have in common."""

    @property
    def amount(self) -> Decimal | None: ...
    @property
    def base(self) -> Decimal | None: ...
    @property
    def withheld_low(self) -> Decimal | None: ...
    @property
    def withheld_high(self) -> Decimal | None: ...
    @property
    def highest(self) -> Decimal | None: ...
    @property
    def withheld(self) -> int: ...
    @property
    def figures(self) -> int: ...
    @property
    def expected(self) -> int: ...
    @property
    def received(self) -> int: ...


class Standing(StrEnum):
    """How complete a figure is."""

    NOTHING = "nothing"
    PARTIAL = "partial"
    PROVISIONAL = "provisional"
    FINAL = "final"


@dataclass(frozen=True)
class Completeness:
    received: int
    expected: int

    @property
    def share(self) -> Decimal | None:
        return Decimal(self.received) / self.expected if self.expected else None


def value(
    kind: Kind, sums: Sums, *, per: Decimal = Decimal(1), divisor: Decimal = Decimal(1)
) -> Decimal | None:
    """The figure in its unit. None where nobody had a case or nothing was reported; never a mean of ratios.
    None too where it is known only between two numbers: see `range_of`.

    `per`: 100 for a percentage, 1000 for a rate per thousand. `divisor`: in how many parts the unit is kept.
    """
    if sums.figures == 0 or sums.amount is None or not RULES[kind].rolls_up or sums.withheld_high is not None:
        return None
    if kind is Kind.UNIQUE_PEOPLE and sums.highest != sums.amount:
        return None
    if not _divides(kind, sums):
        return in_unit(sums.amount, divisor)
    if not sums.base:
        return None
    return _WIDE.divide(_WIDE.multiply(sums.amount, per), sums.base)


@dataclass(frozen=True)
class Range:
    """Both ends belong to it."""

    low: Decimal
    high: Decimal


def _divides(kind: Kind, sums: Sums) -> bool:
    """A figure of a population is one number or two, as its source has it."""
    return RULES[kind].has_base or (kind is Kind.POPULATION and sums.base is not None)


def in_unit(kept: Decimal, divisor: Decimal) -> Decimal:
    return kept if divisor == 1 else _WIDE.divide(kept, divisor)


def range_of(kind: Kind, sums: Sums, *, divisor: Decimal = Decimal(1)) -> Range | None:
    """Where some of the values are too small to give: from where to where the total can lie.

    Different people are at least as many as the largest figure counts, if all others count the same ones, and
    at most all together.
    """
    if kind is Kind.UNIQUE_PEOPLE:
        return _of_unique_people(sums)
    if sums.withheld_low is None or sums.withheld_high is None or not RULES[kind].rolls_up:
        return None
    known = sums.amount or Decimal(0)
    ends = (_WIDE.add(known, withheld) for withheld in (sums.withheld_low, sums.withheld_high))
    return Range(*(in_unit(end, divisor) for end in ends))


def without_overlap(sums: Sums, overlap: Decimal) -> Decimal | None:
    """Different people, where it is stated how many are counted more than once. None where the statement cannot be
    right (fewer would be left than the largest figure counts) or some figures are too small to give."""
    if sums.amount is None or sums.highest is None or sums.withheld_high is not None:
        return None
    people = _WIDE.subtract(sums.amount, overlap)
    return people if people >= sums.highest else None


def _of_unique_people(sums: Sums) -> Range | None:
    least, most = sums.highest, sums.amount
    if sums.withheld_high is not None:
        least = least or (sums.withheld_low if sums.withheld == 1 else None) or Decimal(0)
        most = _WIDE.add(most or Decimal(0), sums.withheld_high)
    if least is None or most is None or least == most:
        return None
    return Range(least, most)


def completeness(sums: Sums) -> Completeness:
    return Completeness(sums.received, sums.expected)


def standing(sums: Sums, *, final_at: Decimal, is_past_due: bool, volume: Decimal | None = None) -> Standing:
    """Partial below the share of expected values from which a figure counts as complete; final when past due too.

    `volume`: the share of the last known volume that is in, 0 to 1, which has to be as high; None where it is
    not known, so that the values alone are counted.
    """
    share = completeness(sums).share
    if share is None or sums.received == 0:
        return Standing.NOTHING
    if share < final_at or (volume is not None and volume < final_at):
        return Standing.PARTIAL
    return Standing.FINAL if is_past_due else Standing.PROVISIONAL
