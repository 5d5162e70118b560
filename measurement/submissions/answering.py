"""What people send about kind questions: an answer and words, read from the report's form."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.http import QueryDict
from django.utils.translation import gettext as _

from backbone.accounts.models import User
from measurement.submissions import queries
from measurement.submissions.answers import Problem
from measurement.submissions.entry_models import Query
from measurement.submissions.grid import Cell, cell_name
from measurement.submissions.models import Submission

_LONGEST = 2000


@dataclass
class Answered:
    """`answers` can be stored; `problems` say why others can not."""

    answers: list[tuple[Query, str, str]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def read_answers(sent: Mapping[str, str], asked: Iterable[Query]) -> Answered:
    """Only questions of this report are read; what did not come along keeps its answer."""
    found = Answered()
    for query in asked:
        if f"{query.name}-words" not in sent and f"{query.name}-answer" not in sent:
            continue
        answer = str(sent.get(f"{query.name}-answer", query.answer))
        words = str(sent.get(f"{query.name}-words", query.words)).replace("\r\n", "\n").strip()
        problem = _unfit(answer, words)
        if problem:
            cell = (query.indicator_id, query.category_id)
            found.problems.append(Problem(cell, f"{query.name}-words", problem))
        else:
            found.answers.append((query, answer, words))
    return found


def _unfit(answer: str, words: str) -> str:
    if answer and answer not in Query.Answer.values:
        return _("Choose one of the answers.")
    if "\0" in words:
        return _("The text holds a character that cannot be stored. Type it again, without copying.")
    if len(words) > _LONGEST:
        return _("Shorten the text to %(limit)d characters: it has %(now)d.") % {
            "limit": _LONGEST,
            "now": len(words),
        }
    return ""


def keep_answers(submission: Submission, sent: Mapping[str, str], *, by: User, at: datetime) -> list[Problem]:
    """Store what was answered; return what could not be."""
    if not any(name.startswith("query-") for name in sent):
        return []
    answered = read_answers(sent, Query.objects.filter(submission=submission))
    for query, answer, words in answered.answers:
        queries.answer(query=query, answer=answer, words=words, by=by, at=at)
    return answered.problems


def changed_slots(sent: QueryDict, standing: Mapping[Cell, list[Query]]) -> Iterator[Cell]:
    """Cells under which the sender's page shows other questions than those that stand now."""
    shown: dict[str, set[str]] = {}
    for pair in sent.getlist("asked"):
        where, _space, query = pair.partition(" ")
        shown.setdefault(where, set()).add(query)
    now = {cell_name(cell): (cell, {query.name for query in asked}) for cell, asked in standing.items()}
    for where, (cell, names) in now.items():
        if shown.pop(where, set()) != names:
            yield cell
    yield from (gone for where in shown if (gone := _cell(where)))


def _cell(name: str) -> Cell | None:
    """The inverse of `cell_name`."""
    parts = name.split("-")
    if len(parts) != 3 or parts[0] != "figure" or not parts[1].isdigit():
        return None
    if parts[2] != "total" and not parts[2].isdigit():
        return None
    return int(parts[1]), None if parts[2] == "total" else int(parts[2])
