"""What a browser sends from the pages of a report."""

from django.urls import reverse

from measurement.submissions.grid import Cell, cell_name
from measurement.submissions.models import CurrentFigure, Submission
from tests.factories import measuring

HTMX = {"HX-Request": "true", "HX-Target": "save-state"}


def url(step: str, submission: Submission) -> str:
    name = f"measurement:submissions:{step}"
    return reverse(name, args=[submission.initiative.slug, submission.public_id])


def form(submission: Submission, /, *, version: object = None, **answers: measuring.Answer) -> dict[str, str]:
    """The fields of the cells that are named, as "served", "served__girls" or "passed"."""
    named = {name.replace("__", "/"): answer for name, answer in answers.items()}
    sent = {"version": str(submission.version if version is None else version)}
    for cell, words in measuring.typed(submission.expected_report, named).items():
        start = cell_name(cell)
        sent |= {
            f"{start}-amount": words.amount,
            f"{start}-base": words.base,
            f"{start}-status": words.status,
            f"{start}-note": words.note,
        }
    return sent


def cell(submission: Submission, code: str) -> Cell:
    """The key of a cell by "served" or "served/girls"."""
    indicator, _slash, category = code.partition("/")
    figures = CurrentFigure.objects.filter(
        expected_report=submission.expected_report, indicator__code=indicator
    )
    figure = figures.get(category__code=category) if category else figures.get(category=None)
    return figure.indicator_id, figure.category_id


def field(submission: Submission, code: str, part: str = "amount") -> str:
    return f"{cell_name(cell(submission, code))}-{part}"


def drafted(submission: Submission, code: str) -> str:
    indicator, category = cell(submission, code)
    drafts = submission.drafts.filter(indicator_id=indicator)
    return (drafts.get(category_id=category) if category else drafts.get(category=None)).amount
