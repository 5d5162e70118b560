"""What would become of each line: new, changed, unchanged or refused, by the rules that hold for what is typed."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from measurement.imports.cells import Line, Refused, read_status, status_words, typed_value
from measurement.imports.headings import Column
from measurement.imports.matching import Catalog, Row
from measurement.imports.models import ImportLine
from measurement.indicators.kinds import Kind
from measurement.submissions.answers import Problem, Reading
from measurement.submissions.forms import LONGEST, reasons
from measurement.submissions.grid import Grid, GridCell, GridRow
from measurement.submissions.models import CurrentFigure, DraftFigure
from measurement.submissions.reading import read
from measurement.submissions.status import FigureStatus
from measurement.submissions.workflow import Typed

What = ImportLine.What


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

    def refuse(self, line: Line, reason: Refused, *, about: str = "") -> None:
        place = line.place(reason.column)
        self.findings.append(Finding(line.row, What.REFUSED, place, about=about, sentence=str(reason)))


Stands = Callable[[CurrentFigure], DraftFigure]
Outcome = Callable[[GridCell, Typed, Typed, Reading], Finding | None]


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
            if figure.pk in first:
                sentence = _("This figure stands in the file already: %(place)s.")
                raise Refused(sentence % {"place": first[figure.pk].place()})
            typed = _typed(line, figure, known, language)
        except Refused as reason:
            judged.refuse(line, reason)
            continue
        if typed is not None:
            first[figure.pk] = line
            row = (figure.indicator_id, figure.organization_id, figure.period_id)
            found[row].append(Answered(line, figure, typed))
    return found


def _typed(
    line: Line, figure: CurrentFigure, known: Mapping[str, FigureStatus], language: str
) -> Typed | None:
    """None where the line leaves the figure as it is: nothing stands in its fields."""
    version = figure.version
    kind = Kind(version.kind)
    status = read_status(line, dict(known))
    is_withheld = status is FigureStatus.WITHHELD
    first, second = _first_column(line, kind), Column.BASE

    def value(column: Column) -> str:
        return typed_value(line, column, kind, language=language, is_withheld=is_withheld)

    amount = value(first)
    base = value(second) if version.rules.has_base and kind is not Kind.MILESTONE else ""
    note = _note(line)
    if status in (FigureStatus.MISSING, FigureStatus.NOT_EXPECTED) and not amount:
        return None
    if status not in (None, FigureStatus.REPORTED, FigureStatus.ESTIMATED, FigureStatus.PROVISIONAL, FigureStatus.WITHHELD):
        base = base if amount else ""  # how many there are is no answer to how many of them
    word = "" if status in (None, FigureStatus.REPORTED) else str(status)
    if is_withheld and not amount:
        base = ""
    typed = Typed(amount=amount, base=base, status=word, note=note)
    return typed if amount or word or (base and kind is Kind.MEAN) else _nothing(base)


def _nothing(base: str) -> None:
    """A lower number alone says nothing, as it does in a list in which only the upper one is missing."""


def _first_column(line: Line, kind: Kind) -> Column:
    """A share has its upper number in a column of that name, where there is one; all else is a value."""
    columns = line.headings.columns
    if kind in (Kind.RATIO, Kind.RATE):
        return Column.NUMERATOR if Column.NUMERATOR in columns else Column.VALUE
    if Column.VALUE in columns and (line.word(Column.VALUE) or Column.NUMERATOR not in columns):
        return Column.VALUE
    return Column.NUMERATOR if Column.NUMERATOR in columns else Column.VALUE


def _note(line: Line) -> str:
    raw = line.raw(Column.NOTE)
    text = raw.replace("\r\n", "\n").strip() if isinstance(raw, str) else line.word(Column.NOTE)
    if len(text) > LONGEST["note"]:
        sentence = _("Shorten the text to %(limit)d characters: it has %(now)d.")
        raise Refused(sentence % {"limit": LONGEST["note"], "now": len(text)}, Column.NOTE)
    # What we write ourselves begins with a mark, where a spreadsheet would take it for a formula.
    return text[1:] if text.startswith("'") and text[1:2] in "=+-@" else text


def judge_row(
    catalog: Catalog,
    row: Row,
    answered: list[Answered],
    *,
    stands: Stands,
    outcome: Outcome,
    judged: Judged,
) -> None:
    """One measure of one partner in one period, with all of its categories: read as the page reads it."""
    by_figure = {each.figure.pk: each for each in answered}
    cells, before = [], {}
    for figure in catalog.figures[row]:
        draft = stands(figure)
        cell = GridCell(figure, figure.version, draft)
        before[cell.key] = Typed(draft.amount, draft.base, draft.status, draft.note)
        if each := by_figure.get(figure.pk):
            _fill_in(cell, each.typed)
        cells.append(cell)
    reading = read(Grid([GridRow(cells[0].version, cells)]))
    wrong = _wrong(cells, by_figure, reading)
    for cell in cells:
        _tell(catalog, cell, by_figure.get(cell.figure.pk), before[cell.key], wrong, reading, outcome, judged)


def _fill_in(cell: GridCell, typed: Typed) -> None:
    """What the file leaves out of a line that says something, such as a note, stays."""
    cell.draft.amount, cell.draft.base, cell.draft.status = typed.amount, typed.base, typed.status
    cell.draft.note = typed.note or cell.draft.note


def _wrong(cells: list[GridCell], by_figure: Mapping[int, Answered], reading: Reading) -> list[Problem]:
    """Not that somebody has left out what the file need not say."""
    said = {cell.key for cell in cells if cell.figure.pk in by_figure or cell.is_answered}
    return [problem for problem in reading.problems if problem.cell in said]


def _tell(
    catalog: Catalog,
    cell: GridCell,
    answered: Answered | None,
    before: Typed,
    wrong: list[Problem],
    reading: Reading,
    outcome: Outcome,
    judged: Judged,
) -> None:
    own = [problem for problem in wrong if problem.cell == cell.key]
    if answered is None:
        finding = None if wrong else _worked_out(cell, before, reading, outcome)
        if finding is not None:
            judged.findings.append(finding)
        return
    about = about_words(catalog, cell)
    problem = own[0] if own else next(iter(wrong), None)
    if problem is not None:
        column = _column(answered.line, cell, problem) if own else None
        judged.refuse(answered.line, Refused(problem.sentence, column), about=about)
        return
    if answered.typed.status not in dict(reasons(cell)):
        sentence = _("“%(word)s” is no answer that this measure takes.") % {"word": answered.line.word(Column.STATUS)}
        judged.refuse(answered.line, Refused(sentence, Column.STATUS), about=about)
        return
    finding = outcome(cell, before, _typed_of(cell), reading)
    if finding is not None:
        finding.number, finding.place, finding.about = answered.line.row, answered.line.place(_shown(answered.line, cell)), about
        judged.findings.append(finding)


def _worked_out(cell: GridCell, before: Typed, reading: Reading, outcome: Outcome) -> Finding | None:
    given = reading.given.get(cell.key)
    if given is None or not given.derived:
        return None
    finding = outcome(cell, before, _typed_of(cell), reading)
    if finding is None or finding.what == What.UNCHANGED:
        return None
    finding.place = _("Worked out from the others")
    return finding


def _typed_of(cell: GridCell) -> Typed:
    return Typed(cell.draft.amount, cell.draft.base, cell.draft.status, cell.draft.note)


def _shown(line: Line, cell: GridCell) -> Column | None:
    column = _first_column(line, cell.kind)
    if line.word(column):
        return column
    return Column.STATUS if Column.STATUS in line.headings.columns else None


def _column(line: Line, cell: GridCell, problem: Problem) -> Column | None:
    part = problem.field.rsplit("-", 1)[-1]
    named = {"base": Column.BASE, "status": Column.STATUS, "note": Column.NOTE}
    found = named.get(part, _first_column(line, cell.kind))
    return found if found in line.headings.columns else None


def about_words(catalog: Catalog, cell: GridCell) -> str:
    return _("%(measure)s – %(organization)s, %(period)s") % {
        "measure": cell.label,
        "organization": catalog.names[cell.figure.organization_id],
        "period": cell.figure.period,
    }
