"""What is said about a report and about single figures of it."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from backbone.accounts.models import User
from measurement.submissions.grid import Cell, Grid, GridCell
from measurement.submissions.models import Message, Submission

Status = Submission.Status


def say(submission: Submission, body: str, by: User, at: datetime, *, about: Cell | None = None) -> Message:
    indicator_id, category_id = about or (None, None)
    return Message.objects.create(
        initiative_id=submission.initiative_id,
        submission=submission,
        indicator_id=indicator_id,
        category_id=category_id,
        by=by,
        at=at,
        body=body,
    )


def say_about(
    submission: Submission, grid: Grid, concerns: Mapping[Cell, str], by: User, at: datetime
) -> list[str]:
    """A message for each figure; return them in words, as "Served, Girls: 40 or 4?"."""
    named = [(cell, concerns[cell.key]) for cell in grid.cells if cell.key in concerns]
    for cell, body in named:
        say(submission, body, by, at, about=cell.key)
    return [f"{cell.label}: {body}" for cell, body in named]


def with_figures(message: str, named: Iterable[str]) -> str:
    """What the partner is told, when a report comes back: the message, and what was said of single figures."""
    lines = list(named)
    if not lines:
        return message
    return "\n\n".join([message or _("Please look at these figures."), *lines])


def last_reason(submission: Submission) -> str:
    """Why a correction was made: what was last said about the report."""
    last = submission.messages.filter(indicator=None).last()
    return last.body if last else ""


def about_figures(messages: Iterable[Message]) -> dict[Cell, list[Message]]:
    """Messages about single figures by cell, in the order in which they were written."""
    found: dict[Cell, list[Message]] = {}
    for message in messages:
        if message.indicator_id is not None:
            found.setdefault((message.indicator_id, message.category_id), []).append(message)
    return found


def asked_back(submission: Submission, messages: Iterable[Message]) -> dict[Cell, list[Message]]:
    """What was said of single figures when the report last came back."""
    about = [message for message in messages if message.indicator_id is not None]
    newest = max((message.at for message in about), default=None)
    if submission.status == Status.RETURNED:
        newest = submission.decided_at
    return about_figures(message for message in about if message.at == newest)


def named(messages: Iterable[Message], cells: Iterable[GridCell]) -> list[tuple[Message, str]]:
    """Each message with the name of the figure that it is about."""
    names = {cell.key: cell.label for cell in cells}
    return [
        (each, names.get((each.indicator_id, each.category_id), "") if each.indicator_id else "")
        for each in messages
    ]
