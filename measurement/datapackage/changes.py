"""What a package brings beside what is stored: new rows, rows as before, rows that differ."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from initiatives.charter.models import Initiative
from measurement.datapackage import stored
from measurement.datapackage.problems import Findings
from measurement.datapackage.tables import Row, Table
from measurement.submissions.status import FigureStatus

_STATES: Final = {"planned": 0, "open": 1, "closed": 2}


@dataclass
class Changes:
    """`kept`: how many rows differ from what is stored, which was left as it is."""

    new: dict[str, list[Row]] = field(default_factory=dict)
    kept: dict[str, int] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        return {name: len(rows) for name, rows in self.new.items() if rows}


def compare(tables: Mapping[str, Table], initiative: Initiative, findings: Findings) -> Changes:
    """What is new for the initiative. A difference in what can never be changed is a problem."""
    changes = Changes()
    for name, table in tables.items():
        before = _before(table, initiative, people="people" in tables)
        changes.new[name], different = _sorted_out(table, before)
        settled = [row for row in different if _is_settled(table, row)]
        for row in settled:
            findings.add(table.file, row.line, ", ".join(table.resource.key), _settled(name))
        if len(different) > len(settled):
            changes.kept[name] = len(different) - len(settled)
    return changes


def _is_settled(table: Table, row: Row) -> bool:
    """What was recorded or defined. What is expected (entry 0) may well have changed."""
    return table.resource.settled and getattr(row, "entry", "") != "0"


def _settled(name: str) -> str:
    if name == "observations":
        return _("Something else is recorded. A correction is a further entry, not a change of this one.")
    return _("Something else is stored. A changed definition is a further version, not a change of this one.")


def _before(table: Table, initiative: Initiative, *, people: bool) -> dict[tuple[str, ...], tuple[str, ...]]:
    key_of = table.resource.getter(table.resource.key)
    return {key_of(cells): cells for cells in stored.rows(table.resource, initiative, people=people)}


def _sorted_out(table: Table, before: dict[tuple[str, ...], tuple[str, ...]]) -> tuple[list[Row], list[Row]]:
    if not before:
        return table.rows, []
    key_of = table.resource.getter(table.resource.key)
    new, different = [], []
    for row in table.rows:
        there = before.get(key_of(row))
        if there == row[:-1] or _is_behind(table, row, before):
            continue
        if there is None or _has_moved_on(table, row, there):
            new.append(row)
        else:
            different.append(row)
    return new, different


def _is_behind(table: Table, row: Row, before: dict[tuple[str, ...], tuple[str, ...]]) -> bool:
    """Expected in the package, while here something has been recorded already."""
    if table.resource.name != "observations" or row.entry != "0":
        return False
    return row.status != FigureStatus.NOT_EXPECTED and (*row[:6], "1") in before


def _has_moved_on(table: Table, row: Row, there: tuple[str, ...]) -> bool:
    """A period was opened or closed, a report begun, a group said to be another since what is stored was loaded."""
    stood = table.resource.row(*there, 0)
    if table.resource.name == "group_members":
        return bool(row.superseded_at) and not stood.superseded_at and row.left_on == stood.left_on
    if table.resource.name == "periods":
        return _STATES[row.state] > _STATES[stood.state]
    return table.resource.name == "reports" and bool(row.status) and not stood.status
