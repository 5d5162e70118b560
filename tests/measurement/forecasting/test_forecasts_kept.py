"""What is to be expected is kept once, when a figure has settled, and later figures are judged against it."""

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import InternalError, transaction
from django.test import Client
from django.utils.timezone import now

from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.calendars.periods import Frequency
from measurement.forecasting import operations
from measurement.forecasting.models import Forecast, ForecastPoint
from measurement.indicators.models import Indicator, SeriesBreak
from measurement.submissions import opening
from measurement.submissions.models import Submission
from tests.factories import measuring
from tests.measurement.dashboards.conftest import add_up, at_most, text

pytestmark = pytest.mark.usefixtures("data_manager")
URL = "/i/cradle/dashboard/measure/"
EXAMPLE_25 = [30, 31, 33, 32, 35, 36, 38, 37]


@pytest.fixture
def months(initiative: Initiative, alder: Organization) -> ReportingCalendar:
    made = measuring.calendar(initiative, Frequency.MONTHLY, first=date(2024, 1, 1), last=date(2026, 6, 30))
    measuring.assign(measuring.indicator(initiative, "measure", decimals=3), [alder], made)
    return made


@pytest.fixture
def read(as_: Callable[[User], Client], data_manager: User) -> Callable[[], str]:
    def words() -> str:
        add_up()
        return text(as_(data_manager).get(URL))

    return words


def come_in(values: Sequence[int], alder: Organization, *, first: int = 0) -> list[Submission]:
    made = []
    for place, value in enumerate(values, start=first):
        code = f"{2024 + place // 12}-{place % 12 + 1:02}"
        measuring.open_(Initiative.objects.get(), code)
        made.append(measuring.report(alder, code, measure=value))
    add_up()
    return made


def keep() -> int:
    return operations.freeze(initiative=Initiative.objects.get(), at=now())


@pytest.mark.usefixtures("months")
def test_example_25_is_kept_with_its_slope_and_interval(alder: Organization) -> None:
    come_in(EXAMPLE_25, alder)

    assert (keep(), keep()) == (1, 0)
    forecast = Forecast.objects.get()
    points = list(forecast.points.all())
    assert (round(forecast.slope, 5), forecast.figures, forecast.last.code) == (
        Decimal("1.14286"),
        8,
        "2024-08",
    )
    assert [
        (point.label, round(point.value, 3), round(point.low, 3), round(point.high, 3))
        for point in (points[0], points[3])
    ] == [
        ("September 2024", Decimal("39.143"), Decimal("36.271"), Decimal("42.015")),
        ("December 2024", Decimal("42.571"), Decimal("39.015"), Decimal("46.128")),
    ]
    assert len(points) == 4  # half as far as the history is long


@pytest.mark.usefixtures("months")
def test_a_correction_of_the_past_changes_nothing_that_was_kept(
    alder: Organization, read: Callable[[], str]
) -> None:
    reports = come_in(EXAMPLE_25, alder)
    keep()
    before = list(ForecastPoint.objects.values())

    measuring.correct(reports[0], measure=3000)
    add_up()

    assert keep() == 0
    assert list(ForecastPoint.objects.values()) == before
    words = read()
    assert "39.143 people in September 2024 (between 36.271 and 42.015)" in words
    assert "from 8 figures." in words
    assert "Kept since" in words
    assert "Computed today" not in words


@pytest.mark.usefixtures("months")
@pytest.mark.parametrize(
    ("came", "verdict"),
    [
        (43, "better: the curve has turned"),
        (40, "as was to be expected"),
        (36, "worse than was to be expected"),
    ],
)
def test_a_later_figure_is_judged_against_what_was_kept(
    alder: Organization, read: Callable[[], str], came: int, verdict: str
) -> None:
    come_in(EXAMPLE_25, alder)
    keep()

    come_in([came], alder, first=8)

    assert f"It was expected at 39.143 people (36.271 to 42.015): {verdict}." in read()


@pytest.mark.usefixtures("months")
def test_the_newest_forecast_before_a_figure_judges_it(alder: Organization) -> None:
    come_in(EXAMPLE_25, alder)
    keep()
    come_in([43], alder, first=8)
    assert keep() == 1
    assert set(Forecast.objects.values_list("last__code", flat=True)) == {"2024-08", "2024-09"}


def test_nothing_is_kept_of_a_figure_that_has_not_settled(
    initiative: Initiative, alder: Organization, months: ReportingCalendar, data_manager: User
) -> None:
    come_in(EXAMPLE_25, alder)
    ReportingPeriod.objects.filter(calendar=months).update(due_on=now().date() + timedelta(days=30))
    assert keep() == 0

    newest = ReportingPeriod.objects.get(initiative=initiative, code="2024-08")
    opening.close_period(period=newest, by=data_manager, at=now())

    assert keep() == 1


@pytest.mark.usefixtures("months")
def test_five_figures_since_the_meaning_changed_are_too_few(
    initiative: Initiative, alder: Organization
) -> None:
    come_in(EXAMPLE_25, alder)
    SeriesBreak.objects.create(
        initiative=initiative,
        indicator=Indicator.objects.get(),
        on=date(2024, 4, 1),
        note="A new register.",
    )
    assert keep() == 0


@pytest.mark.usefixtures("months")
def test_the_database_refuses_to_change_what_was_kept(alder: Organization) -> None:
    come_in(EXAMPLE_25, alder)
    keep()
    for table in (Forecast, ForecastPoint):
        with pytest.raises(InternalError, match="Cannot"), transaction.atomic():
            table.objects.update(initiative_id=1)
        with pytest.raises(InternalError, match="Cannot"), transaction.atomic():
            table.objects.all()._raw_delete("default")


@pytest.mark.usefixtures("months")
def test_looking_back_knows_no_forecast_that_came_later(
    alder: Organization, as_: Callable[[User], Client], data_manager: User
) -> None:
    come_in(EXAMPLE_25, alder)
    today = now().date().isoformat()
    operations.freeze(initiative=Initiative.objects.get(), at=now() + timedelta(days=2))

    assert "Kept since" not in text(as_(data_manager).get(f"{URL}?as_of={today}"))


@pytest.mark.usefixtures("months")
def test_kept_forecasts_cost_one_query(
    alder: Organization, as_: Callable[[User], Client], data_manager: User
) -> None:
    come_in(EXAMPLE_25, alder)
    keep()
    client = as_(data_manager)
    client.get(URL)
    with at_most(9):
        client.get(URL)
