"""Kind questions on the real path: typed, asked, answered, handed in, reviewed."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.utils.timezone import now

from backbone.accounts.models import User
from backbone.audit.models import Event
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.indicators.kinds import Kind
from measurement.rollups import runs
from measurement.submissions import queries, workflow
from measurement.submissions.entry_models import Query
from measurement.submissions.models import Submission
from tests.factories import measuring
from tests.measurement.submissions.sending import HTMX, form, url

PERIODS = ["2024-Q3", "2024-Q4", "2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]
HISTORY = [100, 98, 103, 97, 102, 101]


@pytest.fixture
def years(initiative: Initiative, alder: Organization, data_manager: User) -> ReportingCalendar:
    """Six quarters of one measure, as in example 23."""
    calendar = measuring.calendar(initiative, first=date(2024, 1, 1))
    measuring.assign(measuring.indicator(initiative, "served"), [alder], calendar)
    for period, number in zip(PERIODS, HISTORY, strict=True):
        measuring.open_(initiative, period)
        measuring.report(alder, period, served=number)
    measuring.open_(initiative, "2026-Q1")
    return calendar


@pytest.fixture
def reporter(as_: Callable[[User], Client], rita: User) -> Client:
    return as_(rita)


def questions(submission: Submission) -> list[tuple[str, str]]:
    return [(row.doubt, row.about) for row in Query.objects.filter(submission=submission)]


@pytest.mark.usefixtures("years")
def test_a_value_far_from_the_history_is_asked_about_under_its_field(
    reporter: Client, alder: Organization
) -> None:
    """Example 23: 1010 is asked about, 110 is not."""
    draft = measuring.draft(alder, "2026-Q1", served=110)
    assert questions(draft) == []

    answer = reporter.post(url("save", draft), form(draft, served=1010), headers=HTMX)

    assert questions(draft) == [("outlier", "1010")]
    words = answer.content.decode()
    assert 'hx-swap-oob="true"' in words
    assert "1,010\u00a0people is 10 times what it was last time (101). Is it right?" in words
    assert "is 10 times what it was" in reporter.get(draft.get_absolute_url()).content.decode()


def test_a_share_far_from_what_its_cases_allow_is_asked_about(
    initiative: Initiative, alder: Organization, data_manager: User, quarters: ReportingCalendar
) -> None:
    """Example 24, the odd one last."""
    measuring.assign(measuring.indicator(initiative, "passed", Kind.RATIO, decimals=1), [alder], quarters)
    shares = ((45, 100), (52, 110), (38, 90), (61, 120))
    for period, share in zip(PERIODS[2:], shares, strict=True):
        measuring.open_(initiative, period)
        measuring.report(alder, period, passed=share)
    measuring.open_(initiative, "2026-Q1")

    draft = measuring.draft(alder, "2026-Q1", passed=(30, 40))

    assert questions(draft) == [("share", "30/40")]


@pytest.mark.usefixtures("years")
def test_another_value_takes_the_question_away_and_the_same_one_is_asked_once(
    reporter: Client, alder: Organization
) -> None:
    draft = measuring.draft(alder, "2026-Q1", served=1010)
    query = Query.objects.get()
    shown = {"asked": f"figure-{query.indicator_id}-total {query.name}"}

    answer = reporter.post(url("save", draft), form(draft, served=101) | shown, headers=HTMX)

    assert questions(draft) == []
    assert f'id="figure-{query.indicator_id}-total-questions" hx-swap-oob' in answer.content.decode()


@pytest.mark.usefixtures("years")
def test_an_answer_is_kept_shown_to_reviewers_and_not_asked_for_again(
    reporter: Client, as_: Callable[[User], Client], data_manager: User, rita: User, alder: Organization
) -> None:
    draft = measuring.draft(alder, "2026-Q1", served=1010)
    query = Query.objects.get()
    words = "Summer school came on top."
    sent = form(draft) | {f"{query.name}-answer": "one_off", f"{query.name}-words": words}

    reporter.post(url("save", draft), sent)
    measuring.draft(alder, "2026-Q1", served=101)
    measuring.draft(alder, "2026-Q1", served=1010)

    query = Query.objects.get()
    assert (query.answer, query.words, query.answered_by) == ("one_off", words, rita)
    assert Event.objects.filter(verb="query.answered").count() == 1
    draft.refresh_from_db()
    workflow.submit(submission=draft, by=rita, at=now())
    page = as_(data_manager).get(draft.get_absolute_url()).content.decode()
    assert "Questions and answers" in page
    assert "Right, and a one-off" in page
    assert words in page

    workflow.approve(submission=draft, by=data_manager, at=now())
    assert words in as_(data_manager).get(draft.get_absolute_url()).content.decode()


@pytest.mark.usefixtures("years")
def test_the_answer_is_the_first_line_beside_the_figure_where_the_total_is_explained(
    as_: Callable[[User], Client], data_manager: User, rita: User, alder: Organization
) -> None:
    draft = measuring.draft(alder, "2026-Q1", served=1010)
    query = Query.objects.get()
    queries.answer(query=query, answer="one_off", words="Summer school came.", by=rita, at=now())
    workflow.approve(
        submission=workflow.submit(submission=draft, by=rita, at=now()), by=data_manager, at=now()
    )
    runs.roll_up_changed(at=now())

    page = as_(data_manager).get("/i/cradle/dashboard/served/quarterly/2026-Q1/how/").content.decode()

    assert "Right, and a one-off: Summer school came." in page


def test_an_impossible_percentage_is_kept_and_marked_where_it_is_shown(
    initiative: Initiative,
    alder: Organization,
    data_manager: User,
    quarters: ReportingCalendar,
    as_: Callable[[User], Client],
    rita: User,
) -> None:
    share = measuring.indicator(initiative, "lunch", Kind.MEAN, unit="%")
    measuring.assign(share, [alder], quarters)
    measuring.open_(initiative, "2026-Q1")

    report = measuring.report(alder, "2026-Q1", lunch=(120, 50))

    assert questions(report) == [("no_percentage", "6000/50")]
    mark = "outside what is plausible"
    assert mark in as_(data_manager).get(report.get_absolute_url()).content.decode()
    assert mark in as_(rita).get("/i/cradle/our-figures/").content.decode()


@pytest.mark.usefixtures("years")
def test_a_question_without_an_answer_holds_nothing_up(
    as_: Callable[[User], Client], data_manager: User, alder: Organization
) -> None:
    waiting = measuring.hand_in(alder, "2026-Q1", served=1010)

    assert waiting.status == Submission.Status.SUBMITTED
    assert "No answer yet" in as_(data_manager).get(waiting.get_absolute_url()).content.decode()


@pytest.mark.usefixtures("years")
def test_an_answer_that_is_none_and_words_without_end_are_named_and_kept_in_the_form(
    reporter: Client, alder: Organization
) -> None:
    draft = measuring.draft(alder, "2026-Q1", served=1010)
    query = Query.objects.get()

    for bad in ({"answer": "maybe"}, {"words": "x" * 2001}, {"words": "a\0b"}):
        sent = form(draft) | {f"{query.name}-{part}": text for part, text in bad.items()}
        assert reporter.post(url("save", draft), sent).status_code == 422

    query.refresh_from_db()
    assert (query.answer, query.words) == ("", "")


def test_everything_as_last_time_is_asked_about_unless_somebody_says_so(
    initiative: Initiative, alder: Organization, data_manager: User, quarters: ReportingCalendar, rita: User
) -> None:
    codes = ("fed", "housed", "taught")
    for code in codes:
        measuring.assign(measuring.indicator(initiative, code), [alder], quarters)
    measuring.open_(initiative, "2025-Q4")
    measuring.report(alder, "2025-Q4", fed=7, housed=8, taught=9)
    measuring.open_(initiative, "2026-Q1")

    draft = measuring.hand_in(alder, "2026-Q1", fed=7, housed=8, taught=9)
    assert [doubt for doubt, _about in questions(draft)] == ["all_the_same"]

    workflow.take_back(submission=draft, by=rita, at=now())
    fed, housed, taught = (workflow.Typed(amount=number, same=True) for number in "789")
    measuring.hand_in(alder, "2026-Q1", fed=fed, housed=housed, taught=taught)

    assert questions(draft) == []
