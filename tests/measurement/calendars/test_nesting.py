"""Which periods lie in which, and what that gives for the worked example 9 of the measurement rules."""

from datetime import date

import pytest
from django.utils.timezone import now

from initiatives.charter.models import Initiative
from measurement.calendars import operations
from measurement.calendars.models import PeriodPart, ReportingCalendar, ReportingPeriod
from measurement.calendars.periods import Frequency
from tests.factories import measuring

pytestmark = pytest.mark.django_db

OF_2025 = (10, 10, 12, 11, 13, 12, 5, 4, 15, 16, 14, 9)
OF_2026 = (11, 12, 13, 12, 14, 13, 6, 5, 16, 17, 15, 10)
NUMBERS = {
    f"{year}-{month:02d}": n
    for year, of in ((2025, OF_2025), (2026, OF_2026))
    for month, n in enumerate(of, 1)
}


@pytest.fixture
def months(initiative: Initiative) -> ReportingCalendar:
    return measuring.calendar(initiative, Frequency.MONTHLY)


def parts(whole: str, of: ReportingCalendar, by: ReportingCalendar) -> list[str]:
    """The codes of the periods of one calendar that lie in a period of another."""
    period = ReportingPeriod.objects.get(calendar=of, code=whole)
    found = ReportingPeriod.objects.filter(calendar=by, wholes__whole=period).order_by("start")
    return [each.code for each in found]


def added_up(whole: str, of: ReportingCalendar, months: ReportingCalendar) -> int:
    return sum(NUMBERS[code] for code in parts(whole, of, months))


@pytest.mark.parametrize(
    ("frequency", "first_month", "length", "code", "total"),
    [
        (Frequency.CALENDAR_YEAR, 1, 12, "2025", 131),
        (Frequency.FISCAL_YEAR, 7, 12, "2025-26", 138),
        (Frequency.SCHOOL_YEAR, 9, 10, "2025-26", 129),
        (Frequency.FISCAL_YEAR, 10, 12, "2025-26", 141),
    ],
)
def test_months_add_up_to_every_kind_of_year(
    initiative: Initiative,
    months: ReportingCalendar,
    frequency: Frequency,
    first_month: int,
    length: int,
    code: str,
    total: int,
) -> None:
    years = measuring.calendar(initiative, frequency, code="years", first_month=first_month, months=length)

    assert added_up(code, years, months) == total
    assert len(parts(code, years, months)) == length


def test_months_make_quarters_and_both_make_the_year(
    initiative: Initiative, months: ReportingCalendar
) -> None:
    quarters = measuring.calendar(initiative, Frequency.QUARTERLY)
    years = measuring.calendar(initiative, Frequency.CALENDAR_YEAR)

    assert parts("2025-Q2", quarters, months) == ["2025-04", "2025-05", "2025-06"]
    assert parts("2025", years, quarters) == ["2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4"]
    assert len(parts("2025", years, months)) == 12


def test_calendar_quarters_make_a_fiscal_year_from_october(initiative: Initiative) -> None:
    quarters = measuring.calendar(initiative, Frequency.QUARTERLY)
    years = measuring.calendar(initiative, Frequency.FISCAL_YEAR, first_month=10)

    assert parts("2025-26", years, quarters) == ["2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"]


def test_quarters_never_make_a_school_year_of_ten_months(initiative: Initiative) -> None:
    quarters = measuring.calendar(initiative, Frequency.QUARTERLY)
    years = measuring.calendar(initiative, Frequency.SCHOOL_YEAR, first_month=9, months=10)

    assert parts("2025-26", years, quarters) == []


@pytest.mark.parametrize("frequency", [Frequency.MONTHLY, Frequency.QUARTERLY, Frequency.CALENDAR_YEAR])
def test_weeks_never_make_anything_else(initiative: Initiative, frequency: Frequency) -> None:
    weeks = measuring.calendar(initiative, Frequency.ISO_WEEK)
    others = measuring.calendar(initiative, frequency)

    wholes = ReportingPeriod.objects.filter(calendar=others)
    assert not PeriodPart.objects.filter(whole__in=wholes, part__calendar=weeks).exists()


def test_every_period_is_part_of_itself(months: ReportingCalendar) -> None:
    assert parts("2025-03", months, months) == ["2025-03"]


def test_it_does_not_matter_which_calendar_is_made_first(initiative: Initiative) -> None:
    years = measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    months = measuring.calendar(initiative, Frequency.MONTHLY)

    assert len(parts("2026", years, months)) == 12


def test_periods_are_added_at_both_ends_without_a_hole_and_count_on(months: ReportingCalendar) -> None:
    made = operations.add_periods(
        calendar=months, first=date(2024, 11, 1), last=date(2027, 2, 28), by=None, at=now()
    )
    again = operations.add_periods(
        calendar=months, first=date(2024, 11, 1), last=date(2027, 2, 28), by=None, at=now()
    )

    assert [each.code for each in made] == ["2024-11", "2024-12", "2027-01", "2027-02"]
    assert again == []
    ordinals = list(months.periods.order_by("start").values_list("ordinal", flat=True))
    assert ordinals == list(range(ordinals[0], ordinals[0] + 28))
