"""A release as a workbook: numbers are numbers, days are days, and no cell is a formula."""

import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.utils.timezone import make_naive
from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from measurement.releases.models import ReleaseCell
from measurement.releases.selectors import SYMBOL, Change, MeasureRead, Reading
from measurement.reports.columns import COLUMNS, Column, Line, Value, lines_of
from measurement.reports.stamp import Stamp

_EXCEL_BEGAN: Final = date(1900, 3, 1)  # days before it are not what they seem in a workbook
_WIDE: Final = 34
_NARROW: Final = 14
_MEASURES: Final = (
    *("code", "name", "definition", "unit", "amount_label", "base_label", "source", "method", "inclusion"),
    "version",
)


class Book:
    """A workbook under way, with its looks."""

    def __init__(self, book: Workbook) -> None:
        self.book = book
        self.head: Format = book.add_format(
            {"bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#EEF1F4"}
        )
        self.text: Format = book.add_format({"text_wrap": True, "valign": "top"})
        self.day: Format = book.add_format({"num_format": "yyyy-mm-dd", "valign": "top"})
        self.number: Format = book.add_format({"valign": "top"})

    def sheet(self, name: str, header: Sequence[str], rows: Iterable[Sequence[Value]]) -> Worksheet:
        sheet = self.book.add_worksheet(name)
        for column, title in enumerate(header):
            sheet.write_string(0, column, title, self.head)
        for number, row in enumerate(rows, start=1):
            for column, value in enumerate(row):
                self._put(sheet, number, column, value)
        sheet.freeze_panes(1, 0)
        return sheet

    def _put(self, sheet: Worksheet, row: int, column: int, value: Value) -> None:
        if isinstance(value, Decimal | int):
            sheet.write_number(row, column, float(value), self.number)
        elif isinstance(value, date) and value >= _EXCEL_BEGAN:
            sheet.write_datetime(row, column, datetime(value.year, value.month, value.day), self.day)  # noqa: DTZ001 - a day
        elif value not in {None, ""}:
            sheet.write_string(row, column, str(value), self.text)


def xlsx_of(reading: Reading, stamp: Stamp, changes: Iterable[Change]) -> bytes:
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(content, options) as book:
        book.set_properties(_properties(stamp))
        _write(Book(book), reading, stamp, changes)
    return content.getvalue()


def _properties(stamp: Stamp) -> dict[str, Any]:
    """The moment is the release's own, so that the same release gives the same file."""
    return {
        "title": f"{stamp.initiative}: {stamp.title}",
        "comments": f"{stamp.licence} {stamp.hash}",
        "created": make_naive(stamp.as_of) + timedelta(),
    }


def _write(book: Book, reading: Reading, stamp: Stamp, changes: Iterable[Change]) -> None:
    about = book.sheet(_("About"), [_("About this file"), ""], stamp.lines())
    about.set_column(0, 0, 26)
    about.set_column(1, 1, 80)
    rows = ([_shown(column, line) for column in COLUMNS] for line in lines_of(reading, stamp))
    figures = book.sheet(_("Figures"), [column.name for column in COLUMNS], rows)
    for number, column in enumerate(COLUMNS):
        figures.set_column(
            number, number, _WIDE if column.name in {"measure", "category", "note"} else _NARROW
        )
    figures.autofilter(0, 0, sum(len(each.cells) for each in reading.measures), len(COLUMNS) - 1)
    _explain(book, reading.measures, changes)


def _explain(book: Book, measures: Iterable[MeasureRead], changes: Iterable[Change]) -> None:
    names = [*_MEASURES, "outcomes"]
    defined = (
        [*(getattr(each, name) for name in _MEASURES), ", ".join(outcome.name for outcome in each.outcomes)]
        for each in measures
    )
    book.sheet(_("Measures"), names, defined).set_column(0, len(names), _WIDE)
    header = ["measure", "period", "place", "category", "old", "new", "unit", "why"]
    changed = ([getattr(each, name) for name in header] for each in changes)
    book.sheet(_("Restatements"), header, changed).set_column(0, len(header), 20)
    meanings = ([column.name, column.type, str(column.meaning)] for column in COLUMNS)
    dictionary = book.sheet(_("Dictionary"), [_("Column"), _("Type"), _("Meaning")], meanings)
    dictionary.set_column(0, 1, 18)
    dictionary.set_column(2, 2, 80)


def _shown(column: Column, line: Line) -> Value:
    """An empty cell is easily taken for 0, so what is hidden has its symbol in the place of the number."""
    if column.name == "value" and line.cell.state == ReleaseCell.State.HIDDEN:
        return SYMBOL
    return column.read(line)
