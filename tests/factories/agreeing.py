"""Agendas for tests, all reached through the operations that people use."""

from datetime import date

from django.utils.timezone import now

from backbone.accounts.models import User
from initiatives.agenda import deciding, drafting, rows
from initiatives.agenda.models import AgendaVersion, Answer, Goal, Outcome, Strategy
from initiatives.agenda.tree import Kind
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization


def draft(initiative: Initiative) -> AgendaVersion:
    """The draft as it is stored now; started where there is none."""
    return drafting.start(initiative=initiative, by=None, at=now())


def add(initiative: Initiative, kind: Kind, name: str, under: str = "", statement: str = "") -> str:
    """A node of the draft; its code."""
    made = drafting.add(
        version=draft(initiative),
        kind=kind,
        name=name,
        statement=statement,
        under=under,
        by=None,
        at=now(),
    )
    return made.code


def goal(initiative: Initiative, name: str) -> Goal:
    return Goal.objects.get(initiative=initiative, code=add(initiative, Kind.GOAL, name))


def outcome(initiative: Initiative, name: str, under: str = "") -> Outcome:
    return Outcome.objects.get(initiative=initiative, code=add(initiative, Kind.OUTCOME, name, under))


def strategy(initiative: Initiative, name: str, under: str) -> Strategy:
    return Strategy.objects.get(initiative=initiative, code=add(initiative, Kind.STRATEGY, name, under))


def write(initiative: Initiative, **texts: str) -> None:
    for section, text in texts.items():
        found = draft(initiative)
        seen = drafting.mark(getattr(found, section))
        drafting.write(version=found, section=section, text=text, seen=seen, by=None, at=now())


def propose(initiative: Initiative, by: User, answers_due_on: date | None = None) -> AgendaVersion:
    found = draft(initiative)
    deciding.propose(version=found, answers_due_on=answers_due_on, by=by, at=now())
    return AgendaVersion.objects.get(pk=found.pk)


def say(
    version: AgendaVersion, organization: Organization, answer: Answer = Answer.YES, words: str = ""
) -> None:
    deciding.endorse(
        version=version, organization=organization, answer=answer, words=words, by=None, at=now()
    )


def adopt(version: AgendaVersion, by: User) -> AgendaVersion:
    deciding.adopt(version=version, by=by, at=now())
    return AgendaVersion.objects.get(pk=version.pk)


def codes(initiative: Initiative) -> list[str]:
    """The tree in force, as its rows say."""
    return [node.code for node in rows.tree_of(initiative).nodes]
