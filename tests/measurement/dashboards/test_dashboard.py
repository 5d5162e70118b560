from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from html import unescape

import pytest
from django.test import Client
from django.utils.timezone import now

from backbone.accounts.models import User
from initiatives.agenda.models import Outcome
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.calendars.periods import Frequency
from measurement.indicators import operations as indicators
from measurement.indicators.kinds import Kind
from measurement.indicators.links import OutcomeIndicator
from measurement.indicators.models import Indicator, Target
from measurement.rollups.models import RollUpRun
from measurement.submissions import workflow
from tests.factories import measuring
from tests.measurement.dashboards.conftest import add_up, at_most, group, measured, text

pytestmark = pytest.mark.usefixtures("data_manager")

URL = "/i/cradle/dashboard/"
HTMX = {"HX-Request": "true", "HX-Target": "figures"}


@pytest.fixture
def read(as_: Callable[[User], Client], data_manager: User) -> Callable[..., str]:
    """The words on the dashboard, as the data manager reads them."""
    return lambda query="", **headers: text(as_(data_manager).get(URL + query, headers=headers))


@pytest.fixture
def two_quarters(
    data_manager: User,
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
) -> None:
    """The last quarter of 2025 is complete, of the next one only Alder is in."""
    measured(initiative, "served", [alder, birch], quarters)
    for code in ("2025-Q3", "2025-Q4", "2026-Q1"):
        measuring.open_(initiative, code)
    for organization, served in ((alder, 100), (birch, 60)):
        measuring.report(organization, "2025-Q3", served=served)
        measuring.report(organization, "2025-Q4", served=served + 10)
    measuring.report(alder, "2026-Q1", served=7)
    add_up()


def test_before_anything_is_measured_the_page_says_what_will_be_here(
    read: Callable[..., str], as_: Callable[[User], Client], funder: User
) -> None:
    assert "once its measures are defined" in read()
    assert "Define a measure" in read()
    assert "Define a measure" not in text(as_(funder).get(URL))


def test_a_measure_without_figures_stands_there_with_nothing_yet(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar, read: Callable[..., str]
) -> None:
    measured(initiative, "served", [alder], quarters)

    page = read()

    assert "No figures yet" in page
    assert "Served" in page
    assert "Nothing yet" in page


def test_outcomes_come_in_their_order_and_measures_of_none_come_last(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar, read: Callable[..., str]
) -> None:
    measured(initiative, "loose", [alder], quarters)
    linked = measured(initiative, "linked", [alder], quarters)
    Outcome.objects.create(initiative=initiative, code="later", name="Jobs", position=2)
    first = Outcome.objects.create(initiative=initiative, code="first", name="School", position=1)
    OutcomeIndicator.objects.create(initiative=initiative, outcome=first, indicator=linked)

    page = read()

    places = [
        page.index(word)
        for word in ("School", "Linked", "Jobs", "No measure tells", "Other measures", "Loose")
    ]
    assert places == sorted(places)


@pytest.mark.usefixtures("two_quarters")
def test_the_newest_complete_figure_stands_on_the_card_and_what_comes_in_beside_it(
    read: Callable[..., str],
) -> None:
    page = read()

    assert "180 people" in page
    assert "Up from 160 people to 180 people since Q3 2025" in page
    assert "2 of 2 partners, to December 2025" in page
    assert "Q1 2026 is coming in: 1 of 2 partners" in page
    assert "newest figure" in page
    assert "definition 1" in page


@pytest.mark.usefixtures("two_quarters")
def test_the_sum_of_one_partner_that_came_in_first_is_told_to_staff_only(
    read: Callable[..., str], as_: Callable[[User], Client], rita: User, funder: User
) -> None:
    assert "7 people so far" in read()
    for reader in (rita, funder):
        assert "7 people" not in text(as_(reader).get(URL))


@pytest.mark.usefixtures("two_quarters")
def test_a_partial_figure_gets_no_arrow_and_no_status(
    initiative: Initiative, read: Callable[..., str]
) -> None:
    _target(initiative, "served", baseline=0, value=500)

    page = read("?period=quarterly/2026-Q1")

    assert "Partial: 1 of 2 partners" in page
    assert "Down from" not in page
    assert "Off track" not in page


@pytest.mark.usefixtures("two_quarters")
def test_a_complete_figure_is_judged_against_its_target(
    initiative: Initiative, read: Callable[..., str]
) -> None:
    _target(initiative, "served", baseline=100, value=200)
    assert "Off track" not in read()
    assert "On track" in read()

    _target(initiative, "served", baseline=100, value=900, due_on=date(2026, 6, 30))

    assert "Off track" in read()


def test_a_share_is_told_from_chance(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar, read: Callable[..., str]
) -> None:
    """Example 20: ten times the counts make it real."""
    measured(initiative, "passed", [alder], quarters, Kind.RATIO, unit="%", decimals=1)
    measured(initiative, "tried", [alder], quarters, Kind.RATIO, unit="%", decimals=1)
    for code, passed, tried in (("2025-Q3", (84, 160), (840, 1600)), ("2025-Q4", (81, 135), (810, 1350))):
        measuring.open_(initiative, code)
        measuring.report(alder, code, passed=passed, tried=tried)
    add_up()

    page = read()

    assert "From 52.5 % to 60.0 % since Q3 2025: no clear change" in page
    assert "Up from 52.5 % to 60.0 % since Q3 2025; more than chance" in page


def test_there_is_no_percentage_of_fewer_than_ten_cases(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar, read: Callable[..., str]
) -> None:
    measured(initiative, "passed", [alder], quarters, Kind.RATIO, unit="%")
    measuring.open_(initiative, "2025-Q4")
    measuring.report(alder, "2025-Q4", passed=(3, 8))
    add_up()

    page = read()

    assert "Too few cases" in page
    assert "Too small to tell" in page
    assert "37" not in page
    assert "38" not in page


@pytest.mark.usefixtures("two_quarters")
def test_a_place_shows_the_figures_of_its_partners_only(
    initiative: Initiative, alder: Organization, read: Callable[..., str]
) -> None:
    group(initiative, "north", [alder])
    add_up()

    page = read("?group=north")

    assert "110 people" in page
    assert "180 people" not in page


@pytest.mark.usefixtures("two_quarters")
@pytest.mark.parametrize(
    "query", ["?period=nonsense&group=nobody", "?period=%00&group=%00", "?period=quarterly/"]
)
def test_nonsense_in_the_address_is_no_choice(query: str, read: Callable[..., str]) -> None:
    assert "180 people" in read(query)


def test_the_figures_ask_again_until_the_sums_are_made(
    initiative: Initiative,
    alder: Organization,
    quarters: ReportingCalendar,
    as_: Callable[[User], Client],
    data_manager: User,
) -> None:
    measured(initiative, "served", [alder], quarters)
    measuring.open_(initiative, "2025-Q4")
    measuring.report(alder, "2025-Q4", served=12)
    client = as_(data_manager)

    waiting = client.get(URL, headers=HTMX).content.decode()
    add_up()
    done = client.get(URL, headers={**HTMX, "Adding-Up": "shown"}).content.decode()
    looked_at_again = client.get(URL, headers=HTMX).content.decode()

    assert '<html lang="en">' not in waiting
    assert 'hx-trigger="every 1s"' in waiting
    assert "Figures are being added up." in waiting
    assert "Load the page again" in waiting
    assert "12" in done
    assert "every 1s" not in done
    assert """hx-headers='{"Adding-Up": "shown"}'""" in waiting
    assert "Adding-Up" not in done
    assert "The figures are up to date." in done
    assert "The figures are up to date." not in looked_at_again


def test_a_rebuild_that_goes_on_is_waited_for_and_a_dead_one_is_not(
    initiative: Initiative, read: Callable[..., str], alder: Organization, quarters: ReportingCalendar
) -> None:
    measured(initiative, "served", [alder], quarters)
    run = RollUpRun.objects.create(
        initiative=initiative, why=RollUpRun.Why.REBUILT, started_at=now(), total=5, done=2
    )
    assert "3 sums left" in read()

    run.started_at -= timedelta(hours=2)
    run.save()

    assert "sums left" not in read()


def test_a_withdrawn_report_is_gone_from_the_figure(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    data_manager: User,
    read: Callable[..., str],
) -> None:
    measured(initiative, "served", [alder, birch], quarters)
    measuring.open_(initiative, "2025-Q4")
    measuring.report(alder, "2025-Q4", served=100)
    wrong = measuring.report(birch, "2025-Q4", served=5000)
    workflow.withdraw(submission=wrong, reason="Not theirs.", by=data_manager, at=now())
    add_up()

    assert "Partial: 1 of 2 partners" in read()
    assert "5,100" not in read()


def test_names_that_look_like_code_are_shown_as_text(
    initiative: Initiative,
    alder: Organization,
    quarters: ReportingCalendar,
    as_: Callable[[User], Client],
    funder: User,
) -> None:
    nasty = '"><script>alert(1)</script>'
    measured(initiative, "served", [alder], quarters, name=nasty, unit=nasty[:40], definition=nasty)
    group(initiative, "north", [alder], name=nasty)
    for code in ("2025-Q3", "2025-Q4"):
        measuring.open_(initiative, code)
        measuring.report(alder, code, served=12)
    add_up()

    for url in (URL, f"{URL}served/", f"{URL}served/quarterly/2025-Q4/how/?group=north"):
        assert "<script>alert" not in as_(funder).get(url).content.decode()


@pytest.mark.parametrize("number", [3, 30])
def test_the_number_of_queries_depends_on_neither_partners_nor_measures(
    number: int,
    initiative: Initiative,
    partners: Callable[[int], list[Organization]],
    quarters: ReportingCalendar,
    as_: Callable[[User], Client],
    funder: User,
) -> None:
    everybody = partners(number)
    for place in range(number):
        measured(initiative, f"measure-{place}", everybody[:2], quarters)
    measured(initiative, "served", everybody, quarters)
    group(initiative, "north", everybody)
    measuring.open_(initiative, "2025-Q4")
    for organization in everybody[2:]:
        measuring.report(organization, "2025-Q4", served=1)
    add_up()
    client = as_(funder)
    client.get(URL)

    with at_most(5):
        assert client.get(URL).status_code == 200
    with at_most(5):
        assert client.get(f"{URL}?group=north&period=quarterly/2025-Q4").status_code == 200


@pytest.mark.parametrize("reader", ["rita", "funder"])
def test_a_figure_of_fewer_than_three_partners_is_shown_to_staff_only(
    reader: str,
    initiative: Initiative,
    partners: Callable[[int], list[Organization]],
    alder: Organization,
    quarters: ReportingCalendar,
    request: pytest.FixtureRequest,
    as_: Callable[[User], Client],
    data_manager: User,
) -> None:
    """A place with one partner, and a year of one partner's four quarters, would tell what it reported."""
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    everybody = partners(3)
    measured(initiative, "served", [alder, *everybody], quarters)
    group(initiative, "north", everybody[:1])
    for place, code in enumerate(("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4")):
        measuring.open_(initiative, code)
        measuring.report(everybody[0], code, served=1111 + place)
        for organization in everybody[1:]:
            measuring.report(organization, code, served=10)
    add_up()
    outsider, staff = as_(request.getfixturevalue(reader)), as_(data_manager)
    secrets = ("1,111", "1,112", "1,113", "1,114", "4,450")

    for address in (
        f"{URL}?group=north",
        f"{URL}served/",
        f"{URL}served/?group=north",
        f"{URL}served/?group=north&calendar=calendar_year",
        f"{URL}served/quarterly/2025-Q4/how/?group=north",
        f"{URL}served/calendar_year/2025/how/?group=north",
    ):
        seen = unescape(outsider.get(address).content.decode())
        assert [secret for secret in secrets if secret in seen or secret.replace(",", "") in seen] == [], (
            address
        )
    assert "1,134" in text(outsider.get(f"{URL}served/"))
    assert "1,114" in text(staff.get(f"{URL}served/?group=north"))
    assert "too few partners" in text(outsider.get(f"{URL}served/?group=north")).lower()


def _target(
    where: Initiative, code: str, *, baseline: int, value: int, due_on: date = date(2026, 12, 31)
) -> None:
    target = Target(
        initiative=where,
        indicator=Indicator.objects.get(initiative=where, code=code),
        baseline_on=date(2025, 1, 1),
        baseline=Decimal(baseline),
        due_on=due_on,
        value=Decimal(value),
    )
    indicators.set_target(target=target, by=None, at=now())
