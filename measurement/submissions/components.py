"""From what people type to what is stored, and back. Pure.

People type one or two numbers for a figure; stored are components that add up exactly: an average of
12.5 over 4 cases is kept as the sum 50 and the number 4.
"""

from dataclasses import dataclass
from decimal import Context, Decimal

from measurement.indicators.kinds import RULES, Kind


@dataclass(frozen=True)
class Components:
    amount: Decimal | None = None
    base: Decimal | None = None
    squares: Decimal | None = None


NOTHING = Components()
_EXACT = Context(prec=100)  # the default of 28 digits would round the product of two long numbers


def from_typed(
    kind: Kind, first: Decimal | None, second: Decimal | None, *, multiplier: Decimal = Decimal(1)
) -> Components:
    """`first` is the number, numerator, average, or 1 and 0 for yes and no; `second` the lower number."""
    if kind is Kind.MEAN and first is None and second == 0:
        return Components(Decimal(0), Decimal(0))
    if first is None:
        return NOTHING
    if kind is Kind.MILESTONE:
        return Components(Decimal(1) if first else Decimal(0), Decimal(1))
    if kind is Kind.MEAN:
        cases = second if second is not None else Decimal(0)
        return Components(_EXACT.multiply(_EXACT.multiply(first, multiplier), cases), cases)
    return Components(_EXACT.multiply(first, multiplier), second)


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
    return _EXACT.divide(stored.amount, multiplier), stored.base if RULES[kind].has_base else None
