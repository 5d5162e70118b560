"""Writing actions down, by staff and by partners, one by one and two at once."""

from typing import Any

import pytest
from django.db import IntegrityError, InternalError, transaction
from django.test import Client
from django.utils.timezone import now

from backbone.accounts.models import User
from backbone.audit.models import Event
from backbone.notifications.models import Notification
from initiatives.actions import operations
from initiatives.actions.models import Action, Entry, State
from initiatives.agenda import drafting
from initiatives.agenda.tree import NotAllowed
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from tests.factories import acting, agreeing
from tests.initiatives.actions.conftest import HTMX, As, page, text_of, typed

BOTH = pytest.mark.parametrize("headers", [{}, HTMX])


@BOTH
def test_a_partner_writes_down_its_action(
    initiative: Initiative, alder: Organization, rita: User, as_: As, headers: dict[str, str]
) -> None:
    said = typed(alder, budget="1,250.50", budget_source="Own money", person=str(rita.public_id))

    answer = as_(rita).post(page("add", initiative), said, headers=headers)

    assert answer.status_code in {200, 302}
    made = Action.objects.get()
    assert (made.organization, made.person, str(made.budget)) == (alder, rita, "1250.50")
    assert Event.objects.filter(verb="action.added").count() == 1


def test_a_partner_cannot_write_down_an_action_of_another(
    initiative: Initiative, birch: Organization, rita: User, as_: As
) -> None:
    assert as_(rita).post(page("add", initiative), typed(birch)).status_code == 422
    assert not Action.objects.exists()


def test_staff_write_down_an_action_of_anybody(
    initiative: Initiative, birch: Organization, facilitator: User, as_: As
) -> None:
    as_(facilitator).post(page("add", initiative), typed(birch))

    assert Action.objects.get().organization == birch


@BOTH
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"ends_on": "2026-01-31"}, "The last day comes before the first one."),
        ({"starts_on": "someday"}, "Write a day"),
        ({"starts_on": "0001-01-01"}, "between 1900 and 2199"),
        ({"name": ""}, "Fill in “What it is called”."),
        ({"name": "x\0y"}, "cannot be stored"),
        ({"description": "x" * 10_001}, "Shorten the text"),
        ({"budget": "=1+1"}, "formula"),
        ({"budget": "-1"}, "0 or more"),
        ({"strategy": "no\0such"}, "Null characters"),
        ({"strategy": "no-such"}, "Select a valid choice"),
    ],
)
def test_what_does_not_fit_is_said_and_what_was_typed_stays(
    initiative: Initiative,
    alder: Organization,
    rita: User,
    as_: As,
    headers: dict[str, str],
    wrong: dict[str, Any],
    sentence: str,
) -> None:
    answer = as_(rita).post(
        page("add", initiative), typed(alder, budget_source="The lottery") | wrong, headers=headers
    )

    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert "The lottery" in text_of(answer)
    assert not Action.objects.exists()


def test_the_database_refuses_an_end_before_the_start(visits: Action) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Action.objects.filter(pk=visits.pk).update(ends_on="1999-01-01")


def test_somebody_of_another_organization_cannot_look_after_it(
    initiative: Initiative, alder: Organization, bo: User, facilitator: User, as_: As
) -> None:
    answer = as_(facilitator).post(page("add", initiative), typed(alder, person=str(bo.public_id)))

    assert answer.status_code == 422
    assert "does not belong to Alder School" in text_of(answer)


def test_another_partner_cannot_change_it_and_is_not_told_that_it_could(
    initiative: Initiative, visits: Action, bo: User, as_: As
) -> None:
    for name in ("edit", "say", "remove", "add-milestone", "add-wait", "ask"):
        assert as_(bo).post(page(name, initiative, visits.public_id)).status_code == 404
    shown = text_of(as_(bo).get(visits.get_absolute_url()))
    assert "Change it" not in shown


@BOTH
def test_of_two_editors_the_second_sees_what_the_first_wrote_and_keeps_the_own_words(
    initiative: Initiative, alder: Organization, visits: Action, rita: User, as_: As, headers: dict[str, str]
) -> None:
    client, url = as_(rita), page("edit", initiative, visits.public_id)
    seen = operations.mark_of(visits)
    client.post(url, typed(alder, name="By the first", seen=seen))

    answer = client.post(url, typed(alder, name="By the second", seen=seen), headers=headers)

    assert answer.status_code == 409
    assert "By the first" in text_of(answer)
    assert "By the second" in text_of(answer)
    assert Action.objects.get().name == "By the first"
    fresh = operations.mark_of(Action.objects.get())
    assert fresh in text_of(answer)
    assert client.post(url, typed(alder, name="By both", seen=fresh)).status_code == 302
    assert Action.objects.get().name == "By both"


@BOTH
def test_how_it_stands_is_said_and_kept(
    initiative: Initiative, visits: Action, rita: User, as_: As, headers: dict[str, str]
) -> None:
    said = {"state": "under_way", "text": "The first ten.", "seen": "planned"}

    as_(rita).post(page("say", initiative, visits.public_id), said, headers=headers)

    visits.refresh_from_db()
    assert visits.state == State.UNDER_WAY
    assert "The first ten." in text_of(as_(rita).get(visits.get_absolute_url()))


def test_what_was_said_can_neither_be_changed_nor_taken_back(visits: Action) -> None:
    acting.say(visits, State.UNDER_WAY)

    with pytest.raises(InternalError), transaction.atomic():
        Entry.objects.update(text="Otherwise")
    with pytest.raises(InternalError), transaction.atomic():
        Entry.objects.all().delete()


@pytest.mark.parametrize("state", [State.BLOCKED, State.DROPPED])
def test_blocked_and_dropped_need_words(
    initiative: Initiative, visits: Action, rita: User, as_: As, state: State
) -> None:
    answer = as_(rita).post(
        page("say", initiative, visits.public_id), {"state": state, "text": " ", "seen": "planned"}
    )

    assert answer.status_code == 422
    assert "so that the others can" in text_of(answer)
    with pytest.raises(NotAllowed):
        acting.say(visits, state, text="")


def test_two_who_say_how_it_stands_do_not_write_over_each_other(
    initiative: Initiative, visits: Action, rita: User, as_: As
) -> None:
    acting.say(visits, State.DONE)

    answer = as_(rita).post(
        page("say", initiative, visits.public_id),
        {"state": "blocked", "text": "No room.", "seen": "planned"},
    )

    assert answer.status_code == 409
    assert "No room." in text_of(answer)
    visits.refresh_from_db()
    assert visits.state == State.DONE


def test_closing_is_dated_and_opening_again_takes_the_date_away(visits: Action) -> None:
    acting.say(visits, State.DONE)
    assert visits.closed_on is not None

    acting.say(visits, State.UNDER_WAY)
    assert visits.closed_on is None


def test_the_backbone_hears_what_is_blocked(visits: Action, facilitator: User) -> None:
    acting.say(visits, State.BLOCKED, "No room.")

    told = Notification.objects.get(person=facilitator)
    assert (told.subject, told.body) == ("“Home visits” is blocked", "No room.")


def test_who_waits_for_an_action_hears_that_it_is_done(
    initiative: Initiative, visits: Action, birch: Organization, bo: User
) -> None:
    acting.wait(acting.action(initiative, birch, "After", person=bo), visits)
    Notification.objects.all().delete()

    acting.say(visits, State.DONE)

    assert Notification.objects.get().person == bo


@BOTH
def test_what_nothing_rests_on_is_removed(
    initiative: Initiative, visits: Action, rita: User, as_: As, headers: dict[str, str]
) -> None:
    acting.milestone(visits)

    as_(rita).post(page("remove", initiative, visits.public_id), headers=headers)

    assert not Action.objects.exists()


def test_what_others_rest_on_is_not_removed_and_says_why(
    initiative: Initiative, visits: Action, birch: Organization, rita: User, as_: As
) -> None:
    acting.asked(visits, birch)
    acting.wait(acting.action(initiative, birch, "After"), visits)
    acting.say(visits, State.UNDER_WAY)
    client, url = as_(rita), page("remove", initiative, visits.public_id)

    answer = client.post(url)

    assert answer.status_code == 409
    for held in ("1 commitment", "1 action that waits for it", "1 entry in its story"):
        assert held in text_of(answer)
        assert held in text_of(client.get(url))
    assert Action.objects.filter(pk=visits.pk).exists()


def test_a_strategy_with_actions_stays_in_the_agenda(
    initiative: Initiative, alder: Organization, director: User
) -> None:
    outcome = agreeing.outcome(initiative, "Ready")
    strategy = agreeing.strategy(initiative, "Visits", under=outcome.code)
    acting.action(initiative, alder, strategy=strategy)

    with pytest.raises(NotAllowed, match="1 action"):
        drafting.remove(
            version=agreeing.draft(initiative),
            code=strategy.code,
            by=director,
            at=now(),
        )


def test_a_funder_reads_and_writes_nothing(
    initiative: Initiative, visits: Action, funder: User, as_: As
) -> None:
    client: Client = as_(funder)

    assert client.get(visits.get_absolute_url()).status_code == 200
    assert client.post(page("say", initiative, visits.public_id)).status_code == 403
