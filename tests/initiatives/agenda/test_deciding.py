"""From a draft to an agenda that partners stand behind."""

from datetime import timedelta

import pytest
from django.db import InternalError, transaction
from django.utils.timezone import now

from backbone.access.permissions import Role, Side
from backbone.accounts.models import User
from backbone.audit.models import Event
from backbone.notifications.models import Notification
from initiatives.agenda import deciding
from initiatives.agenda.models import AgendaVersion, Answer, Comment, Endorsement, Goal, State
from initiatives.agenda.tree import NotAllowed
from initiatives.charter.models import Initiative, Participation
from initiatives.directory import operations as directory
from initiatives.partners.models import Organization
from measurement.indicators import linking
from tests.factories import agreeing, measuring, people
from tests.initiatives.agenda.conftest import As, page


@pytest.fixture
def proposal(
    initiative: Initiative, director: User, alder: Organization, birch: Organization
) -> AgendaVersion:
    agreeing.write(initiative, vision="All children thrive.")
    agreeing.goal(initiative, "Read well")
    return agreeing.propose(initiative, by=director)


def state(version: AgendaVersion) -> str:
    return AgendaVersion.objects.get(pk=version.pk).state


def text_of(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


def test_proposing_asks_those_who_may_answer(
    initiative: Initiative, director: User, manager: User, approver: User, rita: User, as_: As
) -> None:
    agreeing.write(initiative, vision="All children thrive.")
    soon = initiative.today(now()) + timedelta(days=14)

    as_(director).post(page("propose", initiative), {"answers_due_on": soon.isoformat()})

    found = AgendaVersion.objects.get()
    assert (found.state, found.proposed_by, found.answers_due_on) == (State.PROPOSED, director, soon)
    assert {each.person for each in Notification.objects.all()} == {manager, approver}
    assert Notification.objects.first().link == page("version", initiative, 1)  # type: ignore[union-attr]


def test_answers_cannot_be_due_yesterday(initiative: Initiative, director: User, as_: As) -> None:
    agreeing.write(initiative, vision="All children thrive.")
    yesterday = initiative.today(now()) - timedelta(days=1)

    answer = as_(director).post(page("propose", initiative), {"answers_due_on": yesterday.isoformat()})

    assert answer.status_code == 422
    assert "This day has passed" in text_of(answer)


def test_an_empty_draft_is_not_proposed(initiative: Initiative, director: User, as_: As) -> None:
    agreeing.draft(initiative)

    answer = as_(director).post(page("propose", initiative))

    assert answer.status_code == 409
    assert "nothing in this draft yet" in text_of(answer)


@pytest.mark.parametrize("change", [{"vision": "Other."}, {"tree": []}, {"state": State.DRAFT}])
def test_the_database_keeps_what_was_proposed(proposal: AgendaVersion, change: dict[str, object]) -> None:
    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        AgendaVersion.objects.filter(pk=proposal.pk).update(**change, proposed_at=proposal.proposed_at)
    with pytest.raises(InternalError, match="Cannot delete"), transaction.atomic():
        AgendaVersion.objects.filter(pk=proposal.pk)._raw_delete("default")


def test_a_writer_who_is_too_late_is_told(initiative: Initiative, director: User, as_: As) -> None:
    agreeing.write(initiative, vision="All children thrive.")
    client = as_(director)
    agreeing.propose(initiative, by=director)
    agreeing.draft(initiative)

    found = AgendaVersion.objects.get(number=1)
    with pytest.raises(NotAllowed, match="has been proposed already"):
        deciding.propose(version=found, by=director, at=now())
    assert client.post(page("propose", initiative)).status_code == 302


def test_everybody_but_a_funder_comments_on_a_part(
    initiative: Initiative, proposal: AgendaVersion, rita: User, funder: User, director: User, as_: As
) -> None:
    url = page("comment", initiative, 1)
    typed = {"section": "vision", "text": "<b>Which</b> children?"}

    assert as_(rita).post(url, typed).status_code == 302
    assert as_(funder).post(url, typed).status_code == 403

    shown = text_of(as_(funder).get(page("version", initiative, 1)))
    assert "&lt;b&gt;Which&lt;/b&gt; children?" in shown
    assert "Rita Reporter, Alder School" in shown
    assert Notification.objects.filter(person=director).count() == 1
    assert Comment.objects.get().section == "vision"


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Target": "comment-form"}])
def test_an_empty_comment_is_asked_for_again(
    initiative: Initiative, proposal: AgendaVersion, rita: User, as_: As, headers: dict[str, str]
) -> None:
    answer = as_(rita).post(page("comment", initiative, 1), {"section": "vision"}, headers=headers)

    assert answer.status_code == 422
    assert "Fill in “Your comment”." in text_of(answer)


def test_a_partner_answers_and_thinks_again(
    initiative: Initiative, proposal: AgendaVersion, alder: Organization, manager: User, as_: As
) -> None:
    url = page("answer", initiative, 1, alder.public_id)
    client = as_(manager)

    client.post(url, {"answer": "no", "words": "Too vague."})
    client.post(url, {"answer": "yes"})
    client.post(url, {"answer": "yes"})

    assert list(Endorsement.objects.values_list("answer", "by__name")) == [
        ("no", "Mara Manager"),
        ("yes", "Mara Manager"),
    ]
    shown = text_of(client.get(page("version", initiative, 1)))
    assert "1 of 2 partners have answered, 1 agree." in shown
    assert "the answer was “No”" in shown
    assert "Too vague." in shown


def test_reservations_need_words(
    initiative: Initiative, proposal: AgendaVersion, alder: Organization, manager: User, as_: As
) -> None:
    answer = as_(manager).post(page("answer", initiative, 1, alder.public_id), {"answer": "reservations"})

    assert answer.status_code == 422
    assert "Say what holds you back" in text_of(answer)


@pytest.mark.parametrize("role", [Role.REPORTER, Role.VIEWER])
def test_who_is_not_authorised_does_not_answer(
    initiative: Initiative, proposal: AgendaVersion, alder: Organization, role: Role, as_: As
) -> None:
    person = people.member("Nora", alder, role)

    answer = as_(person).post(page("answer", initiative, 1, alder.public_id), {"answer": "yes"})

    assert answer.status_code == 403


def test_nobody_answers_for_another_partner(
    initiative: Initiative, proposal: AgendaVersion, birch: Organization, manager: User, as_: As
) -> None:
    answer = as_(manager).post(page("answer", initiative, 1, birch.public_id), {"answer": "yes"})

    assert answer.status_code == 404
    assert not Endorsement.objects.exists()


def test_the_database_keeps_every_answer(proposal: AgendaVersion, alder: Organization) -> None:
    agreeing.say(proposal, alder)

    with pytest.raises(InternalError, match="Cannot update"), transaction.atomic():
        Endorsement.objects.update(answer="no")


def test_a_superseded_version_is_not_answered(
    initiative: Initiative,
    proposal: AgendaVersion,
    alder: Organization,
    director: User,
    manager: User,
    as_: As,
) -> None:
    agreeing.write(initiative, vision="All of them.")
    agreeing.propose(initiative, by=director)

    answer = as_(manager).post(page("answer", initiative, 1, alder.public_id), {"answer": "yes"})

    assert state(proposal) == State.SUPERSEDED
    assert answer.status_code == 409
    assert "Version 1 has been superseded. Read version 2 instead." in text_of(answer)


def test_too_few_who_agree_adopt_nothing(
    initiative: Initiative,
    proposal: AgendaVersion,
    alder: Organization,
    birch: Organization,
    director: User,
    as_: As,
) -> None:
    agreeing.say(proposal, alder)

    answer = as_(director).post(page("adopt", initiative, 1))

    assert answer.status_code == 409
    assert "1 of 2 partners agree, and 2 have to. Not answered yet: Birch Charity." in text_of(answer)
    agreeing.say(proposal, birch, Answer.NO, "Not like this.")
    with pytest.raises(NotAllowed, match="1 of 2 partners agree, and 2 have to"):
        deciding.adopt(version=proposal, by=director, at=now())


@pytest.mark.parametrize(("percent", "needed"), [(1, 1), (50, 1), (51, 2), (100, 2)])
def test_how_many_have_to_agree_is_a_setting(
    initiative: Initiative,
    proposal: AgendaVersion,
    director: User,
    facilitator: User,
    as_: As,
    percent: int,
    needed: int,
) -> None:
    url = page("quorum", initiative)
    assert as_(facilitator).post(url, {"percent": percent}).status_code == 403
    assert as_(director).post(url, {"percent": 101}).status_code == 422

    as_(director).post(url, {"percent": percent})

    shown = text_of(as_(director).get(page("version", initiative, 1)))
    assert f"{needed} have to agree" in shown


def test_what_most_stand_behind_is_adopted_and_takes_the_place_of_what_was(
    initiative: Initiative,
    proposal: AgendaVersion,
    alder: Organization,
    birch: Organization,
    director: User,
    as_: As,
) -> None:
    for partner in (alder, birch):
        agreeing.say(proposal, partner, Answer.RESERVATIONS, "Slowly.")
    as_(director).post(page("adopt", initiative, 1))
    assert state(proposal) == State.ADOPTED

    agreeing.add(initiative, proposal.nodes.nodes[0].kind, "Write well")
    assert agreeing.codes(initiative) == ["read-well"]
    after = agreeing.propose(initiative, by=director)
    assert agreeing.codes(initiative) == ["read-well"]
    for partner in (alder, birch):
        agreeing.say(after, partner)
    agreeing.adopt(after, by=director)

    assert (state(proposal), state(after)) == (State.SUPERSEDED, State.ADOPTED)
    assert agreeing.codes(initiative) == ["read-well", "write-well"]
    assert Event.objects.filter(verb="agenda.adopted").count() == 2


def test_nothing_is_adopted_that_would_take_the_ground_from_a_measure(
    initiative: Initiative, proposal: AgendaVersion, alder: Organization, birch: Organization, director: User
) -> None:
    for partner in (alder, birch):
        agreeing.say(proposal, partner)
    agreeing.adopt(proposal, by=director)
    draft = agreeing.draft(initiative)
    from_the_draft = draft.nodes.remove("read-well")
    AgendaVersion.objects.filter(pk=draft.pk).update(tree=from_the_draft.to_json())
    after = agreeing.propose(initiative, by=director)
    linking.link(
        node=Goal.objects.get(), indicator=measuring.indicator(initiative, "served"), by=None, at=now()
    )
    for partner in (alder, birch):
        agreeing.say(after, partner)

    with pytest.raises(NotAllowed, match="“Read well” still carries 1 measure"):
        deciding.adopt(version=after, by=director, at=now())


def test_without_partners_nobody_can_agree(initiative: Initiative, director: User) -> None:
    agreeing.write(initiative, vision="All children thrive.")
    proposal = agreeing.propose(initiative, by=director)

    with pytest.raises(NotAllowed, match="No partner takes part yet"):
        deciding.adopt(version=proposal, by=director, at=now())


def test_a_partner_that_left_counts_no_more_and_its_words_stay(
    initiative: Initiative,
    proposal: AgendaVersion,
    alder: Organization,
    birch: Organization,
    director: User,
    as_: As,
) -> None:
    agreeing.say(proposal, alder)
    agreeing.say(proposal, birch, Answer.NO, "We are leaving.")
    part = Participation.objects.get(organization=birch)
    directory.leave(participation=part, on=initiative.today(now()), by=director, at=now())

    agreeing.adopt(proposal, by=director)

    shown = text_of(as_(director).get(page("version", initiative, 1)))
    assert "1 of 1 partners have answered, 1 agree." in shown
    assert "takes part no more" in shown
    assert "We are leaving." in shown


def test_only_those_who_are_missing_are_reminded_and_once_a_day(
    initiative: Initiative,
    proposal: AgendaVersion,
    alder: Organization,
    manager: User,
    approver: User,
    director: User,
    as_: As,
) -> None:
    agreeing.say(proposal, alder)
    Notification.objects.all().delete()
    client = as_(director)

    assert client.post(page("remind", initiative, 1)).status_code == 302
    assert [each.person for each in Notification.objects.all()] == [approver]
    answer = client.post(page("remind", initiative, 1))
    assert answer.status_code == 409
    assert "Give them some time" in text_of(answer)


def test_a_no_reaches_whoever_proposed(
    initiative: Initiative, proposal: AgendaVersion, alder: Organization, director: User
) -> None:
    agreeing.say(proposal, alder, Answer.NO, "Not like this.")

    assert Notification.objects.get(person=director).body == "Not like this."


def test_a_version_that_is_not_there(initiative: Initiative, director: User, as_: As) -> None:
    for number in (7, 40_000, 10**12):
        for name in ("version", "compare", "adopt"):
            assert as_(director).get(page(name, initiative, number)).status_code == 404


def test_the_agenda_of_a_backbone_partner_mix(
    initiative: Initiative, proposal: AgendaVersion, backbone_organization: Organization, as_: As
) -> None:
    """An organization that is backbone and partner answers through its people on the partner's side."""
    directory.take_part(
        initiative=initiative,
        organization=backbone_organization,
        side=Side.PARTNER,
        code="office-too",
        joined_on=initiative.today(now()),
        by=None,
        at=now(),
    )
    person = people.member("Max Manager", backbone_organization, Role.PARTNER_MANAGER)

    url = page("answer", initiative, 1, backbone_organization.public_id)
    assert as_(person).post(url, {"answer": "yes"}).status_code == 302
    assert Endorsement.objects.get().organization == backbone_organization
