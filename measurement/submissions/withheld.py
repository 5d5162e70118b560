"""A number that is too small to give: what is typed for it, and the interval that it lies in. Pure."""

import re
from decimal import Decimal
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from backbone.web.numbers import NumberNotRead, read_number, write_number
from measurement.indicators.kinds import RULES, Kind

_NOT_COUNTED: Final = (Kind.MEDIAN, Kind.POPULATION, Kind.DERIVED)
_BELOW: Final = re.compile(r"(<=|≤|<)\s*(\S.*)")
_FROM_TO: Final = re.compile(r"(\S+?)\s*(?:-|–|…)\s*(\S+)")


class Interval(NamedTuple):
    """Both ends belong to it."""

    low: Decimal
    high: Decimal


class NotAnInterval(ValueError):
    """The text says so to people."""


def may_be_withheld(kind: Kind) -> bool:
    """Only one number that is counted: of two that are divided nothing could be said any more."""
    rules = RULES[kind]
    return rules.is_number and not rules.has_base and kind not in _NOT_COUNTED


def says_below(text: str) -> bool:
    """“<5” says by itself that the number is withheld."""
    return bool(_BELOW.fullmatch(text.strip()))


def read_interval(text: str, *, multiplier: Decimal = Decimal(1)) -> Interval:
    """“<5” is 0 to 4; “4” the highest that it can be; “1-4” says the lowest too."""
    text = text.strip()
    below, both = _BELOW.fullmatch(text), _FROM_TO.fullmatch(text)
    if below:
        high = _whole(below[2]) - (1 if below[1] == "<" else 0)
        low = Decimal(0)
    elif both:
        low, high = _whole(both[1]), _whole(both[2])
    else:
        low, high = Decimal(0), _whole(text)
    if high < low:
        raise NotAnInterval(_("The highest number that it can be is below the lowest."))
    return Interval(low * multiplier, high * multiplier)


def write_interval(interval: Interval, *, multiplier: Decimal = Decimal(1)) -> str:
    """What somebody would have typed."""
    low, high = interval.low / multiplier, interval.high / multiplier
    return f"<{write_number(high + 1)}" if low == 0 else f"{write_number(low)}-{write_number(high)}"


def _whole(text: str) -> Decimal:
    if not text:
        raise NotAnInterval(_("Write “<5”, or the highest number that it can be."))
    try:
        number = read_number(text)
    except NumberNotRead as not_read:
        raise NotAnInterval(str(not_read)) from not_read
    if number < 0 or number != number.to_integral_value():
        raise NotAnInterval(_("Write “<5”, or the highest whole number that it can be."))
    return number
