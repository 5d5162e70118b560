"""How programs ask: pages, parameters, entity tags, how often, and what nobody should send."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client
from django.utils.timezone import now

from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.rollups import runs
from measurement.submissions.models import Submission
from tests.factories import measuring, people
from tests.measurement.api.programs import Program

As = Callable[[User], Client]
PROBLEM = "application/problem+json"


def test_a_list_comes_in_pages(reader: Program, initiative: Initiative) -> None:
    for number in range(5):
        measuring.indicator(initiative, f"measure-{number}")

    first = reader.get("indicators/?per_page=2").json()
    second = reader.get(first["next"]).json()
    after = reader.get("indicators/?per_page=2&page=4").json()

    assert (first["count"], first["page"], first["pages"]) == (5, 1, 3)
    assert [each["code"] for each in first["results"] + second["results"]] == [
        f"measure-{number}" for number in range(4)
    ]
    assert (after["results"], after["next"]) == ([], None)


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("per_page=101", "per_page"),
        ("page=0", "page"),
        ("page=" + "9" * 500, "page"),
        ("page=x", "page"),
        ("colour=red", "colour"),
        ("initiative_id=1", "initiative_id"),
        ("level=other", "level"),
        ("level=population&level=performance", "level"),
        ("tier=%00", "tier"),
    ],
)
def test_what_makes_no_sense_is_refused_by_name(query: str, parameter: str, reader: Program) -> None:
    answer = reader.get(f"indicators/?{query}")

    assert (answer.status_code, answer["Content-Type"]) == (400, PROBLEM)
    assert [each["parameter"] for each in answer.json()["errors"]] == [parameter]


@pytest.mark.parametrize(
    "path",
    [
        "cells/?period=%00", "cells/?category=%ed%a0%80", "observations/?organization=1", "periods/?calendar=%00",
        "observations/?recorded_from=yesterday", "observations/?recorded_from=0001-01-01T00:00:00%2B14:00",
        "cells/served/quarterly/%00/", "cells/served/quarterly/2026-Q1/?group=%00", "partners/?name=%00",
        "expected-reports/?status=lost", "indicators/no%00thing/",
    ],
)  # fmt: skip
def test_nonsense_breaks_nothing(path: str, desk: Program, quarter: ReportingPeriod) -> None:
    answer = desk.get(path)

    assert answer.status_code in {200, 400, 404}


BODIES: list[tuple[object, int]] = [
    (b"", 422),
    (b"{", 400),
    (b"\xff\xfe", 400),
    (b"NaN", 400),
    (b"[" * 100_000, 400),
    (b"1" * 5_000, 400),
    ([], 422),
    ("text", 422),
    (None, 422),
    ({}, 422),
    ({"version": 1}, 422),
    ({"version": 1, "figures": {}}, 422),
    ({"version": 1, "figures": [1]}, 422),
    ({"version": True, "figures": []}, 422),
    ({"version": 10**30, "figures": [{"indicator": "served"}]}, 422),
    ({"version": 1, "figures": [{"indicator": "served", "amount": "\ud800"}]}, 422),
    ({"version": 1, "figures": [{"indicator": "served", "amount": 1e300}]}, 422),
    ({"version": 1, "figures": [{"indicator": "served", "amount": [1]}]}, 422),
    ({"version": 1, "figures": [{"indicator": "served", "amount": None}]}, 422),
    ({"version": 1, "figures": [{"indicator": "served\0"}]}, 422),
    ({"version": 1, "figures": [{"indicator": "served", "id": 7}]}, 422),
    ({"version": 1, "figures": [{"indicator": "served"}] * 5001}, 422),
    ({"version": 1, "figures": [{"indicator": "served", "note": "x" * 2_000_000}]}, 422),
    (b'{"version": 1, "figures": "' + b"x" * 6_000_000 + b'"}', 413),
]


@pytest.mark.parametrize(("body", "status"), BODIES)
def test_a_body_that_cannot_be_right_is_refused(
    body: object, status: int, program: Program, draft: Submission
) -> None:
    answer = program.patch(f"reports/{draft.public_id}/figures/", body)

    assert (answer.status_code, answer["Content-Type"]) == (status, PROBLEM)
    assert len(answer.content) < 1_000_000


def test_only_json_is_read(program: Program, draft: Submission) -> None:
    answer = program.client.patch(
        program.url(f"reports/{draft.public_id}/figures/"), "a=b", "text/csv", headers=program.headers
    )
    assert (answer.status_code, answer.json()["type"]) == (415, "/api/#wrong-media-type")


def test_what_has_not_changed_is_not_sent_again(program: Program, draft: Submission) -> None:
    where = f"reports/{draft.public_id}/"
    first = program.get(where)
    known = program.get(where, If_None_Match=first["ETag"])
    body = {"version": draft.version, "figures": [{"indicator": "served", "amount": "101"}]}
    changed = program.patch(f"{where}figures/", body)

    assert (known.status_code, known.content, known["ETag"]) == (304, b"", first["ETag"])
    later = program.get(where, If_None_Match=first["ETag"])
    assert (later.status_code, later["ETag"]) == (200, changed["ETag"])
    assert "Authorization" in later["Vary"]
    assert later["Cache-Control"] == "private, no-cache"


def test_a_change_to_another_state_than_the_one_that_was_read_is_refused(
    program: Program, draft: Submission
) -> None:
    where = f"reports/{draft.public_id}/"
    etag = program.get(where)["ETag"]
    body: dict[str, Any] = {"version": draft.version, "figures": [{"indicator": "served", "amount": "101"}]}

    assert program.patch(f"{where}figures/", body, If_Match=etag).status_code == 200
    body["figures"][0]["amount"] = "102"
    late = program.patch(f"{where}figures/", body, If_Match=etag)

    assert (late.status_code, late.json()["type"]) == (412, "/api/#changed")


def test_more_requests_in_a_minute_than_agreed_are_told_when_to_come_back(
    reader: Program, program: Program, settings: LazySettings
) -> None:
    cache.clear()
    settings.API_REQUESTS_A_MINUTE = 3
    answers = [reader.get("") for _request in range(4)]

    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert 1 <= int(answers[3]["Retry-After"]) <= 61
    assert answers[3].json()["type"] == "/api/#too-many"
    assert program.get("").status_code == 200


def test_a_person_who_is_signed_in_asks_too_and_changes_with_the_forms_secret(
    as_: As, rita: User, draft: Submission
) -> None:
    body = {"version": draft.version, "figures": [{"indicator": "served", "amount": "101"}]}
    client, root = as_(rita), "/api/v1/initiatives/cradle/"
    assert client.get(root).json()["name"] == "Cradle to Career"
    assert (
        client.patch(f"{root}reports/{draft.public_id}/figures/", body, "application/json").status_code == 200
    )

    guarded = Client(enforce_csrf_checks=True)
    guarded.force_login(rita, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = guarded.patch(f"{root}reports/{draft.public_id}/figures/", body, "application/json")
    assert (answer.status_code, answer["Content-Type"]) == (403, PROBLEM)


def test_who_is_not_known_is_told_how_to_ask() -> None:
    answer = Program().get("")

    assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
    assert answer.json()["type"] == "/api/#not-signed-in"


@pytest.mark.parametrize("path", ["nothing/", "indicators", "reports/1/"])
def test_an_address_that_is_not_there_answers_as_all_others(path: str, reader: Program) -> None:
    answer = reader.get(path)

    assert (answer.status_code, answer["Content-Type"]) == (404, PROBLEM)


LISTS = (
    "indicators", "breakdowns", "calendars", "periods", "groups", "partners", "expected-reports", "reports",
    "observations", "cells",
)  # fmt: skip


@pytest.fixture
def many(initiative: Initiative, data_manager: User, quarters: ReportingCalendar) -> list[Organization]:
    """A hundred partners with a report each."""
    gender = measuring.breakdown(initiative, "gender", ["Girls", "Boys"])
    served = measuring.indicator(initiative, "served")
    made = [people.organization(f"Partner {number:03}", initiative) for number in range(100)]
    for each in made:
        people.member(f"Reporter of {each}", each, "reporter")  # type: ignore[arg-type]
    measuring.assign(served, made, quarters, by_=[gender])
    measuring.open_(initiative, "2026-Q1")
    for each in made:
        measuring.report(each, "2026-Q1", served=10, served__girls=6, served__boys=4)
    runs.roll_up_changed(at=now())
    return made


def test_a_page_of_a_hundred_rows_costs_at_most_twelve_queries(
    many: list[Organization], desk: Program, django_assert_max_num_queries: Any
) -> None:
    desk.get("")  # notes the use of the key
    for name in LISTS:
        with django_assert_max_num_queries(12):
            answer = desk.get(f"{name}/?per_page=100")
        assert answer.status_code == 200, name
    assert desk.get("observations/?per_page=100").json()["count"] == 300
    with django_assert_max_num_queries(12 + 4):
        parts = desk.get("cells/served/quarterly/2026-Q1/parts/?per_page=100").json()
    assert len(parts["results"]) == 100
