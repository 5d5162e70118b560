"""What holds for every address, and so for those that are still to come."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from django.test import Client
from django.urls import get_resolver, reverse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backbone.access.api import Deny
from backbone.access.checks import patterns
from backbone.access.permissions import Side
from measurement.api.endpoint import Endpoint
from measurement.api.scopes import Scope
from tests.architecture.access_table import TABLE
from tests.architecture.world import build
from tests.measurement.api.programs import Program
from tests.measurement.api.test_asking import LISTS
from tests.measurement.api.test_scopes import program


def test_a_method_that_states_no_permission_stops_the_project() -> None:
    with pytest.raises(TypeError, match=r"Careless\.get states no permission"):

        class Careless(Endpoint):
            def get(self, request: Request) -> Response:
                return Response()


def test_a_view_that_is_no_endpoint_is_closed() -> None:
    assert list(APIView().permission_classes) == [Deny]


def test_every_address_below_api_v1_is_an_endpoint() -> None:
    found = {
        name: getattr(pattern.callback, "cls", None)
        for route, name, pattern in patterns(get_resolver())
        if route.startswith("api/v1/") and name != "measurement:api:openapi"
    }

    assert len(found) > 20
    assert {name for name, view in found.items() if not (view and issubclass(view, Endpoint))} == set()
    assert {name for name in found if not TABLE[name].program} == set()


def ids_in(told: Any, name: str = "") -> Iterator[Any]:
    if isinstance(told, dict):
        for inner, value in told.items():
            yield from ids_in(value, inner)
    elif isinstance(told, list):
        for value in told:
            yield from ids_in(value, name)
    elif name == "id" or name.endswith("_id") or name in {"report", "expected_report"}:
        yield told


@pytest.mark.django_db
def test_no_identifier_of_the_database_is_told() -> None:
    world = build()
    asking = program(world, Side.BACKBONE, Scope.REVIEW)
    paths = [*(f"{name}/" for name in LISTS), f"reports/{world.partner['report']}/", "/api/v1/initiatives/"]
    found = [each for path in paths for each in ids_in(asking.get(path).json()) if each is not None]

    assert len(found) > 10
    assert [UUID(each) for each in found]


@pytest.mark.django_db
def test_everybody_reads_what_programs_can_ask(reader: Program) -> None:
    page = Client().get(reverse("measurement:api:about"))

    text = page.content.decode()
    assert "GET /api/v1/initiatives/{slug}/cells/" in text
    assert 'id="in-flight"' in text
    assert reader.get("nothing/").json()["type"].split("#")[0] == reverse("measurement:api:about")
