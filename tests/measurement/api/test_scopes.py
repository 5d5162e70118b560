"""Every address with a key of every kind, as the table of access says of the roles that are like it."""

from typing import Any

import pytest
from django.utils.timezone import now

from backbone.access.permissions import Role, Side
from initiatives.partners.models import Organization
from measurement.api import keys
from measurement.api.scopes import PERMISSIONS_OF_SCOPE, Scope
from tests.architecture.access_table import TABLE, Address
from tests.architecture.test_access_every_url import undone
from tests.architecture.world import World, build
from tests.measurement.api.programs import Program

OF_PROGRAMS = {name: each for name, each in TABLE.items() if each.program and each.in_initiative}
# Keys that may report may take back too, which reporters may not: an organization's manager has made them.
LIKE = {
    (Side.PARTNER, Scope.READ): Role.VIEWER,
    (Side.PARTNER, Scope.REPORT): Role.APPROVER,
    (Side.BACKBONE, Scope.READ): Role.FACILITATOR,
    (Side.BACKBONE, Scope.REVIEW): Role.DATA_MANAGER,
}
KINDS = list(PERMISSIONS_OF_SCOPE)


@pytest.fixture
def world(db: None) -> World:
    return build()


def program(world: World, side: Side, scope: Scope) -> Program:
    name = {Side.PARTNER: "Alder School", Side.BACKBONE: "Office"}[side]
    _made, secret = keys.make(
        initiative=world.initiative,
        organization=Organization.objects.get(name=name),
        side=side,
        scope=scope,
        name="Under test",
        by=world.cast[Role.BACKBONE_DIRECTOR],
        at=now(),
    )
    return Program(secret)


def answers(asking: Program, url: str) -> dict[str, Any]:
    found = {}
    for method in ("GET", "POST", "PATCH"):
        with undone():
            found[method] = asking.send(method, url, {}).status_code
    return found


def gets_in(found: dict[str, Any]) -> bool:
    return not {403, 404} & set(found.values()) and max(found.values()) < 500


def all_url(world: World, objects: dict[str, object]) -> list[tuple[str, Address, str]]:
    return [(name, each, world.url(name, each, objects)) for name, each in OF_PROGRAMS.items()]


@pytest.mark.parametrize("kind", KINDS, ids="/".join)
def test_a_key_gets_in_where_the_role_like_it_does(kind: tuple[Side, Scope], world: World) -> None:
    asking = program(world, *kind)
    wrong = []
    for name, address, url in all_url(world, world.partner):
        found = answers(asking, url)
        if LIKE[kind] in address.roles and not gets_in(found):
            wrong.append(f"{name}: {found}")
        if LIKE[kind] not in address.roles and set(found.values()) - {403, 405}:
            wrong.append(f"{name}: {found}")

    assert wrong == []


@pytest.mark.parametrize("kind", KINDS, ids="/".join)
def test_what_is_elsewhere_is_not_there(kind: tuple[Side, Scope], world: World) -> None:
    asking = program(world, *kind)
    wrong = []
    for name, address, url in all_url(world, world.elsewhere):
        away = url.replace("/initiatives/cradle/", "/initiatives/elsewhere/")
        if set(answers(asking, away).values()) != {404}:
            wrong.append(away)
        if address.objects and set(answers(asking, url).values()) - {403, 404, 405}:
            wrong.append(f"{name}: {url}")

    assert wrong == []


@pytest.mark.parametrize("scope", [Scope.READ, Scope.REPORT])
def test_another_partners_reports_are_not_there(scope: Scope, world: World) -> None:
    asking = program(world, Side.PARTNER, scope)
    other = world.other_partner
    for name, address, url in all_url(world, other):
        if address.own:
            assert set(answers(asking, url).values()) <= {403, 404, 405}, name
    assert asking.get("expected-reports/").json()["count"] == 1
    for list_of in ("expected-reports", "reports", "observations"):
        assert asking.get(f"{list_of}/?organization={other['organization']}").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "reports/?organization={organization}",
        "expected-reports/?organization={organization}",
        "observations/?organization={organization}",
        "observations/?indicator={indicator}",
        "periods/?calendar={calendar code}",
        "partners/?group={code of group}",
        "cells/?indicator={indicator}",
        "cells/?group={code of group}",
        "cells/?category={code of breakdown}/girls",
        "cells/?calendar={calendar code}",
        "cells/served/quarters/2026-Q1/?group={code of group}",
        "cells/served/quarters/2026-Q1/?category={code of breakdown}/girls",
    ],
)
def test_parameters_of_elsewhere_find_nothing(path: str, world: World) -> None:
    asking = program(world, Side.BACKBONE, Scope.REVIEW)
    theirs = {"code of group": "east-elsewhere", "code of breakdown": "gender-elsewhere"}
    ours = {"code of group": "east", "code of breakdown": "gender"}

    assert asking.get(path.format(**world.elsewhere | theirs)).status_code == 404
    found = asking.get(path.format(**world.partner | ours))
    assert found.status_code in {200, 404} if "category" in path else found.status_code == 200
