"""A release as a Frictionless Data Package: a zip archive of tables, with a description that programs read."""

import io
import json
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from measurement.releases.selectors import Change, MeasureRead, Reading
from measurement.reports.columns import COLUMNS, Column, Type, Value
from measurement.reports.delimited import figures, table
from measurement.reports.stamp import Stamp

FILE: Final = "datapackage.json"
_EARLIEST: Final = (1980, 1, 1, 0, 0, 0)  # the same release gives the same bytes
_NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9._-]+")
_MEASURES: Final[dict[str, Type]] = {
    **dict.fromkeys(("code", "name", "definition", "kind", "unit"), "string"),
    "version": "integer",
    **dict.fromkeys(("amount_label", "base_label", "source", "method", "inclusion"), "string"),
}
_CHANGES: Final[dict[str, Type]] = {
    **dict.fromkeys(("measure", "period", "place", "category"), "string"),
    **dict.fromkeys(("old", "new"), "number"),
    **dict.fromkeys(("unit", "why"), "string"),
}


def package_of(reading: Reading, stamp: Stamp, changes: Iterable[Change]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _files(reading, stamp, changes):
            entry = zipfile.ZipInfo(name, _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, text)
    return content.getvalue()


def _files(reading: Reading, stamp: Stamp, changes: Iterable[Change]) -> Iterator[tuple[str, bytes]]:
    yield FILE, description(stamp)
    yield "figures.csv", figures(reading, stamp)
    yield "measures.csv", table(_MEASURES, (_values(each, _MEASURES) for each in reading.measures))
    yield "restatements.csv", table(_CHANGES, (_values(each, _CHANGES) for each in changes))


def _values(row: MeasureRead | Change, names: Iterable[str]) -> Sequence[Value]:
    return [getattr(row, name) for name in names]


def description(stamp: Stamp) -> bytes:
    content: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": stamp.name.lower(),
        "id": stamp.hash,
        "title": f"{stamp.initiative}: {stamp.title}",
        "version": str(stamp.number),
        "created": stamp.as_of.isoformat(),
        "licenses": [{"name": _licence_code(stamp), "title": stamp.licence}],
        "sources": [{"title": stamp.source or stamp.initiative}],
        "resources": [
            _resource("figures", [_field(column) for column in COLUMNS], key=("measure_code", "code")),
            _resource("measures", _plain_fields(_MEASURES), primary="code"),
            _resource("restatements", _plain_fields(_CHANGES)),
        ],
    }
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _licence_code(stamp: Stamp) -> str:
    code = _NOT_IN_NAMES.sub("-", stamp.licence).strip("-") if stamp.is_licensed else ""
    return code or "notspecified"


def _resource(
    name: str, fields: list[dict[str, Any]], *, primary: str = "", key: tuple[str, str] | None = None
) -> dict[str, Any]:
    schema: dict[str, Any] = {"fields": fields, "missingValues": [""]}
    if primary:
        schema["primaryKey"] = [primary]
    if key:
        reference = {"resource": "measures", "fields": [key[1]]}
        schema["foreignKeys"] = [{"fields": [key[0]], "reference": reference}]
    return {
        "profile": "tabular-data-resource",
        "name": name,
        "path": f"{name}.csv",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.choices:
        constraints["enum"] = list(column.choices)
    about = {"name": column.name, "type": column.type, "description": str(column.meaning)}
    return about | ({"constraints": constraints} if constraints else {})


def _plain_fields(columns: dict[str, Type]) -> list[dict[str, Any]]:
    return [{"name": name, "type": kind} for name, kind in columns.items()]
