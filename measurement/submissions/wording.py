"""Figures in words: with unit and everything that was given, in short, and letter for letter as typed."""

from decimal import Decimal

from django.utils.translation import gettext as _

from backbone.web.numbers import format_number
from initiatives.charter.models import Initiative
from measurement.indicators.kinds import Kind
from measurement.indicators.models import IndicatorVersion
from measurement.submissions.components import Components, to_typed
from measurement.submissions.forms import reasons
from measurement.submissions.grid import GridCell
from measurement.submissions.models import STATUS_NAMES, CurrentFigure
from measurement.submissions.observations import Given
from measurement.submissions.status import MEANINGS, FigureStatus
from measurement.submissions.workflow import Typed

SHARES = (Kind.RATIO, Kind.RATE)
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
    scaled: Decimal = number * version.per if version.kind in SHARES else number / version.multiplier
    return scaled


def figure_words(version: IndicatorVersion, given: Components, unit: str) -> str:
    """A figure with everything that was given: "45 of 50 (90.0 %)", "12.5 points, 4 cases", "120 people"."""
    first, second = to_typed(Kind(version.kind), given, multiplier=version.multiplier)
    if given.amount is None:
        return ""
    if version.kind == Kind.MILESTONE:
        return _("Yes") if first else _("No")
    if not version.rules.has_base:
        return _with_unit(exact(first), unit)
    if not second:
        return _("No cases (0 of 0)") if version.kind in SHARES else _("No cases")
    value = read_value(version, given) or Decimal(0)
    if version.kind in SHARES:
        return _("%(first)s of %(second)s (%(value)s)") % {
            "first": exact(first),
            "second": exact(second),
            "value": _with_unit(format_number(value, version.decimals), unit),
        }
    return _("%(value)s, %(cases)s cases") % {"value": _with_unit(exact(value), unit), "cases": exact(second)}


def given_words(version: IndicatorVersion, given: Given, unit: str) -> str:
    """The same for what was too small to give: "0 to 4 people"."""
    if given.low is None or given.high is None:
        return figure_words(version, given.components, unit)
    return interval_words(given.low / version.multiplier, given.high / version.multiplier, unit)


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


def rounded_words(figure: CurrentFigure, initiative: Initiative) -> str:
    """The figure in short, in the unit of the measure and rounded as it says: as it counts in the whole."""
    version, given = figure.version, Components(figure.amount, figure.base)
    if figure.low is not None and figure.high is not None:
        return interval_words(figure.low, figure.high, unit_of(version, initiative))
    if not MEANINGS[FigureStatus(figure.status)].has_value or figure.amount is None:
        return str(STATUS_NAMES[FigureStatus(figure.status)])
    value = read_value(version, given)
    if value is None:
        return figure_words(version, given, "")
    if version.kind not in SHARES:
        value *= version.multiplier  # typed in thousands, say, and read in ones
    return _with_unit(format_number(value, version.decimals), unit_of(version, initiative))


def _with_unit(number: str, unit: str) -> str:
    return f"{number}\u00a0{unit}" if unit else number


def signed(number: Decimal, decimals: int) -> str:
    """With + or −, rounded."""
    shown = format_number(number, decimals)
    return shown.replace("-", "−") if number < 0 else f"+{shown}"


def typed_in(cell: GridCell) -> Typed:
    draft = cell.draft
    return Typed(draft.amount, draft.base, draft.status, draft.note, draft.same)


def typed_words(cell: GridCell, words: Typed) -> str:
    """What was typed, letter for letter, in one line."""
    numbers = [words.amount, words.base] if words.base else [words.amount]
    parts = [_(" of ").join(text or "–" for text in numbers)] if any(numbers) else []
    known = dict(reasons(cell))
    parts += [known.get(words.status, words.status)] if words.status else []
    parts += [_("note: %(note)s") % {"note": words.note}] if words.note else []
    parts += [_("no change")] if words.same else []
    return "; ".join(parts)
