"""Who is missing: like for like and the volume that is in, also of a period that is made of shorter ones."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.test import Client
from django.utils.timezone import now

from backbone.access.permissions import Role
from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.calendars.periods import Frequency
from measurement.rollups import runs
from measurement.rollups.models import Cell
from tests.factories import measuring, people

pytestmark = pytest.mark.usefixtures("data_manager")


@pytest.fixture
def three(initiative: Initiative, alder: Organization, birch: Organization) -> list[Organization]:
    cedar = people.organization("Cedar House", initiative)
    people.member("Cleo Cedar", cedar, Role.REPORTER)
    return [alder, birch, cedar]


def words(client: Client, path: str) -> str:
    runs.roll_up_changed(at=now())
    answer = client.get(f"/i/cradle/dashboard/{path}")
    assert answer.status_code == 200
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("\u00a0", " ")
    return " ".join(unescape(plain).split())


def report(partners: list[Organization], period: str, *numbers: int | None) -> None:
    for partner, number in zip(partners, numbers, strict=True):
        if number is not None:
            measuring.report(partner, period, served=number)


def test_example_22_like_for_like_of_a_quarter_made_of_months(
    initiative: Initiative,
    three: list[Organization],
    quarters: ReportingCalendar,
    as_: Callable[[User], Client],
    director: User,
) -> None:
    months = measuring.calendar(initiative, Frequency.MONTHLY)
    measuring.assign(measuring.indicator(initiative, "served"), three, months)
    for month in range(1, 7):
        measuring.open_(initiative, f"2026-{month:02}")
    report(three, "2026-01", 40, 20, 10)
    report(three, "2026-02", 30, 20, 10)
    report(three, "2026-03", 30, 10, 10)
    report(three, "2026-04", 50, None, 11)
    report(three, "2026-05", 30, 25, 11)
    report(three, "2026-06", 30, 25, 11)
    page = words(as_(director), "served/?calendar=quarterly&period=2026-Q2")

    quarter = Cell.objects.get(period__code="2026-Q2", group=None)
    assert (quarter.volume, quarter.volume_in) == (182, 172)
    assert "Like for like: +10.0 %, 2 of 3 partners" in page
    assert "The partners in both: from 130 people to 143 people" in page
    assert "8 of 9 figures, 95 % of the last known volume" in page


def test_a_quarter_of_which_little_volume_is_in_has_no_status_on_any_page(
    initiative: Initiative,
    three: list[Organization],
    quarters: ReportingCalendar,
    as_: Callable[[User], Client],
    director: User,
) -> None:
    months = measuring.calendar(initiative, Frequency.MONTHLY)
    measuring.assign(measuring.indicator(initiative, "served"), three, months)
    for month in range(1, 7):
        measuring.open_(initiative, f"2026-{month:02}")
    for month in range(1, 4):
        report(three, f"2026-{month:02}", 100, 5, 5)
    for month in range(4, 6):
        report(three, f"2026-{month:02}", 100, 5, 5)
    report(three, "2026-06", None, 5, 5)
    client = as_(director)

    june = words(client, "?period=monthly/2026-06")

    assert "2 of 3 partners, 9 % of the last known volume" in june
    assert "Partial" in june
    assert "8 of 9 figures, 70 % of the last known volume" in words(client, "?period=quarterly/2026-Q2")
    assert "Partial" in words(client, "?period=quarterly/2026-Q2")


def test_a_late_correction_of_an_older_period_moves_the_volume_of_one_that_waits(
    initiative: Initiative, three: list[Organization], quarters: ReportingCalendar
) -> None:
    measuring.assign(measuring.indicator(initiative, "served"), three, quarters)
    for quarter in ("2026-Q1", "2026-Q2"):
        measuring.open_(initiative, quarter)
    report(three[1:], "2026-Q1", 10, 10)
    first = measuring.report(three[0], "2026-Q1", served=80)
    report(three, "2026-Q2", None, 10, 10)
    runs.roll_up_changed(at=now())
    before = Cell.objects.get(period__code="2026-Q2", group=None)

    measuring.correct(first, served=20)
    runs.roll_up_changed(at=now())

    after = Cell.objects.get(period__code="2026-Q2", group=None)
    assert (before.volume, before.volume_in) == (100, 20)
    assert (after.volume, after.volume_in) == (40, 20)
