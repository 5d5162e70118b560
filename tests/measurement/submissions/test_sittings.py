"""Who has a report open, and how long its measures take."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from backbone.accounts.models import User
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingPeriod
from measurement.submissions import sittings, workflow
from measurement.submissions.entry_models import TimeSpent
from measurement.submissions.grid import grid_of
from measurement.submissions.models import Submission
from tests.factories import measuring
from tests.measurement.submissions.conftest import FULL
from tests.measurement.submissions.sending import HTMX, url

NINE = datetime(2026, 4, 15, 9, 0, tzinfo=UTC)


def save(submission: Submission, by: User, at: datetime, **answers: measuring.Answer) -> None:
    named = {name.replace("__", "/"): answer for name, answer in answers.items()}
    typed = measuring.typed(submission.expected_report, named)
    submission.refresh_from_db()
    workflow.save_draft(submission=submission, typed=typed, version=submission.version, by=by, at=at)


def spent(submission: Submission) -> dict[str, int]:
    rows = TimeSpent.objects.filter(submission=submission).select_related("indicator")
    return {row.indicator.code: row.seconds for row in rows}


@pytest.fixture
def begun(quarter: ReportingPeriod, alder: Organization) -> Submission:
    return workflow.start(expected_report=measuring.expected(alder, "2026-Q1"), at=NINE)


def test_time_between_saves_is_put_down_to_the_measures_that_changed(begun: Submission, rita: User) -> None:
    sittings.seen(submission=begun, by=rita, at=NINE)
    save(begun, rita, NINE + timedelta(seconds=40), served=100)
    save(begun, rita, NINE + timedelta(seconds=60), served=100, passed=(45, 50))
    save(begun, rita, NINE + timedelta(seconds=90), served=101, passed=(44, 50))

    assert spent(begun) == {"served": 40 + 15, "passed": 20 + 15}


def test_a_pause_of_more_than_five_minutes_is_left_out(begun: Submission, rita: User) -> None:
    sittings.seen(submission=begun, by=rita, at=NINE)
    save(begun, rita, NINE + timedelta(minutes=5, seconds=1), served=100)
    save(begun, rita, NINE + timedelta(minutes=6), served=101)

    assert spent(begun) == {"served": 59}


def test_two_people_are_timed_each_by_their_own_saves(begun: Submission, rita: User, approver: User) -> None:
    sittings.seen(submission=begun, by=rita, at=NINE)
    sittings.seen(submission=begun, by=approver, at=NINE)
    save(begun, rita, NINE + timedelta(seconds=30), served=100)
    save(begun, approver, NINE + timedelta(seconds=50), passed=(45, 50))

    assert spent(begun) == {"served": 30, "passed": 50}


def test_minutes_left_are_told_by_what_others_have_taken(
    begun: Submission, rita: User, bo: User, birch: Organization
) -> None:
    assert sittings.minutes_left(begun, grid_of(begun.expected_report, begun)) is None

    other = workflow.start(expected_report=measuring.expected(birch, "2026-Q1"), at=NINE)
    sittings.seen(submission=other, by=bo, at=NINE)
    save(other, bo, NINE + timedelta(minutes=3), **{n: v for n, v in FULL.items() if n != "passed"})
    save(other, bo, NINE + timedelta(minutes=5), passed=FULL["passed"])
    workflow.submit(submission=other, by=bo, at=NINE + timedelta(minutes=5))

    assert sittings.minutes_left(begun, grid_of(begun.expected_report, begun)) == 5
    save(begun, rita, NINE, served=100)
    assert sittings.minutes_left(begun, grid_of(begun.expected_report, begun)) == 4


def test_who_else_has_it_open_is_said_and_forgotten_after_a_while(
    begun: Submission, as_: Callable[[User], Client], rita: User, approver: User
) -> None:
    at = now()
    sittings.seen(submission=begun, by=approver, at=at)

    page = as_(rita).get(begun.get_absolute_url()).content.decode()
    assert "Also open by Anna Approver since" in page
    part = as_(rita).get(url("also-open", begun), headers=HTMX).content.decode()
    assert "Also open by Anna Approver since" in part
    assert "<html" not in part

    assert sittings.seen(submission=begun, by=rita, at=at + timedelta(minutes=6)) == []
