"""Worked examples of what is shown: rounded once, judged against targets, placed in weeks, and asked about."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.utils.timezone import now

from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import PeriodPart, ReportingCalendar, ReportingPeriod
from measurement.calendars.periods import Frequency
from measurement.indicators import operations as indicators
from measurement.indicators.kinds import Kind
from measurement.indicators.models import Target
from measurement.judgement.targets import TargetStatus
from measurement.rollups.judging import judge
from tests.factories import measuring
from tests.measurement.test_worked_examples_of_kinds import read, reader, three, words

pytestmark = pytest.mark.usefixtures("data_manager")
__all__ = ["reader", "three"]

Q1 = "2026-Q1"


@pytest.mark.parametrize(
    ("typed", "decimals", "shown"),
    [
        ("2.5", 0, "3 people"),
        ("-2.5", 0, "-3 people"),
        ("2.675", 2, "2.68 people"),
        ("12.345", 2, "12.35 people"),
    ],
)
def test_example_12_a_half_is_rounded_away_from_zero_wherever_it_is_shown(
    typed: str,
    decimals: int,
    shown: str,
    initiative: Initiative,
    alder: Organization,
    quarters: ReportingCalendar,
    reader: Client,
) -> None:
    balance = measuring.indicator(initiative, "balance", decimals=decimals, allows_negative=True)
    measuring.assign(balance, [alder], quarters)
    measuring.open_(initiative, Q1)
    measuring.report(alder, Q1, balance=typed)

    assert read(initiative, "balance", Q1).value == Decimal(typed)
    assert f"Q1 2026: {shown}" in words(reader, initiative, "balance").replace("\u2212", "-")
    assert f"≈ {shown}" in words(reader, initiative, "balance", how=Q1).replace("\u2212", "-")
    assert shown in page_of(reader, f"/i/{initiative.slug}/dashboard/").replace("\u2212", "-")


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().replace("\u00a0", " ").split())


def test_example_12_three_times_four_tenths_is_one_and_not_nothing(
    initiative: Initiative, three: list[Organization], quarters: ReportingCalendar, reader: Client
) -> None:
    measuring.assign(measuring.indicator(initiative, "given", decimals=0), three, quarters)
    measuring.open_(initiative, Q1)
    for partner in three:
        measuring.report(partner, Q1, given="0.4")

    assert read(initiative, "given", Q1).value == Decimal("1.2")
    assert "Q1 2026: 1 people" in words(reader, initiative, "given")
    assert "0.4 + 0.4 + 0.4 ≈ 1 people" in words(reader, initiative, "given", how=Q1)


def test_example_12_thirds_show_33_3_and_are_kept_as_thirds(
    initiative: Initiative, three: list[Organization], quarters: ReportingCalendar, reader: Client
) -> None:
    thirds = measuring.breakdown(initiative, "part", ["A", "B", "C"])
    served = measuring.indicator(initiative, "served")
    measuring.assign(served, [three[0]], quarters, by_=[thirds])
    measuring.assign(measuring.indicator(initiative, "passed", Kind.RATIO, decimals=1), three, quarters)
    measuring.open_(initiative, Q1)
    measuring.report(three[0], Q1, passed=(10, 30), served=30, served__a=10, served__b=10, served__c=10)
    for partner in three[1:]:
        measuring.report(partner, Q1, passed=(10, 30))

    share = read(initiative, "passed", Q1)
    assert (share.cell.amount, share.cell.base) == (30, 90)
    assert "Q1 2026: 33.3 %" in words(reader, initiative, "passed")
    split = words(reader, initiative, "served")
    assert all(f"{part} 33.3 % 10 people" in split for part in "ABC")


def test_example_10_the_first_of_january_2027_is_in_the_last_week_of_2026(
    initiative: Initiative, alder: Organization, reader: Client
) -> None:
    weeks = measuring.calendar(initiative, Frequency.ISO_WEEK, first=date(2026, 1, 1), last=date(2027, 1, 31))
    measuring.assign(measuring.indicator(initiative, "served"), [alder], weeks)
    new_year = ReportingPeriod.objects.get(
        calendar=weeks, start__lte=date(2027, 1, 1), end__gte=date(2027, 1, 1)
    )
    measuring.open_(initiative, new_year.code)
    measuring.report(alder, new_year.code, served=7)

    assert new_year.code == "2026-W53"
    assert ReportingPeriod.objects.filter(calendar=weeks, code__startswith="2026-W").count() == 53
    assert PeriodPart.objects.filter(part=new_year).count() == 1  # a week makes nothing but itself
    assert read(initiative, "served", "2026-W53").value == 7
    assert "7 people" in words(reader, initiative, "served", how="2026-W53", calendar="iso_week")


def test_example_16_who_had_no_case_changes_nothing_and_is_told(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    reader: Client,
) -> None:
    measuring.assign(
        measuring.indicator(initiative, "passed", Kind.RATIO, decimals=1), [alder, birch], quarters
    )
    measuring.open_(initiative, Q1)
    measuring.report(alder, Q1, passed=(0, 0))
    measuring.report(birch, Q1, passed=(5, 10))

    assert read(initiative, "passed", Q1).value == 50
    page = words(reader, initiative, "passed")
    assert "Q1 2026: 50.0 %" in page
    assert "1 partner had no cases" in page


# Of 728 days 546 have gone when the second quarter of 2026 ends: three quarters of the way.
BEGAN, DUE = date(2024, 12, 31), date(2026, 12, 29)


@pytest.mark.parametrize(
    ("baseline", "target", "actual", "expected", "progress", "index", "status", "told"),
    [
        (40, 60, 53, 55, "0.65", "0.8667", TargetStatus.AT_RISK, "At risk"),
        (30, 20, 27, Decimal("22.5"), "0.3", "0.4", TargetStatus.OFF_TRACK, "Off track"),
    ],
)
def test_example_18_a_figure_is_held_against_how_much_of_the_way_has_gone(
    baseline: int,
    target: int,
    actual: int,
    expected: Decimal,
    progress: str,
    index: str,
    status: TargetStatus,
    told: str,
    initiative: Initiative,
    alder: Organization,
    quarters: ReportingCalendar,
    reader: Client,
) -> None:
    served = measuring.indicator(initiative, "served", polarity="lower" if target < baseline else "higher")
    measuring.assign(served, [alder], quarters)
    measuring.open_(initiative, "2026-Q2")
    measuring.report(alder, "2026-Q2", served=actual)
    aim = Target(
        initiative=initiative,
        indicator=served,
        baseline_on=BEGAN,
        baseline=Decimal(baseline),
        due_on=DUE,
        value=Decimal(target),
    )
    indicators.set_target(target=aim, by=None, at=now())

    found = judge(read(initiative, "served", "2026-Q2"), aim)

    assert found is not None
    assert found.status is status
    assert found.expected == expected
    assert found.progress == Decimal(progress)
    assert found.index is not None
    assert round(found.index, 4) == Decimal(index)
    assert told in words(reader, initiative, "served")


def test_example_24_the_limits_of_a_share_stand_in_the_question(
    initiative: Initiative, alder: Organization, as_: Callable[[User], Client], rita: User
) -> None:
    quarters = measuring.calendar(initiative, first=date(2025, 1, 1))
    measuring.assign(measuring.indicator(initiative, "passed", Kind.RATIO, decimals=1), [alder], quarters)
    shares = ((45, 100), (52, 110), (38, 90), (61, 120))
    for place, share in enumerate(shares, start=1):
        measuring.open_(initiative, f"2025-Q{place}")
        measuring.report(alder, f"2025-Q{place}", passed=share)
    measuring.open_(initiative, Q1)

    draft = measuring.draft(alder, Q1, passed=(30, 40))

    page = page_of(as_(rita), draft.get_absolute_url())
    assert "25.4 %" in page
    assert "72.8 %" in page
