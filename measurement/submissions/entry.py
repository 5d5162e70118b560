"""The pages of filling in a report: the form, the comparison after a stale save, what could not be saved."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now

from backbone.access.permissions import Permission
from backbone.accounts.models import User
from backbone.web.forms import ErrorLine
from backbone.web.htmx import render_page, wanted_partial
from initiatives.charter.access import Access
from measurement.submissions import evidence, queries, sittings
from measurement.submissions.answering import changed_slots
from measurement.submissions.answers import Problem
from measurement.submissions.blocks import Beside, Sheet, sheet_of
from measurement.submissions.cells import draw
from measurement.submissions.discussing import asked_back, named
from measurement.submissions.forms import MessageForm, overlay
from measurement.submissions.grid import Cell, Grid, GridCell, grid_of
from measurement.submissions.models import Message, Submission
from measurement.submissions.own import due_day, question_to
from measurement.submissions.sheet import Line
from measurement.submissions.typed_words import typed_words
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
    was_kept: bool = False,
    unsaved: str = "",
    status: int = 200,
) -> HttpResponse:
    """The form with what stands in the grid, problems by name on top; for autosave the saved line only."""
    problems = list(problems)
    context: dict[str, Any] = {
        "submission": submission,
        "report": submission.expected_report,
        "lines": [ErrorLine(problem.sentence, problem.field) for problem in problems],
        "minutes_left": sittings.minutes_left(submission, grid),
        "unsaved": unsaved,
    }
    if wanted_partial(request, ("save-state",)):
        counted = Sheet([], grid.answered, len(grid.asked), "", "")
        context |= {"sheet": counted, "slots": _slots(request, submission, grid)}
    else:
        discussion = list(submission.messages.select_related("by"))
        beside = beside_of(submission, grid, problems, said=asked_back(submission, discussion))
        context |= {
            "sheet": draw(sheet_of(submission, grid, beside=beside)),
            "others": sittings.seen(submission=submission, by=cast(User, request.user), at=now()),
            "discussion": named(discussion, grid.cells),
            "message_form": MessageForm(auto_id="say_%s"),
            "was_kept": was_kept,
            "due_day": due_day(submission.expected_report, submission.initiative),
            "question": question_to(submission),
        }
    return render_page(request, _ENTRY, context, partials=("save-state",), status=status)


def beside_of(
    submission: Submission,
    grid: Grid,
    problems: Iterable[Problem] = (),
    *,
    said: Mapping[Cell, list[Message]] = MappingProxyType({}),
) -> Beside:
    """Problems, the questions that stand, evidence, and what was said of single figures."""
    return Beside(problems, queries.standing(submission, grid), evidence.of(submission), said)


def _slots(request: HttpRequest, submission: Submission, grid: Grid) -> list[Line]:
    """The cells under which other questions stand now than the sender sees."""
    standing = queries.standing(submission, grid)
    changed = set(changed_slots(request.POST, standing))
    measures = {indicator for indicator, _category in changed}
    rows = Grid([row for row in grid.rows if row.version.indicator_id in measures])
    lines = sheet_of(submission, rows, beside=Beside((), standing)).lines
    return [line for line in lines if line.cell.key in changed]


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
