"""A block copied from a spreadsheet, laid over the grid of a report: which number goes where, and what does not.

Decisions. Nothing is saved here: what comes out are the fields of the report's own form, shown first and then sent
to be saved like anything typed. Names of measures and categories in the block decide where a number goes; without
them it goes on from the cell it was pasted into. Which marks its numbers have is asked, not guessed.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

from backbone.web.numbers import NumberNotRead, read_number, write_number
from measurement.indicators.kinds import Kind
from measurement.submissions.blocks import Measure, Sheet
from measurement.submissions.sheet import Field, Line
from measurement.submissions.withheld import says_below

LONGEST: Final = 200_000  # characters
MOST_ROWS: Final = 500
MANNERS: Final = ("en", "es")  # 1,234.5 and 1.234,5
_YES_NO: Final = {"yes": "yes", "y": "yes", "1": "yes", "no": "no", "n": "no", "0": "no"}


class NotABlock(ValueError):
    """The text says so to people."""


@dataclass(frozen=True)
class Slot:
    """A field that a number can go into."""

    line: Line
    field: Field


@dataclass(frozen=True)
class Put:
    """One pasted text: the field that it goes into, or the sentence that says why it goes nowhere."""

    where: str
    text: str
    slot: Slot | None = None
    value: str = ""
    sentence: str = ""

    @property
    def is_refused(self) -> bool:
        return bool(self.sentence)

    @property
    def before(self) -> str:
        return self.slot.field.value.strip() if self.slot else ""

    @property
    def is_change(self) -> bool:
        return not self.sentence and self.before != self.value


@dataclass
class Pasted:
    puts: list[Put] = field(default_factory=list)
    is_ambiguous: bool = False

    @property
    def changes(self) -> list[Put]:
        return [put for put in self.puts if put.is_change]

    @property
    def refused(self) -> list[Put]:
        return [put for put in self.puts if put.is_refused]

    @property
    def unchanged(self) -> int:
        return len(self.puts) - len(self.changes) - len(self.refused)


def table_of(text: str) -> list[list[str]]:
    """Rows of cells, as spreadsheets put them on the clipboard. Raises NotABlock."""
    if len(text) > LONGEST:
        raise NotABlock(_("This is too much at once: paste it in parts."))
    if "\0" in text:
        raise NotABlock(_("The text holds a character that cannot be stored. Copy it once more."))
    lines = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n").split("\n")
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(lines, delimiter="\t")]
    except csv.Error as reason:
        raise NotABlock(_("This is no block of cells. Copy it once more.")) from reason
    rows = [row for row in rows if any(row)]
    if not rows:
        raise NotABlock(_("Paste the cells first."))
    if len(rows) > MOST_ROWS:
        raise NotABlock(_("Paste at most %(most)d rows at once.") % {"most": MOST_ROWS})
    return rows


def lay_over(rows: Sequence[Sequence[str]], sheet: Sheet, *, at: str = "", manner: str = "") -> Pasted:
    """`at` is the id of the field that it was pasted into; `manner` how its numbers are written, once somebody said."""
    pasted = Pasted()
    head = rows[0] if _is_head(rows[0], sheet) else None
    body = rows[1:] if head else rows
    named = all(row[0] and not _looks_like_value(row[0]) for row in body)
    measures = {_plain(name): measure for measure in sheet.measures for name in _names(measure)}
    first_row, first_column = _start(sheet, at)
    for place, row in enumerate(body):
        number = place + (2 if head else 1)
        measure = measures.get(_plain(row[0])) if named else _nth(sheet, first_row + place)
        texts = list(enumerate(row))[1:] if named else list(enumerate(row))
        if measure is None:
            pasted.puts.append(_nowhere(number, row[0] if named else "", named=named))
            continue
        slots = slots_of(measure)
        for column, text in texts:
            if text:
                offset = column - (1 if named else 0) + (0 if head or named else first_column)
                slot = _under(slots, head, column) if head else _at(slots, offset)
                pasted.puts.append(_put(_where(number, column), text, slot, manner, pasted))
    return pasted


def slots_of(measure: Measure) -> list[Slot]:
    """The fields of its row from left to right; what is told in words is not pasted."""
    if measure.total.words is not None:
        return []
    return [Slot(line, one) for line in measure.row_lines for one in line.inputs]


def _names(measure: Measure) -> tuple[str, str]:
    return measure.version.name, measure.version.indicator.code


def _plain(text: str) -> str:
    return " ".join(text.split()).casefold()


def _looks_like_value(text: str) -> bool:
    return any(char.isdigit() for char in text) and not any(char.isalpha() for char in text)


def _is_head(row: Sequence[str], sheet: Sheet) -> bool:
    """Names of columns: some known, and no number among them."""
    known = {_plain(line.heading) for line in sheet.lines} | {_plain(_("Total")), _plain(_("Figure"))}
    return not any(_looks_like_value(text) for text in row) and any(_plain(text) in known for text in row[1:])


def _start(sheet: Sheet, at: str) -> tuple[int, int]:
    for row, measure in enumerate(sheet.measures):
        for column, slot in enumerate(slots_of(measure)):
            if slot.field.id == at:
                return row, column
    return 0, 0


def _nth(sheet: Sheet, place: int) -> Measure | None:
    return sheet.measures[place] if place < len(sheet.measures) else None


def _at(slots: Sequence[Slot], place: int) -> Slot | None:
    return slots[place] if place < len(slots) else None


def _under(slots: Sequence[Slot], head: Sequence[str], column: int) -> Slot | None:
    """By the name of the column; a name that stands there twice means the upper and the lower number."""
    name = _plain(head[column]) if column < len(head) else ""
    total = {_plain(_("Total")), _plain(_("Figure"))}
    fitting = [
        slot
        for slot in slots
        if _plain(slot.line.heading) == name or (slot.line.cell.category is None and name in total)
    ]
    earlier = sum(_plain(each) == name for each in head[:column])
    return fitting[earlier] if earlier < len(fitting) else None


def _where(row: int, column: int) -> str:
    return _("row %(row)d, column %(column)d") % {"row": row, "column": column + 1}


def _nowhere(row: int, name: str, *, named: bool) -> Put:
    sentence = _("There are more rows than measures below the field that you pasted into.")
    if named:
        sentence = _("“%(name)s” is no measure of this report.") % {"name": name[:80]}
    return Put(_where(row, 0), name[:80], sentence=sentence)


def _put(where: str, text: str, slot: Slot | None, manner: str, pasted: Pasted) -> Put:
    shown = text[:80]
    if slot is None:
        return Put(where, shown, sentence=_("There is no field in this place of the report."))
    if slot.line.cell.kind is Kind.MILESTONE:
        answer = _YES_NO.get(text.casefold(), "")
        return Put(where, shown, slot, answer, "" if answer else _("Answer yes or no."))
    if slot.line.cell.may_be_withheld and says_below(text):
        return Put(where, shown, slot, text[:60])
    try:
        number = read_number(text, language=manner or MANNERS[0], from_elsewhere=not manner)
    except NumberNotRead as problem:
        pasted.is_ambiguous |= not manner and _is_clear_in_either(text)
        return Put(where, shown, slot, sentence=problem.sentence)
    return Put(where, shown, slot, write_number(number))


def _is_clear_in_either(text: str) -> bool:
    return all(_reads(text, manner) for manner in MANNERS)


def _reads(text: str, manner: str) -> bool:
    try:
        read_number(text, language=manner)
    except NumberNotRead:
        return False
    return True


def hidden_fields(pasted: Pasted) -> Iterator[tuple[str, str]]:
    """What is sent on to be saved: only the fields that change."""
    for put in pasted.changes:
        if put.slot:
            yield put.slot.field.id, put.value
