import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.test import Client
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from backbone.access.permissions import Role
from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.directory import operations
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.indicators.kinds import Kind
from measurement.submissions import workflow
from measurement.submissions.models import ExpectedReport, Submission
from measurement.submissions.own import due_day
from tests.factories import measuring, people
from tests.measurement.submissions.conftest import FULL

SignIn = Callable[[User], Client]
YOURS, FIGURES = "/i/cradle/report/", "/i/cradle/our-figures/"


@pytest.fixture
def reporter(as_: SignIn, rita: User) -> Client:
    return as_(rita)


def text(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_where_nothing_is_due_the_page_says_what_will_be_there(reporter: Client, alder: Organization) -> None:
    page = text(reporter, YOURS)

    assert "Nothing is due now." in page
    assert "btn-primary" not in page


@pytest.mark.usefixtures("quarter")
def test_what_is_due_stands_there_with_its_day_and_one_button(reporter: Client) -> None:
    page = text(reporter, YOURS)

    assert "Q1 2026" in page
    assert "due 30 April 2026, end of the day" in page
    assert "Not in yet" in page
    assert page.count("btn-primary") == 1


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "America/Los_Angeles", "UTC"])
def test_due_means_the_end_of_that_day_there(
    initiative: Initiative, quarter: ReportingPeriod, alder: Organization, zone: str
) -> None:
    initiative.time_zone = zone
    initiative.save()
    measuring.open_(initiative, "2026-Q2")
    report = ExpectedReport.objects.get(organization=alder, period__code="2026-Q2")

    assert due_day(report, initiative) == report.period.due_on


@pytest.mark.usefixtures("quarter")
def test_a_returned_report_comes_first_with_its_question(
    reporter: Client, initiative: Initiative, alder: Organization, data_manager: User
) -> None:
    measuring.open_(initiative, "2026-Q2")
    later = measuring.hand_in(alder, "2026-Q2", **FULL)
    workflow.return_(submission=later, message="Is 40 right?", by=data_manager, at=now())

    page = text(reporter, YOURS)

    assert page.index("Q2 2026") < page.index("Q1 2026")
    assert "Is 40 right?" in page
    assert "Answer and correct" in page
    assert page.count("btn-primary") == 1


def test_being_late_is_never_red_and_never_called_late(
    reporter: Client, initiative: Initiative, quarter: ReportingPeriod
) -> None:
    long_ago = ExpectedReport.objects.all()
    long_ago.update(due_at=datetime(2020, 1, 1, tzinfo=UTC))

    page = text(reporter, YOURS).partition("<main")[2]

    assert not re.search(r"\blate\b|overdue", page.lower())
    assert "status-bad" not in page
    assert "Not in yet" in page


def test_last_figures_are_there_rounded_as_the_measure_says(
    reporter: Client,
    initiative: Initiative,
    alder: Organization,
    quarter: ReportingPeriod,
    data_manager: User,
) -> None:
    mean = measuring.indicator(initiative, "score", Kind.MEAN, unit="points", decimals=2)
    measuring.assign(mean, [alder], quarter.calendar)
    measuring.report(alder, "2026-Q1", **{**FULL, "passed": (1, 3)}, score=("2.675", 1))

    page = text(reporter, YOURS)

    assert "33.3\u00a0%" in page
    assert "2.68\u00a0points" in page
    assert "What became of your last figures" in page


def test_who_reports_for_two_partners_sees_both(
    as_: SignIn, rita: User, birch: Organization, quarter: ReportingPeriod
) -> None:
    operations.join(person=rita, organization=birch, role=Role.REPORTER, by=None, at=now())

    page = text(as_(rita), YOURS)

    assert page.count("Fill in the report") == 2
    assert "Alder School" in page
    assert "Birch Charity" in page


@pytest.mark.usefixtures("quarter")
def test_who_only_reads_gets_no_button(as_: SignIn, alder: Organization) -> None:
    page = text(as_(people.member("Vera Viewer", alder, Role.VIEWER)), YOURS)

    assert "Q1 2026" in page
    assert "<form" not in page.partition("<main")[2].partition("</main>")[0]


@pytest.mark.parametrize("periods", [1, 8])
def test_the_pages_of_a_partner_need_few_queries_however_many_periods(
    reporter: Client,
    initiative: Initiative,
    quarter: ReportingPeriod,
    alder: Organization,
    periods: int,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    codes = [f"{year}-Q{number}" for year in (2025, 2026) for number in (1, 2, 3, 4)]
    for code in codes[:periods]:
        measuring.open_(initiative, code)
        measuring.report(alder, code, **FULL) if code < "2026" else measuring.draft(alder, code, served=1)

    for url in (YOURS, FIGURES):
        with django_assert_max_num_queries(16):
            assert reporter.get(url).status_code == 200


def test_own_figures_stand_period_by_period_and_are_only_ones_own(
    reporter: Client,
    alder: Organization,
    birch: Organization,
    quarter: ReportingPeriod,
    initiative: Initiative,
) -> None:
    measuring.open_(initiative, "2026-Q2")
    measuring.report(alder, "2026-Q1", **FULL)
    measuring.report(birch, "2026-Q1", **{**FULL, "served": 777, "served__girls": 700})

    page = text(reporter, FIGURES)

    assert "100\u00a0people" in page
    assert "90.0\u00a0%" in page
    assert "777" not in page
    assert Submission.objects.get(expected_report__organization=alder).get_absolute_url() in page
    assert "Not in yet" in page


def test_own_figures_say_why_there_is_no_number(
    reporter: Client, alder: Organization, quarter: ReportingPeriod
) -> None:
    measuring.report(alder, "2026-Q1", **{**FULL, "passed": None})

    assert "We do not collect this" in text(reporter, FIGURES)


def test_without_any_period_own_figures_say_what_will_be_there(reporter: Client) -> None:
    assert "Your figures will be here" in text(reporter, FIGURES)


@pytest.mark.usefixtures("data_manager")
def test_what_is_typed_in_thousands_is_read_in_ones(
    reporter: Client,
    initiative: Initiative,
    alder: Organization,
    quarters: ReportingCalendar,
) -> None:
    spent = measuring.indicator(initiative, "spent", Kind.MONEY, unit="", multiplier=Decimal(1000))
    measuring.assign(spent, [alder], quarters)
    measuring.open_(initiative, "2026-Q1")

    measuring.report(alder, "2026-Q1", spent="1.5")

    assert "1,500\u00a0USD" in text(reporter, FIGURES)
