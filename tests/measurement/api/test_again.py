"""A change that is sent twice happens once."""

from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
import time_machine
from django.db import connection
from django.utils.timezone import now

from backbone.accounts.models import User
from backbone.audit.models import Event
from initiatives.partners.models import Organization
from measurement.api import again
from measurement.api.models import ApiKey, KeptAnswer
from measurement.api.scopes import Scope
from measurement.submissions.models import Submission
from measurement.tasks import forget_kept_answers
from tests.measurement.api.programs import Program, key


def take_back(program: Program, report: Submission, name: str = "one", **headers: str) -> Any:
    return program.post(f"reports/{report.public_id}/take-back/", {}, Idempotency_Key=name, **headers)


def test_the_same_request_answers_the_same_and_happens_once(program: Program, waiting: Submission) -> None:
    first, second = take_back(program, waiting), take_back(program, waiting)

    assert (first.status_code, second.status_code) == (200, 200)
    assert first.json() == second.json()
    assert (first["ETag"], "Idempotent-Replayed" in first) == (second["ETag"], False)
    assert second["Idempotent-Replayed"] == "true"
    assert Event.objects.filter(verb="submission.taken_back").count() == 1


def test_without_a_key_the_second_is_told_that_it_is_done(program: Program, waiting: Submission) -> None:
    where = f"reports/{waiting.public_id}/take-back/"

    assert [program.post(where, {}).status_code for _twice in range(2)] == [200, 409]


def test_a_refusal_is_answered_again_too(program: Program, draft: Submission) -> None:
    first, second = take_back(program, draft), take_back(program, draft)

    assert (first.status_code, second.status_code) == (409, 409)
    assert first.json() == second.json()
    assert second["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("other", ["body", "address"])
def test_a_key_used_for_another_request_is_refused(other: str, program: Program, draft: Submission) -> None:
    where = f"reports/{draft.public_id}/figures/"
    body = {"version": draft.version, "figures": [{"indicator": "served", "amount": "101"}]}
    assert program.patch(where, body, Idempotency_Key="one").status_code == 200

    if other == "body":
        answer = program.patch(where, body | {"version": 9}, Idempotency_Key="one")
    else:
        answer = take_back(program, draft)

    assert (answer.status_code, answer.json()["type"]) == (422, "/api/#key-reused")


def test_while_the_first_is_at_work_the_second_is_told_to_wait(program: Program, waiting: Submission) -> None:
    """Another connection holds the lock, as another web process would."""
    name = again.lock_name(waiting.initiative_id, ApiKey.objects.get().account_id, "one")
    with another_connection() as other:
        other.execute(f"SELECT pg_advisory_lock({again.LOCK})", [name])
        answer = take_back(program, waiting)

    assert (answer.status_code, answer.json()["type"]) == (409, "/api/#in-flight")
    assert not KeptAnswer.objects.exists()


def another_connection() -> Any:
    class Other:
        def __enter__(self) -> Any:
            self.connection = connection.copy()
            return self.connection.cursor()

        def __exit__(self, *_trouble: object) -> None:
            self.connection.close()

    return Other()


def test_what_nobody_foresaw_keeps_neither_the_change_nor_an_answer(
    program: Program, waiting: Submission
) -> None:
    with mock.patch("measurement.api.report_views.full_report", side_effect=RuntimeError):
        assert take_back(program, waiting).status_code == 500

    waiting.refresh_from_db()
    assert waiting.status == "submitted"
    assert take_back(program, waiting).status_code == 200


def test_keys_of_two_organizations_are_apart(
    program: Program, waiting: Submission, birch: Organization, director: User
) -> None:
    other = key(birch, Scope.REPORT, by=director)[1]

    assert take_back(other, waiting).status_code == 404
    assert take_back(program, waiting).status_code == 200


def test_a_day_later_it_is_a_new_request(program: Program, waiting: Submission) -> None:
    take_back(program, waiting)
    with time_machine.travel(now() + again.LASTS + timedelta(seconds=1), tick=False):
        assert take_back(program, waiting).status_code == 409
        assert KeptAnswer.objects.count() == 1
    with time_machine.travel(now() + 3 * again.LASTS, tick=False):
        forget_kept_answers()

    assert not KeptAnswer.objects.exists()


@pytest.mark.parametrize("name", ["", "x" * 256])
def test_a_key_has_a_length(name: str, program: Program, waiting: Submission) -> None:
    answer = take_back(program, waiting, name)

    assert (answer.status_code, answer.json()["type"]) == (400, "/api/#not-read")


def test_any_characters_will_do(program: Program, waiting: Submission) -> None:
    assert take_back(program, waiting, "§ \t é").status_code == 200
