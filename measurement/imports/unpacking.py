"""Looking into a spreadsheet before anything else reads it: what it really is, what it unpacks to, what it hides.

An .xlsx file is a zip of XML. It is unpacked piece by piece and counted while it is read, because what it says about
its own size may be a lie; its XML may declare no types and no entities. What we have to know of its cells beside their
values (formulas, merged cells, percentages, hidden sheets) is noted on the way.
"""

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

from defusedxml import DefusedXmlException
from defusedxml.sax import make_parser
from django.utils.translation import gettext as _

MOST_UNPACKED: Final = 50 * 1024 * 1024
MOST_RATIO: Final = 100
MOST_PARTS: Final = 2_000
MOST_COLUMNS: Final = 200
MOST_MERGED: Final = 200

_SMALL: Final = 1024 * 1024  # below it no ratio is a danger
_PIECE: Final = 256 * 1024
_PERCENT_FORMATS: Final = frozenset({9, 10})
_REFERENCE: Final = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class NotTaken(Exception):
    """The file cannot be taken; the text says why to people, and what to do."""


@dataclass
class SheetFacts:
    """Rows and columns count from 0, as (row, column)."""

    name: str
    is_hidden: bool = False
    rows: int = 0
    columns: int = 0
    formulas: set[tuple[int, int]] = field(default_factory=set)
    percentages: set[tuple[int, int]] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)

    def is_merged(self, row: int, column: int) -> bool:
        return any(
            top <= row <= bottom and left <= column <= right for top, left, bottom, right in self.merged
        )


def look_into(content: bytes) -> list[SheetFacts]:
    """The sheets of a workbook. Raises NotTaken."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _unpack(archive, len(content))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as broken:
        raise NotTaken(_broken()) from broken
    _must_be_plain(parts)
    try:
        return _facts(parts)
    except DefusedXmlException as declared:
        raise NotTaken(
            _(
                "This file declares XML types or entities, as no spreadsheet program does. Save it anew from your "
                "spreadsheet program as an Excel workbook (.xlsx)."
            )
        ) from declared
    except (SAXException, ValueError, KeyError) as broken:
        raise NotTaken(_broken()) from broken


def _broken() -> str:
    return _(
        "This file is damaged or no Excel workbook. Save it anew as an Excel workbook (.xlsx) or as CSV."
    )


def _unpack(archive: zipfile.ZipFile, packed: int) -> dict[str, bytes]:
    infos = archive.infolist()
    if len(infos) > MOST_PARTS or len({info.filename for info in infos}) != len(infos):
        raise NotTaken(_broken())
    if any(info.flag_bits & 1 for info in infos):
        raise NotTaken(encrypted())
    parts, total = {}, 0
    for info in infos:
        whole = bytearray()
        for piece in _pieces(archive, info):
            whole += piece
            total += len(piece)
            if total > MOST_UNPACKED or (total > _SMALL and total > MOST_RATIO * packed):
                raise NotTaken(
                    _(
                        "This file unpacks to far more than a table of figures needs. Copy the table into a new "
                        "workbook, and give us that."
                    )
                )
        parts[info.filename] = bytes(whole)
    return parts


def _pieces(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Iterator[bytes]:
    with archive.open(info) as stream:
        while piece := stream.read(_PIECE):
            yield piece


def encrypted() -> str:
    return _("This file is protected by a password, so we cannot read it. Save a copy without the password.")


def _must_be_plain(parts: dict[str, bytes]) -> None:
    names = {name.lower() for name in parts}
    if b"opendocument" in parts.get("mimetype", b""):
        raise NotTaken(_("This is an OpenDocument file. Save it as an Excel workbook (.xlsx) or as CSV."))
    if "xl/workbook.bin" in names:
        raise NotTaken(_("This is a binary workbook (.xlsb). Save it as an Excel workbook (.xlsx)."))
    if "xl/workbook.xml" not in names:
        raise NotTaken(_broken())
    types = parts.get("[Content_Types].xml", b"").lower()
    if any(name.endswith("vbaproject.bin") for name in names) or b"macroenabled" in types:
        raise NotTaken(
            _("This workbook contains macros, which we never take. Save it as an Excel workbook (.xlsx).")
        )
    if any(name.startswith(("xl/externallinks/", "xl/connections", "xl/querytables/")) for name in names):
        raise NotTaken(
            _(
                "This workbook takes values from other files (external links). Copy the table into a new workbook with "
                "“paste as values”, and give us that."
            )
        )


def _facts(parts: dict[str, bytes]) -> list[SheetFacts]:
    for name, part in parts.items():
        if name.endswith((".xml", ".rels")) and not name.startswith("xl/worksheets/sheet"):
            _walk(part, ContentHandler())
    targets, styles, book = _Targets(), _Styles(), _Book()
    _walk(parts["xl/_rels/workbook.xml.rels"], targets)
    _walk(parts.get("xl/styles.xml", b"<none/>"), styles)
    _walk(parts["xl/workbook.xml"], book)
    found = []
    for name, relation, is_hidden in book.sheets:
        target = targets.of[relation].lstrip("/")
        path = target if target.startswith("xl/") else f"xl/{target}"
        facts = SheetFacts(name, is_hidden=is_hidden)
        if "worksheet" in path:
            _walk(parts[path], _Sheet(facts, styles.percentages))
            found.append(facts)
    return found


def _walk(part: bytes, handler: ContentHandler) -> None:
    parser = make_parser()
    parser.forbid_dtd = True
    parser.setContentHandler(handler)
    parser.parse(io.BytesIO(part))


def _local(name: str) -> str:
    return name.rsplit(":", 1)[-1]


class _Targets(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.of: dict[str, str] = {}

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802 - the name that SAX calls
        if _local(name) == "Relationship":
            self.of[attrs.get("Id", "")] = attrs.get("Target", "")


class _Book(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.sheets: list[tuple[str, str, bool]] = []

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802
        if _local(name) == "sheet":
            relation = next((attrs[key] for key in attrs.getNames() if key.endswith(":id")), "")
            self.sheets.append((attrs.get("name", ""), relation, attrs.get("state", "visible") != "visible"))


class _Styles(ContentHandler):
    """Which formats of cells show a percentage."""

    def __init__(self) -> None:
        super().__init__()
        self.percentages: set[int] = set()
        self._custom: set[int] = set()
        self._among_cells = False
        self._number = 0

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802
        local = _local(name)
        if local == "numFmt" and "%" in attrs.get("formatCode", ""):
            self._custom.add(int(attrs["numFmtId"]))
        elif local == "cellXfs":
            self._among_cells = True
        elif local == "xf" and self._among_cells:
            if int(attrs.get("numFmtId", "0")) in _PERCENT_FORMATS | self._custom:
                self.percentages.add(self._number)
            self._number += 1

    def endElement(self, name: str) -> None:  # noqa: N802
        if _local(name) == "cellXfs":
            self._among_cells = False


class _Sheet(ContentHandler):
    def __init__(self, facts: SheetFacts, percentages: set[int]) -> None:
        super().__init__()
        self._facts = facts
        self._percentages = percentages
        self._row, self._column = -1, -1

    def startElement(self, name: str, attrs: Any) -> None:  # noqa: N802
        local = _local(name)
        if local == "c":
            self._cell(attrs)
        elif local == "row":
            self._row = int(attrs["r"]) - 1 if "r" in attrs else self._row + 1
            self._column = -1
        elif local == "f":
            self._facts.formulas.add((self._row, self._column))
        elif local == "mergeCell":
            self._facts.merged.append(_area(attrs["ref"]))

    def _cell(self, attrs: Any) -> None:
        if "r" in attrs:
            self._row, self._column = position(attrs["r"])
        else:
            self._column += 1
        facts = self._facts
        facts.rows = max(facts.rows, self._row + 1)
        facts.columns = max(facts.columns, self._column + 1)
        if self._percentages and int(attrs.get("s", "0")) in self._percentages:
            facts.percentages.add((self._row, self._column))


def _area(reference: str) -> tuple[int, int, int, int]:
    first, _colon, last = reference.partition(":")
    return (*position(first), *position(last or first))


def position(reference: str) -> tuple[int, int]:
    """D14 is row 13, column 3. Raises ValueError."""
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise ValueError(reference)
    column = 0
    for letter in found[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(found[2]) - 1, column - 1


def reference(row: int, column: int) -> str:
    """The inverse."""
    letters, left = "", column + 1
    while left:
        left, rest = divmod(left - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return f"{letters}{row + 1}"
