from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from backbone.accounts.models import User
from backbone.audit.models import Event
from initiatives.charter.models import Initiative, PartnerGroup
from initiatives.directory import grouping, operations
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingPeriod
from measurement.submissions import workflow
from measurement.submissions.models import CurrentFigure, NotAllowed, Observation, Submission
from measurement.submissions.queue import counts, in_working_order, queue
from tests.factories import measuring, people
from tests.measurement.submissions.conftest import FULL
from tests.measurement.submissions.sending import url

SignIn = Callable[[User], Client]
QUEUE = "/i/cradle/reports/"


@pytest.fixture
def reviewer(as_: SignIn, data_manager: User) -> Client:
    return as_(data_manager)


def approve(client: Client, submission: Submission, **headers: str) -> Any:
    words = {"version": str(submission.version)}
    answer: Any = client.post(url("approve", submission), words, headers=headers)
    return answer


# --- the queue -----------------------------------------------------------------------------------------


def test_waiting_reports_come_first_and_the_oldest_of_them_on_top(
    reviewer: Client,
    initiative: Initiative,
    quarter: ReportingPeriod,
    alder: Organization,
    birch: Organization,
) -> None:
    cedar = people.organization("Aa Cedar", initiative)
    measuring.assign(measuring.indicator(initiative, "more"), [cedar], quarter.calendar)
    measuring.hand_in(birch, "2026-Q1", at=datetime(2026, 4, 1, tzinfo=UTC), **FULL)
    measuring.hand_in(alder, "2026-Q1", at=datetime(2026, 4, 2, tzinfo=UTC), **FULL)

    rows = list(in_working_order(queue(initiative, {}, at=now()), ""))

    assert [row.organization.name for row in rows] == ["Birch Charity", "Alder School", "Aa Cedar"]


def test_the_queue_counts_by_state_and_filters(
    reviewer: Client, initiative: Initiative, waiting: Submission, birch: Organization
) -> None:
    north = PartnerGroup(initiative=initiative, code="north", name="North")
    operations.save_group(group=north, by=None, at=now())
    grouping.put_into_group(group=north, organization=birch, by=None, at=now())
    period = waiting.expected_report.period

    assert counts(queue(initiative, {}, at=now())) == {"submitted": 1, None: 1}
    shown = {
        choice: reviewer.get(f"{QUEUE}?{choice}").content.decode()
        for choice in ("status=submitted", "status=not_started", f"group={north.public_id}", "q=alder")
    }
    assert "Alder School" in shown["status=submitted"]
    assert "Birch Charity" not in shown["status=submitted"]
    assert "Birch Charity" in shown["status=not_started"]
    assert "Alder School" not in shown["status=not_started"]
    assert "Alder School" not in shown[f"group={north.public_id}"]
    assert "Birch Charity" not in shown["q=alder"]
    assert "Alder School" in reviewer.get(f"{QUEUE}?period={period.public_id}").content.decode()


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize(
    "nonsense",
    ["status=gone", "period=1", "period=x%00", "group=%FF", "q=%00", "page=zero", "q=" + "x" * 5000],
)
def test_nonsense_in_the_address_of_the_queue_is_no_choice(reviewer: Client, nonsense: str) -> None:
    answer = reviewer.get(f"{QUEUE}?{nonsense}")

    assert answer.status_code == 200


def test_late_is_said_as_not_in_yet(reviewer: Client, waiting: Submission) -> None:
    page = reviewer.get(QUEUE).content.decode()

    assert "Not in yet" in page
    assert "late" not in page.lower()
    assert "status-bad" not in page


def test_the_queue_needs_few_queries_and_pages_whatever_the_number_of_partners(
    reviewer: Client,
    initiative: Initiative,
    quarter: ReportingPeriod,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    many = [Organization(name=f"Partner {number:03}") for number in range(120)]
    Organization.objects.bulk_create(many)
    quarter.expected_reports.model.objects.bulk_create(
        quarter.expected_reports.model(
            initiative=initiative, organization=each, period=quarter, due_at=now() + timedelta(days=1)
        )
        for each in many
    )

    with django_assert_max_num_queries(16):
        page = reviewer.get(QUEUE).content.decode()

    assert page.count("<tr>") == 51
    assert "Page 1 of 3" in page


@pytest.mark.usefixtures("waiting")
def test_a_fragment_of_the_queue_is_only_the_list(reviewer: Client) -> None:
    answer = reviewer.get(QUEUE, headers={"HX-Request": "true", "HX-Target": "queue"})

    assert "<html" not in answer.content.decode()
    assert 'id="queue"' in answer.content.decode()


# --- the desk --------------------------------------------------------------------------------------------


def test_the_desk_shows_figures_beside_the_last_ones(
    reviewer: Client, initiative: Initiative, quarter: ReportingPeriod, alder: Organization
) -> None:
    measuring.open_(initiative, "2025-Q4")
    measuring.report(alder, "2025-Q4", served=80, served__girls=40, served__boys=30, passed=(30, 40))
    note = workflow.Typed(amount="100", note="A class more.")
    waiting = measuring.hand_in(alder, "2026-Q1", **{**FULL, "served": note, "passed": None})

    page = reviewer.get(waiting.get_absolute_url()).content.decode()

    for words in ("100\u00a0people", "80\u00a0people", "+20 (+25\u00a0%)", "A class more.", "worked out"):
        assert words in page
    assert "We do not collect this" in page
    assert "Handed in" in page


def test_nobody_reads_a_report_that_is_still_being_filled_in(reviewer: Client, draft: Submission) -> None:
    page = reviewer.get(draft.get_absolute_url()).content.decode()

    assert "still being filled in" in page
    assert "100" not in page.partition("<main")[2].partition("</main>")[0]


def test_a_share_without_cases_reads_as_no_cases(
    reviewer: Client, quarter: ReportingPeriod, alder: Organization
) -> None:
    waiting = measuring.hand_in(alder, "2026-Q1", **{**FULL, "passed": (0, 0)})

    assert "No cases (0 of 0)" in reviewer.get(waiting.get_absolute_url()).content.decode()


def test_the_desk_needs_as_many_queries_for_thirty_measures_as_for_two(
    reviewer: Client,
    data_manager: User,
    initiative: Initiative,
    waiting: Submission,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    calendar = waiting.expected_report.period.calendar
    for number in range(30):
        one = measuring.indicator(initiative, f"more-{number}")
        measuring.assign(one, [waiting.expected_report.organization], calendar)
        workflow.say(submission=waiting, body="Hello.", by=data_manager, at=now())

    with django_assert_max_num_queries(19):  # 16, and three of the transaction inside that of the test
        assert reviewer.get(waiting.get_absolute_url()).status_code == 200


def test_from_the_desk_one_goes_on_to_the_next_waiting_report(
    reviewer: Client, waiting: Submission, birch: Organization
) -> None:
    after = measuring.hand_in(birch, "2026-Q1", **FULL)

    assert (
        f'href="{after.get_absolute_url()}" rel="next"'
        in reviewer.get(waiting.get_absolute_url()).content.decode()
    )
    assert (
        f'href="{waiting.get_absolute_url()}" rel="prev"'
        in reviewer.get(after.get_absolute_url()).content.decode()
    )


# --- deciding ----------------------------------------------------------------------------------------------


def test_approving_goes_back_to_the_report(reviewer: Client, waiting: Submission) -> None:
    answer = approve(reviewer, waiting)

    assert (answer.status_code, answer["Location"]) == (302, waiting.get_absolute_url())
    assert Submission.objects.get().status == "approved"


def test_approving_by_htmx_tells_what_happened(reviewer: Client, waiting: Submission) -> None:
    answer = approve(reviewer, waiting, **{"HX-Request": "true"})

    assert answer.status_code == 204
    assert "submission-approved" in answer["HX-Trigger"]


def test_the_second_of_two_reviewers_is_told_who_did_what(
    as_: SignIn, waiting: Submission, data_manager: User, director: User
) -> None:
    approve(as_(data_manager), waiting)

    late = as_(director)
    for answer in (approve(late, waiting), late.post(url("return", waiting), {"message": "Why?"})):
        assert answer.status_code == 409
        assert "“Approved”" in answer.content.decode()
        assert "Dana Data did that on" in answer.content.decode()


def test_only_what_the_reviewer_has_seen_is_approved(
    reviewer: Client, waiting: Submission, approver: User, alder: Organization
) -> None:
    seen = waiting.version
    workflow.take_back(submission=waiting, by=approver, at=now())
    measuring.hand_in(alder, "2026-Q1", **{**FULL, "served": 90})

    answer = reviewer.post(url("approve", waiting), {"version": seen})

    assert answer.status_code == 409
    assert "changed and handed in again" in answer.content.decode()
    assert not Observation.objects.exists()


@pytest.mark.parametrize("version", [None, "", "x", "\x00"])
def test_approving_without_a_version_is_refused(
    reviewer: Client, waiting: Submission, version: str | None
) -> None:
    sent = {} if version is None else {"version": version}

    assert reviewer.post(url("approve", waiting), sent).status_code == 422
    assert Submission.objects.get().status == "submitted"


@pytest.mark.parametrize(
    ("step", "field"), [("return", "message"), ("reopen", "reason"), ("withdraw", "reason")]
)
@pytest.mark.parametrize("text", ["", "  ", "a\x00b", "y" * 5001])
def test_a_decision_needs_words_and_keeps_those_that_were_written(
    reviewer: Client, waiting: Submission, step: str, field: str, text: str
) -> None:
    if step != "return":
        approve(reviewer, waiting)
    before = Submission.objects.get().status

    answer = reviewer.post(url(step, waiting), {field: text, "name": str(waiting)})

    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()
    assert Submission.objects.get().status == before
    if "y" in text:
        assert text in answer.content.decode()


def test_withdrawing_asks_for_the_name_and_says_what_stays(reviewer: Client, waiting: Submission) -> None:
    approve(reviewer, waiting)
    question = reviewer.get(url("withdraw", waiting)).content.decode()

    wrong = reviewer.post(url("withdraw", waiting), {"reason": "Wrong school.", "name": "Birch"})
    right = reviewer.post(
        url("withdraw", waiting), {"reason": "Wrong school.", "name": "alder school, q1 2026"}
    )

    assert "What was recorded stays on record" in question
    assert "To be sure, write “Alder School, Q1 2026”" in question
    assert wrong.status_code == 422
    assert "Wrong school." in wrong.content.decode()
    assert right.status_code == 302
    assert Submission.objects.get().status == "withdrawn"


def test_steps_that_do_not_fit_are_refused_with_a_sentence(reviewer: Client, draft: Submission) -> None:
    words = {"message": "Hm.", "reason": "Hm.", "name": str(draft), "version": draft.version}

    for step in ("approve", "return", "reopen", "withdraw"):
        answer = reviewer.post(url(step, draft), words)
        assert answer.status_code == 409
        assert "This report is “Draft”" in answer.content.decode()


def test_who_only_reads_sees_no_buttons(as_: SignIn, facilitator: User, waiting: Submission) -> None:
    client = as_(facilitator)

    page = client.get(waiting.get_absolute_url()).content.decode()
    assert "100\u00a0people" in page
    assert "Approve" not in page
    assert approve(client, waiting).status_code == 403


def test_the_record_of_a_report_is_at_the_desk(reviewer: Client, waiting: Submission) -> None:
    reviewer.post(url("return", waiting), {"message": "Forty boys?"})

    page = reviewer.get(waiting.get_absolute_url()).content.decode()

    assert "What happened" in page
    assert page.index("Returned with a question") < page.rindex("Handed in")
    assert "Forty boys?" in page


def test_a_correction_shows_what_still_counts(
    reviewer: Client, waiting: Submission, alder: Organization, data_manager: User
) -> None:
    approve(reviewer, waiting)
    waiting.refresh_from_db()
    workflow.reopen(submission=waiting, reason="Recount, please.", by=data_manager, at=now())
    measuring.hand_in(alder, "2026-Q1", served=95)

    page = reviewer.get(waiting.get_absolute_url()).content.decode()

    assert "95\u00a0people" in page
    assert "On record now: 100\u00a0people" in page


# --- at the same moment --------------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_of_two_who_approve_at_the_same_moment_one_wins(
    waiting: Submission, data_manager: User, director: User
) -> None:
    start, refused = Barrier(2), []

    def approve_as(person: User) -> None:
        start.wait(timeout=10)
        try:
            workflow.approve(submission=waiting, by=person, at=now(), version=waiting.version)
        except NotAllowed as reason:
            refused.append(str(reason))
        finally:
            connection.close()

    threads = [Thread(target=approve_as, args=(person,)) for person in (data_manager, director)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert len(refused) == 1
    assert "did that on" in refused[0]
    assert Event.objects.filter(verb="submission.approved").count() == 1
    assert Observation.objects.count() == CurrentFigure.objects.filter(observation__isnull=False).count() == 5
