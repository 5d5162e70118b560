"""What would become of each line: new, changed, unchanged or refused, by the rules that hold for what is typed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Protocol

from django.utils.translation import gettext as _

from measurement.imports.cells import Line, Refused, read_status, status_words, typed_detail, typed_value
from measurement.imports.headings import Column
from measurement.imports.matching import Catalog, Row
from measurement.imports.models import ImportLine
from measurement.indicators.kinds import Kind
from measurement.submissions.answers import Problem, Reading
from measurement.submissions.forms import LONGEST
from measurement.submissions.grid import Grid, GridCell, GridRow
from measurement.submissions.models import CurrentFigure, DraftFigure
from measurement.submissions.reading import read
from measurement.submissions.status import MEANINGS, FigureStatus
from measurement.submissions.typed_words import typed_in
from measurement.submissions.workflow import Typed

What = ImportLine.What
_TOLD_BY_DETAIL: Final = (Kind.TEXT, Kind.ORDINAL)
_LAST: Final = 2_000_000_000  # what no line says comes behind all lines


@dataclass
class Finding:
    """What one line comes to; in the order of the file."""

    number: int
    what: ImportLine.What
    place: str
    about: str = ""
    before: str = ""
    after: str = ""
    sentence: str = ""
    figure: CurrentFigure | None = None
    typed: Typed | None = None
    said: dict[str, Any] | None = None


@dataclass
class Answered:
    """A line that was read, and the cell that it fills in."""

    line: Line
    figure: CurrentFigure
    typed: Typed


@dataclass
class Judged:
    findings: list[Finding] = field(default_factory=list)
    blank: int = 0  # lines with nothing in their fields, which leave what is there as it is

    def refuse(self, line: Line, reason: Refused) -> None:
        place = line.place(reason.column)
        self.findings.append(Finding(line.row, What.REFUSED, place, sentence=str(reason)))


class Way(Protocol):
    """In which way lines count: as what a partner types, or as what staff records."""

    judges_all: bool  # whether what is wrong beside a line, in another category, speaks against the line

    def not_now(self, expected_report_id: int) -> str:
        """Why nothing of that report can be changed; "" where it can."""

    def stands(self, figure: CurrentFigure) -> DraftFigure:
        """What would stand in the fields of the figure without the file."""

    def takes(self, cell: GridCell) -> bool:
        """Whether the answer is one that may be given."""

    def outcome(self, cell: GridCell, before: Typed, reading: Reading) -> Finding | None:
        """What becomes of a figure about which nothing is wrong."""


def answers(
    catalog: Catalog, lines: Iterable[Line], *, language: str, judged: Judged
) -> Mapping[Row, list[Answered]]:
    """Lines that say something, by measure, partner and period; what cannot be read goes to the refused."""
    known = status_words()
    found: dict[Row, list[Answered]] = defaultdict(list)
    first: dict[int, Line] = {}
    for line in lines:
        try:
            figure = catalog.find(line)
            _must_be_first(line, first.setdefault(figure.pk, line))
            typed = _typed(line, figure, known, language)
        except Refused as reason:
            judged.refuse(line, reason)
            continue
        if typed is None:
            judged.blank += 1
            continue
        row = (figure.indicator_id, figure.organization_id, figure.period_id)
        found[row].append(Answered(line, figure, typed))
    return found


def _must_be_first(line: Line, first: Line) -> None:
    if line is not first:
        sentence = _("This figure stands in the file already: %(place)s.")
        raise Refused(sentence % {"place": first.place()})


def _typed(line: Line, figure: CurrentFigure, known: dict[str, FigureStatus], language: str) -> Typed | None:
    """None where the line leaves the figure as it is: nothing stands in its fields."""
    version = figure.version
    kind = Kind(version.kind)
    status = read_status(line, known)
    is_withheld = status is FigureStatus.WITHHELD
    first = _first_column(line, kind)

    def value(column: Column) -> str:
        return typed_value(line, column, kind, language=language, is_withheld=is_withheld)

    amount = value(first)
    if status in (FigureStatus.MISSING, FigureStatus.NOT_EXPECTED) and not amount:
        return None
    has_base = (version.rules.has_base or version.rules.may_have_base) and kind not in (
        Kind.MILESTONE,
        Kind.ORDINAL,
    )
    base = value(Column.BASE) if has_base and (amount or not _says_why_not(status)) else ""
    detail = typed_detail(line, version, language=language)
    if kind is Kind.TEXT:
        amount, detail = "", amount
    word = "" if status in (None, FigureStatus.REPORTED) else str(status)
    # A lower number alone says nothing, as in a list where only the upper one is missing; of an average it may be 0.
    says_something = amount or word or (base and kind is Kind.MEAN) or (detail and kind in _TOLD_BY_DETAIL)
    if not says_something:
        return None
    typed = Typed(amount, base, word, _note(line), detail=detail)
    _must_be_short(typed, first)
    return typed


def _must_be_short(typed: Typed, first: Column) -> None:
    parts = {first: "amount", Column.BASE: "base", Column.NOTE: "note", Column.DETAIL: "detail"}
    for column, part in parts.items():
        limit, now = LONGEST[part], len(getattr(typed, part))
        if now > limit:
            sentence = _("Shorten the text to %(limit)d characters: it has %(now)d.")
            raise Refused(sentence % {"limit": limit, "now": now}, column)


def _says_why_not(status: FigureStatus | None) -> bool:
    return status is not None and not MEANINGS[status].has_value


def _first_column(line: Line, kind: Kind) -> Column:
    """A share has its upper number in a column of that name, where there is one; all else is a value."""
    columns = line.headings.columns
    if kind in (Kind.RATIO, Kind.RATE):
        return Column.NUMERATOR if Column.NUMERATOR in columns else Column.VALUE
    if Column.VALUE in columns and (line.word(Column.VALUE) or Column.NUMERATOR not in columns):
        return Column.VALUE
    return Column.NUMERATOR if Column.NUMERATOR in columns else Column.VALUE


def _note(line: Line) -> str:
    line.must_be_plain(Column.NOTE)
    raw = line.raw(Column.NOTE)
    text = raw.replace("\r\n", "\n").strip() if isinstance(raw, str) else line.word(Column.NOTE)
    # What we write ourselves begins with a mark, where a spreadsheet would take it for a formula.
    return text[1:] if text.startswith("'") and text[1:2] in "=+-@" else text


def judge_row(catalog: Catalog, row: Row, answered: list[Answered], *, way: Way, judged: Judged) -> None:
    """One measure of one partner in one period, with all of its categories: read as the page reads it."""
    if why := way.not_now(catalog.figures[row][0].expected_report_id):
        for each in answered:
            judged.refuse(each.line, Refused(why))
        return
    by_figure = {each.figure.pk: each for each in answered}
    cells, before = [], {}
    for figure in catalog.figures[row]:
        cell = GridCell(figure, figure.version, way.stands(figure))
        before[cell.key] = typed_in(cell)
        if answer := by_figure.get(figure.pk):
            _fill_in(cell, answer.typed)
        cells.append(cell)
    reading = read(Grid([GridRow(cells[0].version, cells)]))
    wrong = _wrong(cells, by_figure, reading)
    for cell in cells:
        finding = _finding(cell, by_figure.get(cell.figure.pk), before[cell.key], wrong, reading, way)
        if finding is not None:
            finding.about = about_words(catalog, cell)
            judged.findings.append(finding)


def _fill_in(cell: GridCell, typed: Typed) -> None:
    """A note that the file leaves out stays."""
    cell.draft.amount, cell.draft.base, cell.draft.status = typed.amount, typed.base, typed.status
    cell.draft.note = typed.note or cell.draft.note
    cell.draft.same, cell.draft.detail = False, typed.detail


def _wrong(cells: list[GridCell], by_figure: Mapping[int, Answered], reading: Reading) -> list[Problem]:
    """Not that somebody has left out what the file need not say."""
    said = {cell.key for cell in cells if cell.figure.pk in by_figure or cell.is_answered}
    return [problem for problem in reading.problems if problem.cell in said]


def _finding(
    cell: GridCell,
    answered: Answered | None,
    before: Typed,
    wrong: list[Problem],
    reading: Reading,
    way: Way,
) -> Finding | None:
    if answered is None:
        return None if wrong else _worked_out(cell, before, reading, way)
    line = answered.line
    own = next((problem for problem in wrong if problem.cell == cell.key), None)
    if own is not None:
        return _refusal(line, _column(line, cell, own), own.sentence)
    if wrong and way.judges_all:
        return _refusal(line, None, wrong[0].sentence)
    if not way.takes(cell):
        sentence = _("“%(word)s” is no answer that this measure takes.") % {"word": line.word(Column.STATUS)}
        return _refusal(line, Column.STATUS, sentence)
    finding = way.outcome(cell, before, reading)
    if finding is not None:
        finding.number, finding.place = line.row, line.place(_shown(line, cell))
    return finding


def _refusal(line: Line, column: Column | None, sentence: str) -> Finding:
    return Finding(line.row, What.REFUSED, line.place(column), sentence=sentence)


def _worked_out(cell: GridCell, before: Typed, reading: Reading, way: Way) -> Finding | None:
    given = reading.given.get(cell.key)
    if given is None or not given.derived:
        return None
    finding = way.outcome(cell, before, reading)
    if finding is None or finding.what == What.UNCHANGED:
        return None
    finding.number, finding.place = _LAST, _("Worked out from the others")
    return finding


def _shown(line: Line, cell: GridCell) -> Column | None:
    for column in (_first_column(line, cell.kind), Column.DETAIL):
        if line.word(column):
            return column
    return Column.STATUS if Column.STATUS in line.headings.columns else None


def _column(line: Line, cell: GridCell, problem: Problem) -> Column | None:
    part = problem.field.rsplit("-", 1)[-1]
    named = {"base": Column.BASE, "status": Column.STATUS, "note": Column.NOTE, "detail": Column.DETAIL}
    if cell.kind is Kind.ORDINAL:
        named |= {part: Column.DETAIL}
    found = named.get(part, _first_column(line, cell.kind))
    return found if found in line.headings.columns else None


def about_words(catalog: Catalog, cell: GridCell) -> str:
    return _("%(measure)s – %(organization)s, %(period)s") % {
        "measure": cell.label,
        "organization": catalog.names[cell.figure.organization_id],
        "period": cell.figure.period,
    }
