"""Whatever is sent, the answer is what the description promises, and never a fault of ours."""

from collections.abc import Iterator
from typing import Any, cast

import pytest
import schemathesis
from django.conf import LazySettings
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.utils.timezone import now
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as trying
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi import checks

from backbone.access.permissions import Side
from initiatives.partners.models import Organization
from measurement.api.description import schema
from measurement.api.scopes import PERMISSIONS_OF_SCOPE, Scope
from measurement.rollups import runs
from tests.architecture.test_access_every_url import undone
from tests.architecture.world import World, build
from tests.factories import measuring
from tests.measurement.api.programs import Program
from tests.measurement.api.test_scopes import program

CHECKS = [
    not_a_server_error,
    checks.status_code_conformance,
    checks.content_type_conformance,
    checks.response_schema_conformance,
    checks.response_headers_conformance,
]
EXAMPLES = 3  # of each address, for each kind of key, of what fits and of what does not
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@pytest.fixture
def world(db: None, settings: LazySettings) -> Iterator[World]:
    """Requests come over WSGI, whose end would close the connection that the test's rows are seen through."""
    settings.API_REQUESTS_A_MINUTE = 1_000_000
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    made = build()
    measuring.report(Organization.objects.get(name="Birch Charity"), "2026-Q1", served=9)
    runs.roll_up_changed(at=now())
    yield made
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def named(world: World) -> dict[str, Any]:
    """What the names in an address stand for."""
    ours = world.partner
    return {
        "slug": world.initiative.slug,
        "code": ours["indicator"],
        "calendar": ours["calendar code"],
        "period": ours["period code"],
        "report_id": str(ours["report"]),
        "expected_id": str(ours["expected"]),
    }


def cases(operation: Any, mode: GenerationMode, world: World) -> st.SearchStrategy[Any]:
    """Mostly about what there is, so that more is tried than how it is told that there is nothing."""
    wanted = {each.name for each in operation.path_parameters}
    here = {name: value for name, value in named(world).items() if name in wanted}
    found: st.SearchStrategy[Any] = operation.as_strategy(mode, path_parameters=here)
    return found


@pytest.mark.timeout(300)
@pytest.mark.parametrize("kind", [*PERMISSIONS_OF_SCOPE, None], ids=str)
def test_every_address_keeps_what_is_promised(kind: tuple[Side, Scope] | None, world: World) -> None:
    asking = program(world, *kind) if kind else Program()
    described = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", get_wsgi_application())
    asked = set()
    for found in described.get_all_operations():
        operation = cast(Ok[Any], found).ok()
        for mode in MODES:
            asked.add(_tried(operation, mode, world, asking))

    assert len(asked) == sum(len(methods) for methods in schema()["paths"].values())


def _tried(operation: Any, mode: GenerationMode, world: World, asking: Program) -> str:
    @seed(1)
    @trying(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=cases(operation, mode, world))
    def keeps(case: Any) -> None:
        with undone():
            answer = case.call(headers=asking.headers)
        case.validate_response(answer, checks=CHECKS)

    keeps()
    return f"{operation.method} {operation.path}"


def test_every_address_has_a_name_of_its_own_and_says_what_it_does() -> None:
    made = schema()

    operations = [each for methods in made["paths"].values() for each in methods.values()]
    names = [each["operationId"] for each in operations]
    assert len(names) == len(set(names))
    assert not [each for each in operations if not each.get("summary")]
    assert all(each["security"] == [{"key": []}, {"cookieAuth": []}] for each in operations)
