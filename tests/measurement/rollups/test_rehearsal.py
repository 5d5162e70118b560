"""Trying a change on past data: before and after, and nothing touched."""

from datetime import date
from decimal import Decimal

import pytest
from django.apps import apps
from django.db import connection
from django.utils.timezone import now

from initiatives.charter.models import Initiative, PartnerGroup
from initiatives.directory import grouping
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.calendars.periods import Frequency
from measurement.indicators.kinds import Kind, OverTime
from measurement.indicators.models import Indicator, IndicatorVersion
from measurement.rollups import runs, selectors
from measurement.rollups.kinds import Standing
from measurement.rollups.rehearsal import BeforeAndAfter, Trial, rehearse
from measurement.stated import operations as stating
from measurement.stated.models import PopulationFigure
from tests.factories import measuring

pytestmark = pytest.mark.usefixtures("data_manager")

QUARTERS = ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4")


@pytest.fixture
def pupils(
    initiative: Initiative, alder: Organization, birch: Organization, quarters: ReportingCalendar
) -> Indicator:
    """Example 3 of the measurement rules: a level of two partners, one of which is silent for a quarter."""
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    made = measuring.indicator(initiative, "pupils", Kind.STOCK, over_time=OverTime.LAST)
    measuring.assign(made, [alder, birch], quarters)
    for code, a, b in zip(QUARTERS, (100, 110, 105, 120), (40, 45, None, 50), strict=True):
        measuring.open_(initiative, code)
        measuring.report(alder, code, pupils=a)
        if b:
            measuring.report(birch, code, pupils=b)
    runs.roll_up_changed(at=now())
    return made


def tried(indicator: Indicator, trial: Trial, group: PartnerGroup | None = None) -> dict[str, BeforeAndAfter]:
    where = indicator.initiative
    known = selectors.known(
        where,
        at=now(),
        periods=ReportingPeriod.objects.in_initiative(where).select_related("calendar"),
        versions=IndicatorVersion.objects.filter(initiative=where),
        sees_all=True,
    )
    return {_code(pair): pair for pair in rehearse(known, indicator, trial, group=group)}


def _code(pair: BeforeAndAfter) -> str:
    figure = pair.before or pair.after
    assert figure
    return figure.period.code


def values(pairs: dict[str, BeforeAndAfter], *codes: str) -> list[tuple[object, object]]:
    return [
        (
            pair.before.value if pair.before else None,
            pair.after.value if pair.after else None,
        )
        for pair in (pairs[code] for code in codes)
    ]


def test_without_a_partner_the_others_remain(pupils: Indicator, birch: Organization) -> None:
    pairs = tried(pupils, Trial(without=birch.pk))

    assert values(pairs, *QUARTERS, "2025") == [(140, 100), (155, 110), (105, 105), (170, 120), (170, 120)]
    third = pairs["2025-Q3"].after
    assert third
    assert (third.completeness.received, third.completeness.expected) == (1, 1)


def test_a_partner_can_be_taken_into_a_group(
    pupils: Indicator, initiative: Initiative, alder: Organization, birch: Organization
) -> None:
    group = PartnerGroup.objects.create(initiative=initiative, code="north", name="North")
    grouping.put_into_group(group=group, organization=alder, by=measuring.reviewer(initiative), at=now())
    runs.roll_up_changed(at=now())

    pairs = tried(pupils, Trial(also=birch.pk), group)

    assert values(pairs, "2025-Q1", "2025-Q4") == [(100, 140), (120, 170)]
    assert not group.members.filter(organization=birch).exists()


def test_another_share_makes_a_figure_complete(pupils: Indicator) -> None:
    pair = tried(pupils, Trial(final_at=Decimal("0.5")))["2025-Q3"]

    assert pair.before
    assert pair.after
    assert pair.before.standing is Standing.PARTIAL
    assert pair.after.standing is Standing.FINAL
    assert pair.before.value == pair.after.value == 105


def test_a_level_is_carried_forward(pupils: Indicator) -> None:
    pairs = tried(pupils, Trial(carry_periods=1))

    assert values(pairs, "2025-Q3", "2025-Q4") == [(105, 150), (170, 170)]


def test_a_level_is_averaged_instead_of_taking_the_last(pupils: Indicator) -> None:
    pairs = tried(pupils, Trial(over_time=OverTime.AVERAGE))

    assert values(pairs, "2025", "2025-Q2") == [(170, Decimal("153.75")), (155, 155)]


def test_trying_nothing_changes_nothing(pupils: Indicator) -> None:
    pairs = tried(pupils, Trial())

    assert all(before == after for before, after in values(pairs, *pairs))


def test_what_is_tried_is_what_happens(pupils: Indicator) -> None:
    """The sums tried are those that a rebuild makes once the rule has been changed for good."""
    pairs = tried(pupils, Trial(over_time=OverTime.AVERAGE, carry_periods=1))

    IndicatorVersion.objects.filter(indicator=pupils).update(over_time=OverTime.AVERAGE, carry_periods=1)
    runs.rebuild(initiative=pupils.initiative, at=now())
    now_kept = tried(pupils, Trial())

    assert [after for _before, after in values(pairs, *pairs)] == [
        before for before, _after in values(now_kept, *pairs)
    ]


def test_nothing_persists(pupils: Indicator, birch: Organization) -> None:
    before = everything()

    tried(
        pupils,
        Trial(without=birch.pk, final_at=Decimal("0.1"), over_time=OverTime.AVERAGE, carry_periods=3),
    )

    assert everything() == before


def everything() -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    found = {}
    with connection.cursor() as cursor:
        for table in sorted({model._meta.db_table for model in apps.get_models(include_auto_created=True)}):
            cursor.execute(f'SELECT t::text FROM "{table}" t ORDER BY 1')
            found[table] = cursor.fetchall()
    return found


def test_a_computed_measure_is_tried_on_what_it_is_made_from(
    initiative: Initiative, alder: Organization, birch: Organization, quarters: ReportingCalendar
) -> None:
    for code in ("spent", "served"):
        measuring.assign(measuring.indicator(initiative, code), [alder, birch], quarters)
    cost = measuring.indicator(initiative, "cost", Kind.DERIVED, expression="spent / served", unit="")
    measuring.open_(initiative, "2025-Q1")
    measuring.report(alder, "2025-Q1", spent=1000, served=10)
    measuring.report(birch, "2025-Q1", spent=200, served=30)
    runs.roll_up_changed(at=now())

    pairs = tried(cost, Trial(without=birch.pk))

    assert values(pairs, "2025-Q1") == [(30, 100)]


def test_figures_of_a_population_stay_whoever_is_left_out(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar
) -> None:
    people = measuring.indicator(initiative, "people", Kind.POPULATION)
    figure = PopulationFigure(
        initiative=initiative,
        indicator=people,
        period=ReportingPeriod.objects.get(code="2025-Q1"),
        amount=Decimal(1000),
        as_of=date(2025, 1, 1),
        source="Register",
    )
    stating.state_population(figure=figure, by=None, at=now())
    runs.roll_up_changed(at=now())

    assert values(tried(people, Trial(without=alder.pk)), "2025-Q1") == [(1000, 1000)]
