"""The pages of filling in a report: the form, the comparison after a stale save, what could not be saved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from backbone.access.permissions import Permission
from backbone.web.forms import ErrorLine, error_lines
from backbone.web.htmx import render_page
from initiatives.charter.access import Access
from measurement.submissions.answers import Problem
from measurement.submissions.blocks import sheet_of
from measurement.submissions.cells import draw
from measurement.submissions.forms import AttestationForm, MessageForm, overlay
from measurement.submissions.grid import Cell, Grid, GridCell, grid_of
from measurement.submissions.models import Submission
from measurement.submissions.own import due_day, question_to
from measurement.submissions.wording import typed_words
from measurement.submissions.workflow import Typed, differing

_ENTRY = "measurement/submissions/entry.html"


def may_fill_in(access: Access, submission: Submission) -> bool:
    report = submission.expected_report
    mine = report.organization in access.organizations(Permission.OWN_REPORT_EDIT)
    return mine and submission.is_editable and report.period.is_open


def entry_page(
    request: HttpRequest,
    submission: Submission,
    grid: Grid,
    *,
    problems: Iterable[Problem] = (),
    attestation: AttestationForm | None = None,
    was_kept: bool = False,
    unsaved: str = "",
    status: int = 200,
) -> HttpResponse:
    """The form with what stands in the grid, problems by name on top; for autosave the saved line only."""
    problems = list(problems)
    lines = [ErrorLine(problem.sentence, problem.field) for problem in problems]
    context = {
        "submission": submission,
        "report": submission.expected_report,
        "sheet": draw(sheet_of(submission, grid, problems=problems)),
        "lines": lines + (error_lines(attestation) if attestation else []),
        "attestation": attestation or AttestationForm(auto_id="attest_%s"),
        "discussion": submission.messages.select_related("by"),
        "message_form": MessageForm(auto_id="say_%s"),
        "was_kept": was_kept,
        "unsaved": unsaved,
        "due_day": due_day(submission.expected_report, submission.initiative),
        "question": question_to(submission),
    }
    return render_page(request, _ENTRY, context, partials=("save-state",), status=status)


@dataclass(frozen=True)
class Difference:
    """One cell that two people have filled in differently."""

    cell: GridCell
    mine: Typed
    theirs: Typed

    @property
    def my_words(self) -> str:
        return typed_words(self.cell, self.mine)

    @property
    def their_words(self) -> str:
        return typed_words(self.cell, self.theirs)

    @property
    def choice(self) -> str:
        """The side that takes nothing away, where one of the two is empty; else nobody chooses for people."""
        if self.mine == Typed():
            return "theirs"
        return "mine" if self.theirs == Typed() else ""


def _differences(grid: Grid, mine: Mapping[Cell, Typed], theirs: Mapping[Cell, Typed]) -> list[Difference]:
    return [Difference(cell, mine[cell.key], theirs[cell.key]) for cell in grid.cells if cell.key in theirs]


def stale_page(
    request: HttpRequest,
    submission: Submission,
    mine: Mapping[Cell, Typed],
    *,
    sentence: str,
    status: int = 409,
) -> HttpResponse:
    """Both values of every cell that differs, side by side, and the choice between them."""
    submission.refresh_from_db(fields=["version", "saved_at", "saved_by"])
    grid = grid_of(submission.expected_report, submission)
    context = {
        "submission": submission,
        "report": submission.expected_report,
        "sentence": sentence,
        "seen": request.POST.get("version", "")[:20],
        "differences": _differences(grid, mine, differing(submission, mine)),
    }
    template = "measurement/submissions/stale.html"
    return render_page(request, template, context, partials=("save-state",), status=status)


def not_saved_page(
    request: HttpRequest, submission: Submission, mine: Mapping[Cell, Typed], *, sentence: str
) -> HttpResponse:
    """The report can no longer be changed. What was typed and not saved is shown, to copy or to pass on."""
    grid = grid_of(submission.expected_report, submission)
    context: dict[str, Any] = {
        "submission": submission,
        "report": submission.expected_report,
        "sentence": sentence,
        "differences": _differences(grid, mine, differing(submission, mine)),
    }
    template = "measurement/submissions/not_saved.html"
    return render_page(request, template, context, partials=("save-state",), status=409)


def refused_page(
    request: HttpRequest, submission: Submission, shown: Mapping[Cell, Typed], problems: list[Problem]
) -> HttpResponse:
    """422: the form again, with everything that was typed, and what of it cannot be kept."""
    grid = grid_of(submission.expected_report, submission)
    overlay(grid, shown)
    unsaved = problems[0].sentence
    return entry_page(request, submission, grid, problems=problems, unsaved=unsaved, status=422)
