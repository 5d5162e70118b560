"""Broken, hostile, huge and merely odd files, each made on the spot."""

import io
import struct
import zipfile
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import openpyxl
import xlsxwriter

HEADS = ("Measure code", "Figure", "Out of", "Status", "Note")


def book(rows: list[tuple[Any, ...]], change: Callable[[Any], None] | None = None) -> bytes:
    """A workbook as openpyxl writes it, after something was done to it."""
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = "Q2"
    for row in (HEADS, *rows):
        sheet.append(row)
    if change:
        change(made)
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def by_xlsxwriter(write: Callable[[Any, Any], None], options: Mapping[str, Any] | None = None) -> bytes:
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True, **(options or {})}) as made:
        sheet = made.add_worksheet("Q2")
        sheet.write_row(0, 0, HEADS)
        write(made, sheet)
    return content.getvalue()


def repacked(content: bytes, parts: Mapping[str, bytes | None]) -> bytes:
    """The same zip with some parts put in, replaced, or (None) left out."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, part in parts.items():
            if part is not None:
                new.writestr(name, part)
    return made.getvalue()


def part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


PLAIN = book([("served", 12)])
SHEET = "xl/worksheets/sheet1.xml"


def with_doctype() -> bytes:
    evil = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
        + part(PLAIN, SHEET).split(b"?>", 1)[-1]
    )
    return repacked(PLAIN, {SHEET: evil})


def with_external_entity(encoding: str) -> bytes:
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE sst [<!ENTITY x SYSTEM "file:///etc/passwd">]><sst>&x;</sst>'
    return repacked(PLAIN, {"xl/sharedStrings.xml": text.encode(encoding)})


def bomb() -> bytes:
    return repacked(PLAIN, {"xl/media/image1.bmp": b"\0" * 60_000_000})


def lying_bomb() -> bytes:
    """One that says of itself that it is small."""
    content = bytearray(repacked(PLAIN, {"xl/worksheets/sheet1.xml": b" " * 30_000_000}))
    place = content.rfind(b"PK\x01\x02", 0, content.rfind(b"xl/worksheets/sheet1.xml"))
    content[place + 24 : place + 28] = struct.pack("<I", 1000)
    return bytes(content)


def many_parts() -> bytes:
    return repacked(PLAIN, {f"xl/media/{number}": b"" for number in range(3000)})


def encrypted_workbook() -> bytes:
    """What a workbook with a password is: no zip at all, but a container of an older kind around it."""
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
        + b"\0" * 504
        + "EncryptedPackage".encode("utf-16-le")
        + b"\0" * 512
    )


def encrypted_zip() -> bytes:
    content = bytearray(PLAIN)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = content.find(mark)
        while place >= 0:
            content[place + offset] |= 1
            place = content.find(mark, place + 4)
    return bytes(content)


def old_workbook() -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 1024


def with_macros() -> bytes:
    return repacked(PLAIN, {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})


def macro_type() -> bytes:
    types = part(PLAIN, "[Content_Types].xml").replace(
        b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main"
    )
    return repacked(PLAIN, {"[Content_Types].xml": types})


def with_links() -> bytes:
    return repacked(PLAIN, {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})


def open_document() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", "<x/>")
    return made.getvalue()


def binary_workbook() -> bytes:
    return repacked(PLAIN, {"xl/workbook.xml": None, "xl/workbook.bin": b"\0"})


def far_cell() -> bytes:
    """One cell at the far end of the sheet: whoever lays it out as a rectangle needs all memory there is."""
    return repacked(PLAIN, {SHEET: part(PLAIN, SHEET).replace(b'r="A2"', b'r="XFD1048576"')})


def deep_cell() -> bytes:
    return repacked(PLAIN, {SHEET: part(PLAIN, SHEET).replace(b'r="A2"', b'r="A1048576"')})


def two_sheets() -> bytes:
    def add(made: Any) -> None:
        made.copy_worksheet(made.active).title = "Q1"

    return book([("served", 12)], add)


def hidden_sheet() -> bytes:
    def add(made: Any) -> None:
        copied = made.copy_worksheet(made.active)
        copied.title, copied.sheet_state = "Old", "veryHidden"

    return book([("served", 12)], add)


def formulas() -> bytes:
    def write(made: Any, sheet: Any) -> None:
        sheet.write_row(1, 0, ["served"])
        sheet.write_formula(1, 1, "=6*2", None, 12)
        sheet.write_row(2, 0, ["score", 12.5])
        sheet.write_formula(2, 2, "=2+2", None, 4)

    return by_xlsxwriter(write)


def merged() -> bytes:
    def merge(made: Any) -> None:
        made.active.merge_cells("B2:B3")

    return book([("served", 12), ("opened", None)], merge)


def percentage() -> bytes:
    def write(made: Any, sheet: Any) -> None:
        sheet.write_row(1, 0, ["served"])
        sheet.write_number(1, 1, 0.12, made.add_format({"num_format": "0.0 %"}))

    return by_xlsxwriter(write)


def dates(*, since_1904: bool) -> bytes:
    def write(made: Any, sheet: Any) -> None:
        look = made.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(1, 0, ["served"])
        sheet.write_datetime(1, 1, datetime(2026, 3, 12), look)  # noqa: DTZ001 - a spreadsheet knows no zones

    return by_xlsxwriter(write, {"date_1904": since_1904})


def period_as_date(*, since_1904: bool) -> bytes:
    """What spreadsheets make of a period that is written like a date."""
    made = openpyxl.Workbook()
    if since_1904:
        made.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    made.active.append(["measure code", "period", "figure"])
    made.active.append(["served", date(2026, 1, 1), 12])
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()
