"""Gaps between groups that staff watch: declared with a form, and shown with a curve, a target and a status."""

from collections.abc import Callable

import pytest
from django.test import Client

from backbone.accounts.models import User
from backbone.audit.models import Event
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.indicators.gaps import EquityGap
from measurement.indicators.kinds import Kind
from measurement.indicators.models import Category
from tests.factories import measuring
from tests.factories.measuring import Answer
from tests.measurement.dashboards.conftest import add_up, at_most, text

pytestmark = pytest.mark.usefixtures("data_manager")
HTMX = {"HX-Request": "true", "HX-Target": "gap-form"}
NEW = "/i/cradle/indicators/passed/gaps/new/"
PAGE = "/i/cradle/dashboard/passed/"
TARGET = {"baseline_on": "2024-12-31", "baseline": "-20", "due_on": "2026-12-31", "value": "0"}
QUARTERS = ("2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4")


@pytest.fixture
def client(as_: Callable[[User], Client], data_manager: User) -> Client:
    return as_(data_manager)


@pytest.fixture
def typed(initiative: Initiative, alder: Organization, quarters: ReportingCalendar) -> dict[str, str]:
    """What a form says to watch boys against girls among those who passed."""
    sex = measuring.breakdown(initiative, "sex", ["Girls", "Boys"], unknown="Unknown")
    passed = measuring.indicator(initiative, "passed", Kind.RATIO, decimals=1)
    measuring.assign(passed, [alder], quarters, by_=[sex])
    found = {each.code: str(each.pk) for each in Category.objects.all()}
    return {"category": found["boys"], "reference": found["girls"], "measured_as": "difference", **TARGET}


def report(alder: Organization, quarter: str, girls: Answer, boys: Answer) -> None:
    def part(answer: Answer, place: int) -> int:
        return int(str(answer[place])) if isinstance(answer, tuple) else 0

    total = (part(girls, 0) + part(boys, 0), part(girls, 1) + part(boys, 1))
    measuring.open_(Initiative.objects.get(), quarter)
    measuring.report(alder, quarter, passed=total, passed__girls=girls, passed__boys=boys)


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_gap_is_declared_changed_and_dropped(
    client: Client, typed: dict[str, str], headers: dict[str, str]
) -> None:
    client.post(NEW, typed, headers=headers)
    gap = EquityGap.objects.get()
    assert (str(gap), gap.value, gap.baseline) == ("Boys against Girls", 0, -20)
    assert "Boys against Girls" in text(client.get("/i/cradle/indicators/passed/"))

    client.post(f"/i/cradle/indicators/passed/gaps/{gap.public_id}/", {**typed, "value": "-5"})
    gap.refresh_from_db()
    assert gap.value == -5

    client.post(f"/i/cradle/indicators/passed/gaps/{gap.public_id}/drop/")
    assert not EquityGap.objects.exists()
    assert list(Event.objects.filter(verb__startswith="gap.").values_list("verb", flat=True)) == [
        "gap.watched",
        "gap.watched",
        "gap.dropped",
    ]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"category": ""}, "Choose “The group”."),
        ({"category": "777777777777777777777"}, "valid choice"),
        ({"category": "same"}, "two different categories"),
        ({"measured_as": "sum"}, "valid choice"),
        ({"value": ""}, "fill in all four, or none"),
        ({"value": "much"}, "not a number"),
        ({"due_on": "2024-01-01"}, "after its baseline"),
        ({"note": "a\0b"}, "cannot be stored"),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_is_no_gap_is_refused(
    client: Client, typed: dict[str, str], wrong: dict[str, str], sentence: str, headers: dict[str, str]
) -> None:
    if wrong.get("category") == "same":
        wrong = {"category": typed["reference"]}

    answer = client.post(NEW, {**typed, **wrong}, headers=headers)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not EquityGap.objects.exists()


def test_counts_have_no_gap_to_watch(
    client: Client,
    initiative: Initiative,
    alder: Organization,
    typed: dict[str, str],
    quarters: ReportingCalendar,
) -> None:
    served = measuring.indicator(initiative, "served")
    measuring.assign(served, [alder], quarters, by_=[Category.objects.all()[0].disaggregation])

    answer = client.post("/i/cradle/indicators/served/gaps/new/", typed)

    assert answer.status_code == 422
    assert "of counts the larger group always has more" in answer.content.decode()


def test_the_same_gap_is_watched_once(client: Client, typed: dict[str, str]) -> None:
    client.post(NEW, typed)
    answer = client.post(NEW, typed)

    assert answer.status_code == 422
    assert EquityGap.objects.count() == 1


def test_the_page_judges_the_gap_against_its_own_target(
    client: Client, alder: Organization, typed: dict[str, str]
) -> None:
    client.post(NEW, typed)
    for quarter, girls, boys in zip(
        QUARTERS,
        [(600, 1000), (600, 1000), (600, 1000), (600, 1000)],
        [(400, 1000), (420, 1000), (440, 1000), (520, 1000)],
        strict=True,
    ):
        report(alder, quarter, girls, boys)
    add_up()

    words = text(client.get(PAGE))

    assert "Gap: Boys against Girls" in words
    assert "Boys against Girls: −8.0 points in Q4 2025, more than chance" in words
    assert "To reach 0.0 points by 31 December 2026 it should be at −10.0 points by now." in words
    assert "On track" in words.split("Gap: Boys against Girls")[1]
    assert "It was −16.0 points in Q3 2025: the change is more than chance." in words


def test_a_gap_as_a_factor_closes_at_one(client: Client, alder: Organization, typed: dict[str, str]) -> None:
    target = {"baseline_on": "2024-12-31", "baseline": "0.5", "due_on": "2025-12-31", "value": "1"}
    client.post(NEW, {**typed, **target, "measured_as": "ratio"})
    report(alder, "2025-Q4", (800, 1000), (400, 1000))
    add_up()

    words = text(client.get(PAGE)).split("Gap: Boys against Girls")[1]

    assert "0.50 times in Q4 2025, more than chance" in words
    assert "Off track" in words


def test_of_few_cases_a_gap_has_no_status_and_of_fewer_no_number(
    client: Client, alder: Organization, typed: dict[str, str]
) -> None:
    client.post(NEW, typed)
    report(alder, "2025-Q3", (40, 60), (5, 9))
    add_up()
    assert "too few cases or partners in Q3 2025 to say" in text(client.get(PAGE))

    report(alder, "2025-Q4", (40, 60), (10, 20))
    add_up()
    words = text(client.get(PAGE)).split("Gap: Boys against Girls")[1]
    assert "−16.7 points in Q4 2025" in words
    assert "Fewer than 30 cases stand behind one of the two" in words
    assert "Too small to tell" in words
    assert "On track" not in words
    assert "Off track" not in words


def test_a_gap_of_a_partial_figure_is_not_judged(
    client: Client, initiative: Initiative, alder: Organization, birch: Organization, typed: dict[str, str]
) -> None:
    client.post(NEW, typed)
    split = Category.objects.all()[0].disaggregation
    passed = EquityGap.objects.get().indicator
    measuring.assign(passed, [birch], ReportingCalendar.objects.get(), by_=[split])
    report(alder, "2025-Q4", (600, 1000), (400, 1000))
    add_up()

    words = text(client.get(PAGE)).split("Gap: Boys against Girls")[1]

    assert "partial in Q4 2025" in words
    assert "more than chance" not in words


def test_watched_gaps_cost_two_queries_however_many(
    client: Client, alder: Organization, typed: dict[str, str]
) -> None:
    report(alder, "2025-Q4", (600, 1000), (400, 1000))
    add_up()
    client.post(NEW, typed)
    client.post(NEW, {**typed, "measured_as": "ratio"})
    client.get(PAGE)

    with at_most(12):
        assert client.get(PAGE).content.decode().count("gap-") > 2
