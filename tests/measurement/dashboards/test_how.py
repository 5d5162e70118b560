from collections.abc import Callable

import pytest
from django.test import Client

from backbone.access.permissions import Role
from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.calendars.periods import Frequency
from measurement.indicators.kinds import Kind, OverTime
from tests.factories import measuring, people
from tests.measurement.dashboards.conftest import add_up, at_most, group, measured, text

pytestmark = pytest.mark.usefixtures("data_manager")


def url(code: str, period: str = "2025-Q4", calendar: str = "quarterly", query: str = "") -> str:
    return f"/i/cradle/dashboard/{code}/{calendar}/{period}/how/{query}"


@pytest.fixture
def three(initiative: Initiative, alder: Organization, birch: Organization) -> list[Organization]:
    cedar = measuring_partner(initiative, "Cedar Clinic")
    return [alder, birch, cedar]


def measuring_partner(where: Initiative, name: str) -> Organization:
    made = people.organization(name, where)
    people.member(f"Reporter of {name}", made, Role.REPORTER)
    return made


@pytest.fixture
def staff(as_: Callable[[User], Client], data_manager: User) -> Client:
    return as_(data_manager)


@pytest.mark.parametrize(
    ("kind", "fields", "answers", "formula"),
    [
        (Kind.FLOW, {}, (120, 80, 0), "120 + 80 + 0 = 200 people"),
        (Kind.STOCK, {}, (100, 40, "-"), "100 + 40 = 140 people"),
        (
            Kind.RATIO,
            {"unit": "%", "decimals": 1, "base_label": "tested"},
            ((45, 50), (30, 100), (9, 10)),
            "84 ÷ 160 × 100 = 52.5 % Upper number 45 + 30 + 9 = 84 tested 50 + 100 + 10 = 160",
        ),
        (
            Kind.MEAN,
            {"unit": "points", "decimals": 1},
            (("10", 5), ("20", 15), "-"),
            "350 ÷ 20 = 17.5 points Sum of everything measured 50 + 300 = 350 Number of cases 5 + 15 = 20",
        ),
        (
            Kind.MILESTONE,
            {"unit": "%", "per": 100, "decimals": 0},
            (1, 0, 1),
            "2 ÷ 3 × 100 ≈ 67 % Reached 1 + 0 + 1 = 2 Answered yes or no 1 + 1 + 1 = 3",
        ),
        (
            Kind.MONEY,
            {"unit": "USD", "decimals": 2, "allows_negative": True},
            ("1000.50", "-0.25", "99"),
            "1,000.5 + (-0.25) + 99 = 1,099.25 USD",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_formula_stands_there_with_its_numbers(
    kind: Kind,
    fields: dict[str, object],
    answers: tuple[measuring.Answer, ...],
    formula: str,
    initiative: Initiative,
    three: list[Organization],
    quarters: ReportingCalendar,
    staff: Client,
) -> None:
    measured(initiative, "measure", three, quarters, kind, **fields)
    measuring.open_(initiative, "2025-Q4")
    for organization, answer in zip(three, answers, strict=True):
        if answer != "-":
            measuring.report(organization, "2025-Q4", measure=answer)
    add_up()

    assert formula in text(staff.get(url("measure")))


def test_a_year_is_explained_by_its_quarters(
    initiative: Initiative,
    three: list[Organization],
    quarters: ReportingCalendar,
    staff: Client,
    funder: User,
    as_: Callable[[User], Client],
) -> None:
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    measured(initiative, "served", three, quarters)
    measured(initiative, "pupils", three, quarters, Kind.STOCK, over_time=OverTime.LAST)
    for place, code in enumerate(("2025-Q1", "2025-Q2", "2025-Q3")):
        measuring.open_(initiative, code)
        for organization in three:
            measuring.report(organization, code, served=place + 1, pupils=10 * (place + 1))
    add_up()

    year = url("served", "2025", "calendar_year")
    assert "3 + 6 + 9 = 18 people" in text(staff.get(year))
    assert "3 + 6 + 9 = 18 people" in text(as_(funder).get(year))
    assert "9 of 9 figures" in text(staff.get(year))
    last = text(staff.get(url("pupils", "2025", "calendar_year")))
    assert "30 + 30 + 30 = 90 people" in last
    assert "Of a longer period the last level counts." in last


def test_of_many_partners_the_first_stand_in_the_formula_and_the_rest_is_counted(
    initiative: Initiative,
    partners: Callable[[int], list[Organization]],
    quarters: ReportingCalendar,
    staff: Client,
) -> None:
    everybody = partners(9)
    measured(initiative, "served", everybody, quarters)
    measuring.open_(initiative, "2025-Q4")
    for organization in everybody:
        measuring.report(organization, "2025-Q4", served=2)
    add_up()

    assert "2 + 2 + 2 + 2 + 2 + … (4 more) = 18 people" in text(staff.get(url("served")))


@pytest.fixture
def one_missing(
    data_manager: User, initiative: Initiative, three: list[Organization], quarters: ReportingCalendar
) -> None:
    """Alder and Birch are in, Cedar is not."""
    measured(initiative, "served", three, quarters)
    measuring.open_(initiative, "2025-Q4")
    measuring.report(three[0], "2025-Q4", served=11)
    measuring.report(three[1], "2025-Q4", served=22)
    add_up()


@pytest.mark.usefixtures("one_missing")
def test_staff_see_every_part_and_who_is_missing(staff: Client) -> None:
    page = text(staff.get(url("served")))

    assert "Alder School 11" in page
    assert "Birch Charity 22" in page
    assert "Not in yet: 1 partner Cedar Clinic" in page
    assert "2 of 3 partners" in page
    assert "Definition 1, in force from 1 January 2000." in page
    assert "because figures changed" in page


@pytest.mark.usefixtures("one_missing")
def test_a_funder_sees_how_many_and_nobodys_name(as_: Callable[[User], Client], funder: User) -> None:
    client = as_(funder)
    for address in (url("served"), "/i/cradle/dashboard/", "/i/cradle/dashboard/served/"):
        body = client.get(address).content.decode()
        assert [name for name in ("Alder", "Birch", "Cedar") if name in body] == []

    page = text(client.get(url("served")))
    assert "Figures of 2 partners" in page
    assert "Fewer than 3 partners are in it" in page
    assert "33" not in page
    assert "Not in yet: 1 partner" in page
    assert "11 + 22" not in page


@pytest.mark.usefixtures("one_missing")
def test_a_partner_sees_its_own_part_and_no_other_name_and_no_other_figure(
    as_: Callable[[User], Client], rita: User
) -> None:
    client = as_(rita)
    for headers in ({}, {"HX-Request": "true", "HX-Target": "panel"}):
        response = client.get(url("served"), headers=headers)
        page = text(response)
        assert "Alder School 11" in page
        assert "1 other partner" in page
        assert "22" not in page
        assert [name for name in ("Birch", "Cedar") if name in response.content.decode()] == []


def test_a_partner_reads_the_others_together_where_they_are_three_or_more(
    initiative: Initiative,
    three: list[Organization],
    quarters: ReportingCalendar,
    rita: User,
    as_: Callable[[User], Client],
) -> None:
    everybody = [*three, measuring_partner(initiative, "Dogwood")]
    measured(initiative, "passed", everybody, quarters, Kind.RATIO, unit="%")
    measuring.open_(initiative, "2025-Q4")
    for organization in everybody:
        measuring.report(organization, "2025-Q4", passed=(20, 40))
    add_up()

    page = text(as_(rita).get(url("passed")))

    assert "3 other partners 60 120" in page
    assert "Dogwood" not in page


def test_reasons_and_flags_stand_beside_the_parts(
    initiative: Initiative, three: list[Organization], quarters: ReportingCalendar, staff: Client
) -> None:
    measured(initiative, "rate", three, quarters, Kind.MEAN, unit="%", plausible_low=0, plausible_high=100)
    measuring.open_(initiative, "2025-Q4")
    measuring.report(three[0], "2025-Q4", rate=("2570.4", 10))
    measuring.report(three[1], "2025-Q4", rate=("80", 10))
    measuring.report(three[2], "2025-Q4", rate=None)
    add_up()

    page = text(staff.get(url("rate")))

    assert "1 of them lies outside what is plausible" in page
    assert "Outside what is plausible" in page
    assert "We do not collect this: 1 partner Cedar Clinic" in page


def test_a_level_that_was_carried_forward_is_named_with_its_period(
    initiative: Initiative, three: list[Organization], quarters: ReportingCalendar, staff: Client
) -> None:
    measured(initiative, "pupils", three, quarters, Kind.STOCK, carry_periods=1)
    for code in ("2025-Q3", "2025-Q4"):
        measuring.open_(initiative, code)
    measuring.report(three[0], "2025-Q3", pupils=45)
    measuring.report(three[1], "2025-Q4", pupils=105)
    add_up()

    page = text(staff.get(url("pupils")))

    assert "150 people" in page
    assert "Alder School 45 Carried forward from Q3 2025" in page
    assert "1 carried forward" in page


def test_a_correction_replaces_the_part(
    initiative: Initiative, three: list[Organization], quarters: ReportingCalendar, staff: Client
) -> None:
    measured(initiative, "served", three, quarters)
    measuring.open_(initiative, "2025-Q4")
    measuring.correct(measuring.report(three[0], "2025-Q4", served=100), served=90)
    add_up()

    page = text(staff.get(url("served")))

    assert "90 = 90 people" in page
    assert "100" not in page


def test_a_place_and_a_category_are_explained_by_their_own_parts(
    initiative: Initiative, three: list[Organization], quarters: ReportingCalendar, staff: Client
) -> None:
    north = group(initiative, "north", three[:2])
    split = measuring.breakdown(initiative, "sex", ["Girls", "Boys"])
    served = measuring.indicator(initiative, "served")
    measuring.assign(served, three, quarters, by_=[split])
    measuring.open_(initiative, "2025-Q4")
    for organization in three:
        measuring.report(organization, "2025-Q4", served=10, served__girls=6, served__boys=4)
    add_up()

    page = text(staff.get(url("served", query=f"?group={north.code}&category=sex/girls")))

    assert "Served, Q4 2025, North, Girls" in page
    assert "6 + 6 = 12 people" in page
    assert "Cedar" not in page


@pytest.mark.usefixtures("one_missing")
def test_the_panel_is_the_part_of_the_page_without_its_frame(staff: Client) -> None:
    panel = staff.get(url("served"), headers={"HX-Request": "true", "HX-Target": "panel"}).content.decode()

    assert "<html" not in panel
    assert "11 + 22 = 33" in panel
    assert panel.count("The formula") == 1


@pytest.mark.usefixtures("one_missing")
@pytest.mark.parametrize(
    "address",
    [
        url("nothing"),
        url("served", "1999-Q1"),
        url("served", calendar="monthly"),
        url("served", "%00"),
        url("served", query="?group=nowhere"),
        url("served", query="?group=%00"),
        url("served", query="?category=sex"),
        url("served", query="?category=%00/%00"),
    ],
)
def test_what_is_not_there_is_not_found(address: str, staff: Client) -> None:
    assert staff.get(address).status_code == 404


@pytest.mark.usefixtures("one_missing")
def test_a_period_without_figures_is_explained_by_a_sentence(staff: Client) -> None:
    assert "Nothing is known about this figure yet." in text(staff.get(url("served", "2026-Q1")))


@pytest.mark.usefixtures("one_missing")
def test_a_stranger_finds_nothing(as_: Callable[[User], Client], stranger: User) -> None:
    assert as_(stranger).get(url("served")).status_code == 404


@pytest.mark.parametrize("number", [3, 60])
def test_the_number_of_queries_does_not_depend_on_the_partners(
    number: int,
    initiative: Initiative,
    partners: Callable[[int], list[Organization]],
    quarters: ReportingCalendar,
    staff: Client,
    as_: Callable[[User], Client],
) -> None:
    everybody = partners(number)
    north = group(initiative, "north", everybody)
    measured(initiative, "served", everybody, quarters, Kind.STOCK, carry_periods=1)
    for code in ("2025-Q3", "2025-Q4"):
        measuring.open_(initiative, code)
    for organization in everybody[1:]:
        measuring.report(organization, "2025-Q3", served=1)
    for organization in everybody[2:]:
        measuring.report(organization, "2025-Q4", served=1)
    add_up()
    own = as_(User.objects.get(name="Reporter 02"))
    staff.get(url("served"))
    own.get(url("served"))

    with at_most(12):
        assert staff.get(url("served", query=f"?group={north.code}")).status_code == 200
    with at_most(12):
        assert own.get(url("served", query=f"?group={north.code}")).status_code == 200
