"""Putting new rows of a package into the tables: copied into temporary ones, then one statement for each."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime
from typing import Any, Final

from django.db import connection

from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from measurement.calendars.models import ReportingCalendar
from measurement.calendars.operations import add_periods
from measurement.datapackage import agreed, statements, stating
from measurement.datapackage.changes import Changes
from measurement.datapackage.resources import BY_NAME
from measurement.datapackage.shapes import Resource
from measurement.datapackage.tables import Row

_SQL_TYPES: Final = {
    "string": "text",
    "number": "numeric",
    "integer": "bigint",
    "boolean": "boolean",
    "date": "date",
    "datetime": "timestamptz",
}


def store(changes: Changes, initiative: Initiative, *, by: User | None, at: datetime) -> None:
    """Needs the transaction of whoever calls. Rows have to be right: the database refuses what is not."""
    for name, resource in BY_NAME.items():  # a package without an optional table has nothing new in it
        _copy(resource, changes.new.get(name, []))
    arguments = {"initiative": initiative.pk, "at": at}
    _run(statements.PARTNERS, arguments)
    _add_periods(changes.new["periods"], initiative, by=by, at=at)
    _run(statements.DEFINITIONS, arguments)
    _run(agreed.STATEMENTS, arguments)
    _run(stating.STATEMENTS, arguments)
    _run(statements.REPORTS, arguments)
    _run(statements.FIGURES, arguments)
    if changes.counts:
        _run(statements.WHAT_TO_ADD_UP, arguments)
    connection.check_constraints()  # now, while whoever called can still say what is wrong


def known_organizations() -> dict[str, int]:
    """The organizations of the initiative that was last stored in this transaction, by their code."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT code, id FROM known_organizations")
        return dict(cursor.fetchall())


def _copy(resource: Resource, rows: Iterable[Row]) -> None:
    columns = ", ".join(f'"{column.name}" {_SQL_TYPES[column.type]}' for column in resource.columns)
    table = f"package_{resource.name}"
    lines = io.StringIO(newline="")
    csv.writer(lines).writerows(row[:-1] for row in rows)
    lines.seek(0)
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS pg_temp.{table}")
        cursor.execute(f"CREATE TEMPORARY TABLE {table} ({columns}) ON COMMIT DROP")
        cursor.copy_expert(f"COPY {table} FROM STDIN WITH (FORMAT csv)", lines)
        cursor.execute(f"ANALYZE {table}")


def _run(parts: Iterable[str], arguments: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        for statement in parts:
            cursor.execute(statement, arguments)


def _add_periods(rows: list[Row], initiative: Initiative, *, by: User | None, at: datetime) -> None:
    new: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        new[row.calendar].append(row)
    for calendar in ReportingCalendar.objects.filter(initiative=initiative, code__in=new):
        add_periods(
            calendar=calendar,
            first=date.fromisoformat(min(row.start for row in new[calendar.code])),
            last=date.fromisoformat(max(row.end for row in new[calendar.code])),
            by=by,
            at=at,
        )
