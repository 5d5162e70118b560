from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.utils.timezone import now

from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.calendars.periods import Frequency
from measurement.indicators import operations as indicators
from measurement.indicators.kinds import Kind
from measurement.indicators.models import Indicator, IndicatorVersion, Target
from tests.factories import measuring
from tests.measurement.dashboards.conftest import add_up, at_most, group, measured, text

pytestmark = pytest.mark.usefixtures("data_manager")

URL = "/i/cradle/dashboard/served/"


@pytest.fixture
def client(as_: Callable[[User], Client], data_manager: User) -> Client:
    return as_(data_manager)


@pytest.fixture
def curve(
    data_manager: User,
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
) -> None:
    """Four quarters: complete, not asked about, complete, partial."""
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    measured(initiative, "served", [alder, birch], quarters, source="Their own lists.")
    for code in ("2025-Q2", "2025-Q4", "2026-Q1"):
        measuring.open_(initiative, code)
    for organization in (alder, birch):
        measuring.report(organization, "2025-Q2", served=50)
        measuring.report(organization, "2025-Q4", served=60)
    measuring.report(alder, "2026-Q1", served=7)
    add_up()


@pytest.mark.usefixtures("curve")
def test_the_finding_is_the_heading(client: Client) -> None:
    body = client.get(URL).content.decode()

    assert "<h1>Up from 100\u00a0people to 120\u00a0people since Q2 2025</h1>" in body
    assert "Source: Their own lists." in text(client.get(URL))


@pytest.mark.usefixtures("curve")
def test_every_period_stands_in_the_table_with_its_completeness(client: Client) -> None:
    page = text(client.get(URL))

    assert "Q1 2026 7 people : How was this number made? 1 of 2 partners" in page
    assert "Q3 2025 Nothing was asked for this period." in page
    assert "Q2 2025 100 people : How was this number made? 2 of 2 partners" in page


@pytest.mark.usefixtures("curve")
def test_the_curve_is_not_joined_over_what_is_not_known_and_partial_is_hollow(client: Client) -> None:
    body = client.get(URL).content.decode()

    assert "1 period without data." in body
    assert 'class="chart-partial"' in body


@pytest.mark.usefixtures("curve")
def test_years_can_be_read_instead_of_quarters(client: Client) -> None:
    page = text(client.get(f"{URL}?calendar=calendar_year"))

    assert "2025: 220 people" in page
    assert "4 of 4 figures" in page


def test_target_baseline_and_break_are_drawn(
    client: Client, initiative: Initiative, alder: Organization, quarters: ReportingCalendar
) -> None:
    served = measured(initiative, "served", [alder], quarters)
    target = Target(
        initiative=initiative,
        indicator=served,
        baseline_on=date(2025, 1, 1),
        baseline=Decimal(80),
        due_on=date(2026, 12, 31),
        value=Decimal(200),
    )
    indicators.set_target(target=target, by=None, at=now())
    _break(served, on=date(2025, 10, 1))
    for code, value in (("2025-Q2", 100), ("2025-Q4", 120)):
        measuring.open_(initiative, code)
        measuring.report(alder, code, served=value)
    add_up()

    body = client.get(URL).content.decode()

    assert "Target by 31 December 2026: 200 people" in body.replace("\u00a0", " ")
    assert "Baseline: 80" in body.replace("\u00a0", " ")
    assert "From 1 October 2025 on figures cannot be compared" in text(client.get(URL))
    assert "<h1>120\u00a0people, the first figure</h1>" in body
    assert "Off track" in text(client.get(URL))


def _break(indicator: Indicator, *, on: date) -> None:
    indicators.redefine(
        indicator=indicator,
        version=IndicatorVersion(
            name="Served", definition="Anew.", kind=Kind.FLOW, effective_from=on, unit="people"
        ),
        break_note="Counted by household",
        by=None,
        at=now(),
    )


def test_a_breakdown_has_bars_shares_and_says_what_is_unknown(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar, client: Client
) -> None:
    split = measuring.breakdown(initiative, "sex", ["Girls", "Boys"], unknown="Unknown")
    measuring.assign(measuring.indicator(initiative, "served"), [alder], quarters, by_=[split])
    measuring.open_(initiative, "2025-Q4")
    measuring.report(alder, "2025-Q4", served=100, served__girls=50, served__boys=40)
    add_up()

    page = text(client.get(URL))

    assert "By Sex, Q4 2025" in page
    assert "Known for 90 % of the total." in page
    assert "Girls 50.0 % 50 people" in page


@pytest.mark.usefixtures("curve")
def test_places_stand_by_the_alphabet_and_never_by_their_figures(
    client: Client, initiative: Initiative, alder: Organization, birch: Organization
) -> None:
    group(initiative, "south", [alder])
    group(initiative, "north", [birch])
    add_up()

    page = text(client.get(URL))

    places = page[page.index("2 groups, by the alphabet") :]
    assert places.index("North") < places.index("South")
    assert "South" in text(client.get(f"{URL}?group=south"))
    assert "60 people" in text(client.get(f"{URL}?group=south"))


def test_a_measure_without_figures_says_so(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar, client: Client
) -> None:
    measured(initiative, "served", [alder], quarters)

    assert "No figures yet" in text(client.get(URL))
    assert client.get("/i/cradle/dashboard/nothing/").status_code == 404


@pytest.mark.usefixtures("curve")
def test_nonsense_in_the_address_is_no_choice(client: Client) -> None:
    assert "Up from" in text(client.get(f"{URL}?calendar=%00&group=%00&period=x"))


@pytest.mark.parametrize("number", [3, 30])
def test_the_number_of_queries_does_not_grow(
    number: int,
    initiative: Initiative,
    partners: Callable[[int], list[Organization]],
    quarters: ReportingCalendar,
    client: Client,
) -> None:
    everybody = partners(number)
    for place, organization in enumerate(everybody):
        group(initiative, f"place-{place}", [organization])
    split = measuring.breakdown(initiative, "sex", ["Girls", "Boys"])
    measuring.assign(measuring.indicator(initiative, "served"), everybody, quarters, by_=[split])
    for code in ("2025-Q3", "2025-Q4"):
        measuring.open_(initiative, code)
        for organization in everybody:
            measuring.report(organization, code, served=2, served__girls=1, served__boys=1)
    add_up()
    client.get(URL)

    with at_most(8):
        assert client.get(URL).status_code == 200
