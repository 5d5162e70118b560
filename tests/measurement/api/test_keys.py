"""Keys: made and revoked by those who may, shown once, and worth no more than they say."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.test import Client
from django.utils.timezone import now

from backbone.access.permissions import PERMISSIONS_OF_ROLE, Permission, Role, Side
from backbone.accounts.models import User
from backbone.audit.models import Event
from initiatives.charter.models import Initiative
from initiatives.charter.people import people_who_may
from initiatives.directory import operations
from initiatives.partners.models import Organization
from measurement.api.models import ApiKey
from measurement.api.scopes import PERMISSIONS_OF_SCOPE, Scope
from tests.factories import people
from tests.measurement.api.programs import Program, key

As = Callable[[User], Client]
KEYS = "/i/cradle/keys/"


def choice(of: Organization, side: Side, scope: Scope) -> str:
    return f"{of.public_id}/{side}/{scope}"


@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}])
def test_a_manager_makes_a_key_and_sees_it_once(
    htmx: dict[str, str], as_: As, manager: User, alder: Organization
) -> None:
    client = as_(manager)
    sent = {"name": "School software", "scope": choice(alder, Side.PARTNER, Scope.REPORT), "expires_on": ""}

    made = client.post(f"{KEYS}make/", sent, headers=htmx)

    assert made.status_code == 200
    assert made["Cache-Control"] == "no-store"
    secret = re.search(r"bb_[0-9a-f]{8}_[0-9a-f]{64}", made.content.decode())
    assert secret is not None
    assert Program(secret[0]).get("").status_code == 200
    page = client.get(KEYS).content.decode()
    assert "School software" in page
    assert secret[0] not in page
    stored = ApiKey.objects.get()
    assert secret[0] not in str(vars(stored))
    assert Event.objects.get(verb="key.made").by == manager


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("name", "", "Fill in “What is it for?”."),
        ("name", "a\0b", "The text holds a character that cannot be stored"),
        ("scope", "all", "Select a valid choice"),
        ("expires_on", "2020-01-01", "This day is over. Choose a later one, or none."),
        ("expires_on", "soon", "Write a day, such as 2026-04-15."),
    ],
)
def test_what_is_wrong_is_said_beside_what_was_typed(
    field: str, value: str, sentence: str, as_: As, manager: User, alder: Organization
) -> None:
    sent = {"name": "Software", "scope": choice(alder, Side.PARTNER, Scope.READ), "expires_on": ""}

    answer = as_(manager).post(f"{KEYS}make/", sent | {field: value})

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ApiKey.objects.exists()


def test_two_keys_that_work_have_two_names(as_: As, manager: User, alder: Organization) -> None:
    sent = {"name": "Software", "scope": choice(alder, Side.PARTNER, Scope.READ)}
    client = as_(manager)
    client.post(f"{KEYS}make/", sent)

    again = client.post(f"{KEYS}make/", sent)

    assert again.status_code == 422
    assert "There is a key of this name already" in again.content.decode()
    assert ApiKey.objects.count() == 1


def test_nobody_makes_a_key_for_another_organization_or_with_more_than_its_side_has(
    as_: As, manager: User, alder: Organization, birch: Organization
) -> None:
    for wanted in (
        choice(birch, Side.PARTNER, Scope.READ),
        choice(alder, Side.BACKBONE, Scope.READ),
        choice(alder, Side.PARTNER, Scope.REVIEW),
    ):
        assert as_(manager).post(f"{KEYS}make/", {"name": "x", "scope": wanted}).status_code == 422


def test_a_revoked_key_opens_nothing_from_then_on(
    as_: As, manager: User, alder: Organization, program: Program
) -> None:
    made = ApiKey.objects.get()
    client = as_(manager)
    assert "Revoke “report of Alder School”" in client.get(f"{KEYS}{made.public_id}/revoke/").content.decode()
    assert program.get("").status_code == 200

    for _twice in range(2):
        assert client.post(f"{KEYS}{made.public_id}/revoke/").status_code == 302

    answer = program.get("")
    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["detail"] == "This key is not known, has expired or was revoked."
    assert Event.objects.filter(verb="key.revoked", by=manager).count() == 1
    assert "revoked on" in client.get(KEYS).content.decode()


def test_a_key_is_known_to_those_who_look_after_it_only(
    as_: As, director: User, rita: User, birch: Organization, program: Program
) -> None:
    made = ApiKey.objects.get()
    other = people.member("Mia Manager", birch, Role.PARTNER_MANAGER)

    assert as_(rita).get(KEYS).status_code == 403
    for person in (director, other):
        assert "report of Alder School" not in as_(person).get(KEYS).content.decode()
        assert as_(person).post(f"{KEYS}{made.public_id}/revoke/").status_code == 404
    assert program.get("").status_code == 200


def test_a_key_runs_out_at_its_moment(alder: Organization, manager: User) -> None:
    end = now() + timedelta(days=1)
    program = key(alder, Scope.READ, by=manager, expires_at=end)[1]

    with time_machine.travel(end - timedelta(seconds=1), tick=False):
        assert program.get("").status_code == 200
    with time_machine.travel(end, tick=False):
        assert program.get("").status_code == 401


def test_the_last_use_is_noted_and_not_with_every_request(alder: Organization, manager: User) -> None:
    made, program = key(alder, Scope.READ, by=manager)
    start = now()
    noted = []
    for seconds in (0, 30, 90):
        with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
            program.get("")
            made.refresh_from_db()
            noted.append(made.used_at)

    assert noted == [start, start, start + timedelta(seconds=90)]


@pytest.mark.parametrize(
    "header",
    ["Bearer", "Bearer ", "Bearer bb_00000000_" + "0" * 64, "Basic eDp5", "Bearer \u00e9", "x" * 5000],
)
def test_what_is_no_key_opens_nothing_and_breaks_nothing(header: str, program: Program) -> None:
    program.headers = {"Authorization": header}
    answer = program.get("")

    assert (answer.status_code, answer["Content-Type"]) == (401, "application/problem+json")


def test_a_key_acts_only_where_its_organization_takes_part_in_the_same_way(
    program: Program, alder: Organization, director: User
) -> None:
    """The partner here is the backbone elsewhere, where the partner's key is worth nothing."""
    elsewhere = people.initiative("elsewhere")
    operations.take_part(
        initiative=elsewhere, organization=alder, side=Side.BACKBONE, code="alder",
        joined_on=now().date(), by=None, at=now(),
    )  # fmt: skip

    assert [each["slug"] for each in program.get("/api/v1/initiatives/").json()] == ["cradle"]
    assert program.get("/api/v1/initiatives/elsewhere/").status_code == 404


def test_a_key_is_worth_nothing_once_its_organization_has_left(
    program: Program, alder: Organization, director: User
) -> None:
    operations.leave(
        participation=alder.participations.get(), on=now().date() - timedelta(days=1), by=director, at=now()
    )

    assert program.get("").status_code == 404
    assert program.get("/api/v1/initiatives/").json() == []


def test_nobody_signs_in_with_a_keys_account_or_mails_it(program: Program, initiative: Initiative) -> None:
    account = ApiKey.objects.get().account
    client = Client()
    client.post("/accounts/login/", {"login": account.email, "password": ""})
    client.post("/accounts/password/reset/", {"email": account.email})

    assert not account.has_usable_password()
    assert client.get("/").status_code == 302
    assert [each for each in mail.outbox if "password/reset/key" in each.body] == []
    assert account not in people_who_may(Permission.OWN_REPORT_EDIT, initiative=initiative)


def test_no_scope_holds_more_than_who_makes_the_key() -> None:
    makers = {Side.PARTNER: Role.PARTNER_MANAGER, Side.BACKBONE: Role.BACKBONE_DIRECTOR}
    for (side, _scope), allowed in PERMISSIONS_OF_SCOPE.items():
        assert allowed <= PERMISSIONS_OF_ROLE[makers[side]]
    may_make = {role for role, may in PERMISSIONS_OF_ROLE.items() if Permission.OWN_KEYS_MANAGE in may}
    assert may_make == set(makers.values())
