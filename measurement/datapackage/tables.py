"""Reading the tables of a package, cell by cell, and keeping every problem with its place."""

import csv
import io
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from measurement.datapackage.columns import NotReadable, write
from measurement.datapackage.containers import DAMAGED, Container, Refused
from measurement.datapackage.problems import Findings
from measurement.datapackage.shapes import Resource

Row = Any  # what Resource.row makes: the cells by name, as they are written, and the line

_KNOWN_AT_MOST = 100_000


@dataclass
class Table:
    """The rows that can be read, and the keys of all rows, so that one bad row is one problem.

    A table that is not `whole` could not be read to its end.
    """

    resource: Resource
    file: str
    rows: list[Row] = field(default_factory=list)
    keys: set[tuple[str, ...]] = field(default_factory=set)
    whole: bool = False


def read(container: Container, resource: Resource, path: str, findings: Findings) -> Table:
    table = Table(resource, path)
    try:
        with closing(container.open(path)) as stream:
            text = io.TextIOWrapper(stream, encoding="utf-8-sig", errors="strict", newline="")
            table.whole = _read_lines(csv.reader(text, strict=True), table, findings)
    except Refused as refused:
        findings.add(path, None, "", str(refused))
    except UnicodeDecodeError:
        findings.add(path, None, "", _("This file is not written in UTF-8. Save it as “CSV UTF-8”."))
    except csv.Error as wrong:
        findings.add(path, None, "", _("This is not a CSV file: %(why)s.") % {"why": wrong})
    except DAMAGED:
        findings.add(path, None, "", _("This file is damaged."))
    return table


def _read_lines(lines: Iterator[list[str]], table: Table, findings: Findings) -> bool:
    header = next(lines, [])
    if header != table.resource.header:
        findings.add(table.file, 1, "", _wrong_header(header, table.resource.header))
        return False
    reader = Lines(table, findings)
    for number, line in enumerate(lines, start=2):
        reader.take(number, line)
    return True


class Lines:
    """Takes the lines of one table, and does not read again what it has read before in the same column."""

    def __init__(self, table: Table, findings: Findings) -> None:
        self.table, self.findings = table, findings
        self.columns = table.resource.columns
        self.known: list[dict[str, str]] = [{} for _column in self.columns]
        self.key_of = table.resource.getter(table.resource.key)

    def take(self, number: int, line: list[str]) -> None:
        if len(line) != len(self.columns):
            numbers = {"found": len(line), "wanted": len(self.columns)}
            self._wrong(number, "", _("There are %(found)s cells instead of %(wanted)s.") % numbers)
            return
        try:
            cells = [self._cell(place, text) for place, text in enumerate(line)]
        except NotReadable:
            self.table.keys.add(self.key_of(line))
            self._wrong_cells(number, line)
            return
        key = self.key_of(cells)
        if key in self.table.keys:
            self._wrong(number, ", ".join(self.table.resource.key), _("Another row has the same key."))
            return
        self.table.keys.add(key)
        self.table.rows.append(self.table.resource.row(*cells, number))

    def _cell(self, place: int, text: str) -> str:
        """The cell in its one form. Raises NotReadable."""
        before = self.known[place]
        found = before.get(text)
        if found is None:
            found = write(self.columns[place].read(text))
            if len(before) < _KNOWN_AT_MOST:
                before[text] = found
        return found

    def _wrong_cells(self, number: int, line: list[str]) -> None:
        for place, text in enumerate(line):
            try:
                self._cell(place, text)
            except NotReadable as reason:
                self._wrong(number, self.columns[place].name, str(reason))

    def _wrong(self, number: int, column: str, sentence: str) -> None:
        self.findings.add(self.table.file, number, column, sentence)


def _wrong_header(found: list[str], wanted: list[str]) -> str:
    missing = [name for name in wanted if name not in found]
    strange = [name for name in found if name not in wanted]
    if missing:
        return _("Missing in the header: %(names)s.") % {"names": ", ".join(missing)}
    if strange:
        return _("Unknown in the header: %(names)s.") % {"names": ", ".join(strange)}
    return _("The columns have to stand in this order: %(names)s.") % {"names": ", ".join(wanted)}
