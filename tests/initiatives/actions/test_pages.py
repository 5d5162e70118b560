"""Looking at the actions: who sees what, and in how many queries."""

from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from icalendar import Calendar

from backbone.accounts.models import User
from initiatives.actions.models import Action, State
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from tests.factories import acting, agreeing, people
from tests.initiatives.actions.conftest import HTMX, As, page, text_of

VIEWS = ("actions", "board", "timeline", "calendar")


@pytest.fixture
def client_(facilitator: User, as_: As) -> Client:
    return as_(facilitator)


@pytest.mark.parametrize("name", [*VIEWS, "ours"])
def test_an_empty_initiative_has_every_page(initiative: Initiative, client_: Client, name: str) -> None:
    assert client_.get(page(name, initiative)).status_code == 200


@pytest.mark.parametrize("name", VIEWS)
def test_an_action_stands_on_every_way_to_look(
    initiative: Initiative, visits: Action, client_: Client, name: str
) -> None:
    acting.milestone(visits)

    assert "Home visits" in text_of(client_.get(page(name, initiative)))


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ({"q": "home"}, True),
        ({"q": "other"}, False),
        ({"state": "planned"}, True),
        ({"state": "open"}, True),
        ({"state": "done"}, False),
        ({"late": "on"}, True),
        ({"strategy": "nonsense", "organization": "x\0y", "state": "?"}, True),
    ],
)
def test_the_address_says_which_are_shown(
    initiative: Initiative, visits: Action, client_: Client, name: str, asked: dict[str, str], shown: bool
) -> None:
    assert ("Home visits" in text_of(client_.get(page(name, initiative), asked))) == shown


def test_an_organization_finds_its_own_and_those_it_takes_part_in(
    initiative: Initiative, visits: Action, birch: Organization, client_: Client
) -> None:
    asked = {"organization": str(birch.public_id)}
    assert "Home visits" not in text_of(client_.get(page("actions", initiative), asked))

    acting.asked(visits, birch)

    assert "Home visits" in text_of(client_.get(page("actions", initiative), asked))


def test_what_is_late_says_so_in_words(initiative: Initiative, alder: Organization, client_: Client) -> None:
    late = acting.action(initiative, alder, "Late one", ends_on=date(2026, 3, 1))
    acting.say(late, State.UNDER_WAY)

    shown = text_of(client_.get(page("actions", initiative), {"late": "on"}))

    assert "past its last day" in shown
    assert "status-bad" not in shown


def test_what_is_done_is_never_late(initiative: Initiative, alder: Organization, client_: Client) -> None:
    done = acting.action(initiative, alder, "Early bird", ends_on=date(2026, 3, 1))
    acting.say(done, State.DONE)

    assert "Early bird" not in text_of(client_.get(page("actions", initiative), {"late": "on"}))


def test_what_people_typed_is_text(initiative: Initiative, alder: Organization, client_: Client) -> None:
    made = acting.action(initiative, alder, "<b>Bold</b>", description="<script>alert(1)</script>")

    for url in (made.get_absolute_url(), page("timeline", initiative), page("board", initiative)):
        shown = text_of(client_.get(url))
        assert "<b>Bold" not in shown
        assert "<script>alert" not in shown


def test_the_page_asked_for_by_htmx_is_the_list_alone(
    initiative: Initiative, visits: Action, client_: Client
) -> None:
    shown = text_of(client_.get(page("actions", initiative), headers=HTMX | {"HX-Target": "found"}))

    assert shown.lstrip().startswith('<div id="found">')


def test_the_calendar_holds_last_days_and_open_steps(
    initiative: Initiative, visits: Action, client_: Client
) -> None:
    acting.milestone(visits, "Ten, twenty; thirty", due_on=date(2026, 6, 30))

    read: Any = Calendar.from_ical(client_.get(page("calendar", initiative)).content)

    days = {str(each["summary"]): each["dtstart"].dt for each in read.walk("VEVENT")}
    assert days == {
        "Home visits: last day": date(2099, 12, 31),
        "Home visits: Ten, twenty; thirty": date(2026, 6, 30),
    }


def test_what_is_elsewhere_is_not_found(initiative: Initiative, visits: Action, client_: Client) -> None:
    elsewhere = people.initiative("elsewhere")
    foreign = acting.action(elsewhere, people.organization("Foreign", elsewhere))

    for name in ("action", "edit", "remove", "add-milestone", "add-wait", "ask"):
        assert client_.get(page(name, initiative, foreign.public_id)).status_code == 404
    answer = client_.post(page("add-wait", initiative, visits.public_id), {"needs": str(foreign.public_id)})
    assert answer.status_code == 422
    assert client_.get(page("action", initiative, uuid4())).status_code == 404


def test_the_page_of_a_strategy_leads_to_its_actions(
    initiative: Initiative, alder: Organization, client_: Client
) -> None:
    outcome = agreeing.outcome(initiative, "Ready for school")
    strategy = agreeing.strategy(initiative, "Early help", under=outcome.code)

    shown = text_of(client_.get(strategy.get_absolute_url()))

    assert f"{page('actions', initiative)}?strategy=early-help" in shown


@pytest.mark.parametrize("count", [3, 30])
@pytest.mark.parametrize("name", [*VIEWS, "ours", "action"])
def test_pages_ask_the_database_no_more_for_many_than_for_few(
    initiative: Initiative,
    visits: Action,
    client_: Client,
    count: int,
    name: str,
    django_assert_max_num_queries: object,
) -> None:
    for number in range(count):
        partner = people.organization(f"Partner {number}", initiative)
        other = acting.action(initiative, partner, f"Action {number}")
        acting.milestone(other)
        acting.milestone(visits)
        acting.asked(visits, partner)
        acting.wait(visits, other)
        acting.say(visits, State.PLANNED, "A word.")

    url = visits.get_absolute_url() if name == "action" else page(name, initiative)
    with django_assert_max_num_queries(16):  # type: ignore[operator]
        assert client_.get(url).status_code == 200
