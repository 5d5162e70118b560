"""Figures as they stand on a page: with unit, last period and change, and the fields to type them in."""

from dataclasses import dataclass, field
from functools import cached_property

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from measurement.indicators.kinds import Kind
from measurement.submissions.answers import Problem
from measurement.submissions.details import level_texts, unit_names
from measurement.submissions.earlier import Before
from measurement.submissions.entry_models import Evidence, Query
from measurement.submissions.forms import reasons
from measurement.submissions.grid import Cell, Grid, GridCell, amount_label, base_label
from measurement.submissions.models import STATUS_NAMES, CurrentFigure, Message, Submission
from measurement.submissions.observations import Given
from measurement.submissions.reading import read
from measurement.submissions.status import MEANINGS, FigureStatus
from measurement.submissions.typed_words import typed_in, typed_words
from measurement.submissions.wording import (
    SHARES,
    counted_value,
    exact,
    figure_words,
    given_words,
    is_unusual,
    read_value,
    signed,
)

StrOrPromise = str | Promise
_HOW_SURE = gettext_lazy("How sure is it? If there is no figure, why?")
_NOTE = gettext_lazy("Note")
_CONCERN = gettext_lazy("What should they look at here?")


@dataclass
class Field:
    """One input of a cell."""

    id: str
    label: StrOrPromise
    value: str
    problems: list[str]

    @property
    def error_id(self) -> str:
        return f"{self.id}-error"


@dataclass
class Question:
    """A kind question about one value, in words."""

    query: Query
    sentence: str

    @property
    def choices(self) -> list[tuple[str, StrOrPromise]]:
        return list(Query.Answer.choices)


@dataclass
class Line:
    """One expected value: a row of its measure's table."""

    cell: GridCell
    unit: str
    given: Given | None = None
    problems: list[Problem] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    evidence: list[Evidence] = field(default_factory=list)
    said: list[Message] = field(default_factory=list)
    typed_concern: str = ""
    curve: str = ""  # how it went, as a drawing: put in at the desk
    is_split: bool = False
    fields_html: str = ""  # put in by cells.draw, where there is something to type

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
        return "" if self.cell.kind in SHARES or self.unit_choice else self.unit

    @property
    def inputs(self) -> list[Field]:
        version, draft = self.cell.version, self.cell.draft
        if self.cell.kind is Kind.ORDINAL:
            texts = zip(version.level_names, level_texts(version, draft.detail), strict=True)
            return [self._field(f"level-{n}", name, text) for n, (name, text) in enumerate(texts, start=1)]
        found = [self._field("amount", amount_label(version), draft.amount)]
        if (version.rules.has_base or version.rules.may_have_base) and not self.is_yes_no:
            found.append(self._field("base", base_label(version), draft.base))
        return found

    @property
    def spread(self) -> Field | None:
        """Of an average, where a partner knows it: nothing that everybody has to fill in."""
        if self.cell.kind is not Kind.MEAN:
            return None
        return self._field("detail", _("Standard deviation, if known"), self.cell.draft.detail)

    @property
    def unit_choice(self) -> Field | None:
        """Where partners may choose the unit in which they hand in."""
        if not self.cell.version.hand_in_units:
            return None
        return self._field("detail", _("Unit"), self.cell.draft.detail)

    @property
    def units(self) -> list[tuple[str, str]]:
        """The measure's own first, and what was chosen and is no longer offered last."""
        names = unit_names(self.cell.version)
        chosen = self.cell.draft.detail
        kept = [chosen] if chosen and chosen not in names else []
        return [("", self.unit or _("As asked")), *((name, name) for name in [*names, *kept])]

    @property
    def words(self) -> Field | None:
        """The field of a measure that is told in words."""
        if self.cell.kind is not Kind.TEXT:
            return None
        return self._field("detail", amount_label(self.cell.version), self.cell.draft.detail)

    @property
    def reason(self) -> Field:
        return self._field("status", _HOW_SURE, self.cell.draft.status)

    @property
    def note(self) -> Field:
        return self._field("note", _NOTE, self.cell.draft.note)

    @property
    def concern(self) -> Field:
        """What a reviewer says about this figure when the report goes back."""
        return self._field("message", _CONCERN, self.typed_concern)

    @property
    def reasons(self) -> list[tuple[str, str]]:
        return reasons(self.cell)

    def _field(self, part: str, label: StrOrPromise, value: str) -> Field:
        name = f"{self.cell.name}-{part}"
        wrong = [p.sentence for p in self.problems if p.field == name] if self.problems else []
        return Field(name, label, value, wrong)

    @property
    def previous(self) -> str:
        return self._earlier(self.cell.previous)

    @property
    def year_ago(self) -> str:
        return self._earlier(self.cell.year_ago)

    def _earlier(self, before: Before | None) -> str:
        if before is None:
            return ""
        if not MEANINGS[FigureStatus(before.status)].has_value:
            name = str(STATUS_NAMES[FigureStatus(before.status)])
            given = Given(FigureStatus(before.status), low=before.low, high=before.high)
            interval = given_words(before.version, given, self.unit)
            return " ".join(filter(None, (interval, name)))
        return before.text or figure_words(before.version, before.components, self.unit)

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
    def is_unusual(self) -> bool:
        given, version = self.given, self.cell.version
        return given is not None and is_unusual(version, counted_value(version, given.components))

    @property
    def says_no_change(self) -> bool:
        return self.cell.says_no_change

    @property
    def why(self) -> str:
        if self.given is None or self.given.status == FigureStatus.REPORTED:
            return ""
        return str(STATUS_NAMES[self.given.status])

    @property
    def on_record(self) -> str:
        """What counts until a correction is approved, where the report says something else now."""
        standing = on_record(self.cell.figure)
        if self.given is None or standing.amounts_to == self.given.amounts_to:
            return ""
        return given_words(self.cell.version, standing, self.unit)

    @cached_property
    def difference(self) -> str:
        """The change from last period: in points for a share, else in numbers and percent."""
        before = self.cell.previous
        if before is None or self.given is None:
            return ""
        old = read_value(before.version, before.components)
        new = read_value(self.cell.version, self.given.components)
        if old is None or new is None:
            return ""
        if old == new:
            return _("no change")
        if self.cell.kind in SHARES and self.unit == "%":
            return _("%(change)s points") % {"change": signed(new - old, 1)}
        change = signed(new - old, self.cell.version.decimals)
        return f"{change} ({signed((new - old) / abs(old) * 100, 0)}\u00a0%)" if old else change


def given_in(submission: Submission, grid: Grid) -> dict[Cell, Given]:
    """What the report says: as it is on record once approved, before that as it was typed."""
    if submission.status != Submission.Status.APPROVED:
        return read(grid).given
    return {cell.key: on_record(cell.figure) for cell in grid.cells}


def on_record(figure: CurrentFigure) -> Given:
    return Given(
        FigureStatus(figure.status),
        figure.components,
        derived=figure.derived,
        note=figure.observation.note if figure.observation else "",
        low=figure.low,
        high=figure.high,
        text=figure.text,
        handed_in=figure.handed_in,
    )
