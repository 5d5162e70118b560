"""Figures in words: with unit and everything that was given, and in short."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import zip_longest

from django.utils.translation import gettext as _

from backbone.web.numbers import format_number, write_number
from initiatives.charter.models import Initiative
from measurement.indicators.kinds import Kind
from measurement.indicators.models import IndicatorVersion
from measurement.judgement.doubts import is_implausible
from measurement.submissions.components import Components, HandedIn, spread_of, to_typed
from measurement.submissions.models import STATUS_NAMES, FigureRow
from measurement.submissions.observations import Given
from measurement.submissions.status import MEANINGS, FigureStatus

SHARES = (Kind.RATIO, Kind.RATE, Kind.ORDINAL)
_MOST_DECIMALS = 6


def unit_of(version: IndicatorVersion, initiative: Initiative) -> str:
    """The unit of the number as people read it."""
    if version.kind == Kind.MILESTONE:
        return ""
    return version.unit or (initiative.currency if version.kind == Kind.MONEY else "")


def read_value(version: IndicatorVersion, given: Components) -> Decimal | None:
    """One number for a report: a share per so many; an average or an amount in the multiples in which it was typed."""
    if given.amount is None or version.kind == Kind.MILESTONE:
        return None
    number = given.amount
    if version.rules.has_base:
        if not given.base:
            return None
        number /= given.base
    scaled: Decimal = number * version.per if version.kind in SHARES else number / version.scale
    return scaled


def counted_value(version: IndicatorVersion, given: Components) -> Decimal | None:
    """The number as it counts in the whole: typed in thousands, say, and read in ones."""
    value = read_value(version, given)
    if value is None or version.kind in SHARES:
        return value
    counted: Decimal = value * version.multiplier
    return counted


def is_unusual(version: IndicatorVersion, value: Decimal | None) -> bool:
    """Not impossible, but outside of what is plausible: to be marked wherever it is shown."""
    return value is not None and is_implausible(
        value,
        is_percentage=version.kind == Kind.MEAN and version.unit == "%",
        low=version.plausible_low,
        high=version.plausible_high,
    )


def figure_words(version: IndicatorVersion, given: Components, unit: str) -> str:
    """A figure with everything that was given: "45 of 50 (90.0 %)", "12.5 points, 4 cases", "120 people"."""
    first, second = to_typed(Kind(version.kind), given, multiplier=version.scale)
    if given.amount is None:
        return ""
    if version.kind == Kind.MILESTONE:
        return _("Yes") if first else _("No")
    if not version.rules.has_base:
        return _of_cases(_with_unit(exact(first), unit), second)
    return _divided_words(version, given, unit, (first, second))


def _divided_words(
    version: IndicatorVersion, given: Components, unit: str, typed: tuple[Decimal | None, Decimal | None]
) -> str:
    first, second = typed
    if given.levels is not None:
        return f"{levels_words(version, given.levels)} ({share_words(version, given, unit)})"
    if not second:
        return _("No cases (0 of 0)") if version.kind in SHARES else _("No cases")
    value = read_value(version, given) or Decimal(0)
    if version.kind in SHARES:
        return _("%(first)s of %(second)s (%(value)s)") % {
            "first": exact(first),
            "second": exact(second),
            "value": _with_unit(format_number(value, version.decimals), unit),
        }
    spread = spread_of(given.amount, given.base, given.squares, multiplier=version.scale)
    words = _of_cases(_with_unit(exact(value), unit), second)
    if spread is None:
        return words
    shown = format_number(spread, version.decimals + 1)
    return _("%(value)s, standard deviation %(spread)s") % {"value": words, "spread": shown}


def _of_cases(value: str, cases: Decimal | None) -> str:
    if cases is None:
        return value
    return _("%(value)s, %(cases)s cases") % {"value": value, "cases": exact(cases)}


def levels_words(version: IndicatorVersion, counts: Iterable[Decimal]) -> str:
    """“Beginning 2, Developing 5, Proficient 3”."""
    named = zip_longest(version.level_names, counts)
    return ", ".join(f"{name or '?'}\u00a0{exact(count or Decimal(0))}" for name, count in named)


def share_words(version: IndicatorVersion, given: Components, unit: str) -> str:
    """“60.0 % at Proficient or above”."""
    value = read_value(version, given)
    if value is None:
        return _("no cases")
    return _("%(share)s at %(level)s") % {
        "share": _with_unit(format_number(value, version.decimals), unit),
        "level": level_or_above(version),
    }


def level_or_above(version: IndicatorVersion) -> str:
    name = version.level_names[(version.from_level or 1) - 1]
    return _("“%(level)s” or above") % {"level": name}


def given_words(version: IndicatorVersion, given: Given, unit: str) -> str:
    """The same for what was too small to give: "0 to 4 people"."""
    if given.text:
        return given.text
    if given.low is None or given.high is None:
        words = figure_words(version, given.components, unit)
        return f"{handed_in_words(given.handed_in)} ({words})" if given.handed_in else words
    return interval_words(given.low / version.scale, given.high / version.scale, unit)


def handed_in_words(typed: HandedIn) -> str:
    """“1,000 EUR at 1.08”, “90 minutes”."""
    words = _with_unit(exact(typed.amount), typed.unit)
    if typed.rate is None:
        return words
    return _("%(amount)s at %(rate)s") % {"amount": words, "rate": write_number(typed.rate)}


def interval_words(low: Decimal, high: Decimal, unit: str) -> str:
    return _with_unit(_("%(low)s to %(high)s") % {"low": exact(low), "high": exact(high)}, unit)


def exact(number: Decimal | None) -> str:
    """Every digit that was given, up to what a field takes."""
    if number is None:
        return ""
    if number == number.to_integral_value():
        return format_number(number, 0)
    exponent = number.normalize().as_tuple().exponent
    decimals = min(_MOST_DECIMALS, max(0, -exponent)) if isinstance(exponent, int) else 0
    return format_number(number, decimals)


def rounded_words(figure: FigureRow, initiative: Initiative) -> str:
    """The figure in short, in the unit of the measure and rounded as it says: as it counts in the whole."""
    version, given = figure.version, figure.components
    if figure.text:
        return figure.text
    if figure.low is not None and figure.high is not None:
        low, high = figure.low / version.divisor, figure.high / version.divisor
        return interval_words(low, high, unit_of(version, initiative))
    if not MEANINGS[FigureStatus(figure.status)].has_value or figure.amount is None:
        return str(STATUS_NAMES[FigureStatus(figure.status)])
    value = counted_value(version, given)
    if value is None:
        return figure_words(version, given, "")
    words = _with_unit(format_number(value, version.decimals), unit_of(version, initiative))
    return (
        _("%(figure)s (outside what is plausible)") % {"figure": words}
        if is_unusual(version, value)
        else words
    )


def _with_unit(number: str, unit: str) -> str:
    return f"{number}\u00a0{unit}" if unit else number


def signed(number: Decimal, decimals: int) -> str:
    """With + or −, rounded."""
    shown = format_number(number, decimals)
    return shown.replace("-", "−") if number < 0 else f"+{shown}"
