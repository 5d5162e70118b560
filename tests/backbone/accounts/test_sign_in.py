import importlib.util
import re

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from pytest_django import Settings

from backbone.accounts.models import User
from tests.factories import people
from tests.factories.people import PASSWORD

SIGN_IN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _nobody_has_tried_yet() -> None:
    cache.clear()


@pytest.fixture
def ada(db: None) -> User:
    return people.person("Ada")


def sign_in(client: Client, email: str, password: str = PASSWORD) -> int:
    return client.post(SIGN_IN, {"login": email, "password": password}).status_code


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


@pytest.mark.usefixtures("ada")
@pytest.mark.parametrize("written", ["ada@example.org", "Ada@Example.ORG", "  ADA@EXAMPLE.ORG "])
def test_a_person_signs_in_by_address_in_any_case(client: Client, written: str) -> None:
    assert sign_in(client, written) == 302
    assert signed_in(client)


@pytest.mark.usefixtures("ada")
def test_a_wrong_password_and_an_unknown_address_are_told_in_the_same_words(client: Client) -> None:
    answers = [
        client.post(SIGN_IN, {"login": email, "password": "wrong"}).content.decode()
        for email in ("ada@example.org", "nobody@example.org")
    ]

    assert not signed_in(client)
    sentences = [
        re.findall(r'field-error[^>]*>(.*?)<|error-summary-list">(.*?)</ul>', text, re.DOTALL)
        for text in answers
    ]
    assert sentences[0] == sentences[1] != []


def test_who_has_been_closed_out_cannot_sign_in(client: Client, ada: User) -> None:
    ada.is_active = False
    ada.save()

    sign_in(client, "ada@example.org")

    assert not signed_in(client)


@pytest.mark.usefixtures("ada")
def test_after_five_wrong_tries_even_the_right_password_has_to_wait(client: Client) -> None:
    for _attempt in range(5):
        sign_in(client, "ada@example.org", "wrong")

    sign_in(client, "ada@example.org")

    assert not signed_in(client)


@pytest.mark.usefixtures("ada")
def test_who_tries_without_end_gets_our_page_that_says_to_wait(client: Client) -> None:
    codes = [sign_in(client, f"someone{number}@example.org", "wrong") for number in range(60)]

    answer = client.post(SIGN_IN, {"login": "ada@example.org", "password": PASSWORD})

    assert codes[0] == 200
    assert answer.status_code == 429
    assert "Too many tries" in answer.content.decode()


@pytest.mark.usefixtures("ada")
def test_behind_a_proxy_one_who_tries_without_end_keeps_nobody_else_out(
    client: Client, settings: Settings
) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(60):
        forged = f"198.51.100.{number}, 203.0.113.7"  # what somebody claims, and what our proxy saw
        client.post(
            SIGN_IN,
            {"login": f"someone{number}@example.org", "password": "wrong"},
            headers={"X-Forwarded-For": forged},
        )
    right = {"login": "ada@example.org", "password": PASSWORD}

    assert client.post(SIGN_IN, right, headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 429
    assert client.post(SIGN_IN, right, headers={"X-Forwarded-For": "203.0.113.8"}).status_code == 302


@pytest.mark.usefixtures("ada")
def test_a_forgotten_password_is_replaced_by_the_mailed_link(client: Client) -> None:
    client.post("/accounts/password/reset/", {"email": "ADA@example.org"})
    (link,) = re.findall(r"http://testserver(/\S+)", str(mail.outbox[0].body))

    page = client.get(link, follow=True)
    new = "a new and long password"
    client.post(page.redirect_chain[-1][0], {"password1": new, "password2": new})

    assert mail.outbox[0].to == ["ada@example.org"]
    assert sign_in(Client(), "ada@example.org", new) == 302


@pytest.mark.django_db
def test_whose_account_came_in_a_package_asks_for_a_first_password_by_mail(client: Client) -> None:
    User.objects.create_user("bo@example.org", name="Bo")

    client.post("/accounts/password/reset/", {"email": "bo@example.org"})
    (link,) = re.findall(r"http://testserver(/\S+)", str(mail.outbox[0].body))
    page = client.get(link, follow=True)
    client.post(page.redirect_chain[-1][0], {"password1": PASSWORD, "password2": PASSWORD})

    assert sign_in(Client(), "bo@example.org") == 302


@pytest.mark.django_db
def test_an_unknown_address_gets_the_same_answer_and_a_mail_that_says_so(client: Client) -> None:
    answer = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})

    assert answer.status_code == 302
    assert mail.outbox[0].subject == "No account with this address"


@pytest.mark.django_db
def test_nobody_makes_an_account_without_an_invitation(client: Client) -> None:
    client.post("/accounts/signup/", {"email": "eve@example.org", "password1": PASSWORD})

    assert not User.objects.exists()


def test_the_database_is_spoken_to_by_one_driver() -> None:
    assert importlib.util.find_spec("psycopg2")
    assert importlib.util.find_spec("psycopg") is None
