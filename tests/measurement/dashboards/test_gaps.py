"""How far the categories of a breakdown lie apart, as the page of the measure says it."""

from collections.abc import Callable

import pytest
from django.test import Client

from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.indicators.kinds import Kind
from tests.factories import measuring
from tests.factories.measuring import Answer
from tests.measurement.dashboards.conftest import add_up, text

pytestmark = pytest.mark.usefixtures("data_manager")


@pytest.fixture
def read(
    initiative: Initiative,
    alder: Organization,
    quarters: ReportingCalendar,
    as_: Callable[[User], Client],
    data_manager: User,
) -> Callable[..., str]:
    """The page of a measure of which Alder reported these figures for one quarter."""

    def words(total: Answer, girls: Answer, boys: Answer, kind: Kind = Kind.RATIO) -> str:
        split = measuring.breakdown(initiative, "sex", ["Girls", "Boys"], unknown="Unknown")
        fields = {"unit": "%", "decimals": 1} if kind is Kind.RATIO else {}
        made = measuring.indicator(initiative, "measure", kind, **fields)
        measuring.assign(made, [alder], quarters, by_=[split])
        measuring.open_(initiative, "2025-Q4")
        measuring.report(alder, "2025-Q4", measure=total, measure__girls=girls, measure__boys=boys)
        add_up()
        return text(as_(data_manager).get("/i/cradle/dashboard/measure/"))

    return words


def test_a_gap_between_shares_stands_with_its_interval(read: Callable[..., str]) -> None:
    """The counts of example 20, side by side instead of one after the other."""
    words = read((165, 340), (81, 180), (84, 160))

    assert "Boys against Girls: +7.5 points, between −3.1 and +17.9: no clear gap." in words


def test_a_gap_of_many_cases_is_more_than_chance(read: Callable[..., str]) -> None:
    words = read((1650, 3400), (810, 1800), (840, 1600))

    assert "Boys against Girls: +7.5 points, between +4.1 and +10.8: more than chance." in words


def test_of_few_cases_no_gap_is_told(read: Callable[..., str]) -> None:
    assert "against Girls" not in read((90, 129), (80, 100), (10, 29))


def test_counts_have_no_gap(read: Callable[..., str]) -> None:
    assert "against Girls" not in read(200, 100, 100, Kind.FLOW)
