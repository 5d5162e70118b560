"""Tables as text with commas. No cell is a formula, whatever a text begins with."""

import csv
import io
from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from backbone.web.harmless import harmless
from backbone.web.numbers import exact_text
from measurement.releases.selectors import Reading
from measurement.reports.columns import COLUMNS, Value, lines_of
from measurement.reports.stamp import Stamp


def csv_of(reading: Reading, stamp: Stamp) -> bytes:
    """With a mark at its beginning, by which spreadsheets know that it is UTF-8."""
    return b"\xef\xbb\xbf" + figures(reading, stamp)


def figures(reading: Reading, stamp: Stamp) -> bytes:
    rows = ([column.read(line) for column in COLUMNS] for line in lines_of(reading, stamp))
    return table([column.name for column in COLUMNS], rows)


def table(header: Iterable[str], rows: Iterable[Iterable[Value]]) -> bytes:
    lines = io.StringIO(newline="")
    writer = csv.writer(lines)
    writer.writerow(header)
    writer.writerows([plain(value) for value in row] for row in rows)
    return lines.getvalue().encode()


def plain(value: Value) -> str:
    if isinstance(value, Decimal):
        return exact_text(value)
    if isinstance(value, date):
        return value.isoformat()
    return harmless(value) if isinstance(value, str) else "" if value is None else str(value)
