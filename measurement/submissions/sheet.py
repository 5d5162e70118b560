"""A report as it stands on a page: figures with unit, last period and change; the fields to type them in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from backbone.web.numbers import NumberNotRead, read_number
from measurement.indicators.kinds import Kind
from measurement.indicators.models import Disaggregation, IndicatorVersion
from measurement.submissions.answers import Problem
from measurement.submissions.components import Components
from measurement.submissions.forms import reasons
from measurement.submissions.grid import Cell, Grid, GridCell, GridRow, amount_label, base_label
from measurement.submissions.models import STATUS_NAMES, CurrentFigure, Submission
from measurement.submissions.observations import Given
from measurement.submissions.reading import read
from measurement.submissions.status import MEANINGS, FigureStatus
from measurement.submissions.wording import (
    SHARES,
    exact,
    figure_words,
    given_words,
    read_value,
    signed,
    typed_in,
    typed_words,
    unit_of,
)


@dataclass(frozen=True)
class Field:
    """One input of a cell."""

    id: str
    label: str
    value: str
    problems: list[str]

    @property
    def error_id(self) -> str:
        return f"{self.id}-error"


@dataclass
class Line:
    """One expected value: a row of its measure's table."""

    cell: GridCell
    unit: str
    given: Given | None = None
    problems: list[Problem] = field(default_factory=list)
    is_split: bool = False

    @property
    def heading(self) -> str:
        if self.cell.category:
            return self.cell.category.name
        return _("Total") if self.is_split else _("This period")

    @property
    def is_yes_no(self) -> bool:
        return self.cell.kind is Kind.MILESTONE

    @property
    def input_unit(self) -> str:
        return "" if self.cell.kind in SHARES else self.unit

    @property
    def inputs(self) -> list[Field]:
        version = self.cell.version
        found = [self._field("amount", amount_label(version), self.cell.draft.amount)]
        if version.rules.has_base and not self.is_yes_no:
            found.append(self._field("base", base_label(version), self.cell.draft.base))
        return found

    @property
    def reason(self) -> Field:
        return self._field("status", _("How sure is it? If there is no figure, why?"), self.cell.draft.status)

    @property
    def note(self) -> Field:
        return self._field("note", _("Note"), self.cell.draft.note)

    @property
    def reasons(self) -> list[tuple[str, str]]:
        return reasons(self.cell)

    def _field(self, part: str, label: str, value: str) -> Field:
        name = f"{self.cell.name}-{part}"
        return Field(name, label, value, [p.sentence for p in self.problems if p.field == name])

    @property
    def previous(self) -> str:
        before = self.cell.previous
        if before is None:
            return ""
        if not MEANINGS[FigureStatus(before.status)].has_value:
            name = str(STATUS_NAMES[FigureStatus(before.status)])
            given = Given(FigureStatus(before.status), low=before.low, high=before.high)
            interval = given_words(before.version, given, self.unit)
            return " ".join(filter(None, (interval, name)))
        return figure_words(before.version, Components(before.amount, before.base), self.unit)

    @property
    def value(self) -> str:
        """The figure of this report, or as much as somebody has typed of it."""
        if self.given is None:
            return typed_words(self.cell, typed_in(self.cell))
        return given_words(self.cell.version, self.given, self.unit)

    @property
    def note_words(self) -> str:
        return self.given.note if self.given else ""

    @property
    def scale(self) -> str:
        if self.cell.version.multiplier == 1:
            return ""
        return _("In multiples of %(number)s.") % {"number": exact(self.cell.version.multiplier)}

    @property
    def why(self) -> str:
        if self.given is None or self.given.status == FigureStatus.REPORTED:
            return ""
        return str(STATUS_NAMES[self.given.status])

    @property
    def on_record(self) -> str:
        """What counts until a correction is approved, where the report says something else now."""
        standing = _on_record(self.cell.figure)
        if self.given is None or standing.amounts_to == self.given.amounts_to:
            return ""
        return given_words(self.cell.version, standing, self.unit)

    @cached_property
    def difference(self) -> str:
        """The change from last period: in points for a share, else in numbers and percent."""
        before = self.cell.previous
        if before is None or self.given is None:
            return ""
        old = read_value(before.version, Components(before.amount, before.base))
        new = read_value(self.cell.version, self.given.components)
        if old is None or new is None:
            return ""
        if old == new:
            return _("no change")
        if self.cell.kind in SHARES and self.unit == "%":
            return _("%(change)s points") % {"change": signed(new - old, 1)}
        change = signed(new - old, self.cell.version.decimals)
        return f"{change} ({signed((new - old) / abs(old) * 100, 0)}\u00a0%)" if old else change


@dataclass
class Split:
    """A breakdown of a measure, and how its categories stand to the total."""

    disaggregation: Disaggregation
    lines: list[Line]
    total: Line

    @property
    def adds_up(self) -> bool:
        return self.lines[0].cell.adds_up

    @property
    def part(self) -> str:
        return "base" if self.total.cell.kind is Kind.MEAN else "amount"

    @property
    def unknown(self) -> Line | None:
        return next((line for line in self.lines if line.cell.may_be_blank), None) if self.adds_up else None

    def id_of(self, line: Line) -> str:
        return f"{line.cell.name}-{self.part}"

    @property
    def total_id(self) -> str:
        return self.id_of(self.total)

    @property
    def part_ids(self) -> str:
        return " ".join(self.id_of(line) for line in self.lines if line is not self.unknown)

    @property
    def unknown_id(self) -> str:
        return self.id_of(self.unknown) if self.unknown else ""

    @property
    def sum_words(self) -> str:
        """The same sentence that the page's script keeps up to date while somebody types."""
        numbers = [_number(line, self.part) for line in self.lines]
        if not any(number is not None for number in numbers):
            return ""
        added = sum((number for number in numbers if number is not None), Decimal(0))
        total = _number(self.total, self.part)
        if total is None:
            return _("The categories add up to %(sum)s.") % {"sum": exact(added)}
        words = _("The categories add up to %(sum)s of %(total)s.")
        if added > total:
            words = _("The categories add up to %(sum)s, more than the total of %(total)s.")
        return words % {"sum": exact(added), "total": exact(total)}


def _number(line: Line, part: str) -> Decimal | None:
    if line.cell.draft.status == FigureStatus.WITHHELD:
        return None
    try:
        return read_number(getattr(line.cell.draft, part))
    except NumberNotRead:
        return None


@dataclass
class Measure:
    """One measure of a report: its total, and its breakdowns."""

    row: GridRow
    unit: str
    total: Line
    splits: list[Split]

    @property
    def version(self) -> IndicatorVersion:
        return self.row.version

    @property
    def id(self) -> str:
        return f"measure-{self.version.indicator_id}"

    @property
    def lines(self) -> list[Line]:
        return [self.total, *(line for split in self.splits for line in split.lines)]


@dataclass
class Sheet:
    measures: list[Measure]
    answered: int
    asked: int
    last_period: str

    @property
    def lines(self) -> list[Line]:
        return [line for measure in self.measures for line in measure.lines]


def sheet_of(
    submission: Submission,
    grid: Grid,
    *,
    given: Mapping[Cell, Given] | None = None,
    problems: Iterable[Problem] = (),
) -> Sheet:
    by_cell: dict[Cell, list[Problem]] = {}
    for problem in problems:
        by_cell.setdefault(problem.cell, []).append(problem)
    measures = []
    for row in grid.rows:
        unit = unit_of(row.version, submission.initiative)
        lines = {
            cell.key: Line(cell, unit, (given or {}).get(cell.key), by_cell.get(cell.key, []))
            for cell in row.cells
        }
        total = lines[row.total.key]
        total.is_split = len(lines) > 1
        splits = [
            Split(disaggregation, [lines[cell.key] for cell in cells], total)
            for disaggregation, cells in row.breakdowns.items()
        ]
        measures.append(Measure(row, unit, total, splits))
    return Sheet(measures, grid.answered, len(grid.asked), _last_period(grid))


def _last_period(grid: Grid) -> str:
    previous = next((cell.previous for cell in grid.cells if cell.previous), None)
    return previous.period.label if previous else ""


def given_in(submission: Submission, grid: Grid) -> dict[Cell, Given]:
    """What the report says: as it is on record once approved, before that as it was typed."""
    if submission.status != Submission.Status.APPROVED:
        return read(grid).given
    return {cell.key: _on_record(cell.figure) for cell in grid.cells}


def _on_record(figure: CurrentFigure) -> Given:
    return Given(
        FigureStatus(figure.status),
        Components(figure.amount, figure.base),
        derived=figure.derived,
        note=figure.observation.note if figure.observation else "",
        low=figure.low,
        high=figure.high,
    )
