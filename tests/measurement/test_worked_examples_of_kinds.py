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
from measurement.indicators.kinds import Kind
from measurement.indicators.models import Category, Indicator, Target
from measurement.rollups import runs
from measurement.rollups import selectors as rollups
from measurement.rollups.differences import flows
from measurement.rollups.kinds import Range
from measurement.rollups.selectors import Figure
from measurement.submissions.models import CurrentFigure, Observation
from measurement.submissions.reading import NotRight
from measurement.submissions.workflow import Typed
from tests.factories import measuring, people

pytestmark = pytest.mark.usefixtures("data_manager")


def read(where: Initiative, code: str, period: str, category: str | None = None) -> Figure:
    """The figure as everybody reads it, after everything that changed was added up."""
    runs.roll_up_changed(at=now())
    measured = Indicator.objects.get(initiative=where, code=code)
    periods = list(rollups.periods_read(where))
    known = rollups.known(where, at=now(), periods=periods, versions=measured.versions.all(), sees_all=True)
    there = next(each for each in periods if each.code == period)
    chosen = Category.objects.get(initiative=where, code=category) if category else None
    found = rollups.figure(known, measured, there, category=chosen)
    assert found is not None
    return found


def words(client: Client, where: Initiative, code: str, *, how: str = "", calendar: str = "quarterly") -> str:
    """A measure's page, or how its figure was made, without its marks."""
    address = f"/i/{where.slug}/dashboard/{code}/"
    answer = client.get(address + (f"{calendar}/{how}/how/" if how else ""))
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
    for partner, number in zip(three, ("20", "15", "<5"), strict=True):
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

    assert figure.value == 30
    assert figure.completeness.received == 3
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


def test_example_5_highest_levels_are_highest_over_time_and_added_across_partners(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    reader: Client,
) -> None:
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    measuring.assign(measuring.indicator(initiative, "beds", Kind.PEAK), [alder, birch], quarters)
    for quarter, first, second in (("2026-Q1", 10, 20), ("2026-Q2", 20, 10)):
        measuring.open_(initiative, quarter)
        measuring.report(alder, quarter, beds=first)
        measuring.report(birch, quarter, beds=second)

    assert read(initiative, "beds", "2026-Q1").value == 30
    assert read(initiative, "beds", "2026").value == 30
    how = words(reader, initiative, "beds", how="2026", calendar="calendar_year")
    assert "The highest of 30, 30 = 30 people" in how


def test_a_highest_level_that_is_too_small_to_give_widens_a_year_only_where_it_could_be_the_highest(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar
) -> None:
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    measuring.assign(measuring.indicator(initiative, "beds", Kind.PEAK), [alder], quarters)
    for quarter, number in (("2026-Q1", 2), ("2026-Q2", "<5")):
        measuring.open_(initiative, quarter)
        measuring.report(alder, quarter, beds=number)

    assert read(initiative, "beds", "2026").range == Range(Decimal(2), Decimal(4))


@pytest.mark.parametrize(
    ("quarter", "exposure", "rate", "in_a_year"),
    [("2024-Q1", 9100, "20.00", "732.00"), ("2026-Q1", 9000, "20.22", "738.11")],
)
def test_example_10_a_rate_is_annualised_by_days(
    initiative: Initiative,
    alder: Organization,
    reader: Client,
    quarter: str,
    exposure: int,
    rate: str,
    in_a_year: str,
) -> None:
    quarters = measuring.calendar(initiative, first=date(2024, 1, 1), last=date(2026, 12, 31))
    falls = measuring.indicator(
        initiative, "falls", Kind.RATE, per=Decimal(1000), unit="per 1,000 client-days", decimals=2
    )
    measuring.assign(falls, [alder], quarters)
    measuring.open_(initiative, quarter)
    measuring.report(alder, quarter, falls=(182, exposure))

    assert round(read(initiative, "falls", quarter).value or 0, 2) == Decimal(rate)
    assert f"{rate} per 1,000 client-days" in words(reader, initiative, "falls")
    how = words(reader, initiative, "falls", how=quarter)
    assert "All events together, divided by all exposure together." in how
    assert f"days = {in_a_year}" in how


def test_rates_of_partners_are_added_up_before_they_are_divided(
    initiative: Initiative, alder: Organization, birch: Organization, quarters: ReportingCalendar
) -> None:
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    measuring.assign(
        measuring.indicator(initiative, "falls", Kind.RATE, per=Decimal(1000)), [alder, birch], quarters
    )
    for quarter in ("2026-Q1", "2026-Q2"):
        measuring.open_(initiative, quarter)
        measuring.report(alder, quarter, falls=(10, 1000))
        measuring.report(birch, quarter, falls=(10, 9000))

    assert read(initiative, "falls", "2026-Q1").value == 2
    assert read(initiative, "falls", "2026").value == 2


def year_to_date(where: Initiative, period: str) -> list[Decimal | None]:
    runs.roll_up_changed(at=now())
    measured = Indicator.objects.get(initiative=where, code="books")
    periods = [each for each in rollups.periods_read(where) if each.code.startswith(period)]
    known = rollups.known(where, at=now(), periods=periods, versions=measured.versions.all(), sees_all=True)
    return flows(rollups.curve(known, measured))


def test_example_17_a_figure_since_the_beginning_of_the_year_adds_its_first_differences(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar, reader: Client
) -> None:
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    measuring.assign(measuring.indicator(initiative, "books", Kind.CUMULATIVE), [alder], quarters)
    reports = []
    for quarter, number in (
        ("2025-Q1", 10),
        ("2025-Q2", 25),
        ("2025-Q3", 25),
        ("2025-Q4", 40),
        ("2026-Q1", 7),
    ):
        measuring.open_(initiative, quarter)
        reports.append(measuring.report(alder, quarter, books=number))

    assert year_to_date(initiative, "2025-Q") == [10, 15, 0, 15]
    assert year_to_date(initiative, "2026-Q") == [7]
    assert read(initiative, "books", "2025").value == 40
    assert "15 in this period alone" in words(reader, initiative, "books")

    measuring.correct(reports[1], books=22)

    assert year_to_date(initiative, "2025-Q") == [10, 12, 3, 15]


def test_a_figure_since_the_beginning_of_the_year_that_falls_needs_a_reason(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar
) -> None:
    measuring.assign(measuring.indicator(initiative, "books", Kind.CUMULATIVE), [alder], quarters)
    for quarter in ("2026-Q1", "2026-Q2"):
        measuring.open_(initiative, quarter)
    measuring.report(alder, "2026-Q1", books=25)

    with pytest.raises(NotRight) as refused:
        measuring.hand_in(alder, "2026-Q2", books=22)
    (problem,) = refused.value.reading.problems
    assert problem.field.endswith("-note")
    assert "this was 25 already" in problem.sentence

    measuring.report(alder, "2026-Q2", books=Typed(amount="22", note="Three were counted twice."))
    assert read(initiative, "books", "2026-Q2").value == 22


def unique_people(where: Initiative, partners: list[Organization], *calendars: ReportingCalendar) -> None:
    reached = measuring.indicator(where, "reached", Kind.UNIQUE_PEOPLE)
    for each in calendars:
        measuring.assign(reached, partners, each)


def test_example_15_of_different_people_in_four_quarters_only_a_range_is_known(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar, reader: Client
) -> None:
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    unique_people(initiative, [alder], quarters)
    for number, people_ in enumerate((50, 60, 55, 40), start=1):
        measuring.open_(initiative, f"2025-Q{number}")
        measuring.report(alder, f"2025-Q{number}", reached=people_)

    assert read(initiative, "reached", "2025-Q2").value == 60
    assert read(initiative, "reached", "2025").value is None
    assert read(initiative, "reached", "2025").range == Range(Decimal(60), Decimal(205))
    how = words(reader, initiative, "reached", how="2025", calendar="calendar_year")
    assert "4 figures: between 60 and 205 people" in how
    assert "at most as many as all figures together" in how


def test_example_15_a_year_that_was_reported_by_itself_is_known(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar
) -> None:
    unique_people(initiative, [alder], quarters, measuring.calendar(initiative, Frequency.CALENDAR_YEAR))
    for number, people_ in enumerate((50, 60, 55, 40), start=1):
        measuring.open_(initiative, f"2025-Q{number}")
        measuring.report(alder, f"2025-Q{number}", reached=people_)
    measuring.open_(initiative, "2025")
    measuring.report(alder, "2025", reached=120)

    figure = read(initiative, "reached", "2025")
    assert figure.value == 120
    assert figure.range is None
    assert (figure.completeness.received, figure.completeness.expected) == (1, 1)


def test_example_15_of_different_people_of_two_partners_only_a_range_is_known(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    reader: Client,
) -> None:
    unique_people(initiative, [alder, birch], quarters)
    measuring.open_(initiative, "2026-Q1")
    measuring.report(alder, "2026-Q1", reached=120)
    measuring.report(birch, "2026-Q1", reached=80)

    assert read(initiative, "reached", "2026-Q1").range == Range(Decimal(120), Decimal(200))
    page = words(reader, initiative, "reached")
    assert "between 120 and 200 people" in page
    assert "nobody knows how many people are counted more than once" in page


def test_different_people_that_are_too_small_to_give_widen_the_range(
    initiative: Initiative, alder: Organization, birch: Organization, quarters: ReportingCalendar
) -> None:
    unique_people(initiative, [alder, birch], quarters)
    measuring.open_(initiative, "2026-Q1")
    measuring.report(alder, "2026-Q1", reached=120)
    measuring.report(birch, "2026-Q1", reached="<5")

    assert read(initiative, "reached", "2026-Q1").range == Range(Decimal(120), Decimal(124))


@pytest.mark.parametrize(
    ("before", "after", "typed", "total"),
    [
        (Decimal(1000), Decimal(1), ("1.5", "900"), "2400"),
        (Decimal("0.45359237"), Decimal(1), ("1000", "500"), "953.59237"),
        (Decimal(1), Decimal(60), ("90", "2.5"), "240"),
    ],
)
def test_example_13_what_is_handed_in_in_other_multiples_is_kept_in_one_unit(
    initiative: Initiative,
    alder: Organization,
    quarters: ReportingCalendar,
    before: Decimal,
    after: Decimal,
    typed: tuple[str, str],
    total: str,
) -> None:
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    given = measuring.indicator(initiative, "given", multiplier=before, unit="kg")
    version = given.version
    version.multiplier, version.effective_from = after, date(2026, 4, 1)
    indicators.redefine(indicator=given, version=version, by=None, at=now())
    measuring.assign(given, [alder], quarters)
    for quarter, number in zip(("2026-Q1", "2026-Q2"), typed, strict=True):
        measuring.open_(initiative, quarter)
        measuring.report(alder, quarter, given=number)

    assert read(initiative, "given", "2026").value == Decimal(total)


def test_a_category_that_is_too_small_to_give_is_drawn_and_written_as_a_range(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar, reader: Client
) -> None:
    gender = measuring.breakdown(initiative, "gender", ["Girls", "Boys"], unknown="Unknown")
    measuring.assign(measuring.indicator(initiative, "served"), [alder], quarters, by_=[gender])
    measuring.open_(initiative, "2026-Q1")
    measuring.report(alder, "2026-Q1", served=20, served__girls=18, served__boys="<5")

    assert read(initiative, "served", "2026-Q1", "boys").range == Range(Decimal(0), Decimal(4))
    assert read(initiative, "served", "2026-Q1", "unknown").range == Range(Decimal(0), Decimal(2))
    page = words(reader, initiative, "served")
    assert "no data" not in page
    assert page.count("0 to 4 people") > 1
