"""What a measure may declare about adding up over time, beyond its kind."""

from decimal import Decimal

import pytest

from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.calendars.periods import Frequency
from measurement.indicators.kinds import Kind, OverTime
from tests.factories import measuring
from tests.measurement.test_worked_examples_of_kinds import read

pytestmark = pytest.mark.usefixtures("data_manager")


@pytest.mark.parametrize(
    ("over_time", "base", "share"),
    [(OverTime.SUM, 405, Decimal(60) / 405 * 100), (OverTime.LAST, 210, Decimal(60) / 210 * 100)],
)
def test_events_of_a_year_are_divided_by_all_cases_or_by_the_level_at_its_end(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    over_time: OverTime,
    base: int,
    share: Decimal,
) -> None:
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    moved = measuring.indicator(initiative, "moved", Kind.RATIO, base_over_time=over_time)
    measuring.assign(moved, [alder, birch], quarters)
    for quarter, first, second in (("2025-Q1", (10, 95), (20, 100)), ("2025-Q2", (15, 110), (15, 100))):
        measuring.open_(initiative, quarter)
        measuring.report(alder, quarter, moved=first)
        measuring.report(birch, quarter, moved=second)

    year = read(initiative, "moved", "2025")

    assert (year.cell.amount, year.cell.base) == (60, base)
    assert year.value is not None
    assert round(year.value, 20) == round(share, 20)
