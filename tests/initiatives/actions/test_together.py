"""What hangs together: steps, what waits for what, and who takes part."""

import pytest
from django.utils.timezone import now

from backbone.accounts.models import User
from backbone.notifications.models import Notification
from initiatives.actions import commitments
from initiatives.actions.models import Action, Commitment, Milestone, Wait
from initiatives.agenda.tree import NotAllowed
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from tests.factories import acting
from tests.initiatives.actions.conftest import HTMX, As, page, text_of

BOTH = pytest.mark.parametrize("headers", [{}, HTMX])


@BOTH
def test_a_step_is_added_changed_done_and_removed(
    initiative: Initiative, visits: Action, rita: User, as_: As, headers: dict[str, str]
) -> None:
    client = as_(rita)
    said = {"name": "30 families", "due_on": "2026-06-30"}
    client.post(page("add-milestone", initiative, visits.public_id), said, headers=headers)
    step = Milestone.objects.get()
    where = (initiative, visits.public_id, step.public_id)

    client.post(page("edit-milestone", *where), said | {"name": "40 families"}, headers=headers)
    client.post(page("tick", *where), headers=headers)
    client.post(page("tick", *where), headers=headers)

    step.refresh_from_db()
    assert (step.name, step.done_on) == ("40 families", initiative.today(now()))
    client.post(page("tick", *where), {"done": "no"}, headers=headers)
    step.refresh_from_db()
    assert step.done_on is None
    client.post(page("remove-milestone", *where), headers=headers)
    assert not Milestone.objects.exists()


def test_a_step_is_only_found_under_its_own_action(
    initiative: Initiative, visits: Action, alder: Organization, rita: User, as_: As
) -> None:
    step = acting.milestone(acting.action(initiative, alder, "Other"))

    answer = as_(rita).post(page("tick", initiative, visits.public_id, step.public_id))

    assert answer.status_code == 404


@BOTH
def test_actions_of_several_partners_wait_for_each_other_but_never_in_a_circle(
    initiative: Initiative,
    visits: Action,
    birch: Organization,
    facilitator: User,
    as_: As,
    headers: dict[str, str],
) -> None:
    training = acting.action(initiative, birch, "Training")
    rooms = acting.action(initiative, birch, "Rooms")
    acting.wait(visits, training)
    acting.wait(training, rooms)

    answer = as_(facilitator).post(
        page("add-wait", initiative, rooms.public_id),
        {"needs": str(visits.public_id)},
        headers=headers,
    )

    assert answer.status_code == 409
    assert (
        "“Rooms” waits for “Home visits”, “Home visits” waits for “Training”, “Training” waits for “Rooms”."
        in text_of(answer)
    )
    assert Wait.objects.count() == 2


def test_an_action_does_not_wait_for_itself(visits: Action) -> None:
    with pytest.raises(NotAllowed, match="itself"):
        acting.wait(visits, visits)


def test_waiting_twice_is_waiting_once(initiative: Initiative, visits: Action, birch: Organization) -> None:
    other = acting.action(initiative, birch, "Training")

    assert acting.wait(visits, other) == acting.wait(visits, other)


@BOTH
@pytest.mark.parametrize(("said", "state"), [("yes", "accepted"), ("no", "declined")])
def test_a_partner_is_asked_and_its_own_people_answer(
    initiative: Initiative,
    visits: Action,
    birch: Organization,
    rita: User,
    ada: User,
    as_: As,
    headers: dict[str, str],
    said: str,
    state: str,
) -> None:
    asked = {"organization": str(birch.public_id), "what": "Two people a week"}
    as_(rita).post(page("ask", initiative, visits.public_id), asked, headers=headers)
    part = Commitment.objects.get()
    assert Notification.objects.filter(person=ada, subject="Birch Charity is asked to take part").exists()
    assert "Two people a week" in text_of(as_(ada).get(page("ours", initiative)))

    answer = {"answer": said, "words": "From May on."}
    as_(ada).post(page("answer", initiative, part.public_id), answer, headers=headers)

    part.refresh_from_db()
    assert (part.state, part.why, part.answered_by) == (state, "From May on.", ada)
    assert Notification.objects.filter(person=rita).exists()


def test_nobody_answers_for_another_organization(
    initiative: Initiative, visits: Action, birch: Organization, manager: User, facilitator: User, as_: As
) -> None:
    part = acting.asked(visits, birch)

    for person in (manager, facilitator):
        answer = as_(person).post(page("answer", initiative, part.public_id), {"answer": "yes"})
        assert answer.status_code == 404
    part.refresh_from_db()
    assert part.state == "proposed"


def test_a_reporter_does_not_commit_the_own_organization(
    initiative: Initiative, visits: Action, birch: Organization, bo: User, as_: As
) -> None:
    part = acting.asked(visits, birch)

    answer = as_(bo).post(page("answer", initiative, part.public_id), {"answer": "yes"})

    assert answer.status_code == 403


def test_a_second_answer_is_refused_with_what_stands_there(
    initiative: Initiative, visits: Action, birch: Organization, ada: User, as_: As
) -> None:
    part = acting.asked(visits, birch)
    url = page("answer", initiative, part.public_id)
    as_(ada).post(url, {"answer": "yes"})

    answer = as_(ada).post(url, {"answer": "no"})

    assert answer.status_code == 409
    assert "“Accepted”" in text_of(answer)


def test_a_partner_takes_part_without_being_asked(
    initiative: Initiative, visits: Action, birch: Organization, ada: User, as_: As
) -> None:
    said = {"organization": str(birch.public_id), "what": "A room"}

    as_(ada).post(page("take-part", initiative, visits.public_id), said)

    part = Commitment.objects.get()
    assert (part.organization, part.state) == (birch, "accepted")


def test_nobody_takes_part_for_another(
    initiative: Initiative, visits: Action, alder: Organization, ada: User, as_: As
) -> None:
    said = {"organization": str(alder.public_id), "what": "A room"}

    assert as_(ada).post(page("take-part", initiative, visits.public_id), said).status_code == 422


@pytest.mark.parametrize(
    ("said", "status", "state"),
    [
        ({"kept": "yes", "why": ""}, 302, "kept"),
        ({"kept": "no", "why": "The room was flooded."}, 302, "not_kept"),
        ({"kept": "no", "why": ""}, 422, "accepted"),
    ],
)
def test_whether_it_was_kept_is_said_with_a_reason_where_not(
    initiative: Initiative,
    visits: Action,
    birch: Organization,
    ada: User,
    as_: As,
    said: dict[str, str],
    status: int,
    state: str,
) -> None:
    part = acting.asked(visits, birch)
    commitments.answer(commitment=part, accept=True, words="", by=ada, at=now())

    answer = as_(ada).post(page("settle", initiative, part.public_id), said)

    part.refresh_from_db()
    assert (answer.status_code, part.state) == (status, state)


def test_what_was_accepted_is_not_taken_back_by_who_asked(
    initiative: Initiative, visits: Action, birch: Organization, rita: User, ada: User, as_: As
) -> None:
    part = acting.asked(visits, birch)
    url = page("withdraw", initiative, part.public_id)
    commitments.answer(commitment=part, accept=True, words="", by=ada, at=now())
    assert as_(rita).post(url).status_code == 409

    other = acting.asked(visits, birch)
    as_(rita).post(page("withdraw", initiative, other.public_id))

    assert list(Commitment.objects.all()) == [part]
