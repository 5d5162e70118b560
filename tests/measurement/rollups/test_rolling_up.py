from datetime import date
from decimal import Decimal

import pytest
from django.utils.timezone import now

from backbone.access.permissions import Role
from backbone.accounts.models import User
from initiatives.charter.models import Initiative, PartnerGroup
from initiatives.directory import grouping
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.calendars.periods import Frequency
from measurement.indicators.kinds import Kind, OverTime
from measurement.indicators.models import Indicator
from measurement.rollups import kinds, runs
from measurement.rollups.models import Cell
from measurement.submissions import workflow
from measurement.submissions.models import DirtyKey
from tests.factories import measuring, people
from tests.measurement.rollups.test_any_order_of_events import everything

pytestmark = pytest.mark.usefixtures("data_manager")

QUARTERS = ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4")


def cell(code: str, period: str, *, group: str | None = None, category: str | None = None) -> Cell:
    runs.roll_up_changed(at=now())
    return Cell.objects.select_related("version").get(
        indicator__code=code, period__code=period, group__code=group, category__code=category
    )


def value(code: str, period: str, **where: str) -> Decimal | None:
    found = cell(code, period, **where)
    return kinds.value(Kind(found.version.kind), found, per=found.version.per)


@pytest.fixture
def years(initiative: Initiative) -> ReportingCalendar:
    return measuring.calendar(initiative, Frequency.CALENDAR_YEAR)


def test_a_count_adds_up_across_partners(
    initiative: Initiative, alder: Organization, birch: Organization, quarters: ReportingCalendar
) -> None:
    measuring.assign(measuring.indicator(initiative, "served"), [alder, birch], quarters)
    measuring.open_(initiative, "2026-Q1")
    measuring.report(alder, "2026-Q1", served=120)
    measuring.report(birch, "2026-Q1", served=80)

    assert value("served", "2026-Q1") == 200
    assert (cell("served", "2026-Q1").received, cell("served", "2026-Q1").expected) == (2, 2)


def test_who_has_not_reported_is_missing_and_never_zero(
    initiative: Initiative, alder: Organization, birch: Organization, quarters: ReportingCalendar
) -> None:
    measuring.assign(measuring.indicator(initiative, "served"), [alder, birch], quarters)
    measuring.open_(initiative, "2026-Q1")
    assert value("served", "2026-Q1") is None

    measuring.report(alder, "2026-Q1", served=0)

    found = cell("served", "2026-Q1")
    assert value("served", "2026-Q1") == 0
    assert (found.received, found.expected, found.missing, found.zeros) == (1, 2, 1, 1)


def test_a_total_says_who_is_missing_and_counts_a_zero_as_reported(
    initiative: Initiative, alder: Organization, birch: Organization, quarters: ReportingCalendar
) -> None:
    """Example 4: 120, 80, nothing and 0."""
    cedar, dogwood = _partner(initiative, "Cedar"), _partner(initiative, "Dogwood")
    measuring.assign(measuring.indicator(initiative, "served"), [alder, birch, cedar, dogwood], quarters)
    measuring.open_(initiative, "2026-Q1")
    for organization, served in ((alder, 120), (birch, 80), (dogwood, 0)):
        measuring.report(organization, "2026-Q1", served=served)

    found = cell("served", "2026-Q1")
    assert value("served", "2026-Q1") == 200
    assert (found.received, found.expected, found.figures, found.zeros) == (3, 4, 3, 1)
    assert found.amount is not None
    assert round(found.amount / found.figures, 2) == Decimal("66.67")


@pytest.mark.usefixtures("years")
def test_a_share_over_time_is_the_sum_over_the_sum_too(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar
) -> None:
    """Example 26."""
    measuring.assign(measuring.indicator(initiative, "passed", Kind.RATIO), [alder], quarters)
    for quarter, passed in (("2025-Q1", (900, 1000)), ("2025-Q2", (80, 100))):
        measuring.open_(initiative, quarter)
        measuring.report(alder, quarter, passed=passed)

    year = value("passed", "2025")
    assert year is not None
    assert round(year, 2) == Decimal("89.09")


def test_a_share_is_the_sum_over_the_sum_and_not_the_mean_of_shares(
    initiative: Initiative, alder: Organization, birch: Organization, quarters: ReportingCalendar
) -> None:
    """Example 1 of the measurement rules."""
    cedar = _partner(initiative, "Cedar")
    measuring.assign(measuring.indicator(initiative, "passed", Kind.RATIO), [alder, birch, cedar], quarters)
    measuring.open_(initiative, "2026-Q1")
    measuring.report(alder, "2026-Q1", passed=(45, 50))
    measuring.report(birch, "2026-Q1", passed=(30, 100))
    measuring.report(cedar, "2026-Q1", passed=(9, 10))

    found = cell("passed", "2026-Q1")
    assert (found.amount, found.base) == (84, 160)
    assert value("passed", "2026-Q1") == Decimal("52.5")


def test_nobody_had_a_case_and_that_changes_nothing(
    initiative: Initiative, alder: Organization, birch: Organization, quarters: ReportingCalendar
) -> None:
    """Example 16."""
    measuring.assign(measuring.indicator(initiative, "passed", Kind.RATIO), [alder, birch], quarters)
    measuring.open_(initiative, "2026-Q1")
    measuring.report(alder, "2026-Q1", passed=(0, 0))
    assert value("passed", "2026-Q1") is None

    measuring.report(birch, "2026-Q1", passed=(5, 10))

    assert value("passed", "2026-Q1") == 50
    assert cell("passed", "2026-Q1").without_cases == 1


@pytest.mark.parametrize(
    ("carry", "third_quarter"),
    [(0, Decimal(105)), (1, Decimal(150))],
    ids=["not carried", "carried and flagged"],
)
@pytest.mark.usefixtures("years")
def test_a_level_is_summed_across_partners_and_the_last_counts_for_the_year(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    carry: int,
    third_quarter: Decimal,
) -> None:
    """Example 3."""
    pupils = measuring.indicator(
        initiative, "pupils", Kind.STOCK, over_time=OverTime.LAST, carry_periods=carry
    )
    _quarterly(initiative, pupils, alder, birch, quarters)

    assert [value("pupils", quarter) for quarter in QUARTERS] == [140, 155, third_quarter, 170]
    assert cell("pupils", "2025-Q3").carried == carry
    assert (cell("pupils", "2025-Q3").received, cell("pupils", "2025-Q3").expected) == (1, 2)
    assert value("pupils", "2025") == 170


@pytest.mark.usefixtures("years")
def test_a_level_may_be_averaged_over_the_year_partner_by_partner(
    initiative: Initiative, alder: Organization, birch: Organization, quarters: ReportingCalendar
) -> None:
    """Example 3: 108.75 + 45, never 142.5 and never 570."""
    pupils = measuring.indicator(initiative, "pupils", Kind.STOCK, over_time=OverTime.AVERAGE)
    _quarterly(initiative, pupils, alder, birch, quarters)

    assert value("pupils", "2025") == Decimal("153.75")
    assert value("pupils", "2025-Q2") == 155


@pytest.mark.usefixtures("years")
def test_last_over_time_comes_before_across_partners(
    initiative: Initiative, alder: Organization, birch: Organization, quarters: ReportingCalendar
) -> None:
    """Example 5: 165 and not 120."""
    pupils = measuring.indicator(initiative, "pupils", Kind.STOCK, carry_periods=2)
    measuring.assign(pupils, [alder, birch], quarters)
    for quarter, a, b in zip(QUARTERS, (100, 110, 105, 120), (40, 45, None, None), strict=True):
        measuring.open_(initiative, quarter)
        measuring.report(alder, quarter, pupils=a)
        if b:
            measuring.report(birch, quarter, pupils=b)

    assert value("pupils", "2025") == 165


@pytest.mark.usefixtures("years")
def test_a_peak_is_the_highest_of_simultaneous_levels(
    initiative: Initiative, alder: Organization, birch: Organization, quarters: ReportingCalendar
) -> None:
    """Example 5: 30 and not 40."""
    measuring.assign(measuring.indicator(initiative, "beds", Kind.PEAK), [alder, birch], quarters)
    for quarter, a, b in (("2025-Q1", 10, 20), ("2025-Q2", 20, 10)):
        measuring.open_(initiative, quarter)
        measuring.report(alder, quarter, beds=a)
        measuring.report(birch, quarter, beds=b)

    assert value("beds", "2025") == 30


def test_months_make_quarters_and_years_of_every_calendar(
    initiative: Initiative, alder: Organization
) -> None:
    """Example 9."""
    months = measuring.calendar(initiative, Frequency.MONTHLY)
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    wide = {"first": date(2024, 1, 1), "last": date(2027, 12, 31)}
    measuring.calendar(initiative, Frequency.FISCAL_YEAR, code="from-july", first_month=7, **wide)
    measuring.calendar(initiative, Frequency.FISCAL_YEAR, code="from-october", first_month=10, **wide)
    measuring.calendar(initiative, Frequency.SCHOOL_YEAR, code="school", first_month=9, months=10, **wide)
    measuring.assign(measuring.indicator(initiative, "served"), [alder], months)
    figures = {
        2025: (10, 10, 12, 11, 13, 12, 5, 4, 15, 16, 14, 9),
        2026: (11, 12, 13, 12, 14, 13, 6, 5, 16, 17, 15, 10),
    }
    for year, counts in figures.items():
        for month, count in enumerate(counts, start=1):
            measuring.open_(initiative, f"{year}-{month:02}")
            measuring.report(alder, f"{year}-{month:02}", served=count)

    runs.roll_up_changed(at=now())
    sums = {
        (each.period.calendar.code, each.period.start): each.amount
        for each in Cell.objects.select_related("period__calendar")
    }
    assert sums["calendar_year", date(2025, 1, 1)] == 131
    assert sums["from-july", date(2025, 7, 1)] == 138
    assert sums["school", date(2025, 9, 1)] == 129
    assert sums["from-october", date(2025, 10, 1)] == 141


def test_an_average_is_weighted_by_its_cases(
    initiative: Initiative, alder: Organization, birch: Organization, quarters: ReportingCalendar
) -> None:
    """Example 14, the mean."""
    measuring.assign(measuring.indicator(initiative, "score", Kind.MEAN), [alder, birch], quarters)
    measuring.open_(initiative, "2026-Q1")
    measuring.report(alder, "2026-Q1", score=(10, 5))
    measuring.report(birch, "2026-Q1", score=(20, 15))

    assert value("score", "2026-Q1") == Decimal("17.5")


def test_a_milestone_is_the_share_of_those_who_reached_it(
    initiative: Initiative, alder: Organization, birch: Organization, quarters: ReportingCalendar
) -> None:
    measuring.assign(
        measuring.indicator(initiative, "plan", Kind.MILESTONE, per=Decimal(100)), [alder, birch], quarters
    )
    measuring.open_(initiative, "2026-Q1")
    measuring.report(alder, "2026-Q1", plan="yes")
    measuring.report(birch, "2026-Q1", plan="no")

    assert value("plan", "2026-Q1") == 50


def test_categories_add_up_beside_the_total(
    initiative: Initiative, alder: Organization, birch: Organization, quarters: ReportingCalendar
) -> None:
    sex = measuring.breakdown(initiative, "sex", ["Girls", "Boys"], unknown="Unknown")
    measuring.assign(measuring.indicator(initiative, "served"), [alder, birch], quarters, by_=[sex])
    measuring.open_(initiative, "2026-Q1")
    measuring.report(alder, "2026-Q1", served=100, served__girls=50, served__boys=38)
    measuring.report(birch, "2026-Q1", served=10, served__girls=4, served__boys=6, served__unknown=0)

    assert value("served", "2026-Q1") == 110
    assert value("served", "2026-Q1", category="girls") == 54
    assert value("served", "2026-Q1", category="unknown") == 12


def test_groups_of_partners_have_their_own_sums(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    data_manager: User,
) -> None:
    measuring.assign(measuring.indicator(initiative, "served"), [alder, birch], quarters)
    measuring.open_(initiative, "2026-Q1")
    north = PartnerGroup.objects.create(initiative=initiative, code="north", name="North")
    member = grouping.put_into_group(group=north, organization=alder, by=data_manager, at=now())
    measuring.report(alder, "2026-Q1", served=120)
    measuring.report(birch, "2026-Q1", served=80)
    assert value("served", "2026-Q1", group="north") == 120

    grouping.put_into_group(group=north, organization=birch, by=data_manager, at=now())
    assert value("served", "2026-Q1", group="north") == 200

    grouping.take_out_of_group(member=member, by=data_manager, at=now())
    assert value("served", "2026-Q1", group="north") == 80


def test_a_figure_counts_in_the_group_that_its_partner_was_in_on_the_last_day_of_its_period(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    data_manager: User,
) -> None:
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    measuring.assign(measuring.indicator(initiative, "served"), [alder, birch], quarters)
    level = measuring.indicator(initiative, "pupils", Kind.STOCK, over_time=OverTime.AVERAGE)
    measuring.assign(level, [alder, birch], quarters)
    north = PartnerGroup.objects.create(initiative=initiative, code="north", name="North")
    south = PartnerGroup.objects.create(initiative=initiative, code="south", name="South")
    member = grouping.put_into_group(group=north, organization=alder, by=None, at=now())
    grouping.put_into_group(group=south, organization=birch, by=None, at=now())
    for quarter, number in (("2026-Q1", 100), ("2026-Q2", 20), ("2026-Q3", 3)):
        measuring.open_(initiative, quarter)
        measuring.report(alder, quarter, served=number, pupils=number)
        measuring.report(birch, quarter, served=1000, pupils=1000)

    grouping.leave_group(member=member, on=date(2026, 6, 30), by=data_manager, at=now())
    grouping.put_into_group(
        group=south, organization=alder, joined_on=date(2026, 6, 30), by=data_manager, at=now()
    )

    periods = ("2026-Q1", "2026-Q2", "2026-Q3", "2026")
    assert [value("served", each, group="north") for each in ("2026-Q1", "2026")] == [100, 100]
    assert not Cell.objects.filter(period__code__in=["2026-Q2", "2026-Q3"], group=north).exists()
    assert [value("served", each, group="south") for each in periods] == [1000, 1020, 1003, 3023]
    assert value("served", "2026") == 3123
    assert value("pupils", "2026", group="north") == 100
    assert value("pupils", "2026", group="south") == 1000 + Decimal("11.5")
    kept = everything()
    runs.rebuild(initiative=initiative, at=now())
    assert everything() == kept


def test_corrections_and_withdrawals_leave_right_cells(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    data_manager: User,
) -> None:
    measuring.assign(measuring.indicator(initiative, "served"), [alder, birch], quarters)
    measuring.open_(initiative, "2026-Q1")
    submission = measuring.report(alder, "2026-Q1", served=100)
    measuring.report(birch, "2026-Q1", served=60)
    assert value("served", "2026-Q1") == 160

    corrected = measuring.correct(submission, served=90)
    assert value("served", "2026-Q1") == 150

    workflow.withdraw(submission=corrected, reason="Not ours.", by=data_manager, at=now())
    assert value("served", "2026-Q1") == 60
    assert cell("served", "2026-Q1").missing == 1


@pytest.mark.usefixtures("years")
@pytest.mark.parametrize(
    ("over_time", "period"),
    [(OverTime.AVERAGE, "2025"), (OverTime.LAST, "2025-Q2")],
    ids=["averaged", "carried"],
)
def test_who_gives_a_number_too_small_to_tell_is_counted_as_contributing(
    initiative: Initiative,
    alder: Organization,
    quarters: ReportingCalendar,
    over_time: OverTime,
    period: str,
) -> None:
    """Else the interval of one partner alone would be told to everybody."""
    pupils = measuring.indicator(initiative, "pupils", Kind.STOCK, over_time=over_time, carry_periods=1)
    measuring.assign(pupils, [alder], quarters)
    for quarter in ("2025-Q1", "2025-Q2"):
        measuring.open_(initiative, quarter)
    measuring.report(alder, "2025-Q1", pupils="<5")

    found = cell("pupils", period)
    assert found.withheld_high == 4
    assert found.contributors == 1


def test_a_rebuild_makes_the_very_same_cells(
    initiative: Initiative, alder: Organization, birch: Organization, quarters: ReportingCalendar
) -> None:
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    pupils = measuring.indicator(initiative, "pupils", Kind.STOCK, carry_periods=1)
    _quarterly(initiative, pupils, alder, birch, quarters)
    runs.roll_up_changed(at=now())
    before = _everything()

    runs.rebuild(initiative=initiative, at=now())

    assert _everything() == before
    assert not DirtyKey.objects.exists()


def test_running_twice_is_the_same_as_once(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar
) -> None:
    measuring.assign(measuring.indicator(initiative, "served"), [alder], quarters)
    measuring.open_(initiative, "2026-Q1")
    measuring.report(alder, "2026-Q1", served=120)
    runs.roll_up_changed(at=now())
    before = _everything()

    assert runs.roll_up_changed(at=now()) == 0

    assert _everything() == before


def _everything() -> list[dict[str, object]]:
    rows = Cell.objects.order_by("indicator_id", "period_id", "group_id", "category_id")
    return [{k: v for k, v in row.items() if k not in ("id", "run_id")} for row in rows.values()]


def _partner(initiative: Initiative, name: str) -> Organization:
    made = people.organization(name, initiative)
    people.member(f"Reporter of {name}", made, Role.REPORTER)
    return made


def _quarterly(
    initiative: Initiative,
    pupils: Indicator,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
) -> None:
    """A 100, 110, 105, 120 and B 40, 45, -, 50."""
    measuring.assign(pupils, [alder, birch], quarters)
    for quarter, a, b in zip(QUARTERS, (100, 110, 105, 120), (40, 45, None, 50), strict=True):
        measuring.open_(initiative, quarter)
        measuring.report(alder, quarter, pupils=a)
        if b:
            measuring.report(birch, quarter, pupils=b)
