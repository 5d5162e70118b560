"""A report as tables: its measures with their breakdowns, those alike one below the other."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby

from django.utils.translation import gettext as _

from backbone.web.numbers import NumberNotRead, read_number
from measurement.indicators.kinds import Kind
from measurement.indicators.models import Disaggregation, IndicatorVersion
from measurement.submissions.answers import Problem
from measurement.submissions.asked_words import sentence
from measurement.submissions.crossed import CrossTable
from measurement.submissions.earlier import Before
from measurement.submissions.entry_models import Evidence, Query
from measurement.submissions.grid import Cell, Grid, GridRow
from measurement.submissions.models import Message, Submission
from measurement.submissions.observations import Given
from measurement.submissions.sheet import Line, Question
from measurement.submissions.status import FigureStatus
from measurement.submissions.wording import exact, unit_of


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
    tables: list[CrossTable[Line]] = field(default_factory=list)

    @property
    def version(self) -> IndicatorVersion:
        return self.row.version

    @property
    def id(self) -> str:
        return f"measure-{self.version.indicator_id}"

    @property
    def row_lines(self) -> list[Line]:
        """The figures that stand in the measure's row; those of cross-tables stand below it."""
        return [self.total, *(line for split in self.splits for line in split.lines)]

    @property
    def lines(self) -> list[Line]:
        return [*self.row_lines, *(line for table in self.tables for line in table.lines)]


@dataclass
class Block:
    """Measures one below the other whose fields have the same columns."""

    measures: list[Measure]

    @property
    def id(self) -> str:
        return f"block-{self.measures[0].version.indicator_id}"

    @property
    def splits(self) -> list[Split]:
        return self.measures[0].splits

    @property
    def columns(self) -> list[str]:
        first = self.measures[0]
        if not first.splits:
            return [_("Figure")]
        return [_("Total"), *(line.heading for split in first.splits for line in split.lines)]

    @property
    def may_be_withheld(self) -> bool:
        return any(measure.total.cell.may_be_withheld for measure in self.measures)


def _shape(measure: Measure) -> tuple[object, ...]:
    cells = [line.cell.key[1] for line in measure.lines]
    fields = [field.label for field in measure.total.inputs] if measure.version.levels else []
    return (*cells, measure.version.rules.has_base and not measure.total.is_yes_no, *fields)


@dataclass
class Sheet:
    measures: list[Measure]
    answered: int
    asked: int
    last_period: str
    year_ago: str

    @property
    def blocks(self) -> list[Block]:
        return [Block(list(alike)) for _same, alike in groupby(self.measures, key=_shape)]

    @property
    def lines(self) -> list[Line]:
        return [line for measure in self.measures for line in measure.lines]


@dataclass(frozen=True)
class Beside:
    """What is shown beside the figures, by cell."""

    problems: Iterable[Problem] = ()
    questions: Mapping[Cell, list[Query]] = field(default_factory=dict)
    evidence: Mapping[Cell, list[Evidence]] = field(default_factory=dict)
    said: Mapping[Cell, list[Message]] = field(default_factory=dict)
    concerns: Mapping[Cell, str] = field(default_factory=dict)


def sheet_of(
    submission: Submission,
    grid: Grid,
    *,
    given: Mapping[Cell, Given] | None = None,
    beside: Beside = Beside(),
) -> Sheet:
    lines = {line.cell.key: line for line in _lines(submission, grid, given or {}, beside)}
    measures = [_measure(row, lines) for row in grid.rows]
    last = _label(cell.previous for cell in grid.cells)
    year_ago = _label(cell.year_ago for cell in grid.cells)
    return Sheet(measures, grid.answered, len(grid.asked), last, year_ago)


def _lines(submission: Submission, grid: Grid, given: Mapping[Cell, Given], beside: Beside) -> Iterable[Line]:
    by_cell: dict[Cell, list[Problem]] = {}
    for problem in beside.problems:
        by_cell.setdefault(problem.cell, []).append(problem)
    for row in grid.rows:
        unit = unit_of(row.version, submission.initiative)
        for cell in row.cells:
            asked = beside.questions.get(cell.key, ())
            questions = [Question(query, sentence(query, cell.version, unit)) for query in asked]
            line = Line(cell, unit, given.get(cell.key), by_cell.get(cell.key, []), questions)
            line.evidence = beside.evidence.get(cell.key, [])
            line.said = beside.said.get(cell.key, [])
            line.typed_concern = beside.concerns.get(cell.key, "")
            yield line


def _measure(row: GridRow, lines: Mapping[Cell, Line]) -> Measure:
    total = lines[row.total.key]
    total.is_split = len(row.cells) > 1
    measure = Measure(row, total.unit, total, [])
    for disaggregation, cells in row.breakdowns.items():
        its = [lines[cell.key] for cell in cells]
        if disaggregation.is_cross_table:
            measure.tables.append(CrossTable(disaggregation, its))
        else:
            measure.splits.append(Split(disaggregation, its, total))
    return measure


def _label(found: Iterable[Before | None]) -> str:
    return next((before.period.label for before in found if before), "")
