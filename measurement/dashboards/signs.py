"""Differences in words: +7.5 points, −3.1."""

from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backbone.web.numbers import format_number
from measurement.charts import figures
from measurement.indicators.models import IndicatorVersion


def signed(value: Decimal, decimals: int) -> str:
    """With its sign, which nothing has."""
    shown = figures.rounded(value, decimals)
    sign = "+" if shown > 0 else "−" if shown < 0 else ""
    return sign + format_number(abs(shown), decimals, language=get_language() or "en")


def points_or_unit(version: IndicatorVersion) -> str:
    """Percentages differ by points, everything else by its unit."""
    return _("points") if version.unit == figures.PERCENT else version.unit


def difference(value: Decimal, version: IndicatorVersion) -> str:
    """Points with at least one decimal, because two rounded percentages differ by more than they seem to."""
    decimals = max(version.decimals, 1) if version.unit == figures.PERCENT else version.decimals
    unit = points_or_unit(version)
    return f"{signed(value, decimals)}\u00a0{unit}" if unit else signed(value, decimals)


def with_unit(value: Decimal, version: IndicatorVersion) -> str:
    return figures.with_unit(value, version.decimals, version.unit)


def plain(value: Decimal, version: IndicatorVersion) -> str:
    return figures.plain(value, version.decimals)
