"""From what people type to what is stored, and back. Pure.

People type one or two numbers for a figure; stored are components that add up exactly: an average of
12.5 over 4 cases is kept as the sum 50 and the number 4, and with its standard deviation as a sum of squares too.

Decisions. A rubric keeps the count of every level in an array, and beside it two sums that are read like those of a
share: how many are at the declared level or above, of how many. So one row stays one figure, arrays add up in the
same statement as all else (see measurement_sum_levels in the migrations), and a categories' row of a breakdown
can have its own levels. What counts as high enough is settled when the figure is recorded: a later definition
with another level does not reinterpret it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Context, Decimal

from measurement.indicators.kinds import RULES, Kind


@dataclass(frozen=True)
class Components:
    """`levels`: the count of each level of a rubric, the lowest first."""

    amount: Decimal | None = None
    base: Decimal | None = None
    squares: Decimal | None = None
    levels: tuple[Decimal, ...] | None = None


@dataclass(frozen=True)
class HandedIn:
    """A number in the unit or currency in which it was handed in. `rate`: how much of ours one of those is, where it
    is a decimal."""

    amount: Decimal
    unit: str
    rate: Decimal | None = None


NOTHING = Components()
_EXACT = Context(prec=200)  # the default of 28 digits would round the product of two long numbers
_SHOWN = Context(prec=60)


def from_typed(
    kind: Kind,
    first: Decimal | None,
    second: Decimal | None,
    *,
    multiplier: Decimal = Decimal(1),
    spread: Decimal | None = None,
) -> Components:
    """`first` is the number, numerator, average, or 1 and 0 for yes and no; `second` the lower number; `spread` the
    standard deviation of an average."""
    if kind is Kind.MEAN and first is None and second == 0:
        return Components(Decimal(0), Decimal(0), Decimal(0))
    if first is None:
        return NOTHING
    if kind is Kind.MILESTONE:
        return Components(Decimal(1) if first else Decimal(0), Decimal(1))
    if kind is Kind.MEAN:
        return _of_mean(_EXACT.multiply(first, multiplier), second or Decimal(0), spread, multiplier)
    return Components(_EXACT.multiply(first, multiplier), second)


def _of_mean(average: Decimal, cases: Decimal, spread: Decimal | None, multiplier: Decimal) -> Components:
    amount = _EXACT.multiply(average, cases)
    if cases == 1 and spread is None:
        spread = Decimal(0)  # one case does not deviate from itself
    if spread is None:
        return Components(amount, cases)
    deviation = _EXACT.multiply(spread, multiplier)
    around = _EXACT.multiply(cases - 1, _EXACT.multiply(deviation, deviation))
    return Components(amount, cases, _EXACT.add(around, _EXACT.multiply(amount, average)))


def of_levels(counts: Sequence[Decimal], from_level: int) -> Components:
    """A rubric: how many stand at each level, the lowest first; `from_level` counts from 1."""
    return Components(
        amount=sum(counts[from_level - 1 :], Decimal(0)),
        base=sum(counts, Decimal(0)),
        levels=tuple(counts),
    )


def to_typed(
    kind: Kind, stored: Components, *, multiplier: Decimal = Decimal(1)
) -> tuple[Decimal | None, Decimal | None]:
    """The inverse, as far as there is one: an average over no cases has no number."""
    if stored.amount is None:
        return None, None
    if kind is Kind.MILESTONE:
        return stored.amount, None
    if kind is Kind.MEAN:
        average = (
            _EXACT.divide(_EXACT.divide(stored.amount, stored.base), multiplier) if stored.base else None
        )
        return average, stored.base
    rules = RULES[kind]
    base = stored.base if rules.has_base or rules.may_have_base else None
    return _EXACT.divide(stored.amount, multiplier), base


def spread_of(
    amount: Decimal | None,
    base: Decimal | None,
    squares: Decimal | None,
    *,
    multiplier: Decimal = Decimal(1),
) -> Decimal | None:
    """The standard deviation of a sample, from its sums. None of fewer than two cases, or where it is not known."""
    if amount is None or base is None or squares is None or base <= 1:
        return None
    around = _EXACT.subtract(squares, _EXACT.divide(_EXACT.multiply(amount, amount), base))
    variance = _EXACT.divide(max(around, Decimal(0)), base - 1)
    return _SHOWN.divide(_SHOWN.sqrt(variance), multiplier)
