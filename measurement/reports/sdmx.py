"""A release as SDMX-CSV 2.0: codes, observations, and for each the status of the standard's code list.

A: normal; E: estimated; O: missing; P: provisional; Q: missing, suppressed. What is hidden is Q, and has no value.
"""

import re
import unicodedata
from collections.abc import Hashable, Iterator
from datetime import date, timedelta
from typing import Final

from measurement.releases.selectors import CellRead, Reading
from measurement.reports.columns import Line, Value, lines_of
from measurement.reports.delimited import table
from measurement.reports.stamp import Stamp

TOTAL: Final = "_T"
HEADER: Final = (
    *("STRUCTURE", "STRUCTURE_ID", "ACTION", "INDICATOR", "REF_AREA", "BREAKDOWN", "CATEGORY", "TIME_PERIOD"),
    *("OBS_VALUE", "OBS_STATUS", "UNIT_MEASURE", "DECIMALS", "LOW", "HIGH", "INDICATOR_NAME", "AREA_NAME"),
    *("CATEGORY_NAME", "AS_OF", "LICENCE", "HASH"),
)
_NOT_IN_CODES: Final = re.compile(r"[^A-Z0-9_]+")


class Codes:
    """One code for each thing, made of its name; of two with the same name the second is numbered."""

    def __init__(self) -> None:
        self._of: dict[Hashable, str] = {}

    def of(self, key: Hashable, name: str) -> str:
        if key not in self._of:
            code, number, taken = code_of(name), 2, set(self._of.values())
            while code in taken or code == TOTAL:
                code, number = f"{code_of(name)}_{number}", number + 1
            self._of[key] = code
        return self._of[key]


def code_of(name: str) -> str:
    """In the letters that the standard allows, and never with a digit first."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().upper()
    code = _NOT_IN_CODES.sub("_", letters).strip("_")
    return code if code and code[0].isalpha() else f"X{code}"


def sdmx_of(reading: Reading, stamp: Stamp) -> bytes:
    return table(HEADER, _rows(reading, stamp))


def _rows(reading: Reading, stamp: Stamp) -> Iterator[list[Value]]:
    places, categories = Codes(), Codes()
    flow = f"{code_of(stamp.slug)}:RELEASE({stamp.number}.0.0)"
    for line in lines_of(reading, stamp):
        cell, measure = line.cell, line.measure
        yield [
            *("dataflow", flow, "I", code_of(measure.code)),
            places.of(cell.place_key, cell.place) if cell.place_key else TOTAL,
            code_of(cell.breakdown_code) if cell.category_keys else TOTAL,
            categories.of(cell.category_keys, cell.category) if cell.category_keys else TOTAL,
            time_period(cell.period.start, cell.period.end),
            *(cell.value, cell.sdmx_status, measure.unit, measure.decimals, cell.low, cell.high),
            *_said(line, cell),
        ]


def _said(line: Line, cell: CellRead) -> tuple[Value, ...]:
    stamp = line.stamp
    return line.measure.name, cell.place, cell.category, stamp.as_of.isoformat(), stamp.licence, stamp.hash


def time_period(start: date, end: date) -> str:
    """A year, half, quarter or month of the calendar by its code, else the first day and how long it lasts."""
    after = end + timedelta(days=1)
    months = (after.year - start.year) * 12 + after.month - start.month
    if start.day != 1 or after.day != 1:
        return f"{start.isoformat()}/P{(after - start).days}D"
    part = (start.month - 1) // months + 1 if months in {3, 6} and (start.month - 1) % months == 0 else 0
    if months == 12 and start.month == 1:
        return f"{start.year:04}"
    if months == 1:
        return f"{start.year:04}-{start.month:02}"
    if part:
        return f"{start.year:04}-{'Q' if months == 3 else 'S'}{part}"
    return f"{start.isoformat()}/P{months}M"
