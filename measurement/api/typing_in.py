"""Figures from a program into the fields of a report, and refusals back to where they stand in what was sent."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from measurement.api.problems import Kind, Trouble, Wrong
from measurement.api.report_shapes import category_key, name_of
from measurement.submissions.answers import Problem
from measurement.submissions.forms import LONGEST, read_sent
from measurement.submissions.grid import Cell, Grid, GridCell, cell_name, grid_of
from measurement.submissions.models import NotAllowed, Submission
from measurement.submissions.reading import NotRight
from measurement.submissions.workflow import Stale, Typed


@dataclass(frozen=True)
class TypedIn:
    """`cells` can be kept; `places` says where in the body each stands."""

    cells: Mapping[Cell, Typed] = field(default_factory=dict)
    places: Mapping[Cell, int] = field(default_factory=dict)


def typed_in(submission: Submission, figures: list[dict[str, Any]]) -> TypedIn:
    """Raises Trouble for figures that the report does not ask for, that come twice, or that cannot be kept."""
    grid = grid_of(submission.expected_report, submission)
    by_name = {(cell.figure.indicator.code, category_key(cell.category)): cell for cell in grid.cells}
    places: dict[Cell, int] = {}
    fields: dict[str, str] = {}
    wrong = []
    for place, figure in enumerate(figures):
        cell = by_name.get((figure["indicator"], figure["category"]))
        if cell is None or cell.key in places:
            sentence = _("It is given more than once.") if cell else _("This report asks for no such figure.")
            wrong.append(Wrong(f"/figures/{place}", sentence))
            continue
        places[cell.key] = place
        fields |= {f"{cell.name}-{part}": figure[part] for part in LONGEST if part in figure}
    found = read_sent(fields, grid)
    wrong += [
        Wrong(f"/figures/{places[problem.cell]}/{_part(problem)}", problem.sentence)
        for problem in found.problems
    ]
    if wrong:
        raise Trouble(Kind.NOT_RIGHT, wrong[0].sentence, wrong=wrong)
    return TypedIn(found.typed, places)


def _part(problem: Problem) -> str:
    part = problem.field.removeprefix(f"{cell_name(problem.cell)}-")
    return "detail" if part.startswith("level-") else part


def refusing(
    step: Callable[[], Submission], submission: Submission, typed: TypedIn | None = None
) -> Submission:
    """Take the step; what the operation says against it is told in its own words."""
    try:
        return step()
    except Stale as stale:
        raise _stale(stale, typed or TypedIn()) from stale
    except NotAllowed as reason:
        raise Trouble(Kind.WRONG_STATE, str(reason)) from reason
    except NotRight as reason:
        grid = grid_of(submission.expected_report, submission)
        raise Trouble(
            Kind.NOT_RIGHT, str(reason), wrong=_in_report(grid, reason.reading.problems)
        ) from reason


def _in_report(grid: Grid, problems: Iterable[Problem]) -> Iterator[Wrong]:
    """By the place of each figure in the report as it is read."""
    places = {cell.key: place for place, cell in enumerate(grid.cells)}
    for problem in problems:
        cell = grid.cells[places[problem.cell]]
        where = f"/figures/{places[problem.cell]}/typed/{_part(problem)}"
        yield Wrong(where, problem.sentence, {**name_of(cell)})


def _stale(stale: Stale, typed: TypedIn) -> Trouble:
    """With both values of every figure that differs."""
    now = stale.submission
    cells = {cell.key: cell for cell in grid_of(now.expected_report, now).cells}
    conflicts = [
        _conflict(cells[key], typed.places[key], typed.cells[key], theirs)
        for key, theirs in stale.theirs.items()
    ]
    return Trouble(Kind.STALE, str(stale), version=now.version, conflicts=conflicts)


def _conflict(cell: GridCell, place: int, mine: Typed, theirs: Typed) -> dict[str, Any]:
    return {"pointer": f"/figures/{place}", **name_of(cell), "mine": _words(mine), "theirs": _words(theirs)}


def _words(typed: Typed) -> dict[str, str]:
    return {part: getattr(typed, part) for part in LONGEST}


def fit_form(form: forms.Form) -> dict[str, Any]:
    """What a form of the pages makes of the body; raises Trouble with its sentences."""
    if not form.is_valid():
        wrong = [Wrong(f"/{name}", str(each)) for name, errors in form.errors.items() for each in errors]
        raise Trouble(Kind.NOT_RIGHT, wrong[0].sentence, wrong=wrong)
    return form.cleaned_data
