"""Series from outside: added by staff, drawn beside the curve with their source, and in no total."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.test import Client

from backbone.accounts.models import User
from backbone.audit.models import Event
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.benchmarks.models import Benchmark
from measurement.calendars.models import ReportingCalendar
from measurement.rollups.models import Cell
from tests.factories import measuring
from tests.measurement.dashboards.conftest import add_up, at_most, text

pytestmark = pytest.mark.usefixtures("data_manager")
HTMX = {"HX-Request": "true", "HX-Target": "benchmark-form"}
LIST = "/i/cradle/indicators/served/benchmarks/"
NEW = f"{LIST}new/"
PAGE = "/i/cradle/dashboard/served/"
TYPED = {
    "name": "The state",
    "source": "Census of schools",
    "licence": "CC BY 4.0",
    "link": "https://example.org/census",
    "unit": "people",
    "values": "2025-Q3\t777\n2025-Q4\t888\n1950 5",
}


@pytest.fixture
def client(as_: Callable[[User], Client], data_manager: User) -> Client:
    return as_(data_manager)


@pytest.fixture(autouse=True)
def served(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar, data_manager: User
) -> None:
    measuring.assign(measuring.indicator(initiative, "served"), [alder], quarters)
    for quarter in ("2025-Q3", "2025-Q4"):
        measuring.open_(initiative, quarter)
        measuring.report(alder, quarter, served=12)
    add_up()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_series_is_added_changed_and_taken_away(client: Client, headers: dict[str, str]) -> None:
    assert "will be listed here" in text(client.get(LIST))
    client.post(NEW, TYPED, headers=headers)
    made = Benchmark.objects.get()
    assert list(made.values.values_list("value", flat=True)) == [5, 777, 888]
    assert "Census of schools · CC BY 4.0" in text(client.get(LIST))

    address = f"{LIST}{made.public_id}/"
    assert "2025-12-31\t888" in client.get(address).content.decode()
    client.post(address, {**TYPED, "values": "2025 6,5"}, headers={"Accept-Language": "de"})
    client.post(address, {**TYPED, "values": "2025 6.5"})
    assert [row.value for row in made.values.all()] == [Decimal("6.5")]

    client.post(f"{address}remove/")
    assert not Benchmark.objects.exists()
    assert Event.objects.filter(verb__startswith="benchmark.").count() >= 3


@pytest.mark.parametrize("headers", [{}, HTMX])
@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"name": ""}, "Fill in “Name”."),
        ({"licence": ""}, "Fill in “Licence”."),
        ({"source": ""}, "Fill in “Source”."),
        ({"values": ""}, "Fill in “Values”."),
        ({"values": "2025 1\nsoon 2"}, "Line 2: write the day as in"),
        ({"values": "9" * 70_000}, "Shorten the text"),
        ({"unit": "%"}, "cannot stand beside it"),
        ({"link": "javascript:alert(1)"}, "valid URL"),
        ({"name": "a\0b"}, "cannot be stored"),
    ],
)
def test_what_is_no_series_is_refused(
    client: Client, wrong: dict[str, str], sentence: str, headers: dict[str, str]
) -> None:
    answer = client.post(NEW, {**TYPED, **wrong}, headers=headers)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Benchmark.objects.exists()


def test_a_name_is_taken_once(client: Client) -> None:
    client.post(NEW, TYPED)
    answer = client.post(NEW, TYPED)

    assert answer.status_code == 422
    assert "already a series of this name" in answer.content.decode()


def test_it_stands_at_the_curve_with_its_source_and_in_no_total(client: Client, funder: User) -> None:
    client.post(NEW, TYPED)
    add_up()

    answer = client.get(PAGE)
    words, page = text(answer), answer.content.decode()

    assert 'class="chart-comparison"' in page
    assert "Source: Census of schools, licence: CC BY 4.0." in words
    assert "It is in no total." in words
    assert "31 December 2025 888 people 12 people" in words
    assert "31 December 1950 5 people –" in words
    assert set(Cell.objects.filter(category=None).values_list("amount", flat=True)) == {12}


def test_a_series_whose_unit_is_no_longer_that_of_the_measure_is_not_drawn(client: Client) -> None:
    client.post(NEW, TYPED)
    Benchmark.objects.update(unit="%")

    page = client.get(PAGE).content.decode()

    assert 'class="chart-comparison"' not in page
    assert "Census of schools" in page


def test_series_cost_one_query_however_many(client: Client) -> None:
    for number in range(5):
        client.post(NEW, {**TYPED, "name": f"State {number}"})
    client.get(PAGE)

    with at_most(9):
        assert "State 4" in text(client.get(PAGE))
