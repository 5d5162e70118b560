"""A network's figures: totals over its initiatives, how complete they are, who is missing, and how they were made."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from initiatives.charter.models import Initiative
from measurement.networks.models import Network, NetworkCell, NetworkMatch, NetworkMeasure, NetworkMember
from measurement.rollups import kinds
from measurement.rollups.kinds import Range
from measurement.rollups.record import Record, combine

_COUNTS = {each.name for each in fields(Record) if each.type in (int, "int")}


@dataclass(frozen=True)
class Part:
    """What one initiative put in. `value` None: nothing in, or too few partners to tell."""

    initiative: str
    value: Decimal | None
    amount: Decimal | None
    base: Decimal | None
    received: int
    expected: int
    too_few: bool


@dataclass(frozen=True)
class NetworkFigure:
    """A period of a measure over all initiatives. `missing`: those that have agreed and of which nothing is in."""

    start: date
    end: date
    label: str
    sums: Record
    value: Decimal | None
    range: Range | None
    parts: list[Part]
    missing: list[str]

    @property
    def of(self) -> int:
        return len(self.parts) + len(self.missing)

    @property
    def is_partial(self) -> bool:
        return bool(self.missing) or any(part.too_few for part in self.parts)


@dataclass(frozen=True)
class MeasureRead:
    measure: NetworkMeasure
    matches: list[NetworkMatch]
    figures: list[NetworkFigure]


def membership(network: Network, initiative: Initiative) -> NetworkMember | None:
    rows = NetworkMember.objects.filter(network=network, member=initiative, left_at=None)
    return rows.select_related("network", "member").first()


def read(network: Network) -> list[MeasureRead]:
    """Every measure with its figures in order of time. Three queries; the database shows them to members only."""
    measures = list(NetworkMeasure.objects.filter(network=network))
    matches: dict[int, list[NetworkMatch]] = defaultdict(list)
    for match in NetworkMatch.objects.filter(network=network).select_related("member__member"):
        matches[match.measure_id].append(match)
    cells: dict[int, list[NetworkCell]] = defaultdict(list)
    for cell in NetworkCell.objects.filter(network=network).order_by("start", "end", "pk"):
        cells[cell.measure_id].append(cell)
    return [
        MeasureRead(each, matches[each.pk], list(_figures(each, matches[each.pk], cells[each.pk])))
        for each in measures
    ]


def _figures(
    measure: NetworkMeasure, matches: list[NetworkMatch], cells: list[NetworkCell]
) -> Iterable[NetworkFigure]:
    names = {match.member_id: str(match.member.member) for match in matches if match.accepted_at}
    periods: dict[tuple[date, date], list[NetworkCell]] = defaultdict(list)
    for cell in cells:
        periods[cell.start, cell.end].append(cell)
    for (start, end), inside in sorted(periods.items()):
        yield _figure(measure, names, start, end, inside)


def _figure(
    measure: NetworkMeasure, names: dict[int, str], start: date, end: date, cells: list[NetworkCell]
) -> NetworkFigure:
    records = {cell.member_id: record_of(cell.sums) for cell in cells if cell.sums is not None}
    sums = combine(records.values())
    parts = [
        _part(measure, names.get(cell.member_id, ""), records.get(cell.member_id))
        for cell in cells
        if cell.member_id not in records or records[cell.member_id].received
    ]
    there = {part.initiative for part in parts}
    return NetworkFigure(
        start,
        end,
        cells[0].label,
        sums,
        kinds.value(measure.what_kind, sums, per=measure.per, divisor=measure.divisor),
        kinds.range_of(measure.what_kind, sums, divisor=measure.divisor),
        sorted(parts, key=lambda part: part.initiative),
        sorted(name for name in names.values() if name not in there),
    )


def _part(measure: NetworkMeasure, name: str, record: Record | None) -> Part:
    if record is None:
        return Part(name, None, None, None, 0, 0, too_few=True)
    value = kinds.value(measure.what_kind, record, per=measure.per, divisor=measure.divisor)
    return Part(name, value, record.amount, record.base, record.received, record.expected, too_few=False)


def record_of(sums: dict[str, Any]) -> Record:
    """The copied sums as the record that they were: numbers exact, moments as moments."""
    return Record(**{each.name: _exact(each.name, sums.get(each.name)) for each in fields(Record)})


def _exact(name: str, value: Any) -> Any:
    if value is None or name in _COUNTS:
        return value or 0 if name in _COUNTS else None
    if name == "recorded_at":
        return datetime.fromisoformat(value)
    return tuple(Decimal(each) for each in value) if isinstance(value, list) else Decimal(value)
