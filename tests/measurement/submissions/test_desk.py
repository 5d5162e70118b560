"""Questions about single figures, reviewers who collide, approving many at once, and finding reports in the queue."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from backbone.accounts.models import User
from backbone.audit.models import Event
from backbone.notifications.models import Notification
from initiatives.charter.models import Initiative
from initiatives.jobs.models import JobRun
from initiatives.jobs.running import work_off
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingPeriod
from measurement.submissions import approving, locking, opening, queries, workflow
from measurement.submissions.entry_models import Query
from measurement.submissions.models import ExpectedReport, Message, NotAllowed, Observation, Submission
from measurement.submissions.queue import in_working_order, queue
from measurement.submissions.recording import record_for_partners
from tests.factories import measuring, people
from tests.measurement.submissions.conftest import FULL
from tests.measurement.submissions.sending import field, url

SignIn = Callable[[User], Client]
QUEUE = "/i/cradle/reports/"
MANY = f"{QUEUE}approve/"


@pytest.fixture
def reviewer(as_: SignIn, data_manager: User) -> Client:
    return as_(data_manager)


def give_back(client: Client, submission: Submission, /, **words: str) -> Any:
    sent = {"version": str(submission.version), "message": ""} | words
    answer: Any = client.post(url("return", submission), sent)
    return answer


def ask(submission: Submission, code: str, words: str) -> dict[str, str]:
    return {field(submission, code, "message"): words}


def with_history(initiative: Initiative, alder: Organization) -> None:
    for code, served in (("2025-Q1", 60), ("2025-Q4", 80)):
        measuring.open_(initiative, code)
        girls, boys = served // 2, served // 4
        measuring.report(
            alder, code, served=served, served__girls=girls, served__boys=boys, passed=(served // 2, served)
        )


# --- one report --------------------------------------------------------------------------------------------


def test_a_figure_stands_beside_last_period_a_year_ago_and_its_curve(
    reviewer: Client, initiative: Initiative, quarter: ReportingPeriod, alder: Organization
) -> None:
    with_history(initiative, alder)
    waiting = measuring.hand_in(alder, "2026-Q1", **FULL)

    page = reviewer.get(waiting.get_absolute_url()).content.decode()

    for words in ("80\u00a0people", "60\u00a0people", "+20 (+25\u00a0%)", "Q1 2025", 'class="sparkline"'):
        assert words in page
    assert "Served, from Q1 2025 to Q1 2026" in page


def test_questions_and_their_answers_come_before_the_figures(
    reviewer: Client, rita: User, initiative: Initiative, quarter: ReportingPeriod, alder: Organization
) -> None:
    with_history(initiative, alder)
    waiting = measuring.hand_in(alder, "2026-Q1", **{**FULL, "served": 8000})

    asked = Query.objects.filter(submission=waiting).first()
    assert asked
    queries.answer(query=asked, answer="one_off", words="A fair.", by=rita, at=now())

    page = reviewer.get(waiting.get_absolute_url()).content.decode()

    assert page.index("Questions and answers") < page.index("A fair.") < page.index('class="read-measure"')


def test_a_message_under_a_figure_reaches_the_partner_at_that_figure(
    reviewer: Client, as_: SignIn, rita: User, waiting: Submission
) -> None:
    answer = give_back(reviewer, waiting, **ask(waiting, "served/girls", "Fifty, or fifteen?"))

    assert answer.status_code == 302
    waiting.refresh_from_db()
    assert waiting.status == "returned"
    grid = as_(rita).get(waiting.get_absolute_url()).content.decode()
    cell = field(waiting, "served/girls", "questions")
    start = grid.rindex("<td", 0, grid.index(f'id="{cell}"'))
    assert "Fifty, or fifteen?" in grid[start : grid.index(f'id="{cell}"')]
    mail = Notification.objects.filter(person=rita).order_by("-pk")[0]
    assert "Served, Girls: Fifty, or fifteen?" in mail.body


def test_what_was_asked_in_an_earlier_round_is_not_asked_again(
    reviewer: Client, as_: SignIn, rita: User, waiting: Submission, alder: Organization
) -> None:
    give_back(reviewer, waiting, **ask(waiting, "served", "All of them?"))
    again = measuring.hand_in(alder, "2026-Q1", served=101)
    give_back(reviewer, again, message="One more look, please.")

    grid = as_(rita).get(waiting.get_absolute_url()).content.decode()
    form = grid.partition('id="report-form"')[2].partition('id="discussion"')[0]

    assert "All of them?" not in form
    assert "about Served" in grid.partition('id="discussion"')[2]
    assert "One more look, please." in grid


def test_returning_needs_words_about_the_report_or_about_a_figure(
    reviewer: Client, waiting: Submission
) -> None:
    assert give_back(reviewer, waiting).status_code == 422
    assert give_back(reviewer, waiting, **ask(waiting, "served", "   ")).status_code == 422
    assert Submission.objects.get(pk=waiting.pk).status == "submitted"


@pytest.mark.parametrize("text", ["a\x00b", "y" * 2001])
def test_a_message_that_cannot_be_kept_is_shown_again_with_the_others(
    reviewer: Client, waiting: Submission, text: str
) -> None:
    words = ask(waiting, "served", text) | ask(waiting, "passed", "And this?")

    answer = give_back(reviewer, waiting, **words)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'href="#{field(waiting, "served", "message")}"' in page
    assert "And this?" in page
    assert not Message.objects.exists()


def test_a_message_about_a_figure_of_another_report_is_nobody_s(
    reviewer: Client, waiting: Submission, birch: Organization, initiative: Initiative
) -> None:
    more = measuring.indicator(initiative, "elsewhere")

    answer = give_back(reviewer, waiting, message="Look.", **{f"figure-{more.pk}-total-message": "Hm?"})

    assert answer.status_code == 302
    assert [message.body for message in Message.objects.all()] == ["Look."]


def test_the_second_reviewer_sees_what_the_first_did_and_loses_no_word(
    as_: SignIn, waiting: Submission, data_manager: User, director: User
) -> None:
    workflow.approve(submission=waiting, by=data_manager, at=now())

    answer = give_back(
        as_(director), waiting, message="Are you sure?", **ask(waiting, "served", "All of them?")
    )

    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Dana Data did that on" in page
    assert "What you wrote, and nobody has got" in page
    assert "Are you sure?" in page
    assert "All of them?" in page
    assert not Message.objects.exists()


def test_only_what_the_reviewer_has_seen_goes_back(
    reviewer: Client, waiting: Submission, approver: User, alder: Organization
) -> None:
    workflow.take_back(submission=waiting, by=approver, at=now())
    measuring.hand_in(alder, "2026-Q1", **{**FULL, "served": 90})

    answer = give_back(reviewer, waiting, message="A hundred?")

    assert answer.status_code == 409
    assert "changed and handed in again" in answer.content.decode()
    assert Submission.objects.get(pk=waiting.pk).status == "submitted"


def test_approving_can_lead_on_to_the_next(
    reviewer: Client, waiting: Submission, birch: Organization
) -> None:
    after = measuring.hand_in(birch, "2026-Q1", **FULL)

    answer = reviewer.post(url("approve", waiting), {"version": waiting.version, "then": "next"})

    assert answer["Location"] == after.get_absolute_url()


# --- the queue ---------------------------------------------------------------------------------------------


def test_reports_with_an_open_question_come_first(
    initiative: Initiative, quarter: ReportingPeriod, alder: Organization, birch: Organization, rita: User
) -> None:
    with_history(initiative, alder)
    calm = measuring.hand_in(birch, "2026-Q1", at=now() - timedelta(days=3), **FULL)
    odd = measuring.hand_in(alder, "2026-Q1", **{**FULL, "served": 8000})

    rows = list(in_working_order(queue(initiative, {}, at=now()), "submitted"))

    assert [row.submission for row in rows] == [odd, calm]
    assert rows[0].open_questions >= 1  # type: ignore[attr-defined]


def test_reports_are_found_by_what_is_special_about_them(
    reviewer: Client,
    initiative: Initiative,
    quarter: ReportingPeriod,
    alder: Organization,
    birch: Organization,
    data_manager: User,
) -> None:
    with_history(initiative, alder)
    odd = measuring.hand_in(alder, "2026-Q1", **{**FULL, "served": 8000})
    noted = {**FULL, "served": workflow.Typed(amount="100", note="Two classes.")}
    other = measuring.hand_in(birch, "2026-Q1", **noted)
    workflow.return_(submission=other, message="Hm?", by=data_manager, at=now())
    other = measuring.hand_in(birch, "2026-Q1", served=noted["served"])
    ExpectedReport.objects.filter(pk=odd.expected_report_id).update(due_at=now() - timedelta(days=2))
    ExpectedReport.objects.filter(pk=other.expected_report_id).update(due_at=now() + timedelta(days=2))

    def found(choice: str) -> set[str]:
        page = reviewer.get(f"{QUEUE}?status=submitted&{choice}").content.decode()
        return {name for name in ("Alder School", "Birch Charity") if name in page}

    assert found("only=open") == found("only=asked") == {"Alder School"}
    assert found("only=noted") == {"Birch Charity"}
    assert found("only=again") == {"Birch Charity"}
    assert found("only=after") == {"Alder School"}
    assert found("measure=served") == {"Alder School", "Birch Charity"}
    assert found("only=nonsense") == {"Alder School", "Birch Charity"}


def test_a_measure_that_a_partner_does_not_report_leaves_it_out(
    reviewer: Client, initiative: Initiative, waiting: Submission, birch: Organization
) -> None:
    more = measuring.indicator(initiative, "more")
    measuring.assign(more, [birch], waiting.expected_report.period.calendar)

    page = reviewer.get(f"{QUEUE}?measure=more").content.decode()

    assert "Birch Charity" in page
    assert "Alder School" not in page


def test_a_thousand_reports_need_as_many_queries_as_three(
    reviewer: Client,
    initiative: Initiative,
    waiting: Submission,
    quarter: ReportingPeriod,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    many = Organization.objects.bulk_create(
        Organization(name=f"Partner {number:04}") for number in range(1000)
    )
    expected = ExpectedReport.objects.bulk_create(
        ExpectedReport(initiative=initiative, organization=each, period=quarter, due_at=now())
        for each in many
    )
    Submission.objects.bulk_create(
        Submission(initiative=initiative, expected_report=each, status="submitted", submitted_at=now())
        for each in expected
    )

    with django_assert_max_num_queries(16):
        assert "Page 1 of 21" in reviewer.get(f"{QUEUE}?status=submitted").content.decode()
    with django_assert_max_num_queries(16):
        assert reviewer.get(f"{MANY}?only=after").status_code == 200


# --- approving many ----------------------------------------------------------------------------------------


@pytest.fixture
def two(waiting: Submission, birch: Organization) -> tuple[Submission, Submission]:
    return waiting, measuring.hand_in(birch, "2026-Q1", **FULL)


def ticked(*submissions: Submission) -> dict[str, list[str]]:
    return {"report": [f"{each.public_id}:{each.version}" for each in submissions]}


def test_approving_many_names_what_it_will_do(reviewer: Client, two: tuple[Submission, Submission]) -> None:
    page = reviewer.get(MANY).content.decode()

    assert "Approve 2 reports of 2 partners?" in page
    assert "Alder School, Q1 2026" in page
    assert f'{MANY}"' in reviewer.get(QUEUE).content.decode()


def test_reports_with_open_questions_are_not_among_them(
    reviewer: Client, initiative: Initiative, quarter: ReportingPeriod, alder: Organization
) -> None:
    with_history(initiative, alder)
    measuring.hand_in(alder, "2026-Q1", **{**FULL, "served": 8000})

    assert "No report waits without an open question" in reviewer.get(MANY).content.decode()


def test_many_are_approved_and_what_cannot_be_is_told_with_its_reason(
    reviewer: Client, two: tuple[Submission, Submission], director: User
) -> None:
    one, other = two
    answer = reviewer.post(MANY, ticked(one, other))
    workflow.return_(submission=other, message="Wait.", by=director, at=now())

    assert work_off(approving.KIND, approving.carry_out) == 1

    run = JobRun.objects.get()
    assert answer["Location"] == run.get_absolute_url()
    assert run.message == "1 report approved. 1 could not be."
    assert Submission.objects.get(pk=one.pk).status == "approved"
    page = reviewer.get(run.result).content.decode()
    assert "Birch Charity, Q1 2026" in page
    assert "Dora Director did that on" in page


def test_a_run_that_is_taken_up_again_counts_what_it_has_done(
    reviewer: Client, two: tuple[Submission, Submission], data_manager: User
) -> None:
    reviewer.post(MANY, ticked(*two))
    workflow.approve(submission=two[0], by=data_manager, at=now())  # as far as the worker came before it died

    work_off(approving.KIND, approving.carry_out)

    assert JobRun.objects.get().message == "2 reports approved."
    assert Event.objects.filter(verb="submission.approved").count() == 2


@pytest.mark.parametrize(
    "sent", [[], ["x"], ["\x00:1"], ["00000000-0000-0000-0000-000000000000:1"], ["a:b:c"]]
)
def test_nothing_ticked_or_nonsense_approves_nothing(
    reviewer: Client, waiting: Submission, sent: list[str]
) -> None:
    assert reviewer.post(MANY, {"report": sent}).status_code == 422
    assert not JobRun.objects.exists()


def test_those_who_only_read_approve_nothing(as_: SignIn, facilitator: User, waiting: Submission) -> None:
    assert as_(facilitator).post(MANY, ticked(waiting)).status_code == 403


# --- locked periods ----------------------------------------------------------------------------------------


@pytest.fixture
def locked(waiting: Submission, data_manager: User) -> Submission:
    """Approved, in a period that is closed and locked."""
    approved = workflow.approve(submission=waiting, by=data_manager, at=now())
    period = waiting.expected_report.period
    opening.close_period(period=period, by=data_manager, at=now())
    locking.lock_period(period=period, by=data_manager, at=now())
    return approved


def test_nothing_moves_in_a_locked_period(
    locked: Submission, data_manager: User, initiative: Initiative, birch: Organization
) -> None:
    period = locked.expected_report.period
    steps: list[Callable[[], object]] = [
        lambda: workflow.reopen(submission=locked, reason="Hm.", by=data_manager, at=now()),
        lambda: workflow.withdraw(submission=locked, reason="Hm.", by=data_manager, at=now()),
        lambda: opening.reopen_period(period=period, by=data_manager, at=now()),
        lambda: measuring.hand_in(birch, "2026-Q1", **FULL),
    ]
    before = Observation.objects.count()

    for step in steps:
        with pytest.raises(NotAllowed):
            step()
    assert Observation.objects.count() == before


def test_figures_are_not_recorded_by_staff_in_a_locked_period(
    locked: Submission, data_manager: User, initiative: Initiative
) -> None:
    figure = locked.expected_report.figures.first()
    assert figure
    rows = "SELECT %(figure)s::bigint AS figure, %(seen)s::bigint AS seen, '{}'::jsonb AS said, '{}'::jsonb AS typed"

    with pytest.raises(NotAllowed, match="Q1 2026 is locked"):
        record_for_partners(
            initiative=initiative,
            rows=rows,
            arguments={"figure": figure.pk, "seen": figure.observation_id},
            reason="Late.",
            by=data_manager,
            at=now(),
        )


def test_a_period_is_locked_when_it_is_closed_and_nothing_waits(
    reviewer: Client, waiting: Submission, data_manager: User
) -> None:
    period = waiting.expected_report.period
    at = f"/i/cradle/periods/{period.public_id}/"

    assert "Close Q1 2026 first" in reviewer.post(f"{at}lock/").content.decode()
    opening.close_period(period=period, by=data_manager, at=now())
    waits = reviewer.post(f"{at}lock/")
    assert waits.status_code == 409
    assert "Decide on the reports that wait first" in waits.content.decode()
    workflow.approve(submission=waiting, by=data_manager, at=now())
    assert reviewer.post(f"{at}lock/").status_code == 302
    page = reviewer.get(at).content.decode()
    assert "Locked" in page
    assert "Reopen Q1 2026" not in page
    assert "Reopen for correction" not in reviewer.get(waiting.get_absolute_url()).content.decode()


def test_unlocking_needs_a_reason_which_stays_on_record(reviewer: Client, locked: Submission) -> None:
    unlock = f"/i/cradle/periods/{locked.expected_report.period.public_id}/unlock/"

    assert reviewer.post(unlock, {"reason": " "}).status_code == 422
    assert reviewer.post(unlock, {"reason": "a\x00b"}).status_code == 422
    assert reviewer.post(unlock, {"reason": "A school was counted twice."}).status_code == 302

    assert Event.objects.get(verb="period.unlocked").details == {"reason": "A school was counted twice."}
    assert reviewer.post(unlock, {"reason": "Again."}).status_code == 409
    assert reviewer.post(url("reopen", locked), {"reason": "Recount."}).status_code == 302


def test_a_new_partner_changes_nothing_in_a_locked_period(locked: Submission, initiative: Initiative) -> None:
    cedar = people.organization("Cedar Club", initiative)

    opening.follow_partners(initiative_id=initiative.pk, at=now())

    assert not ExpectedReport.objects.filter(organization=cedar).exists()
