"""Units in which a number may be handed in beside the measure's own, and how it is kept exactly. Pure.

Decisions. A unit is told by how many of the measure's own one of it is, as a fraction: a minute is 1/60 of an hour,
which no decimal says exactly. So amounts are kept in parts of the own unit, as small as it takes for every number that
can be typed to be a decimal: thirds of an hour for minutes, whole ones for pounds and thousands. Sums are exact in
those parts, and are divided once, when they are shown.
"""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import lcm
from typing import Final

from django.utils.translation import gettext as _

from measurement.indicators.kinds import Kind

MOST_UNITS: Final = 10
LONGEST_NAME: Final = 40
_MOST_DIGITS: Final = 24
_FINEST: Final = 10**9
_FACTOR: Final = re.compile(r"[0-9]+(\.[0-9]+|/[0-9]+)?")
_CURRENCY: Final = re.compile(r"[A-Z]{3}")


class NotAUnit(ValueError):
    """The text says so to people."""


@dataclass(frozen=True)
class HandInUnit:
    """`factor`: how many of the measure's own unit one of it is."""

    name: str
    factor: Fraction

    @property
    def line(self) -> str:
        return f"{self.name} = {_written(self.factor)}"


@lru_cache(maxsize=1000)
def read_units(text: str) -> Sequence[HandInUnit]:
    """One a line, as “minutes = 1/60” or “lb = 0.45359237”. Raises NotAUnit with a sentence."""
    units = tuple(_unit(line) for line in text.splitlines() if line.strip())
    if len(units) > MOST_UNITS:
        raise NotAUnit(_("There can be %(most)s units at most.") % {"most": MOST_UNITS})
    if len({unit.name.casefold() for unit in units}) < len(units):
        raise NotAUnit(_("Two units have the same name."))
    if _parts(units) > _FINEST:
        raise NotAUnit(_("These units do not fit one another: write simpler fractions."))
    return units


def read_currencies(text: str, *, own: str) -> Sequence[str]:
    """Codes such as EUR, one a line. Raises NotAUnit with a sentence."""
    codes = tuple(dict.fromkeys(line.strip().upper() for line in text.splitlines() if line.strip()))
    for code in codes:
        if not _CURRENCY.fullmatch(code) or code == own:
            raise NotAUnit(
                _("“%(code)s” is not the code of another currency, such as EUR.") % {"code": code[:20]}
            )
    if len(codes) > MOST_UNITS:
        raise NotAUnit(_("There can be %(most)s units at most.") % {"most": MOST_UNITS})
    return codes


def settled_units(kind: Kind, text: str, *, own: str) -> str:
    """The units or currencies of a measure in one form. Raises NotAUnit with a sentence."""
    if kind is Kind.MONEY:
        return "\n".join(read_currencies(text, own=own))
    return "\n".join(unit.line for unit in read_units(text))


@lru_cache(maxsize=1000)
def divisor_of(text: str) -> Decimal:
    """In how many parts the own unit is kept, so that a number in any of the units is a decimal."""
    return Decimal(_parts(read_units(text))) if text else Decimal(1)


def kept_in_one(text: str, name: str) -> Decimal | None:
    """How many of the kept parts one unit of that name is; None where there is no such unit."""
    found = next((unit for unit in read_units(text) if unit.name == name), None)
    return None if found is None else decimal_of(found.factor * int(divisor_of(text)))


def decimal_of(number: Fraction) -> Decimal:
    """The same number, which has to be a decimal. ValueError where it is none."""
    twos, rest = _without(number.denominator, 2)
    fives, rest = _without(rest, 5)
    if rest != 1:
        raise ValueError(f"{number} is no decimal")
    places = max(twos, fives)
    return Decimal(f"{number.numerator * 10**places // number.denominator}E-{places}")


def _parts(units: Sequence[HandInUnit]) -> int:
    return lcm(*(_without(_without(unit.factor.denominator, 2)[1], 5)[1] for unit in units))


def _without(number: int, prime: int) -> tuple[int, int]:
    """How often the prime divides it, and what is left."""
    times = 0
    while number % prime == 0:
        number //= prime
        times += 1
    return times, number


def _unit(line: str) -> HandInUnit:
    name, equals, factor = (part.strip() for part in line.partition("="))
    if not equals or not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise NotAUnit(
            _("Write “%(line)s” as in “minutes = 1/60” or “lb = 0.45359237”.") % {"line": line[:60]}
        )
    return HandInUnit(name, _factor(factor, name))


def _factor(text: str, name: str) -> Fraction:
    factor = Fraction(0)
    if len(text) <= _MOST_DIGITS and _FACTOR.fullmatch(text):
        with suppress(ZeroDivisionError):
            factor = Fraction(text)
    if factor <= 0:
        raise NotAUnit(
            _(
                "How many of the measure’s own unit is one of “%(name)s”? Write a number or a fraction such as 1/60."
            )
            % {"name": name}
        )
    return factor


def _written(factor: Fraction) -> str:
    try:
        return f"{decimal_of(factor):f}"
    except ValueError:
        return f"{factor.numerator}/{factor.denominator}"
