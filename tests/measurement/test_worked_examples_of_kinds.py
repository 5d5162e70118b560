"""Worked examples of the rules, through everything that stands between typing a figure and reading it."""

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
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
from measurement.indicators import operations as indicators
from measurement.indicators.models import Category, Indicator, Target
from measurement.rollups import runs
from measurement.rollups import selectors as rollups
from measurement.rollups.kinds import Range
from measurement.rollups.selectors import Figure
from measurement.submissions.models import CurrentFigure, Observation
from measurement.submissions.workflow import Typed
from tests.factories import measuring, people

pytestmark = pytest.mark.usefixtures("data_manager")


def read(where: Initiative, code: str, period: str, category: str | None = None) -> Figure:
    """The figure as everybody reads it, after everything that changed was added up."""
    runs.roll_up_changed(at=now())
    measured = Indicator.objects.get(initiative=where, code=code)
    periods = list(rollups.periods_read(where))
    known = rollups.known(where, at=now(), periods=periods, versions=measured.versions.all())
    there = next(each for each in periods if each.code == period)
    chosen = Category.objects.get(initiative=where, code=category) if category else None
    found = rollups.figure(known, measured, there, category=chosen)
    assert found is not None
    return found


def words(client: Client, where: Initiative, code: str, *, how: str = "") -> str:
    """A measure's page, or how its figure was made, without its marks."""
    address = f"/i/{where.slug}/dashboard/{code}/"
    answer = client.get(address + (f"quarterly/{how}/how/" if how else ""))
    assert answer.status_code == 200, answer.status_code
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("\u00a0", " ")
    return " ".join(unescape(plain).split())


@pytest.fixture
def reader(as_: Callable[[User], Client], director: User) -> Client:
    return as_(director)


@pytest.fixture
def three(initiative: Initiative, alder: Organization, birch: Organization) -> list[Organization]:
    cedar = people.organization("Cedar House", initiative)
    people.member("Cleo Cedar", cedar, Role.REPORTER)
    return [alder, birch, cedar]


def test_example_28_what_is_too_small_to_give_makes_the_total_a_range(
    initiative: Initiative, three: list[Organization], quarters: ReportingCalendar, reader: Client
) -> None:
    served = measuring.indicator(initiative, "served")
    measuring.assign(served, three, quarters)
    measuring.open_(initiative, "2026-Q1")
    target = Target(
        initiative=initiative,
        indicator=served,
        baseline_on=date(2025, 1, 1),
        baseline=Decimal(10),
        due_on=date(2026, 12, 31),
        value=Decimal(50),
    )
    indicators.set_target(target=target, by=None, at=now())
    for partner, number in zip(three, (20, 15, "<5"), strict=True):
        measuring.report(partner, "2026-Q1", served=number)

    figure = read(initiative, "served", "2026-Q1")
    page, how = words(reader, initiative, "served"), words(reader, initiative, "served", how="2026-Q1")

    assert figure.range == Range(Decimal(35), Decimal(39))
    assert figure.value is None
    assert (figure.completeness.received, figure.completeness.expected) == (3, 3)
    assert "35 to 39 people" in page
    assert not any(status in page for status in ("On track", "At risk", "Off track"))
    assert "20 + 15 + (0 to 4) = 35 to 39 people" in how
    assert "Cedar House 0 to 4 Too small to give" in how


def test_estimated_and_provisional_figures_count_and_are_flagged(
    initiative: Initiative, three: list[Organization], quarters: ReportingCalendar, reader: Client
) -> None:
    measuring.assign(measuring.indicator(initiative, "served"), three, quarters)
    measuring.open_(initiative, "2026-Q1")
    for partner, status in zip(three, ("estimated", "provisional", ""), strict=True):
        measuring.report(partner, "2026-Q1", served=Typed(amount="10", status=status))

    figure = read(initiative, "served", "2026-Q1")

    assert (figure.value, figure.completeness.received) == (30, 3)
    assert "(1 estimated, 1 provisional)" in words(reader, initiative, "served")


def test_what_does_not_apply_leaves_completeness_and_what_is_counted_elsewhere_does_not(
    initiative: Initiative, three: list[Organization], quarters: ReportingCalendar
) -> None:
    measuring.assign(measuring.indicator(initiative, "served"), three, quarters)
    measuring.open_(initiative, "2026-Q1")
    for partner, words_ in zip(
        three,
        (Typed(amount="10"), Typed(status="not_applicable"), Typed(status="included_elsewhere")),
        strict=True,
    ):
        measuring.report(partner, "2026-Q1", served=words_)

    figure = read(initiative, "served", "2026-Q1")

    assert figure.value == 10
    assert (figure.completeness.received, figure.completeness.expected) == (2, 2)


def test_the_interval_of_a_year_is_the_sum_of_those_of_its_quarters(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar
) -> None:
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    measuring.assign(measuring.indicator(initiative, "served"), [alder], quarters)
    for quarter, number in (("2026-Q1", 20), ("2026-Q2", "<5"), ("2026-Q3", Typed("1-4", status="withheld"))):
        measuring.open_(initiative, quarter)
        measuring.report(alder, quarter, served=number)

    assert read(initiative, "served", "2026").range == Range(Decimal(21), Decimal(28))


def test_a_reopened_report_says_again_what_was_too_small(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar
) -> None:
    measuring.assign(measuring.indicator(initiative, "served"), [alder], quarters)
    measuring.open_(initiative, "2026-Q1")
    report = measuring.report(alder, "2026-Q1", served="<5")
    measuring.correct(report, served=7)

    assert read(initiative, "served", "2026-Q1").value == 7
    assert CurrentFigure.objects.get().high is None
    assert list(Observation.objects.order_by("pk").values_list("high", "amount")) == [(4, None), (None, 7)]
