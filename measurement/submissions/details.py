"""What some kinds ask for beside two numbers: the count of each level, how far scores spread, words, the unit.

All of it stands in one text of a draft, letter for letter: counts one a line, the lowest level first.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.utils.translation import gettext as _

from backbone.web.numbers import MAX_DECIMALS, NumberNotRead, read_number, write_number
from measurement.indicators.kinds import Kind
from measurement.indicators.models import IndicatorVersion
from measurement.indicators.units import kept_in_one, read_units
from measurement.submissions.components import Components, of_levels, spread_of

# Kinds of one number, which may be handed in in several units.
IN_UNITS: Final = frozenset({Kind.FLOW, Kind.STOCK, Kind.PEAK, Kind.CUMULATIVE, Kind.MONEY})


class Unreadable(Exception):
    """What stands in a field is not what it asks for. The text says so to people."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field, self.sentence = field, sentence


def number(text: str, where: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        return read_number(text)
    except NumberNotRead as not_read:
        raise Unreadable(where, str(not_read)) from not_read


def level_texts(version: IndicatorVersion, detail: str) -> list[str]:
    """What was typed for each level, the lowest first."""
    names, typed = version.level_names, detail.split("\n")
    return [*typed, *[""] * len(names)][: len(names)]


def detail_of_levels(texts: list[str]) -> str:
    lines = [" ".join(text.split()) for text in texts]
    return "\n".join(lines) if any(lines) else ""


def read_levels(version: IndicatorVersion, detail: str) -> Components:
    """Every level has a count, of which 0 is one. Raises Unreadable with the field of the level."""
    counts = []
    for place, text in enumerate(level_texts(version, detail), start=1):
        where = f"level-{place}"
        count = number(text, where)
        if count is None:
            raise Unreadable(where, _("Give the number at every level: write 0 where nobody is."))
        if count < 0:
            raise Unreadable(where, _("This cannot be below 0."))
        if version.whole_numbers and count != count.to_integral_value():
            raise Unreadable(where, _("Write a whole number: this counts people or things."))
        counts.append(count)
    return of_levels(counts, version.from_level or 1)


def read_spread(detail: str) -> Decimal | None:
    """A standard deviation, which need not be given."""
    spread = number(detail, "detail")
    if spread is not None and spread < 0:
        raise Unreadable("detail", _("This cannot be below 0."))
    return spread


@dataclass(frozen=True)
class OtherUnit:
    """A unit or currency that is not the measure's own. `scale`: how many of the kept parts one of it is."""

    name: str
    scale: Decimal
    rate: Decimal | None


def other_unit(version: IndicatorVersion, detail: str, rates: Mapping[str, Decimal]) -> OtherUnit | None:
    """What was chosen beside the number; None for the measure's own unit. Raises Unreadable."""
    name = detail.strip()
    if not name or version.kind not in IN_UNITS:
        return None
    if version.kind == Kind.MONEY:
        return _currency(version, name, rates)
    scale = kept_in_one(version.hand_in_units, name)
    if scale is None:
        raise Unreadable("detail", _("Choose a unit from the list."))
    is_decimal = version.divisor == 1
    return OtherUnit(name, scale, scale if is_decimal else None)


def _currency(version: IndicatorVersion, name: str, rates: Mapping[str, Decimal]) -> OtherUnit:
    if name not in version.hand_in_units.splitlines():
        raise Unreadable("detail", _("Choose a currency from the list."))
    if name not in rates:
        sentence = _(
            "No exchange rate from %(other)s to %(ours)s is known for this period. Ask the backbone."
        )
        raise Unreadable("detail", sentence % {"other": name, "ours": version.unit})
    return OtherUnit(name, rates[name], rates[name])


def unit_names(version: IndicatorVersion) -> list[str]:
    """The other units or currencies in which the measure may be handed in."""
    if version.kind == Kind.MONEY:
        return version.hand_in_units.splitlines()
    return [unit.name for unit in read_units(version.hand_in_units)] if version.hand_in_units else []


def written_detail(version: IndicatorVersion, stored: Components, text: str) -> str:
    """What somebody would have typed."""
    if version.kind == Kind.TEXT:
        return text
    if stored.levels is not None:
        return "\n".join(write_number(count) for count in stored.levels)
    if version.kind == Kind.MEAN:
        spread = spread_of(stored.amount, stored.base, stored.squares, multiplier=version.scale)
        return "" if spread is None else write_number(round(spread, MAX_DECIMALS))
    return ""
