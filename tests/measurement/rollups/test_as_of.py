"""Reading any figure as it was: the same sums, from what had been recorded until then."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from django.db import transaction
from django.utils.timezone import now
from hypothesis import HealthCheck, given, settings

from backbone.access.permissions import Role
from backbone.accounts.models import User
from initiatives.charter.models import Initiative, PartnerGroup
from initiatives.directory import grouping
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.calendars.periods import Frequency
from measurement.indicators.kinds import Kind, OverTime
from measurement.indicators.models import Indicator, IndicatorVersion
from measurement.rollups import as_of, runs, selectors
from measurement.rollups.models import Cell, Leaf
from measurement.rollups.selectors import Known
from measurement.submissions import opening
from measurement.submissions.models import CurrentFigure, Observation
from tests.factories import measuring, people
from tests.measurement.rollups import test_any_order_of_events as orders

pytestmark = pytest.mark.usefixtures("data_manager")


def on(month: int, day: int, hour: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


def known(where: Initiative, at: datetime) -> Known:
    return selectors.known(
        where,
        at=at,
        periods=ReportingPeriod.objects.in_initiative(where).select_related("calendar"),
        versions=IndicatorVersion.objects.filter(initiative=where),
        sees_all=True,
    )


def then(code: str, period: str, at: datetime, group: PartnerGroup | None = None) -> selectors.Figure | None:
    indicator = Indicator.objects.select_related("initiative").get(code=code)
    figures = as_of.figures(known(indicator.initiative, at), indicator, at, group=group)
    return next((figure for figure in figures if figure.period.code == period), None)


def value(code: str, period: str, at: datetime, group: PartnerGroup | None = None) -> Decimal | None:
    figure = then(code, period, at, group)
    return figure.value if figure else None


@pytest.fixture
def quarter(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    data_manager: User,
) -> ReportingPeriod:
    """Example 6: late and corrected figures of three partners, due on 15 April."""
    cedar = people.organization("Cedar Clinic", initiative)
    people.member("Cy Cedar", cedar, Role.REPORTER)
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    measuring.assign(measuring.indicator(initiative, "served"), [alder, birch, cedar], quarters)
    period = measuring.open_(initiative, "2026-Q1", at=on(4, 1))
    opening.change_due_date(
        period=period,
        due_on=datetime(2026, 4, 15, tzinfo=UTC).date(),
        was=period.due_on,
        by=data_manager,
        at=on(4, 1),
    )
    first = measuring.report(alder, "2026-Q1", served=100, at=on(4, 10))
    measuring.report(birch, "2026-Q1", served=60, at=on(4, 12))
    measuring.correct(first, served=90, at=on(5, 2))
    measuring.report(cedar, "2026-Q1", served=25, at=on(5, 5))
    runs.roll_up_changed(at=now())
    period.refresh_from_db()
    return period


@pytest.mark.usefixtures("quarter")
def test_late_and_corrected_figures_count_from_when_they_were_recorded() -> None:
    """Example 6 of the measurement rules."""
    assert value("served", "2026-Q1", on(4, 15)) == 160
    assert value("served", "2026-Q1", on(5, 3)) == 150
    assert value("served", "2026-Q1", on(5, 6)) == 175
    assert value("served", "2026", on(5, 3)) == 150
    cell = Cell.objects.get(period__code="2026-Q1")
    assert (cell.on_time, cell.received) == (2, 3)


@pytest.mark.usefixtures("quarter")
def test_who_had_not_reported_yet_was_missing_and_never_zero() -> None:
    before, early, between = (then("served", "2026-Q1", on(*day)) for day in ((4, 5), (4, 11), (4, 15)))

    assert before
    assert early
    assert between
    assert (before.value, before.cell.received, before.cell.missing) == (None, 0, 3)
    assert (early.value, *vars(early.completeness).values()) == (Decimal(100), 1, 3)
    assert (between.cell.on_time, between.cell.missing) == (2, 1)


@pytest.mark.usefixtures("quarter")
def test_nothing_was_asked_before_the_period_was_opened() -> None:
    assert then("served", "2026-Q1", on(3, 31)) is None


def test_the_very_moment_of_a_recording_is_within(quarter: ReportingPeriod) -> None:
    assert value("served", "2026-Q1", on(4, 12)) == 160
    assert value("served", "2026-Q1", on(4, 12) - timedelta(microseconds=1)) == 100


@pytest.mark.usefixtures("quarter")
def test_groups_of_partners_are_read_the_same_way(initiative: Initiative, alder: Organization) -> None:
    north = PartnerGroup.objects.create(initiative=initiative, code="north", name="North")
    north.members.create(initiative=initiative, organization=alder)

    assert value("served", "2026-Q1", on(4, 15), north) == 100
    assert value("served", "2026-Q1", on(5, 3), north) == 90


def test_a_group_has_the_partners_that_were_known_to_be_in_it_then(
    quarter: ReportingPeriod,
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    data_manager: User,
) -> None:
    north = PartnerGroup.objects.create(initiative=initiative, code="north", name="North")
    first = grouping.put_into_group(group=north, organization=alder, by=None, at=on(4, 11))
    grouping.put_into_group(group=north, organization=birch, by=None, at=on(4, 20))
    grouping.take_out_of_group(member=first, by=data_manager, at=on(5, 10))

    days = ((4, 10), (4, 12), (4, 21), (5, 3), (5, 11))
    assert [value("served", "2026-Q1", on(*day, 13), north) for day in days] == [None, 100, 160, 150, 60]


def test_what_was_recorded_since_says_why(quarter: ReportingPeriod) -> None:
    served = Indicator.objects.get(code="served")
    year = ReportingPeriod.objects.get(code="2026")

    rows = list(as_of.recorded_since(served, on(4, 15), periods=[quarter, year]))

    assert [(str(row.organization), row.amount, row.reason) for row in rows] == [
        ("Cedar Clinic", 25, ""),
        ("Alder School", 90, "Please look again."),
    ]
    assert rows[1].supersedes
    assert rows[1].supersedes.amount == 100


def test_a_level_is_carried_from_what_was_known_then(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar
) -> None:
    pupils = measuring.indicator(initiative, "pupils", Kind.STOCK, carry_periods=1)
    measuring.assign(pupils, [alder], quarters)
    for code in ("2025-Q3", "2025-Q4"):
        measuring.open_(initiative, code, at=on(1, 5))
    first = measuring.report(alder, "2025-Q3", pupils=40, at=on(1, 10))
    measuring.correct(first, pupils=50, at=on(2, 10))
    measuring.report(alder, "2025-Q4", pupils=70, at=on(3, 10))

    assert [value("pupils", "2025-Q4", on(month, 20)) for month in (1, 2, 3)] == [40, 50, 70]


def test_an_average_over_time_is_made_of_what_was_known_then(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar
) -> None:
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    pupils = measuring.indicator(initiative, "pupils", Kind.STOCK, over_time=OverTime.AVERAGE)
    measuring.assign(pupils, [alder], quarters)
    for code, number, month in (("2025-Q3", 40, 1), ("2025-Q4", 60, 2)):
        measuring.open_(initiative, code, at=on(1, 5))
        measuring.report(alder, code, pupils=number, at=on(month, 10))

    assert value("pupils", "2025", on(1, 20)) == 40
    assert value("pupils", "2025", on(2, 20)) == 50


@pytest.mark.usefixtures("quarter")
def test_looking_back_leaves_nothing_behind(initiative: Initiative) -> None:
    def all_rows() -> list[object]:
        return [
            list(table.objects.order_by("pk").values()) for table in (Cell, Leaf, CurrentFigure, Observation)
        ]

    before = all_rows()
    with as_of.as_it_was(initiative, "served", on(4, 15)):
        assert Cell.objects.get(period__code="2026-Q1").amount == 160
        assert CurrentFigure.objects.get(organization__name="Cedar Clinic").status == "missing"
    assert all_rows() == before


@pytest.mark.usefixtures("quarter")
def test_nothing_can_be_written_while_looking_back(initiative: Initiative) -> None:
    with (
        pytest.raises(Exception, match="read-only transaction"),
        as_of.as_it_was(initiative, "served", on(4, 15)),
    ):
        initiative.save()


# --- whatever happened: looking back shows the cells of then -------------------------------------------------------


def sums(code: str) -> list[dict[str, object]]:
    rows = Cell.objects.filter(indicator__code=code).order_by("period_id", "group_id", "category_id")
    return [{k: v for k, v in row.items() if k not in ("id", "run_id")} for row in rows.values()]


CODES = ("served", "passed", "pupils")


def replay(steps: Sequence[orders.Step], initiative: Initiative, play_one: object) -> None:
    start = now()
    seen = []
    for place, step in enumerate(steps):
        at = start + timedelta(minutes=place)
        play_one(step, at)  # type: ignore[operator]
        runs.roll_up_changed(at=at)
        seen.append((at + timedelta(seconds=30), {code: sums(code) for code in CODES}))
    for moment, cells in seen:
        for code in CODES:
            with as_of.as_it_was(initiative, code, moment):
                assert sums(code) == cells[code]


def try_replays(
    examples: int, initiative: Initiative, partners: list[Organization], group: PartnerGroup, by: User
) -> None:
    def play_one(step: orders.Step, at: datetime) -> None:
        what, partner, quarter, number = step
        orders._one(what, partners[partner], orders.QUARTERS[quarter], number, group, by, at)

    @settings(
        max_examples=examples,
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(orders.events)
    def any_order(steps: list[orders.Step]) -> None:
        with transaction.atomic():
            replay(steps, initiative, play_one)
            transaction.set_rollback(True)

    any_order()


group = orders.group


def test_looking_back_shows_the_cells_of_then(
    initiative: Initiative, alder: Organization, birch: Organization, group: PartnerGroup, data_manager: User
) -> None:
    try_replays(15, initiative, [alder, birch], group, data_manager)


@pytest.mark.proof
@pytest.mark.timeout(3600)
def test_looking_back_shows_the_cells_of_then_many_times(
    initiative: Initiative, alder: Organization, birch: Organization, group: PartnerGroup, data_manager: User
) -> None:
    try_replays(300, initiative, [alder, birch], group, data_manager)
