"""Writing a package from rows that stand nowhere in the database yet, in the form that the export has."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from measurement.datapackage import descriptor
from measurement.datapackage.columns import Value, write
from measurement.datapackage.containers import writing
from measurement.datapackage.resources import RESOURCES
from measurement.datapackage.shapes import Resource

Rows = Sequence[Mapping[str, Value]]

_FIRST: Final = (0, "")
_SPECIAL: Final = frozenset(',"\r\n')


def compose(tables: Mapping[str, Rows], *, to: Path) -> None:
    """Write the tables, each row by column name; what a row does not name is empty."""
    resources = [it for it in RESOURCES if not it.optional or it.name in tables or it.name == "drafts"]
    facts = {"summary": "", "source_note": "", **{k: write(v) for k, v in tables["initiative"][0].items()}}
    with writing(to) as package:
        with package.file(descriptor.FILE) as stream:
            stream.write(descriptor.written(facts, resources))
        for resource in resources:
            with package.file(resource.path) as stream:
                stream.write(_csv(resource, tables.get(resource.name, ())).encode())


def _csv(resource: Resource, rows: Rows) -> str:
    ordered = sorted(rows, key=lambda row: _place(resource, row))
    lines = [[_cell(write(row.get(name))) for name in resource.header] for row in ordered]
    return "".join(",".join(line) + "\n" for line in [resource.header, *lines])


def _cell(text: str) -> str:
    """Quoted exactly where the database does it, which the standard library does not for a carriage return."""
    return '"' + text.replace('"', '""') + '"' if _SPECIAL & set(text) else text


def _place(resource: Resource, row: Mapping[str, Value]) -> list[tuple[int, Any]]:
    """Where the export puts the row: by its key, texts byte by byte, what is empty first."""
    return [_FIRST if row.get(name) in (None, "") else (1, _sortable(row[name])) for name in resource.key]


def _sortable(value: Value) -> Any:
    return value.encode() if isinstance(value, str) else value


def whole(rows: Iterable[Mapping[str, Value]], **values: Value) -> list[dict[str, Value]]:
    """The rows, each with these values beside its own."""
    return [{**values, **row} for row in rows]
