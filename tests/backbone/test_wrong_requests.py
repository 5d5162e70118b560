"""What a browser may send by mistake, and what the person before it is told."""

import pytest
from django.test import Client

from backbone.accounts.models import User
from backbone.web.methods import page_above
from initiatives.charter.models import Initiative

TOO_MUCH = {"name": "x" * 6 * 1024**2}


@pytest.fixture
def director_at_work(client: Client, director: User, initiative: Initiative) -> Client:
    client.force_login(director)
    return client


def test_more_than_can_be_taken_at_once_is_refused_with_the_limit_in_words(director_at_work: Client) -> None:
    answer = director_at_work.post("/i/cradle/settings/", TOO_MUCH)

    assert answer.status_code == 413
    assert "At most 5 megabytes can be sent at once" in answer.content.decode()
    assert "<html" in answer.content.decode()


def test_htmx_is_told_so_beside_what_was_typed(director_at_work: Client) -> None:
    answer = director_at_work.post("/i/cradle/settings/", TOO_MUCH, headers={"HX-Request": "true"})

    assert (answer.status_code, answer["HX-Retarget"]) == (413, "#refusal")
    assert "<html" not in answer.content.decode()
    assert "At most 5 megabytes" in answer.content.decode()


@pytest.mark.django_db
def test_what_cannot_be_read_gets_a_page(client: Client) -> None:
    answer = client.get("/", headers={"Host": "elsewhere.example"})

    assert answer.status_code == 400
    assert "We could not read that" in answer.content.decode()


def test_who_opens_the_address_of_a_form_is_led_to_its_page(director_at_work: Client) -> None:
    address = "/i/cradle/reports/00000000-0000-0000-0000-000000000000/"

    answer = director_at_work.get(f"{address}approve/")

    assert (answer.status_code, answer["Allow"]) == (405, "POST")
    assert f'href="{address}"' in answer.content.decode()


def test_the_page_above_is_one_that_there_is() -> None:
    unknown = "00000000-0000-0000-0000-000000000000"

    assert page_above(f"/i/cradle/report/{unknown}/start/") == "/i/cradle/report/"
    assert page_above("/nowhere/at/all/") == "/"


def test_nobody_gives_themselves_an_address_that_nobody_has_proven(director_at_work: Client) -> None:
    sent = {"action_add": "", "email": "somebody.else@example.org"}

    assert director_at_work.post("/accounts/email/", sent).status_code == 404
    assert director_at_work.get("/accounts/email/").status_code == 404
