from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.burden import tables
from measurement.burden.ledger import By, costs, whole_cost
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.indicators.models import Indicator
from measurement.indicators.reads import MeasureRead
from measurement.submissions import sittings, workflow
from tests.factories import measuring, people

SignIn = Callable[[User], Client]
STAFF, OWN = "/i/cradle/reports/burden/", "/i/cradle/report/burden/"
START = datetime(2026, 4, 1, 9, 0, tzinfo=UTC)


@pytest.fixture
def asked(
    initiative: Initiative,
    data_manager: User,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
) -> ReportingPeriod:
    """Served and taught of two partners, once."""
    for code in ("served", "taught"):
        measuring.assign(measuring.indicator(initiative, code), [alder, birch], quarters)
    return measuring.open_(initiative, "2026-Q1")


def typed_for(partner: Organization, person: User, code: str, minutes: int) -> None:
    """Somebody works that long on a measure, without a pause, and hands everything in."""
    report = measuring.expected(partner, "2026-Q1")
    submission = workflow.start(expected_report=report, at=START)
    sittings.seen(submission=submission, by=person, at=START)
    measure = Indicator.objects.get(code=code)
    for minute in range(1, minutes + 1):
        at = START + timedelta(minutes=minute)
        sittings.worked(submission=submission, indicators=[measure.pk], by=person, at=at)
    measuring.hand_in(partner, "2026-Q1", at=START + timedelta(hours=2), served=1, taught=1)


def test_where_nothing_was_measured_a_figure_counts_as_a_minute(
    initiative: Initiative, asked: ReportingPeriod
) -> None:
    whole = whole_cost(initiative)

    assert (whole.times, whole.figures, whole.minutes, whole.minutes_measured) == (4, 4, 4, None)


def test_what_one_partner_took_says_what_the_measure_takes(
    initiative: Initiative, asked: ReportingPeriod, alder: Organization, birch: Organization, rita: User
) -> None:
    typed_for(alder, rita, "served", 4)

    found = {row.name: row.cost for row in tables.by_measure(initiative)}
    served = found["Served"]
    assert (served.minutes, served.minutes_measured, served.timed, served.times) == (8, 4, 1, 2)
    by_partner = costs(initiative, by=By.PARTNER)
    assert by_partner[birch.pk].minutes_measured is None
    assert by_partner[birch.pk].minutes == by_partner[alder.pk].minutes == 8  # taught: at the usual pace
    assert by_partner[alder.pk].minutes_measured == 4


def test_what_is_still_being_typed_is_not_measured_yet(
    initiative: Initiative, asked: ReportingPeriod, alder: Organization, rita: User
) -> None:
    submission = workflow.start(expected_report=measuring.expected(alder, "2026-Q1"), at=START)
    sittings.seen(submission=submission, by=rita, at=START)
    measure = Indicator.objects.get(code="served")
    sittings.worked(submission=submission, indicators=[measure.pk], by=rita, at=START + timedelta(minutes=3))

    assert whole_cost(initiative).minutes_measured is None


def test_what_is_asked_and_used_for_nothing_is_named_until_somebody_looks_at_it(
    as_: SignIn, data_manager: User, initiative: Initiative, asked: ReportingPeriod
) -> None:
    client = as_(data_manager)
    sentence = "Asked 2 times, used never: retire?"
    assert client.get(STAFF).content.decode().count(sentence) == 2

    for _twice in range(2):
        assert client.get("/i/cradle/dashboard/served/").status_code == 200

    assert MeasureRead.objects.count() == 1
    page = client.get(STAFF).content.decode()
    assert page.count(sentence) == 1
    assert "last looked at" in page


def test_a_partner_sees_its_own_minutes_only(
    as_: SignIn, asked: ReportingPeriod, alder: Organization, birch: Organization, rita: User, bo: User
) -> None:
    typed_for(birch, bo, "served", 4)

    page = as_(rita).get(OWN).content.decode()

    assert "Birch" not in page
    assert "About 8 minutes of your time were asked for 2 figures" in page
    assert "4 for 1 of them" not in page
    assert "4 for 1 of them" in as_(bo).get(OWN).content.decode()


def test_the_ledger_can_be_read_for_one_period(
    as_: SignIn, data_manager: User, initiative: Initiative, asked: ReportingPeriod
) -> None:
    other = measuring.open_(initiative, "2025-Q4")
    client = as_(data_manager)

    everything = client.get(STAFF).content.decode()
    one = client.get(f"{STAFF}?period={other.public_id}").content.decode()

    assert "were asked for 8 figures" in everything
    assert "were asked for 4 figures" in one
    for nonsense in ("x", "%00", "1"):
        assert client.get(f"{STAFF}?period={nonsense}").status_code == 200


def test_the_ledger_needs_as_many_queries_for_thirty_partners_as_for_two(
    as_: SignIn,
    data_manager: User,
    initiative: Initiative,
    asked: ReportingPeriod,
    quarters: ReportingCalendar,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    many = [people.organization(f"Partner {number:02}", initiative) for number in range(30)]
    measuring.assign(measuring.indicator(initiative, "more"), many, quarters)
    client = as_(data_manager)

    with django_assert_max_num_queries(19):
        assert "Partner 29" in client.get(STAFF).content.decode()


def test_before_anything_is_asked_the_pages_say_what_will_be_there(
    as_: SignIn, data_manager: User, rita: User
) -> None:
    assert "as soon as a period is open" in as_(data_manager).get(STAFF).content.decode()
    assert "once a period has been opened" in as_(rita).get(OWN).content.decode()


def test_a_time_that_was_read_counts_for_the_day_of_the_initiative(
    as_: SignIn, data_manager: User, initiative: Initiative, asked: ReportingPeriod
) -> None:
    as_(data_manager).get("/i/cradle/dashboard/served/")

    assert MeasureRead.objects.get().on == initiative.today(now())
