"""A file as a table: which kind it is, its sheets or its one text, rows of cells, and the place of each in words."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from django.utils.translation import gettext as _
from python_calamine import CalamineError, CalamineWorkbook

from measurement.imports.unpacking import (
    MOST_COLUMNS,
    MOST_MERGED,
    NotTaken,
    SheetFacts,
    encrypted,
    look_into,
    reference,
)

Raw = str | int | float | bool | date | datetime | time | timedelta | None

_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_DELIMITERS: Final = ",;\t"
_LOOKED_AT: Final = 20  # rows in which headings are looked for
_LONGEST_FIELD: Final = 20_000
_OTHER_KINDS: Final = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf")


@dataclass
class Table:
    """`sheet` is "" for a text. `lines` are the lines of a text on which rows end."""

    rows: list[Sequence[Raw]]
    sheet: str = ""
    facts: SheetFacts | None = None
    lines: list[int] = field(default_factory=list)

    def place(self, row: int, column: int | None, heading: str = "") -> str:
        if self.facts is None:
            line = self.lines[row] if row < len(self.lines) else row + 1
            if column is None:
                return _("Line %(line)d") % {"line": line}
            return _("Line %(line)d, column “%(heading)s”") % {"line": line, "heading": heading}
        if column is None:
            return _("Sheet “%(sheet)s”, row %(row)d") % {"sheet": self.sheet, "row": row + 1}
        cell = reference(row, column)
        return _("Sheet “%(sheet)s”, cell %(cell)s") % {"sheet": self.sheet, "cell": cell}


@dataclass
class Tables:
    """Those that may be meant, and what whoever gave the file should know about the others."""

    found: list[Table]
    notes: list[str] = field(default_factory=list)


def read_tables(content: bytes, *, most_rows: int) -> Tables:
    """Raises NotTaken with a sentence that says what to do."""
    if not content.strip():
        raise NotTaken(_("This file is empty."))
    if content.startswith(_OLE):
        if _ENCRYPTED in content:
            raise NotTaken(encrypted())
        raise NotTaken(
            _("This is a workbook of an old kind (.xls). Save it as an Excel workbook (.xlsx) or as CSV.")
        )
    if content.startswith(b"PK"):
        return _of_workbook(content, most_rows)
    if content.startswith(_OTHER_KINDS):
        raise NotTaken(_("This is no table. Give us an Excel workbook (.xlsx) or a CSV file."))
    return Tables([_of_text(decoded(content), most_rows)])


# --- workbooks ----------------------------------------------------------------------------------------


def _of_workbook(content: bytes, most_rows: int) -> Tables:
    sheets = look_into(content)
    tables = Tables([])
    for facts in sheets:
        if facts.is_hidden:
            tables.notes.append(_("Sheet “%(sheet)s” is hidden, so it was not read.") % {"sheet": facts.name})
    seen = [facts for facts in sheets if not facts.is_hidden and facts.rows]
    for facts in seen:
        _must_be_small(facts, most_rows)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
        for facts in seen:
            rows = book.get_sheet_by_name(facts.name).to_python(skip_empty_area=False)
            tables.found.append(Table(list(rows), facts.name, facts))
    except (CalamineError, ValueError, OSError) as broken:
        raise NotTaken(
            _("This workbook cannot be read. Save it anew as an Excel workbook (.xlsx) or as CSV.")
        ) from broken
    if not tables.found:
        raise NotTaken(_("There is nothing in the sheets of this workbook that are not hidden."))
    return tables


def _must_be_small(facts: SheetFacts, most_rows: int) -> None:
    if facts.columns > MOST_COLUMNS:
        raise NotTaken(
            _("Sheet “%(sheet)s” has something in column %(count)d. At most %(most)d columns are read.")
            % {"sheet": facts.name, "count": facts.columns, "most": MOST_COLUMNS}
        )
    if facts.rows > most_rows + _LOOKED_AT:
        raise too_many_rows(most_rows)
    if len(facts.merged) > MOST_MERGED:
        raise NotTaken(
            _("Sheet “%(sheet)s” has hundreds of merged cells. Unmerge them first.") % {"sheet": facts.name}
        )


def too_many_rows(most_rows: int) -> NotTaken:
    return NotTaken(
        _("This file has more than %(most)s rows with figures. Split it into several files.")
        % {"most": f"{most_rows:,}"}
    )


# --- texts --------------------------------------------------------------------------------------------


def decoded(content: bytes) -> str:
    """UTF-8, UTF-16 or Windows-1252, as programs save it. Raises NotTaken."""
    for mark, encoding in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if content.startswith(mark):
            return _in(content, encoding)
    head = content[:200]
    if b"\0" in head:
        return _in(content, "utf-16-le" if head[1:2] == b"\0" else "utf-16-be")
    try:
        return _printable(content.decode("utf-8"))
    except UnicodeDecodeError:
        return _in(content, "cp1252")


def _in(content: bytes, encoding: str) -> str:
    try:
        return _printable(content.decode(encoding))
    except UnicodeDecodeError as broken:
        raise NotTaken(_no_text()) from broken


def _printable(text: str) -> str:
    if "\0" in text:
        raise NotTaken(_no_text())
    return text


def _no_text() -> str:
    return _(
        "This file holds characters that no table has. Save it anew as an Excel workbook (.xlsx) or as CSV."
    )


def _of_text(text: str, most_rows: int) -> Table:
    if text.lstrip()[:200].lower().startswith(("<!doctype", "<html", "<?xml", "<table", "{\\rtf")):
        raise NotTaken(
            _(
                "This is a web page or a document, whatever its name says. Save it as an Excel workbook (.xlsx) or CSV."
            )
        )
    delimiter, text = _delimiter(text)
    table = Table([])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            table.rows.append(row)
            table.lines.append(reader.line_num)
            if len(table.rows) > most_rows + _LOOKED_AT:
                raise too_many_rows(most_rows)
            if len(row) > MOST_COLUMNS or any(len(cell) > _LONGEST_FIELD for cell in row):
                raise NotTaken(_odd_line(reader.line_num))
    except csv.Error as broken:
        raise NotTaken(_odd_line(reader.line_num)) from broken
    return table


def _odd_line(line: int) -> str:
    return _(
        "Line %(line)d cannot be read as a row of a table: look for a quotation mark that is opened and not closed."
    ) % {"line": line}


def _delimiter(text: str) -> tuple[str, str]:
    """The mark between cells, and the text without a line that only names it, as Excel writes one."""
    first, _newline, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5:
        return first.strip()[-1], rest
    lines = [line for line in text[:20_000].splitlines()[:_LOOKED_AT] if line.strip()]
    return max(_DELIMITERS, key=lambda mark: max((line.count(mark) for line in lines), default=0)), text
