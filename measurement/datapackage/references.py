"""Rows that name other rows: each of them has to be there."""

from collections.abc import Mapping

from django.utils.translation import gettext as _

from measurement.datapackage.problems import Findings
from measurement.datapackage.shapes import ForeignKey
from measurement.datapackage.tables import Table


def check(tables: Mapping[str, Table], findings: Findings) -> None:
    for table in tables.values():
        for key in table.resource.foreign_keys:
            other = tables.get(key.resource)
            if other is not None and other.whole:
                _check(table, key, other, findings)


def _check(table: Table, key: ForeignKey, other: Table, findings: Findings) -> None:
    named = table.resource.getter(key.fields)
    column = ", ".join(key.fields)
    for row in table.rows:
        found = named(row)
        if found in other.keys or not any(found):
            continue
        words = {"row": ", ".join(found), "file": other.file}
        findings.add(table.file, row.line, column, _("“%(row)s” is not in %(file)s.") % words)
