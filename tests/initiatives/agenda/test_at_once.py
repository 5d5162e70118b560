"""Several people at once: no part of the tree is lost, and nothing is begun or adopted twice."""

from functools import partial

import pytest
from django.utils.timezone import now

from backbone.accounts.models import User
from backbone.audit.models import Event
from initiatives.agenda import deciding
from initiatives.agenda.models import AgendaVersion, Answer, Goal, State
from initiatives.agenda.tree import Kind, NotAllowed
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from tests.factories import agreeing, people
from tests.factories.at_once import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_drafts_started_and_written_at_once_are_one_draft_with_everything(initiative: Initiative) -> None:
    all_at_once([lambda: agreeing.add(initiative, Kind.GOAL, "Read")] * 5)

    assert AgendaVersion.objects.count() == 1
    assert sorted(node.code for node in AgendaVersion.objects.get().nodes.nodes) == [
        "read",
        "read-2",
        "read-3",
        "read-4",
        "read-5",
    ]
    assert Goal.objects.count() == 5


def test_answers_that_come_while_it_is_adopted_are_kept_and_it_is_adopted_once(
    initiative: Initiative, director: User, alder: Organization
) -> None:
    others = [people.organization(f"Partner {number}", initiative) for number in range(4)]
    deciding.change_quorum(initiative=initiative, percent=20, by=director, at=now())
    agreeing.write(initiative, vision="All children thrive.")
    proposal = agreeing.propose(initiative, by=director)
    agreeing.say(proposal, alder)
    refused: list[str] = []

    def adopt() -> None:
        try:
            deciding.adopt(version=proposal, by=director, at=now())
        except NotAllowed as reason:
            refused.append(str(reason))

    answers = [partial(agreeing.say, proposal, partner, Answer.NO, "No.") for partner in others]
    all_at_once([adopt, adopt, *answers])

    assert AgendaVersion.objects.get().state == State.ADOPTED
    assert refused == ["Version 1 has been adopted already."]
    assert proposal.endorsements.count() == 5
    assert Event.objects.filter(verb="agenda.adopted").count() == 1
