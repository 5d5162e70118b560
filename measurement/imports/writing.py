"""The file of a report, to be filled in elsewhere and given back: a workbook, or the same table as text.

Texts are written as texts, whatever they begin with: no cell of ours is ever a formula.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.translation import gettext as _
from xlsxwriter import Workbook
from xlsxwriter.worksheet import Worksheet

from backbone.web.harmless import harmless
from backbone.web.numbers import NumberNotRead, read_number
from initiatives.charter.models import Participation
from measurement.imports.headings import NAMES, Column
from measurement.indicators.kinds import Kind
from measurement.submissions.details import unit_names
from measurement.submissions.grid import Grid, GridCell, amount_label, base_label, written
from measurement.submissions.models import STATUS_NAMES, Submission
from measurement.submissions.status import BESIDE_A_NUMBER, REASONS_WITHOUT_NUMBER, FigureStatus
from measurement.submissions.wording import unit_of

_OFFERED: Final = (*BESIDE_A_NUMBER, FigureStatus.WITHHELD, *REASONS_WITHOUT_NUMBER)
_SURE_DIGITS: Final = 15  # that a cell of a workbook keeps


@dataclass(frozen=True)
class FileRow:
    """One figure, in the order of the columns."""

    cells: tuple[str | Decimal, ...]
    has_base: bool


def _heading(column: Column) -> str:
    return NAMES[column][0].capitalize()


def headings() -> tuple[str, ...]:
    return (
        _("Name of the measure"),
        _("Part of it"),
        _("What the figure is"),
        _("What it is out of"),
        _("Unit"),
        _("Last period"),
        _heading(Column.VALUE),
        _heading(Column.BASE),
        _heading(Column.DETAIL),
        _heading(Column.STATUS),
        _heading(Column.NOTE),
        _("What it means"),
        *map(_heading, (Column.ORGANIZATION, Column.PERIOD, Column.MEASURE, Column.CATEGORY)),
    )


_FILLED_IN: Final = range(6, 11)
_STATUS: Final = 9
_WIDTHS: Final = (34, 16, 24, 24, 10, 16, 14, 14, 14, 26, 34, 60, 18, 14, 18, 18)


def rows_of(submission: Submission, grid: Grid) -> Iterator[FileRow]:
    report = submission.expected_report
    code = (
        Participation.objects.partners()
        .values_list("code", flat=True)
        .get(initiative=submission.initiative, organization=report.organization)
    )
    for cell in grid.asked:
        yield _row(cell, submission, code)


def _row(cell: GridCell, submission: Submission, organization: str) -> FileRow:
    version, draft = cell.version, cell.draft
    has_base = version.rules.has_base and cell.kind not in (Kind.MILESTONE, Kind.ORDINAL)
    is_words = cell.kind is Kind.TEXT
    category = cell.category
    values: tuple[str | Decimal, ...] = (
        version.name,
        category.name if category else _("Total"),
        _asked(cell),
        base_label(version) if has_base or version.rules.may_have_base else "",
        unit_of(version, submission.initiative),
        _before(cell),
        draft.detail if is_words else _number(draft.amount),
        _number(draft.base) if has_base or version.rules.may_have_base else "",
        "" if is_words else draft.detail.replace("\n", "; "),
        str(STATUS_NAMES[FigureStatus(draft.status)]) if draft.status else "",
        draft.note,
        version.definition,
        organization,
        submission.expected_report.period.code,
        cell.figure.indicator.code,
        f"{category.disaggregation.code}/{category.code}" if category else "",
    )
    return FileRow(values, has_base)


def _asked(cell: GridCell) -> str:
    """What belongs into the column of the figure, and what beside it."""
    version = cell.version
    if cell.kind is Kind.ORDINAL:
        return _("Nothing. Beside it: how many at each level, with semicolons: %(levels)s") % {
            "levels": "; ".join(version.level_names)
        }
    if cell.kind is Kind.MEAN:
        return _("%(average)s. Beside it: the standard deviation, if known") % {
            "average": amount_label(version)
        }
    if names := unit_names(version):
        return _("%(number)s. Beside it: the unit, if it is another: %(units)s") % {
            "number": amount_label(version),
            "units": ", ".join(names),
        }
    return amount_label(version)


def _before(cell: GridCell) -> str:
    if cell.previous is None:
        return ""
    amount, base, detail = written(cell.previous, cell.previous.version)
    number = _("%(first)s of %(second)s") % {"first": amount, "second": base} if base else amount
    return " ".join(filter(None, (number, detail.replace("\n", "; "))))


def _number(text: str) -> str | Decimal:
    try:
        number = read_number(text)
    except NumberNotRead:
        return text
    return number if len(number.as_tuple().digits) <= _SURE_DIGITS else text


# --- a workbook -------------------------------------------------------------------------------------------


def workbook(submission: Submission, grid: Grid) -> bytes:
    content = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    with Workbook(content, options) as book:
        _figures(book, list(rows_of(submission, grid)))
        _instructions(book, submission)
    return content.getvalue()


def _figures(book: Workbook, rows: list[FileRow]) -> None:
    sheet = book.add_worksheet(_("Figures"))
    head = book.add_format(
        {"bold": True, "text_wrap": True, "valign": "top", "bottom": 1, "bg_color": "#EEF1F4"}
    )
    fixed = book.add_format({"text_wrap": True, "valign": "top", "font_color": "#4A5560", "num_format": "@"})
    free = book.add_format(
        {"locked": False, "valign": "top", "text_wrap": True, "bg_color": "#FFFDF2", "border": 1}
    )
    for column, (name, width) in enumerate(zip(headings(), _WIDTHS, strict=True)):
        sheet.write_string(0, column, name, head)
        sheet.set_column(column, column, width)
    for number, row in enumerate(rows, start=1):
        for column, value in enumerate(row.cells):
            _put(sheet, number, column, value, free if column in _FILLED_IN else fixed)
    sheet.freeze_panes(1, 2)
    _choices(sheet, len(rows))
    # Without a password: it guards against a slip, and whoever wants to sort or to add columns takes it off.
    sheet.protect("", {"format_columns": True, "format_rows": True, "sort": True, "autofilter": True})


def _put(sheet: Worksheet, row: int, column: int, value: str | Decimal, look: Any) -> None:
    if isinstance(value, Decimal):
        sheet.write_number(row, column, float(value), look)
    elif value:
        sheet.write_string(row, column, value, look)
    else:
        sheet.write_blank(row, column, None, look)


def _choices(sheet: Worksheet, rows: int) -> None:
    if not rows:
        return
    sheet.data_validation(
        1,
        _STATUS,
        rows,
        _STATUS,
        {
            "validate": "list",
            "source": [str(STATUS_NAMES[status]) for status in _OFFERED],
            "error_title": _("Status"),
            "error_message": _("Choose one from the list, or leave it empty."),
        },
    )


def _instructions(book: Workbook, submission: Submission) -> None:
    sheet = book.add_worksheet(_("How to fill it in"))
    look = book.add_format({"text_wrap": True, "valign": "top"})
    sheet.set_column(0, 0, 100)
    for number, sentence in enumerate(_sentences(submission)):
        sheet.write_string(number, 0, sentence, look)


def _sentences(submission: Submission) -> list[str]:
    return [
        str(submission),
        _("Fill in the yellow columns of the first sheet, and give the file back on the page of the report."),
        _("An empty field leaves what is on the page as it is."),
        _("Where there is no figure, choose why in the column “Status”. Blank is never 0."),
        _(
            "Write numbers, not formulas: copy them, and “paste as values”. Yes or no for what is reached or not."
        ),
        _("The columns at the right with codes say what each line is about: leave them as they are."),
        _("You may sort the lines, move columns, and add columns of your own: they are not read."),
        _(
            "Before anything changes you see what would: what is new, what changes, and what cannot be read, and why."
        ),
    ]


# --- text -------------------------------------------------------------------------------------------------


def text(submission: Submission, grid: Grid) -> bytes:
    """With a mark at its beginning, by which spreadsheets know that it is UTF-8."""
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow(headings())
    for row in rows_of(submission, grid):
        writer.writerow(_harmless(value) for value in row.cells)
    return lines.getvalue().encode("utf-8-sig")


def _harmless(value: str | Decimal) -> str:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return harmless(value)
