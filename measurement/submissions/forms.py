"""What people send about a report: figures as they were typed, messages, and choices of the queue."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext as _

from backbone.web.forms import Form
from measurement.indicators.kinds import Kind
from measurement.submissions.answers import Problem
from measurement.submissions.details import detail_of_levels, level_texts
from measurement.submissions.grid import Cell, Grid, GridCell
from measurement.submissions.models import STATUS_NAMES, Submission
from measurement.submissions.status import BESIDE_A_NUMBER, REASONS_WITHOUT_NUMBER, FigureStatus
from measurement.submissions.withheld import may_be_withheld
from measurement.submissions.workflow import Typed

LONGEST = {"amount": 60, "base": 60, "status": 18, "note": 2000, "detail": 5000}


@dataclass
class Sent:
    """The figures of a sent form: `typed` can be stored, `shown` is everything, so that nothing is lost."""

    typed: dict[Cell, Typed] = field(default_factory=dict)
    shown: dict[Cell, Typed] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_sent(sent: Mapping[str, str], grid: Grid) -> Sent:
    """Only the report's own cells are read. A field that did not come along keeps what stands in it."""
    found = Sent()
    for cell in grid.cells:
        words = _no_change(sent, cell) if sent.get("same") == cell.name else _words(sent, cell)
        if words is None or (sent.get("all") or sent.get(f"{cell.name}-choice")) == "theirs":
            continue
        found.shown[cell.key] = words
        problems = list(_unfit(cell, words))
        found.problems += problems
        if not problems:
            found.typed[cell.key] = words
    return found


def _words(sent: Mapping[str, str], cell: GridCell) -> Typed | None:
    names = {part: f"{cell.name}-{part}" for part in LONGEST}
    if levels := _levels(sent, cell):
        sent = {**sent, **levels}
    if not any(name in sent for name in names.values()):
        return None
    words = {
        part: str(sent.get(name, getattr(cell.draft, part))).replace("\r\n", "\n")
        for part, name in names.items()
    }
    said = sent.get(f"{cell.name}-same", "1" if cell.draft.same else "") == "1"
    still = (words["amount"], words["base"]) == cell.previous_written if said else False
    return Typed(**words, same=still)


def _no_change(sent: Mapping[str, str], cell: GridCell) -> Typed | None:
    """The button beside the field: last period's number once more."""
    amount, base = cell.previous_written
    words = _words(sent, cell) or Typed(note=cell.draft.note)
    return replace(words, amount=amount, base=base, status="", same=True) if amount or base else words


def _levels(sent: Mapping[str, str], cell: GridCell) -> dict[str, str]:
    """The fields of a rubric's levels together, as they are kept."""
    fields = [f"{cell.name}-level-{place + 1}" for place in range(len(cell.version.level_names))]
    if not any(name in sent for name in fields):
        return {}
    before = level_texts(cell.version, cell.draft.detail)
    texts = [str(sent.get(name, old)) for name, old in zip(fields, before, strict=True)]
    return {f"{cell.name}-detail": detail_of_levels(texts)}


def _unfit(cell: GridCell, words: Typed) -> list[Problem]:
    """Why the words cannot even be kept as a draft."""
    problems = []
    for part, longest in LONGEST.items():
        text = getattr(words, part)
        if "\0" in text:
            sentence = _("The text holds a character that cannot be stored. Type it again, without copying.")
        elif part == "status" and text not in dict(reasons(cell)):
            sentence = _("Choose a reason from the list.")
        elif len(text) > longest:
            sentence = _("Shorten the text to %(limit)d characters: it has %(now)d.") % {
                "limit": longest,
                "now": len(text),
            }
        else:
            continue
        problems.append(Problem(cell.key, f"{cell.name}-{part}", f"{cell.label}: {sentence}"))
    return problems


def offered_reasons(kind: Kind) -> list[tuple[str, str]]:
    withheld = (FigureStatus.WITHHELD,) if may_be_withheld(kind) else ()
    return [
        ("", gettext("We give a figure")),
        *((s.value, str(STATUS_NAMES[s])) for s in (*BESIDE_A_NUMBER, *withheld, *REASONS_WITHOUT_NUMBER)),
    ]


def reasons(cell: GridCell) -> list[tuple[str, str]]:
    """How sure a figure is, or why there is none: the answers on offer, and what is on record already."""
    offered = offered_reasons(cell.kind)
    kept = {cell.draft.status, cell.figure.status} & set(FigureStatus) - {value for value, _name in offered}
    kept -= {FigureStatus.REPORTED.value, FigureStatus.MISSING.value}
    return offered + [(status, str(STATUS_NAMES[FigureStatus(status)])) for status in sorted(kept)]


def overlay(grid: Grid, shown: Mapping[Cell, Typed]) -> None:
    """Put what was typed into the grid's fields, for showing only."""
    for cell in grid.cells:
        if cell.key in shown:
            words = shown[cell.key]
            cell.draft.amount, cell.draft.base = words.amount, words.base
            cell.draft.status, cell.draft.note, cell.draft.same = words.status, words.note, words.same
            cell.draft.detail = words.detail


class VersionForm(forms.Form):
    """Which state of the report the sender has seen."""

    version = forms.IntegerField(min_value=0, max_value=2_147_483_647)


class AttestationForm(Form):
    right = forms.BooleanField(
        label=gettext_lazy("These figures are right to the best of my knowledge"),
        error_messages={"required": gettext_lazy("Tick that the figures are right, to hand the report in.")},
    )


class MessageForm(Form):
    body = forms.CharField(
        label=gettext_lazy("Your message"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Write a message first.")},
    )


class ReturnForm(Form):
    message = forms.CharField(
        label=gettext_lazy("What should they look at?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3, "data-key": "r"}),
        error_messages={"required": gettext_lazy("Say what they should look at: they will read this.")},
    )

    def __init__(self, *args: Any, has_concerns: bool = False, **kwargs: Any) -> None:
        """Where something is said of single figures, nothing has to be said of all."""
        super().__init__(*args, **kwargs)
        self.fields["message"].required = not has_concerns


class ReopenForm(Form):
    reason = forms.CharField(
        label=gettext_lazy("What should be corrected?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say what should be corrected: they will read this.")},
    )


class WithdrawForm(Form):
    reason = forms.CharField(
        label=gettext_lazy("Why is it withdrawn?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why it is withdrawn: this stays on record.")},
    )
    name = forms.CharField(max_length=300)

    def __init__(self, *args: object, submission: Submission, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.wanted = str(submission)
        self.fields["name"].label = gettext("To be sure, write “%(name)s”") % {"name": self.wanted}

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if " ".join(name.split()).casefold() != " ".join(self.wanted.split()).casefold():
            raise forms.ValidationError(_("Write “%(name)s”, as it stands above.") % {"name": self.wanted})
        return name
