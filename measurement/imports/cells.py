"""What stands in one cell of a file, as somebody would have typed it into the field of the page."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from django.utils.translation import gettext as _

from backbone.web.dates import long_date
from backbone.web.numbers import MAX_DECIMALS, NumberNotRead, read_number, write_number
from measurement.imports.headings import Column, Headings
from measurement.imports.tables import Raw, Table
from measurement.indicators.kinds import Kind
from measurement.indicators.models import IndicatorVersion
from measurement.submissions.details import IN_UNITS, detail_of_levels
from measurement.submissions.models import STATUS_NAMES
from measurement.submissions.status import FigureStatus

_PLAIN: Final = re.compile(r"0|[1-9][0-9]{0,13}")
_SMALLEST: Final = Decimal(1).scaleb(-MAX_DECIMALS)
_STATUS_WORDS: Final = {"suppressed": FigureStatus.WITHHELD, "not available": FigureStatus.NOT_COLLECTED}


class Refused(Exception):
    """What stands there cannot be taken; the text says why, and `column` where."""

    def __init__(self, sentence: str, column: Column | None = None) -> None:
        super().__init__(sentence)
        self.column = column


@dataclass(frozen=True)
class Line:
    """One row of the table below its headings. `row` counts from 0."""

    table: Table
    headings: Headings
    row: int

    @property
    def cells(self) -> Sequence[Raw]:
        return self.table.rows[self.row]

    def raw(self, column: Column) -> Raw:
        place = self.headings.columns.get(column)
        cells = self.cells
        return cells[place] if place is not None and place < len(cells) else None

    def word(self, column: Column) -> str:
        """A code, a name or a date, as text."""
        return _word(self.raw(column))

    def place(self, column: Column | None = None) -> str:
        where = self.headings.columns.get(column) if column else None
        return self.table.place(self.row, where, self.headings.words.get(column, "") if column else "")

    def is_blank(self, columns: Sequence[Column]) -> bool:
        return not any(self.word(column) for column in columns)

    def must_be_plain(self, column: Column) -> None:
        """Raises Refused for a cell whose value is not what stands in it."""
        facts, place = self.table.facts, self.headings.columns.get(column)
        if facts is None or place is None:
            return
        if (self.row, place) in facts.formulas:
            raise Refused(
                _("This is a formula. Put its value there: copy the cell, and “paste as values”."), column
            )
        if facts.merged and facts.is_merged(self.row, place):
            raise Refused(_("This cell is merged with others. Unmerge them, and fill in each."), column)
        if (self.row, place) in facts.percentages and isinstance(self.raw(column), int | float):
            raise Refused(
                _("This cell shows a percentage, so it could be two numbers. Format it as a number."), column
            )


def _word(raw: Raw) -> str:
    if raw is None:
        return ""
    if isinstance(raw, float) and raw.is_integer():
        return str(int(raw))
    if isinstance(raw, datetime):
        return raw.date().isoformat()
    return " ".join(str(raw).split())


def typed_value(line: Line, column: Column, kind: Kind, *, language: str, is_withheld: bool) -> str:
    """What somebody would have typed, so that the page reads it as it is meant. Raises Refused."""
    raw = line.raw(column)
    line.must_be_plain(column)
    if raw is None or raw == "":
        return ""
    if kind is Kind.MILESTONE:
        return _yes_or_no(_word(raw))
    if isinstance(raw, str):
        return _from_text(raw.strip(), column, kind, language=language, is_withheld=is_withheld)
    return _from_number(raw, column)


def typed_detail(line: Line, version: IndicatorVersion, *, language: str) -> str:
    """Levels of a rubric with semicolons between them, how far scores spread, or the unit. Raises Refused."""
    line.must_be_plain(Column.DETAIL)
    raw, kind = line.raw(Column.DETAIL), Kind(version.kind)
    if raw is None or raw == "":
        return ""
    if kind is Kind.MEAN:
        return typed_value(line, Column.DETAIL, kind, language=language, is_withheld=False)
    if kind is Kind.ORDINAL:
        parts = [part.strip() for part in _word(raw).split(";")]
        return detail_of_levels(
            [_from_text(part, Column.DETAIL, kind, language=language, is_withheld=False) for part in parts]
        )
    return _word(raw) if kind in IN_UNITS else ""


def _from_text(text: str, column: Column, kind: Kind, *, language: str, is_withheld: bool) -> str:
    if not text or kind is Kind.TEXT or is_withheld or text.startswith(("<", "≤")):
        return text
    if _PLAIN.fullmatch(text):  # most of a long file: read as it stands, without asking how it was meant
        return text
    try:
        return write_number(read_number(text, language=language or "en", from_elsewhere=not language))
    except NumberNotRead as not_read:
        raise Refused(str(not_read), column) from not_read


def _from_number(raw: float | date | time | timedelta, column: Column) -> str:
    if isinstance(raw, bool):
        raise Refused(_("This is TRUE or FALSE, where a number belongs."), column)
    if isinstance(raw, int | float):
        return _written(raw, column)
    raise Refused(_date(raw), column)


def _yes_or_no(word: str) -> str:
    """The page has one word for each; what is neither is left for it to refuse."""
    return {"1": "yes", "0": "no", "true": "yes", "false": "no"}.get(word.casefold(), word.casefold())


def _written(number: float, column: Column) -> str:
    """A cell keeps 15 digits at most; what is behind them, and behind the decimals that we take, is no information."""
    exact = Decimal(f"{number:.15g}")
    if not exact.is_finite():
        raise Refused(_("This is no number."), column)
    if abs(exact) >= Decimal(10) ** 14:
        raise Refused(
            _("The number is too long: at most %(count)s digits before the decimals.") % {"count": 14}, column
        )
    return write_number(exact.quantize(_SMALLEST, rounding=ROUND_HALF_UP))


def _date(raw: date | time | timedelta) -> str:
    if isinstance(raw, date):
        return _(
            "This is a date (%(day)s), where a number belongs. Format the cell as a number and type it again."
        ) % {"day": long_date(raw)}
    return _("This is a time, where a number belongs. Format the cell as a number and type it again.")


def status_words() -> dict[str, FigureStatus]:
    """What may stand in the column for the status: the words of the page, and the codes."""
    words = {str(name).casefold(): status for status, name in STATUS_NAMES.items()}
    return {**_STATUS_WORDS, **words, **{status.value.replace("_", " "): status for status in FigureStatus}}


def read_status(line: Line, known: dict[str, FigureStatus]) -> FigureStatus | None:
    """None where nothing is said. Raises Refused."""
    line.must_be_plain(Column.STATUS)
    word = line.word(Column.STATUS)
    if not word:
        return None
    status = known.get(word.replace("_", " ").casefold())
    if status is None:
        raise Refused(_("“%(word)s” is no status that we know.") % {"word": word[:60]}, Column.STATUS)
    return status
