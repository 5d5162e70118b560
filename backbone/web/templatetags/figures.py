"""Numbers and dates: `{{ value|number:1|unit:"%" }}`, `{{ day|long_date }}`, `{{ day|age }}`."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import get_language

from backbone.web import dates
from backbone.web.numbers import format_number

register = template.Library()

NOTHING = "–"  # what is not known; never 0
_NARROW = "\u00a0"


@register.filter
def number(value: Decimal | int | str | None, decimals: int = 0) -> str:
    """The value rounded once to so many decimals, in the reader's language; a dash where there is none."""
    known = _decimal(value)
    return NOTHING if known is None else format_number(known, int(decimals), language=get_language() or "en")


@register.filter
def unit(shown: str, name: str | None) -> str:
    """A shown number with its unit, on one line. What is not known has no unit."""
    return f"{shown}{_NARROW}{name}" if name and shown != NOTHING else shown


@register.filter
def percent(share: Decimal | None, decimals: int = 0) -> str:
    """A share of 1 in percent: 0.525 with one decimal is "52.5 %"."""
    known = _decimal(share)
    return unit(number(None if known is None else known * 100, decimals), "%")


@register.filter
def long_date(day: date | None) -> str:
    return dates.long_date(_local_day(day)) if day else NOTHING


@register.filter
def month_year(day: date | None) -> str:
    return dates.month_year(_local_day(day)) if day else NOTHING


@register.filter
def age(when: date | None) -> str:
    """How long ago a day or a moment was."""
    if when is None:
        return NOTHING
    if isinstance(when, datetime):
        return dates.age_of_moment(when, now=timezone.localtime())
    return dates.age_of_day(when, today=timezone.localdate())


def _decimal(value: Any) -> Decimal | None:
    if value is None or value == "":
        return None
    try:
        known = Decimal(str(value))
    except InvalidOperation:
        return None
    return known if known.is_finite() else None


def _local_day(day: date) -> date:
    return timezone.localtime(day).date() if isinstance(day, datetime) and timezone.is_aware(day) else day
