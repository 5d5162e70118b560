"""What has to hold of reports and figures in a package: the same as for what people type."""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from measurement.datapackage.definitions import Tables
from measurement.datapackage.problems import Findings
from measurement.datapackage.shapes import Resource
from measurement.datapackage.tables import Row
from measurement.indicators.kinds import Kind
from measurement.indicators.models import IndicatorVersion
from measurement.submissions.breakdown import complete_partition
from measurement.submissions.components import Components, of_levels, to_typed
from measurement.submissions.reading import wrong
from measurement.submissions.status import MEANINGS, FigureStatus

_Wrong = Iterator[tuple[str, str]]
_LEVELS: Final = re.compile(
    r"(0|[1-9][0-9]{0,13})(\.[0-9]{0,5}[1-9])?(;(0|[1-9][0-9]{0,13})(\.[0-9]{0,5}[1-9])?)*"
)


class _Cell(NamedTuple):
    indicator: str
    organization: str
    calendar: str
    period: str
    disaggregation: str
    category: str


@dataclass(frozen=True)
class _Known:
    """What the other tables say, made ready for asking thousands of times."""

    versions: dict[tuple[str, str], IndicatorVersion]
    assigned: set[tuple[str, ...]]
    begun: dict[tuple[str, ...], bool]


def check(tables: Tables, findings: Findings) -> None:
    _check_reports(tables, findings)
    known = _known(tables)
    table = tables["observations"]
    cells: dict[_Cell, list[Row]] = defaultdict(list)
    for row in table.rows:
        cells[_Cell(*row[:6])].append(row)
        for column, sentence in _figure(row, known):
            findings.add(table.file, row.line, column, sentence)
    for entries in cells.values():
        for row, sentence in _entries(sorted(entries, key=lambda row: int(row.entry))):
            findings.add(table.file, row.line, "entry", sentence)
    for row, column, sentence in _breakdowns(tables, cells, known):
        findings.add(table.file, row.line, column, sentence)


def _check_reports(tables: Tables, findings: Findings) -> None:
    table = tables["reports"]
    planned = {(row.calendar, row.code) for row in tables["periods"].rows if row.state == "planned"}
    for row in table.rows:
        if (row.calendar, row.period) in planned:
            findings.add(table.file, row.line, "period", _("This period has not been opened yet."))
        if row.status in ("submitted", "approved") and not row.submitted_at:
            findings.add(table.file, row.line, "submitted_at", _("A report that was handed in has a time."))


def _known(tables: Tables) -> _Known:
    assigned: set[tuple[str, ...]] = {
        (row.indicator, row.organization, row.calendar, "") for row in tables["assignments"].rows
    }
    assigned |= {
        (row.indicator, row.organization, row.calendar, row.disaggregation)
        for row in tables["assignment_breakdowns"].rows
    }
    return _Known(
        versions={
            (row.indicator, row.number): _version(row, tables["indicator_versions"].resource)
            for row in tables["indicator_versions"].rows
        },
        assigned=assigned,
        begun={
            (row.organization, row.calendar, row.period): bool(row.status) for row in tables["reports"].rows
        },
    )


def _version(row: Row, sheet: Resource) -> IndicatorVersion:
    people_and_parent = ("indicator", "steward", "deputy")
    return IndicatorVersion(
        **{
            column.name: column.read(getattr(row, column.name))
            for column in sheet.columns
            if column.name not in people_and_parent
        }
    )


def _figure(row: Row, known: _Known) -> _Wrong:
    version = known.versions.get((row.indicator, row.version))
    if version is None:
        return  # said already, where the rows that it names are looked up
    if (row.indicator, row.organization, row.calendar, row.disaggregation) not in known.assigned:
        yield "organization", _("This partner is not assigned to report this figure.")
    yield from _record(row, begun=known.begun.get((row.organization, row.calendar, row.period), True))
    yield from _answer(row, version)


def _record(row: Row, *, begun: bool) -> _Wrong:
    if row.entry == "0":
        if row.received_at or row.recorded_at or row.reason or row.note:
            yield "entry", _("Entry 0 is a figure that is expected, and of which nothing is recorded yet.")
        return
    if not row.received_at or not row.recorded_at:
        yield "recorded_at", _("A recorded figure needs the times when it was received and recorded.")
    if not begun:
        yield "entry", _("Something is recorded here, but its report has no status in reports.csv.")


def _answer(row: Row, version: IndicatorVersion) -> _Wrong:
    has_value = MEANINGS[FigureStatus(row.status)].has_value
    if row.entry == "0" and has_value:
        yield "status", _("Nothing is recorded yet, so it cannot be “%(status)s”.") % {"status": row.status}
        return
    for column in ("amount", "base", "squares", "levels", "text"):
        if getattr(row, column) and not has_value:
            yield column, _("With the status “%(status)s” there is no value.") % {"status": row.status}
            return
    yield from _interval(row)
    if has_value and version.rules.is_number:
        yield from _numbers(row, version)
    elif has_value and not row.text:
        yield "text", _("With the status “%(status)s” there has to be a value.") % {"status": row.status}


def _interval(row: Row) -> _Wrong:
    if not row.low and not row.high:
        return
    if row.status != FigureStatus.WITHHELD:
        yield "low", _("Only a figure that is withheld has a lowest and a highest value.")
    elif not row.low or not row.high or Decimal(row.low) > Decimal(row.high):
        yield "low", _("A figure that is withheld lies between a lowest and a highest value.")


def _numbers(row: Row, version: IndicatorVersion) -> _Wrong:
    kind = Kind(version.kind)
    if not row.amount:
        yield "amount", _("With the status “%(status)s” there has to be a value.") % {"status": row.status}
        return
    stored = _components(row)
    if not (version.rules.has_base or version.rules.may_have_base) and row.base and not row.category:
        yield "base", _("A measure of this kind has one number only.")
    elif kind is Kind.MILESTONE and (stored.amount not in (0, 1) or stored.base != 1):
        yield "amount", _("Yes is amount 1 and base 1, no is amount 0 and base 1.")
    elif kind is Kind.ORDINAL or row.levels:
        yield from _levels(row, version)
    elif kind is Kind.MEAN and stored.base == 0 and stored.amount != 0:
        yield "base", _("This cannot be 0 when the number above is not.")
    else:
        yield from wrong(version, *to_typed(kind, stored, multiplier=version.scale))


def _levels(row: Row, version: IndicatorVersion) -> _Wrong:
    """The count of every level, and the two sums that follow from them."""
    names = version.level_names
    if version.kind != Kind.ORDINAL:
        yield "levels", _("Only a rubric has levels.")
    elif not _LEVELS.fullmatch(row.levels) or row.levels.count(";") != len(names) - 1:
        sentence = _("Write the number at each of the %(count)s levels, the lowest first, parted by “;”.")
        yield "levels", sentence % {"count": len(names)}
    else:
        counts = [Decimal(count) for count in row.levels.split(";")]
        follows = of_levels(counts, version.from_level or 1)
        if (follows.amount, follows.base) != (_components(row).amount, _components(row).base):
            yield (
                "amount",
                _("The levels make amount %(amount)s and base %(base)s.")
                % {
                    "amount": follows.amount,
                    "base": follows.base,
                },
            )


def _components(row: Row) -> Components:
    return Components(Decimal(row.amount) if row.amount else None, Decimal(row.base) if row.base else None)


def _entries(rows: list[Row]) -> Iterator[tuple[Row, str]]:
    """The entries about one figure are numbered from 1 as they were recorded.

    Entry 0 says what is expected: alone, or beside others of which nothing is expected any more.
    """
    recorded = [row for row in rows if row.entry != "0"]
    if [int(row.entry) for row in recorded] != list(range(1, len(recorded) + 1)):
        yield rows[0], _("The entries about one figure are numbered from 1, without a gap.")
    if recorded and recorded != rows and not _ended(rows[0], recorded[-1]):
        yield rows[0], _("Entry 0 can follow what is recorded only if no figure is expected any more.")
    for before, row in pairwise(recorded):
        # Without the Z at the end, whole seconds come before their fractions.
        if row.recorded_at.rstrip("Z") < before.recorded_at.rstrip("Z"):
            yield row, _("This was recorded before the entry that it follows.")


def _ended(expected: Row, last: Row) -> bool:
    """A figure was withdrawn, and after that was no longer asked for."""
    return bool(expected.status == FigureStatus.NOT_EXPECTED and last.status == FigureStatus.MISSING)


def _breakdowns(
    tables: Tables, cells: dict[_Cell, list[Row]], known: _Known
) -> Iterator[tuple[Row, str, str]]:
    """Categories beside their total, as they stand now."""
    rules = {row.code: row.adds_up for row in tables["disaggregations"].rows}
    categories: dict[str, list[Row]] = defaultdict(list)
    for row in tables["categories"].rows:
        categories[row.disaggregation].append(row)
    groups: dict[tuple[_Cell, str], dict[str, Row]] = defaultdict(dict)
    for cell, rows in cells.items():
        if cell.disaggregation:
            total = cell._replace(disaggregation="", category="")
            groups[total, cell.disaggregation][cell.category] = _last(rows)
    for (total, disaggregation), parts in groups.items():
        first = next(iter(parts.values()))
        version = known.versions.get((first.indicator, first.version))
        if total not in cells:
            yield first, "category", _("There are categories here, but no total.")
        elif version is None:
            continue
        elif rules.get(disaggregation) == "partition":
            yield from _partition(_last(cells[total]), parts, categories[disaggregation], version)
        else:
            yield from _overlapping(_last(cells[total]), parts, version)


def _last(rows: list[Row]) -> Row:
    return max(rows, key=lambda row: int(row.entry))


def _partition(
    total: Row, parts: dict[str, Row], categories: list[Row], version: IndicatorVersion
) -> Iterator[tuple[Row, str, str]]:
    """Only the categories that were asked for: one that is newer does not reach into older reports."""
    asked = [row for row in categories if row.code in parts]
    numbers = [_components(parts[row.code]) for row in asked]
    unknown = next((place for place, row in enumerate(asked) if row.is_unknown == "true"), None)
    for part in ("base",) if version.kind == Kind.MEAN else ("amount", "base"):
        given = {place: getattr(number, part) for place, number in enumerate(numbers)}
        filled = complete_partition(getattr(_components(total), part), given, unknown=unknown)
        by = filled.excess or filled.shortfall
        if by:
            more = _("The categories add up to %(by)s more than the total. Correct one of them.")
            less = _("The categories add up to %(by)s less than the total. Correct one of them.")
            yield total, part, (more if filled.excess else less) % {"by": f"{by:f}"}
            return


def _overlapping(
    total: Row, parts: dict[str, Row], version: IndicatorVersion
) -> Iterator[tuple[Row, str, str]]:
    """Nobody is in a category who is not in the total."""
    for part in ("base",) if version.kind == Kind.MEAN else ("amount", "base"):
        whole = getattr(_components(total), part)
        if whole is None or version.allows_negative:
            continue
        for row in parts.values():
            number = getattr(_components(row), part)
            if number is not None and number > whole:
                yield row, part, _("This cannot be more than the total of %(most)s.") % {"most": f"{whole:f}"}
