"""Every address with every role, as the table says. A new address fails here until it has its line."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from typing import cast
from uuid import UUID

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils.timezone import now

from backbone.access.checks import patterns
from backbone.access.permissions import Role, Side
from backbone.access.policy import OTHER_PEOPLES_VIEWS
from backbone.accounts.models import User
from initiatives.charter import visits
from initiatives.charter.visit_models import VisitLink
from tests.architecture.access_table import PARTNER, TABLE, Address
from tests.architecture.world import World, build
from tests.factories import people

IN_INITIATIVE = {
    name: address for name, address in TABLE.items() if address.in_initiative and not address.public
}
METHODS = ("get", "post")
OF_PROGRAMS = (*METHODS, "patch")
OF_OWN = {name: address for name, address in TABLE.items() if address.own}


@pytest.fixture
def world(db: None) -> World:
    return build()


def sign_in(person: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@contextmanager
def undone() -> Iterator[None]:
    """Whatever happens within is as if it had not."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def asked(client: Client, url: str) -> Iterable[tuple[str, int]]:
    """What the address answers to a reader, to a form sent empty, and to a program that changes something."""
    for method in OF_PROGRAMS if url.startswith("/api/") else METHODS:
        with undone():
            yield method, getattr(client, method)(url).status_code


def all_answer(client: Client, addresses: Iterable[tuple[str, str]], right: Collection[int]) -> list[str]:
    """The lines of those that do not."""
    return [
        f"{method.upper()} {name}: {status}"
        for name, url in addresses
        for method, status in asked(client, url)
        if status not in right
    ]


def not_let_in(client: Client, name: str, url: str, address: Address) -> list[str]:
    return [
        f"{method.upper()} {name}: {status}"
        for method, status in asked(client, url)
        if status not in address.answers and (status in {403, 404} or status >= 500)
    ]


def test_the_table_names_every_address_of_the_project_and_no_other() -> None:
    known = {
        name
        for _route, name, _pattern in patterns(get_resolver())
        if not name.startswith(tuple(OTHER_PEOPLES_VIEWS))
    }

    assert known - set(TABLE) == set(), "add a line for each to tests/architecture/access_table.py"
    assert set(TABLE) - known == set(), "these are gone: take them out of tests/architecture/access_table.py"


def test_every_role_is_in_the_cast(world: World) -> None:
    assert set(world.cast) == set(Role)


@pytest.mark.parametrize("role", Role)
def test_each_role_gets_in_where_the_table_says(role: Role, world: World) -> None:
    client = sign_in(world.cast[role])
    wrong = []
    for name, address in TABLE.items():
        url = world.url(name, address, world.partner)
        if role in address.roles:
            wrong += not_let_in(client, name, url, address)
        else:
            wrong += all_answer(client, [(name, url)], [403, 405])  # 405: not even asked

    assert wrong == []


def test_who_is_not_signed_in_is_led_to_the_sign_in_and_a_program_is_told(world: World) -> None:
    wrong = []
    for name, address in TABLE.items():
        url = world.url(name, address, world.partner)
        if address.public:
            wrong += not_let_in(Client(), name, url, address)
            continue
        wrong += led_to_the_sign_in(Client(), name, url, address)

    assert wrong == []


def visit(world: World) -> Client:
    """A browser in which the reporter's link to the partner's report was opened."""
    client = Client(raise_request_exception=False)
    link = VisitLink.objects.get(public_id=str(world.partner["link"]))
    request = HttpRequest()
    request.session = client.session
    visits.begin(request, link, opens=cast(UUID, world.partner["report"]), at=now())
    request.session.save()
    client.cookies[settings.SESSION_COOKIE_NAME] = str(request.session.session_key)
    return client


def led_to_the_sign_in(client: Client, name: str, url: str, address: Address) -> list[str]:
    """The lines of those methods that are not, or are not refused as a program's are."""
    wrong = []
    for method in OF_PROGRAMS if address.program else METHODS:
        with undone():
            answer = getattr(client, method)(url)
        led = answer.status_code == 302 and answer.url.startswith(reverse("account_login"))
        if not (answer.status_code == 401 if address.program else led):
            wrong.append(f"{method.upper()} {name}: {answer.status_code}")
    return wrong


def test_who_holds_a_link_gets_to_the_one_report_and_nowhere_else(world: World) -> None:
    client = visit(world)
    wrong = []
    for name, address in TABLE.items():
        url = world.url(name, address, world.partner)
        if address.public:
            continue
        if not address.visitors:
            wrong += led_to_the_sign_in(client, name, url, address)
            continue
        for method, status in asked(client, url):
            if status in {403, 404} or status >= 500:
                wrong.append(f"{method.upper()} {name}: {status}")
        if not led_to_the_sign_in(client, name, url, address):
            wrong.append(f"{name}: is not open to visitors")

    assert wrong == []


def test_who_holds_a_link_does_not_get_to_any_other_report_by_it(world: World) -> None:
    client = visit(world)
    wrong = []
    for objects in (world.other_partner, world.elsewhere):
        for name, address in TABLE.items():
            if address.visitors:
                wrong += led_to_the_sign_in(client, name, world.url(name, address, objects), address)

    assert wrong == []


def test_a_stranger_cannot_tell_any_of_it_from_what_is_not_there(world: World) -> None:
    client = sign_in(world.stranger)
    addresses = [
        (name, world.url(name, address, objects))
        for name, address in IN_INITIATIVE.items()
        for objects in (world.partner, world.elsewhere)
    ]

    assert all_answer(client, addresses, [404]) == []


@pytest.mark.parametrize("role", Role)
def test_objects_of_another_initiative_are_not_found_from_here(role: Role, world: World) -> None:
    client = sign_in(world.cast[role])
    addresses = [
        (name, world.url(name, address, world.elsewhere))
        for name, address in IN_INITIATIVE.items()
        if role in address.roles and any(not each.startswith("=") for each in address.objects)
    ]

    assert all_answer(client, addresses, [404, 405]) == []


@pytest.mark.parametrize("role", sorted(PARTNER))
def test_another_partners_objects_are_not_found_through_the_own_pages(role: Role, world: World) -> None:
    client = sign_in(world.cast[role])
    addresses = [
        (name, world.url(name, address, world.other_partner))
        for name, address in OF_OWN.items()
        if role in address.roles
    ]

    assert addresses or role is Role.VIEWER
    assert all_answer(client, addresses, [404, 405]) == []


def test_own_people_mixed_with_another_partners_organization_are_not_found(world: World) -> None:
    client = sign_in(world.cast[Role.PARTNER_MANAGER])
    mixed = world.other_partner | {"organization": world.partner["organization"]}
    two = {name: each for name, each in OF_OWN.items() if {*each.objects} & {"membership", "invitation"}}
    addresses = [(name, world.url(name, each, mixed)) for name, each in two.items()]

    assert len(addresses) == 4
    assert all_answer(client, addresses, [404, 405]) == []


def test_a_role_on_a_side_that_it_does_not_fit_opens_nothing(world: World) -> None:
    charity = people.organization("Cedar Charity", world.initiative, Side.PARTNER)
    client = sign_in(people.member("Wrong Side", charity, Role.BACKBONE_DIRECTOR))
    addresses = [(name, world.url(name, each, world.partner)) for name, each in IN_INITIATIVE.items()]

    assert all_answer(client, addresses, [404]) == []


@pytest.mark.parametrize("role", Role)
def test_the_site_administration_is_closed_to_every_role(role: Role, world: World) -> None:
    client = sign_in(world.cast[role])

    assert client.get(reverse("admin:index"), follow=True).status_code == 403
    assert client.get(reverse("admin:initiatives_membership_changelist"), follow=True).status_code == 403


def test_the_site_administration_sends_who_is_not_signed_in_through_the_guarded_sign_in() -> None:
    answer = Client().get(reverse("admin:login"))

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))
