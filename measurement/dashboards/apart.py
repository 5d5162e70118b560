"""What is not one number: values and words that are never added up, and how many stand at each level of a rubric.

Decisions. The lowest and the highest of partners' values are single partners' values, so only who may read each
partner's figures is told them. Others read how many have answered.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measurement.dashboards import signs
from measurement.indicators.kinds import Kind
from measurement.rollups.selectors import Figure
from measurement.submissions.wording import levels_words

_PERCENT: Final = Decimal(100)


def is_apart(figure: Figure) -> bool:
    """Each partner's value stands for itself."""
    return not figure.version.rules.rolls_up


def words(figure: Figure) -> str:
    """Instead of a number: “3.0 to 9.2 points”, “4 answers”."""
    low, high, version = figure.cell.lowest, figure.cell.highest, figure.version
    if figure.kind is Kind.MEDIAN and low is not None and high is not None:
        if low == high:
            return signs.with_unit(low, version)
        return _("%(low)s to %(high)s") % {
            "low": signs.plain(low, version),
            "high": signs.with_unit(high, version),
        }
    count = figure.cell.received
    return ngettext("%(count)s answer", "%(count)s answers", count) % {"count": count} if count else ""


def sentence(figure: Figure) -> str:
    if figure.kind is Kind.TEXT:
        return _("Told in words, partner by partner")
    return _("Never added up: each partner’s value stands for itself")


def spread_line(figure: Figure, values: Sequence[Decimal]) -> str:
    """Lowest, middle and highest of the partners' values, which are in order."""
    if not values:
        return ""
    middle = len(values) // 2
    median = values[middle] if len(values) % 2 else (values[middle - 1] + values[middle]) / 2
    line = ngettext(
        "%(count)s value: lowest %(low)s, in the middle %(median)s, highest %(high)s.",
        "%(count)s values: lowest %(low)s, in the middle %(median)s, highest %(high)s.",
        len(values),
    )
    ends = {"low": values[0], "median": median, "high": values[-1]}
    shown = {name: signs.with_unit(value, figure.version) for name, value in ends.items()}
    return line % {"count": len(values), **shown}


@dataclass(frozen=True)
class LevelRow:
    name: str
    count: Decimal
    share: Decimal | None
    counted: bool


def level_rows(figure: Figure) -> list[LevelRow]:
    """How many stand at each level, the highest first; shares only where there are enough for a percentage."""
    counts = figure.cell.levels or []
    everybody = sum(counts, Decimal(0))
    has_shares = everybody > 0 and figure.shown is not None
    named = enumerate(zip_longest(figure.version.level_names, counts, fillvalue=None), start=1)
    rows = [
        LevelRow(
            name or "?",
            count or Decimal(0),
            (count or Decimal(0)) * _PERCENT / everybody if has_shares else None,
            place >= (figure.version.from_level or 1),
        )
        for place, (name, count) in named
    ]
    return rows[::-1] if counts else []


def levels_line(figure: Figure) -> str:
    return levels_words(figure.version, figure.cell.levels) if figure.cell.levels else ""
