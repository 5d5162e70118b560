"""Which column is what, by its heading: in any order, among any others, under a few names each."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.utils.translation import gettext as _

from measurement.imports.tables import Raw, Table
from measurement.imports.unpacking import NotTaken


class Column(StrEnum):
    ORGANIZATION = "organization"
    MEASURE = "measure"
    PERIOD = "period"
    CALENDAR = "calendar"
    BREAKDOWN = "breakdown"
    CATEGORY = "category"
    VALUE = "value"
    NUMERATOR = "numerator"
    BASE = "base"
    DETAIL = "detail"
    STATUS = "status"
    NOTE = "note"


# The first name is the one that we write ourselves; of several in one file the foremost here counts.
NAMES: Final[dict[Column, tuple[str, ...]]] = {
    Column.ORGANIZATION: (
        *("organization code", "organisation code", "organization id", "organisation id", "partner code"),
        *("partner id", "organization", "organisation", "partner"),
    ),
    Column.MEASURE: ("measure code", "indicator code", "indicator id", "measure", "indicator"),
    Column.PERIOD: ("period code", "period", "period label", "reporting period", "period start"),
    Column.CALENDAR: ("calendar code", "calendar"),
    Column.BREAKDOWN: ("breakdown code", "breakdown", "disaggregation"),
    Column.CATEGORY: ("category code", "category", "subgroup"),
    Column.VALUE: ("figure", "value", "number", "amount", "average", "result"),
    Column.NUMERATOR: ("numerator", "upper number", "events"),
    Column.BASE: (
        *("out of", "denominator", "base", "lower number", "number of cases", "cases", "exposure", "n"),
    ),
    Column.DETAIL: ("beside it", "detail", "levels", "standard deviation", "unit handed in"),
    Column.STATUS: ("status", "why no figure", "reason"),
    Column.NOTE: ("note", "notes", "comment", "remark"),
}

_LOOKED_AT: Final = 20


@dataclass(frozen=True)
class Headings:
    """Where the headings stand, and which column each is in."""

    row: int
    columns: dict[Column, int]
    words: dict[Column, str]


def plain(heading: Raw) -> str:
    """A heading without what does not tell it from others."""
    if not isinstance(heading, str):
        return ""
    return " ".join(heading.replace("_", " ").replace("-", " ").strip(" *:").casefold().split())


def find_table(tables: Sequence[Table], needed: Sequence[Column]) -> tuple[Table, Headings]:
    """The one table that has the columns which are needed. Raises NotTaken."""
    found = [(table, headings) for table in tables if (headings := _headings(table, needed))]
    if len(found) > 1:
        names = ", ".join(f"“{table.sheet}”" for table, _headings in found)
        raise NotTaken(
            _("Several sheets could be meant: %(names)s. Keep one of them, or give us one file for each.")
            % {"names": names}
        )
    if not found:
        raise NotTaken(_not_found(tables, needed))
    return found[0]


def _headings(table: Table, needed: Sequence[Column]) -> Headings | None:
    for number, row in enumerate(table.rows[:_LOOKED_AT]):
        columns = _columns(row)
        if _is_enough(columns, needed):
            _must_be_clear(row, columns)
            words = {column: str(row[place]).strip()[:60] for column, place in columns.items()}
            return Headings(number, columns, words)
    return None


def _columns(row: Sequence[Raw]) -> dict[Column, int]:
    places: dict[str, int] = {}
    for place, heading in enumerate(row):
        places.setdefault(plain(heading), place)
    return {
        column: next(places[name] for name in names if name in places)
        for column, names in NAMES.items()
        if any(name in places for name in names)
    }


def _is_enough(columns: dict[Column, int], needed: Sequence[Column]) -> bool:
    return all(column in columns for column in needed) and bool(
        columns.keys() & {Column.VALUE, Column.NUMERATOR}
    )


def _must_be_clear(row: Sequence[Raw], columns: dict[Column, int]) -> None:
    for place in columns.values():
        if [plain(heading) for heading in row].count(plain(row[place])) > 1:
            raise NotTaken(
                _("Two columns are called “%(name)s”. Give the one that does not count another name.")
                % {"name": str(row[place]).strip()}
            )


def _not_found(tables: Sequence[Table], needed: Sequence[Column]) -> str:
    missing = [NAMES[column][0] for column in (*needed, Column.VALUE)]
    best: dict[Column, int] = {}
    for table in tables:
        for row in table.rows[:_LOOKED_AT]:
            best = max(best, _columns(row), key=len)
    if best.keys() & {Column.NUMERATOR}:
        missing.remove(NAMES[Column.VALUE][0])
    missing = [name for name in missing if not any(NAMES[column][0] == name for column in best)]
    return _(
        "We found no row of headings with the columns we need. Missing: %(missing)s. Name the columns in English, as "
        "in the file that you can download here."
    ) % {"missing": ", ".join(f"“{name}”" for name in missing)}
