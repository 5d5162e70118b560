"""Numbers in the reader's language, rounded once, half up."""

from decimal import ROUND_HALF_UP, Decimal, localcontext

from django.utils.translation import get_language, gettext, ngettext

from backbone.web.numbers import format_number

MILLION = Decimal(10) ** 6
BILLION = Decimal(10) ** 9
TRILLION = Decimal(10) ** 12
BEYOND_WORDS = Decimal(10) ** 15
PERCENT = "%"


def rounded(value: Decimal, decimals: int) -> Decimal:
    """Round half away from zero, as people do; a result of minus nothing is nothing."""
    with localcontext(prec=200):
        result = value.quantize(Decimal(1).scaleb(-decimals), rounding=ROUND_HALF_UP)
    return abs(result) if result == 0 else result


def plain(value: Decimal, decimals: int) -> str:
    """The number alone: `1,204` or `-3.5`."""
    return format_number(value, decimals, language=get_language() or "en")


def with_sign(value: Decimal, decimals: int, unit: str) -> str:
    """The number as it stands in a chart: with its per cent, while other units stand at the axis."""
    shown = compact(value, decimals)
    return f"{shown}\u00a0%" if unit == PERCENT else shown


def with_unit(value: Decimal, decimals: int, unit: str) -> str:
    """The number as it stands in a sentence: `57 %`, `1,204 people`."""
    shown = compact(value, decimals)
    return f"{shown}\u00a0{unit}" if unit else shown


def compact(value: Decimal, decimals: int) -> str:
    """Millions and more in words, because nobody counts the noughts of a long number."""
    size = abs(value)
    if size < MILLION:
        return plain(value, decimals)
    if size >= BEYOND_WORDS:
        return _powers(value)
    return _in_words(value, size)


def _in_words(value: Decimal, size: Decimal) -> str:
    unit = TRILLION if size >= TRILLION else BILLION if size >= BILLION else MILLION
    scaled = value / unit
    shown = plain(scaled, _needed(scaled))
    count = 1 if rounded(size / unit, 2) == 1 else 2
    if unit == MILLION:
        return ngettext("%(number)s million", "%(number)s million", count) % {"number": shown}
    if unit == BILLION:
        return ngettext("%(number)s billion", "%(number)s billion", count) % {"number": shown}
    return ngettext("%(number)s trillion", "%(number)s trillion", count) % {"number": shown}


def _needed(value: Decimal) -> int:
    return next(count for count in (0, 1, 2) if count == 2 or rounded(value, count) == rounded(value, 2))


def _powers(value: Decimal) -> str:
    exponent = value.adjusted()
    return gettext("%(number)s × 10^%(exponent)s") % {
        "number": plain(value.scaleb(-exponent), 1),
        "exponent": exponent,
    }
