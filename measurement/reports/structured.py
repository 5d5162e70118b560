"""A release as JSON. Numbers are texts, so that no digit is lost; a figure that is not shown has none."""

import json
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Any, Final

from backbone.web.numbers import exact_text
from measurement.releases.selectors import Change, MeasureRead, Reading
from measurement.reports.columns import COLUMNS, Line, Value
from measurement.reports.stamp import Stamp

FORMAT: Final = "backbone-release/1"
_OF_A_FIGURE: Final = tuple(
    column
    for column in COLUMNS
    if column.name not in {"measure_code", "measure", "unit", "release", "as_of", "licence", "hash"}
)
_OF_A_MEASURE: Final = (
    *(
        "code",
        "name",
        "definition",
        "kind",
        "unit",
        "decimals",
        "polarity",
        "level",
        "perspective",
        "version",
    ),
    *("amount_label", "base_label", "source", "method", "inclusion"),
)


def json_of(reading: Reading, stamp: Stamp, changes: Iterable[Change]) -> bytes:
    content = {
        "format": FORMAT,
        "release": about(stamp),
        "periods": [_plain_dict(each.__dict__, without="key") for each in reading.periods],
        "measures": [measure(each, stamp) for each in reading.measures],
        "restatements": [_plain_dict(each.__dict__) for each in changes],
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def about(stamp: Stamp) -> dict[str, Any]:
    return {
        "initiative": {"slug": stamp.slug, "name": stamp.initiative},
        "number": stamp.number,
        "title": stamp.title,
        "audience": stamp.audience,
        "state": stamp.state,
        "as_of": stamp.as_of.isoformat(),
        "published_at": stamp.published_at.isoformat() if stamp.published_at else None,
        "licence": stamp.licence,
        "source": stamp.source,
        "hash": stamp.hash,
    }


def measure(told: MeasureRead, stamp: Stamp) -> dict[str, Any]:
    return {
        **{name: getattr(told, name) for name in _OF_A_MEASURE},
        "per": exact_text(told.per),
        "outcomes": [each.name for each in told.outcomes],
        "targets": [_plain_dict(each.__dict__) for each in told.targets],
        "breaks": [_plain_dict(each.__dict__) for each in told.breaks],
        "figures": [figure(Line(stamp, told, cell)) for cell in told.cells],
    }


def figure(line: Line) -> dict[str, Any]:
    return {column.name: _plain(column.read(line)) for column in _OF_A_FIGURE}


def _plain_dict(fields: dict[str, Any], *, without: str = "") -> dict[str, Any]:
    return {name: _plain(value) for name, value in fields.items() if name != without}


def _plain(value: Value) -> Any:
    if isinstance(value, Decimal):
        return exact_text(value)
    return value.isoformat() if isinstance(value, date) else value
