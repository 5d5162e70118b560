"""A figure that is known only between two numbers, in words."""

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backbone.web.numbers import format_number
from measurement.indicators.kinds import Kind
from measurement.rollups.kinds import Range
from measurement.rollups.selectors import Figure


def range_words(figure: Figure) -> str:
    """“35 to 39 people”; empty where one number is known, or none at all."""
    found = figure.range
    if found is None:
        return ""
    is_between = figure.kind is Kind.UNIQUE_PEOPLE
    words = _from_to(found, figure.version.decimals, is_between=is_between)
    return f"{words}\u00a0{figure.version.unit}" if figure.version.unit else words


def _from_to(found: Range, decimals: int, *, is_between: bool) -> str:
    language = get_language() or "en"
    low, high = (format_number(end, decimals, language=language) for end in (found.low, found.high))
    if is_between:
        return _("between %(low)s and %(high)s") % {"low": low, "high": high}
    return low if low == high else _("%(low)s to %(high)s") % {"low": low, "high": high}


def why_a_range(figure: Figure) -> str:
    """A sentence without a full stop; empty where the figure is no range."""
    if figure.range is None:
        return ""
    if figure.kind is Kind.UNIQUE_PEOPLE:
        return _("Known only between two numbers: nobody knows how many people are counted more than once")
    return _("Known only between two numbers: some figures are too small to give")
