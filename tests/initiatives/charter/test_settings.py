from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from backbone.accounts.models import User
from backbone.audit.models import Event
from initiatives.charter.models import Initiative

URL = "/i/cradle/settings/"
GOOD = {
    "name": "Cradle and Beyond",
    "summary": "Every child.",
    "source_note": "State data.",
    "licence": "CC BY 4.0",
    "time_zone": "America/Chicago",
    "currency": "USD",
    "complete_at": "75",
    "release_k": "12",
    "release_fewest": "4",
}


@pytest.fixture
def client_of_director(as_: Callable[[User], Client], director: User) -> Client:
    return as_(director)


def test_the_director_changes_the_settings(client_of_director: Client, initiative: Initiative) -> None:
    answer = client_of_director.post(URL, GOOD)

    assert answer.status_code == 302
    initiative.refresh_from_db()
    assert initiative.name == "Cradle and Beyond"
    assert initiative.time_zone == "America/Chicago"
    assert initiative.licence == "CC BY 4.0"
    assert initiative.final_at_completeness == Decimal("0.75")


def test_the_trail_keeps_what_it_was_before(client_of_director: Client, director: User) -> None:
    client_of_director.post(URL, GOOD)

    event = Event.objects.get(verb="initiative.settings_changed")
    assert event.by == director
    assert event.details["was"]["name"] == "Cradle to Career"
    assert "currency" not in event.details["was"]


def test_saving_without_a_change_leaves_no_trace(client_of_director: Client) -> None:
    client_of_director.post(URL, GOOD)
    client_of_director.post(URL, GOOD)

    assert Event.objects.filter(verb="initiative.settings_changed").count() == 1


def test_htmx_is_told_where_to_go(client_of_director: Client) -> None:
    answer = client_of_director.post(URL, GOOD, headers={"HX-Request": "true"})

    assert answer.headers["HX-Redirect"] == URL


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
@pytest.mark.parametrize(
    ("field", "written", "sentence"),
    [
        ("name", "", "Fill in “Name”."),
        ("name", "x" * 201, "Shorten the text"),
        ("name", "a\x00b", "cannot be stored"),
        ("summary", "x" * 2_000_000, "Shorten the text"),
        ("time_zone", "Mars/Olympus", "Select a valid choice"),
        ("currency", "us", "three letters"),
        ("complete_at", "0", "or more"),
        ("complete_at", "101", "or less"),
        ("complete_at", "66.6", "whole number"),
        ("release_k", "4", "5"),
        ("release_fewest", "2", "3"),
        ("complete_at", "=1+1", "number"),
    ],
)
def test_bad_input_is_refused_in_words_and_kept(
    client_of_director: Client,
    initiative: Initiative,
    field: str,
    written: str,
    sentence: str,
    headers: dict[str, str],
) -> None:
    answer = client_of_director.post(URL, {**GOOD, field: written}, headers=headers)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "There is a problem" in page
    assert sentence in page
    assert "State data." in page
    initiative.refresh_from_db()
    assert initiative.name == "Cradle to Career"


def test_formulas_and_markup_are_shown_as_they_were_typed(client_of_director: Client) -> None:
    client_of_director.post(URL, {**GOOD, "name": "=cmd()<script>alert(1)</script>"})

    page = client_of_director.get(URL).content.decode()
    assert "=cmd()&lt;script&gt;" in page
    assert "<script>alert" not in page
