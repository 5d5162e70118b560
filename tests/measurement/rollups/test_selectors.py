from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

import pytest
from django.utils.timezone import now

from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.calendars.periods import Frequency
from measurement.indicators.kinds import Kind
from measurement.indicators.models import Indicator, IndicatorVersion
from measurement.judgement.small_numbers import GroupSize
from measurement.rollups import runs, selectors
from measurement.rollups.kinds import Completeness, Standing
from measurement.rollups.selectors import Figure, Known
from tests.factories import measuring

pytestmark = pytest.mark.usefixtures("data_manager")


def known(where: Initiative, *, at: datetime | None = None) -> Known:
    return selectors.known(
        where,
        at=at or now(),
        periods=ReportingPeriod.objects.in_initiative(where).select_related("calendar"),
        versions=IndicatorVersion.objects.filter(initiative=where),
        sees_all=True,
    )


def read(where: Initiative, code: str, period: str, *, at: datetime | None = None) -> Figure:
    runs.roll_up_changed(at=now())
    found = selectors.figure(
        known(where, at=at),
        Indicator.objects.get(initiative=where, code=code),
        ReportingPeriod.objects.get(initiative=where, code=period),
    )
    assert found
    return found


@pytest.fixture
def served(
    initiative: Initiative, alder: Organization, birch: Organization, quarters: ReportingCalendar
) -> Indicator:
    made = measuring.indicator(initiative, "served")
    measuring.assign(made, [alder, birch], quarters)
    for code in ("2025-Q3", "2025-Q4"):
        measuring.open_(initiative, code)
    return made


def test_a_late_partner_never_looks_like_a_decline(
    initiative: Initiative, served: Indicator, alder: Organization, birch: Organization
) -> None:
    measuring.report(alder, "2025-Q3", served=120)
    measuring.report(birch, "2025-Q3", served=80)

    measuring.report(alder, "2025-Q4", served=126)

    figure = read(initiative, served.code, "2025-Q4")
    assert figure.value == 126
    assert figure.completeness == Completeness(1, 2)
    assert figure.standing is Standing.PARTIAL
    assert figure.is_partial


def test_a_figure_is_provisional_until_it_is_due_and_final_after(
    initiative: Initiative, served: Indicator, alder: Organization, birch: Organization
) -> None:
    for organization in (alder, birch):
        measuring.report(organization, "2025-Q4", served=1)
    due = known(initiative).is_past_due

    period = ReportingPeriod.objects.get(code="2025-Q4")
    before = datetime.fromisoformat("2026-01-30T23:59:59-05:00")
    after = datetime.fromisoformat("2026-01-31T00:00:00-05:00")

    assert due(period)
    assert read(initiative, served.code, "2025-Q4", at=before).standing is Standing.PROVISIONAL
    assert read(initiative, served.code, "2025-Q4", at=after).standing is Standing.FINAL


def test_what_is_asked_and_not_in_has_no_value_and_counts_as_nothing(
    initiative: Initiative, served: Indicator
) -> None:
    figure = read(initiative, served.code, "2025-Q4")

    assert figure.value is None
    assert figure.standing is Standing.NOTHING
    assert figure.completeness == Completeness(0, 2)


def test_a_curve_is_in_order_of_time_and_knows_which_periods_were_reported(
    initiative: Initiative, served: Indicator, alder: Organization
) -> None:
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    measuring.report(alder, "2025-Q4", served=2)
    measuring.report(alder, "2025-Q3", served=1)
    runs.roll_up_changed(at=now())

    curve = selectors.curve(known(initiative), served)

    assert [(f.period.code, f.value, f.reported) for f in curve] == [
        ("2025", Decimal(3), False),
        ("2025-Q3", Decimal(1), True),
        ("2025-Q4", Decimal(2), True),
    ]
    assert [f.period.code for f in selectors.totals(known(initiative), only_reported=True)] == [
        "2025-Q3",
        "2025-Q4",
    ]


@pytest.mark.parametrize(
    ("cases", "size", "shown"),
    [(9, GroupSize.TOO_SMALL, None), (10, GroupSize.SMALL, Decimal(50)), (30, GroupSize.ENOUGH, Decimal(50))],
)
def test_a_percentage_of_few_cases_is_not_shown_or_marked(
    cases: int,
    size: GroupSize,
    shown: Decimal | None,
    initiative: Initiative,
    alder: Organization,
    quarters: ReportingCalendar,
) -> None:
    measuring.assign(measuring.indicator(initiative, "passed", Kind.RATIO), [alder], quarters)
    measuring.open_(initiative, "2025-Q4")
    measuring.report(alder, "2025-Q4", passed=(Decimal(cases) / 2, cases))

    figure = read(initiative, "passed", "2025-Q4")

    assert figure.value == 50
    assert (figure.size, figure.shown) == (size, shown)


def test_only_periods_about_which_something_was_asked_can_be_read(
    initiative: Initiative, served: Indicator
) -> None:
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)

    assert codes(selectors.periods_read(initiative)) == ["2025", "2025-Q3", "2025-Q4"]


def test_news_are_the_totals_with_data_since_a_moment(
    initiative: Initiative, served: Indicator, alder: Organization
) -> None:
    measuring.report(alder, "2025-Q3", served=1)
    runs.roll_up_changed(at=now())
    moment = now()
    measuring.report(alder, "2025-Q4", served=2)
    runs.roll_up_changed(at=now())

    moved = selectors.moved_since(known(initiative), moment, at_most=5)

    assert [figure.period.code for figure in moved] == ["2025-Q4"]


def test_what_is_left_to_add_up_is_counted_until_it_is_done(
    initiative: Initiative, served: Indicator, alder: Organization
) -> None:
    runs.roll_up_changed(at=now())
    assert selectors.sums_left(initiative, at=now()) == 0

    measuring.report(alder, "2025-Q4", served=2)
    assert selectors.sums_left(initiative, at=now()) == 1

    runs.roll_up_changed(at=now())
    assert selectors.sums_left(initiative, at=now()) == 0


def codes(periods: Iterable[ReportingPeriod]) -> list[str]:
    return [period.code for period in periods]
