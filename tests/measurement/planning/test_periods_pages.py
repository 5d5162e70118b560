"""Calendars and periods as staff work with them."""

from collections.abc import Callable
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from backbone.accounts.models import User
from backbone.audit.models import Event
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.calendars.periods import Frequency
from measurement.planning import operations
from measurement.submissions.models import DirtyKey, ExpectedReport
from tests.factories import measuring, people

As = Callable[[User], Client]
HTMX = {"HX-Request": "true", "HX-Target": "calendar-form"}
SCHOOL_YEARS = {
    "name": "School years",
    "frequency": "school_year",
    "first_month": "9",
    "months": "10",
    "due_after_days": "45",
    "first": "2024-09-01",
    "last": "2027-06-30",
}


def page(name: str, initiative: Initiative, *args: object) -> str:
    return reverse(f"measurement:planning:{name}", args=[initiative.slug, *args])


def period_page(name: str, period: ReportingPeriod) -> str:
    return page(name, period.initiative, period.public_id)


@pytest.fixture
def first_quarter(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar
) -> ReportingPeriod:
    """Planned; one partner is assigned one figure."""
    measuring.assign(measuring.indicator(initiative, "served"), [alder], quarters)
    return quarters.periods.get(code="2026-Q1")


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_periods_are_shown_before_a_calendar_is_made(
    initiative: Initiative, data_manager: User, as_: As, headers: dict[str, str]
) -> None:
    answer = as_(data_manager).post(
        page("add-calendar", initiative), {**SCHOOL_YEARS, "preview": "yes"}, headers=headers
    )

    shown = answer.content.decode()
    assert answer.status_code == 200
    assert "It makes 3 periods" in shown
    assert "1 September 2025" in shown
    assert "30 June 2026" in shown
    assert not ReportingCalendar.objects.exists()


@pytest.mark.parametrize("frequency", list(Frequency))
def test_a_calendar_of_every_kind_is_made_with_its_periods(
    initiative: Initiative, data_manager: User, as_: As, frequency: Frequency
) -> None:
    typed = {**SCHOOL_YEARS, "frequency": frequency.value, "first": "2026-01-05", "last": "2026-12-20"}

    answer = as_(data_manager).post(page("add-calendar", initiative), typed)

    made = ReportingCalendar.objects.get()
    assert answer.status_code == 302
    assert made.code == "school-years"
    assert made.periods.first().start <= date(2026, 1, 5) or frequency is Frequency.SCHOOL_YEAR  # type: ignore[union-attr]
    assert made.months == (10 if frequency is Frequency.SCHOOL_YEAR else 12)


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Fill in “Name”."),
        ({"frequency": "daily"}, "valid choice"),
        ({"first_month": "13"}, "valid choice"),
        ({"months": "x"}, "valid choice"),
        ({"due_after_days": "-1"}, "greater than or equal to 0"),
        ({"due_after_days": "99999999"}, "less than or equal to 730"),
        ({"last": "2020-01-01"}, "before the first"),
        ({"last": "9999-12-31"}, "between 1900 and 2199"),
        ({"first": "2025-07-01", "last": "2025-08-01"}, "No period of this calendar lies there."),
        ({"frequency": "iso_week", "last": "2199-12-31"}, "Make at most 600 at a time."),
        ({"name": "a\0b"}, "cannot be stored"),
    ],
)
def test_a_calendar_that_cannot_be_is_refused(
    initiative: Initiative,
    data_manager: User,
    as_: As,
    headers: dict[str, str],
    wrong: dict[str, str],
    sentence: str,
) -> None:
    answer = as_(data_manager).post(
        page("add-calendar", initiative), {**SCHOOL_YEARS, **wrong}, headers=headers
    )

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not ReportingCalendar.objects.exists()


def test_the_same_calendar_twice_is_made_once(initiative: Initiative, data_manager: User, as_: As) -> None:
    client = as_(data_manager)
    client.post(page("add-calendar", initiative), SCHOOL_YEARS)

    assert client.post(page("add-calendar", initiative), SCHOOL_YEARS).status_code == 422
    assert ReportingCalendar.objects.count() == 1


def test_a_calendar_goes_further_without_a_hole(
    initiative: Initiative, quarters: ReportingCalendar, data_manager: User, as_: As
) -> None:
    client = as_(data_manager)
    more = page("add-periods", initiative, quarters.public_id)

    client.post(more, {"last": "2027-05-01"})
    codes = list(quarters.periods.values_list("code", flat=True))
    assert codes[-3:] == ["2026-Q4", "2027-Q1", "2027-Q2"]

    again = client.post(more, {"last": "2027-05-01"})
    assert again.status_code == 422
    assert "Q2 2027 is the last" in again.content.decode()


def test_a_year_made_over_months_that_were_reported_is_to_be_added_up(
    initiative: Initiative, alder: Organization, data_manager: User
) -> None:
    months = measuring.calendar(initiative, Frequency.MONTHLY)
    served = measuring.indicator(initiative, "served")
    measuring.assign(served, [alder], months)
    measuring.open_(initiative, "2026-02")
    DirtyKey.objects.all().delete()

    years = ReportingCalendar(
        initiative=initiative, code="years", name="Years", frequency=Frequency.CALENDAR_YEAR
    )
    operations.make_calendar(
        calendar=years, first=date(2025, 1, 1), last=date(2026, 12, 31), by=data_manager, at=now()
    )

    waiting = DirtyKey.objects.values_list("indicator__code", "period__code")
    assert list(waiting) == [("served", "2026")]


def test_opening_says_first_whom_it_asks(first_quarter: ReportingPeriod, data_manager: User, as_: As) -> None:
    client = as_(data_manager)

    shown = " ".join(client.get(period_page("period", first_quarter)).content.decode().split())
    assert "Opening it asks 1 partner for 1 figure." in shown

    answer = client.post(period_page("open-period", first_quarter), follow=True)
    assert "Q1 2026 is open. 1 report is expected." in answer.content.decode()
    assert "0 of 1 reports are in." in " ".join(answer.content.decode().split())


def test_opening_in_two_tabs_is_the_same_as_in_one(
    first_quarter: ReportingPeriod, data_manager: User, as_: As
) -> None:
    client = as_(data_manager)
    for _tab in range(2):
        assert client.post(period_page("open-period", first_quarter)).status_code == 302

    assert ExpectedReport.objects.count() == 1
    assert Event.objects.filter(verb="period.opened").count() == 1


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
@pytest.mark.parametrize(
    ("before", "step", "sentence"),
    [
        ((), "close-period", "Q1 2026 has not been opened yet."),
        ((), "reopen-period", "Q1 2026 has not been opened yet."),
        (("open-period",), "reopen-period", "Q1 2026 is open already."),
        (("open-period", "close-period"), "close-period", "Q1 2026 is closed already."),
        (("open-period", "close-period"), "open-period", "Q1 2026 is closed. Reopen it instead."),
    ],
)
def test_a_step_that_no_longer_fits_gets_a_sentence(
    first_quarter: ReportingPeriod,
    data_manager: User,
    as_: As,
    headers: dict[str, str],
    before: tuple[str, ...],
    step: str,
    sentence: str,
) -> None:
    client = as_(data_manager)
    for each in before:
        assert client.post(period_page(each, first_quarter)).status_code == 302

    answer = client.post(period_page(step, first_quarter), headers=headers)

    assert answer.status_code == 409
    assert sentence in answer.content.decode()


def test_the_due_date_is_changed_and_a_stale_tab_is_told(
    first_quarter: ReportingPeriod, data_manager: User, as_: As
) -> None:
    client = as_(data_manager)
    client.post(period_page("open-period", first_quarter))
    change = period_page("change-due-date", first_quarter)

    assert client.post(change, {"due_on": "2026-05-15", "was": "2026-04-30"}).status_code == 302
    stale = client.post(change, {"due_on": "2026-06-01", "was": "2026-04-30"})

    assert stale.status_code == 409
    assert "moved the due date to 15 May 2026" in stale.content.decode()
    first_quarter.refresh_from_db()
    assert first_quarter.due_on == date(2026, 5, 15)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"due_on": "2026-02-01", "was": "2026-04-30"}, "The period is not over then."),
        ({"due_on": "9999-12-31", "was": "2026-04-30"}, "between 1900 and 2199"),
        ({"due_on": "", "was": "2026-04-30"}, "Fill in"),
        ({"due_on": "2026-05-15"}, "There is a problem"),
    ],
)
def test_a_due_date_that_cannot_be_is_refused(
    first_quarter: ReportingPeriod, data_manager: User, as_: As, typed: dict[str, str], sentence: str
) -> None:
    answer = as_(data_manager).post(period_page("change-due-date", first_quarter), typed)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()


def test_reports_in_are_counted_period_by_period(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    data_manager: User,
    as_: As,
) -> None:
    measuring.assign(measuring.indicator(initiative, "served"), [alder, birch], quarters)
    measuring.open_(initiative, "2026-Q1")
    measuring.hand_in(alder, "2026-Q1", served=3)
    measuring.draft(birch, "2026-Q1", served=3)

    shown = " ".join(as_(data_manager).get(page("periods", initiative)).content.decode().split())

    assert "1 of 2" in shown
    assert "Q2 2026" in shown
    assert "Q4 2026" not in shown


def test_only_those_who_plan_may_plan(
    first_quarter: ReportingPeriod, facilitator: User, rita: User, stranger: User, as_: As
) -> None:
    initiative = first_quarter.initiative
    helper = as_(facilitator)
    assert helper.get(page("periods", initiative)).status_code == 200
    assert helper.post(period_page("open-period", first_quarter)).status_code == 403
    assert as_(rita).get(page("periods", initiative)).status_code == 403
    assert as_(stranger).get(period_page("period", first_quarter)).status_code == 404


@pytest.mark.usefixtures("stranger")
def test_a_period_of_another_initiative_is_not_there(
    initiative: Initiative, data_manager: User, as_: As
) -> None:
    theirs = measuring.calendar(Initiative.objects.get(slug="elsewhere")).periods.first()
    assert theirs
    client = as_(data_manager)

    assert client.post(page("open-period", initiative, theirs.public_id)).status_code == 404
    assert client.post(page("add-periods", initiative, theirs.calendar.public_id)).status_code == 404


@pytest.mark.parametrize("count", [3, 30])
def test_these_pages_cost_the_same_whatever_the_number_of_partners(
    initiative: Initiative,
    quarters: ReportingCalendar,
    data_manager: User,
    as_: As,
    count: int,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    partners = [people.organization(f"Partner {number}", initiative) for number in range(count)]
    measuring.calendar(initiative, Frequency.MONTHLY)
    measuring.calendar(initiative, Frequency.ISO_WEEK)
    measuring.assign(measuring.indicator(initiative, "served"), partners, quarters)
    opened = measuring.open_(initiative, "2026-Q1")
    client = as_(data_manager)

    for address in (
        page("periods", initiative),
        page("calendar", initiative, quarters.public_id),
        period_page("period", opened),
        page("assignments", initiative, "served"),
        page("assign", initiative, "served"),
    ):
        with django_assert_max_num_queries(14):  # type: ignore[attr-defined]
            assert client.get(address).status_code == 200
