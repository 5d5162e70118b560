"""A proposal in the demo on which an answer is still waited for. All of it is fictitious and says so."""

from datetime import datetime, timedelta
from typing import Final

from backbone.accounts.models import User
from initiatives.agenda import deciding, drafting
from initiatives.agenda.models import AgendaVersion, Answer
from initiatives.agenda.tree import Kind
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.datapackage.michigan_texts import DEMO_PARTNERS

_PRIORITIES: Final = (
    "First mathematics in the early grades, because everything later rests on it. Next, and new: nobody leaves high"
    " school unnoticed. (*Fictitious: a proposal of the demo.*)"
)
_ANSWERS: Final = (
    (1, Answer.YES, "Fictitious: an answer of the demo."),
    (2, Answer.RESERVATIONS, "Fictitious: we agree, if mentors are found before winter."),
    (3, Answer.YES, "Fictitious: an answer of the demo."),
)


def play(initiative: Initiative, *, director: User, reporter: User, at: datetime) -> None:
    """The adopted agenda is written on, proposed, commented on, and answered by three of six."""
    proposal = _propose(initiative, by=director, at=at - timedelta(days=8))
    deciding.comment(
        version=proposal,
        section="priorities",
        text="Fictitious: who calls home where there is no telephone?",
        organization=_partner(initiative, 0),
        by=reporter,
        at=at - timedelta(days=5),
    )
    for days, (place, answer, words) in enumerate(_ANSWERS, start=2):
        deciding.endorse(
            version=proposal,
            organization=_partner(initiative, place),
            answer=answer,
            words=words,
            by=None,
            at=at - timedelta(days=6 - days),
        )


def _propose(initiative: Initiative, *, by: User, at: datetime) -> AgendaVersion:
    draft = drafting.start(initiative=initiative, by=by, at=at - timedelta(days=7))
    drafting.write(
        version=draft,
        section="priorities",
        text=_PRIORITIES,
        seen=drafting.mark(draft.priorities),
        by=by,
        at=at - timedelta(days=6),
    )
    drafting.add(
        version=draft,
        kind=Kind.STRATEGY,
        name="A mentor for every ninth grader",
        statement="Fictitious: an example of a strategy.",
        under="graduation",
        by=by,
        at=at - timedelta(days=6),
    )
    due = initiative.today(at) + timedelta(days=21)
    deciding.propose(version=draft, answers_due_on=due, by=by, at=at)
    return AgendaVersion.objects.get(pk=draft.pk)


def _partner(initiative: Initiative, place: int) -> Organization:
    return Organization.objects.get(
        participations__initiative=initiative, participations__code=DEMO_PARTNERS[place]
    )
