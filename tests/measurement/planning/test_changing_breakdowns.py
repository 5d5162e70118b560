"""Breakdowns that are added, taken away, merged or put into coarser ones, by the pages that people use."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.indicators.models import Category, Disaggregation, Indicator
from measurement.rollups import runs
from measurement.rollups.models import Cell
from measurement.submissions.models import Assignment, CurrentFigure
from tests.factories import measuring

Q1, Q2 = "2026-Q1", "2026-Q2"
HTMX = {"HX-Request": "true"}


@pytest.fixture
def staff(as_: Callable[[User], Client], data_manager: User) -> Client:
    return as_(data_manager)


@pytest.fixture
def sex(initiative: Initiative) -> Disaggregation:
    return measuring.breakdown(initiative, "sex", ["F", "M"], unknown="Unknown")


@pytest.fixture
def served(
    initiative: Initiative, alder: Organization, birch: Organization, quarters: ReportingCalendar
) -> Indicator:
    made = measuring.indicator(initiative, "served")
    measuring.assign(made, [alder, birch], quarters)
    for quarter in (Q1, Q2):
        measuring.open_(initiative, quarter)
    return made


def change(client: Client, organization: Organization, **typed: object) -> int:
    assignment = Assignment.objects.filter(organization=organization).latest("starts_on")
    address = reverse(
        "measurement:planning:change-breakdowns", args=[assignment.initiative.slug, assignment.public_id]
    )
    return client.post(address, typed).status_code


def asked(organization: Organization, quarter: str) -> set[str]:
    figures = CurrentFigure.objects.filter(organization=organization, period__code=quarter)
    codes = figures.exclude(status="not_expected").values_list("category__code", flat=True)
    return {code or "total" for code in codes}


def amount(category: str | None, period: str) -> object:
    runs.roll_up_changed(at=now())
    cells = Cell.objects.filter(period__code=period, group=None, indicator__code="served")
    chosen = Category.objects.get(code=category) if category else None
    return cells.filter(category=chosen).values_list("amount", flat=True).first()


@pytest.mark.usefixtures("served")
def test_a_breakdown_added_later_leaves_past_periods_as_they_were(
    staff: Client, alder: Organization, birch: Organization, sex: Disaggregation
) -> None:
    measuring.report(alder, Q1, served=40)

    assert change(staff, alder, since=Q2, disaggregations=[str(sex.public_id)]) == 302

    assert asked(alder, Q1) == {"total"}
    assert asked(alder, Q2) == {"total", "f", "m", "unknown"}
    assert asked(birch, Q2) == {"total"}
    measuring.report(alder, Q2, served=50, served__f=20, served__m=25)
    assert (amount("f", Q1), amount("f", Q2), amount(None, Q1)) == (None, 20, 40)


@pytest.mark.usefixtures("served")
def test_a_breakdown_added_to_a_period_that_is_reported_comes_by_a_correction_and_history_is_kept(
    staff: Client, alder: Organization, sex: Disaggregation
) -> None:
    submission = measuring.report(alder, Q1, served=40)

    assert change(staff, alder, since=Q1, disaggregations=[str(sex.public_id)]) == 302
    runs.roll_up_changed(at=now())
    before = Cell.objects.get(period__code=Q1, group=None, category__code="f")
    assert (before.amount, before.expected, before.received) == (None, 1, 0)
    measuring.correct(submission, at=now() + timedelta(hours=1), served=40, served__f=30, served__m=9)

    assert (amount(None, Q1), amount("f", Q1), amount("unknown", Q1)) == (40, 30, 1)
    assert submission.observations.filter(category=None).count() == 1


@pytest.mark.usefixtures("served")
def test_a_breakdown_taken_away_keeps_what_was_reported_by_it(
    staff: Client, alder: Organization, birch: Organization, sex: Disaggregation
) -> None:
    change(staff, alder, since=Q1, disaggregations=[str(sex.public_id)], everybody="on")
    measuring.report(alder, Q1, served=40, served__f=10, served__m=30)

    change(staff, alder, since=Q2, everybody="on")

    assert asked(birch, Q1) == {"total", "f", "m", "unknown"}
    assert asked(alder, Q2) == asked(birch, Q2) == {"total"}
    assert amount("f", Q1) == 10


@pytest.mark.usefixtures("served")
@pytest.mark.parametrize(
    "typed", [{"since": ""}, {"since": "2019-Q1"}, {"since": Q2, "disaggregations": "x\0"}]
)
def test_a_change_that_cannot_be_is_refused(
    staff: Client, alder: Organization, typed: dict[str, str]
) -> None:
    assert change(staff, alder, **typed) == 422


def merges(client: Client, breakdown: Disaggregation, step: str, **typed: object) -> tuple[int, str]:
    address = reverse(f"measurement:planning:{step}", args=[breakdown.initiative.slug, breakdown.public_id])
    answer = client.post(address, typed)
    return answer.status_code, answer.content.decode()


def test_categories_are_merged_on_their_page(
    staff: Client, initiative: Initiative, sex: Disaggregation
) -> None:
    page = staff.get(reverse("measurement:planning:merges", args=["cradle", sex.public_id]))
    assert "F" in page.content.decode()

    status, _page = merges(
        staff,
        sex,
        "merge-categories",
        **{"merge-categories": ["f", "m"], "merge-name": "All", "merge-starts_on": "2026-04-01"},
    )

    assert status == 302
    assert {each.merged_into.code for each in Category.objects.filter(ends_on="2026-03-31")} == {"all"}  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("typed", "status", "sentence"),
    [
        ({}, 422, "Fill in"),
        (
            {"merge-categories": ["unknown"], "merge-name": "A", "merge-starts_on": "2026-04-01"},
            422,
            "unknown",
        ),
        (
            {"merge-categories": ["f"], "merge-name": "m", "merge-starts_on": "2026-04-01"},
            422,
            "is called so",
        ),
        ({"merge-categories": ["f"], "merge-name": "A\0", "merge-starts_on": "2026-04-01"}, 422, "stored"),
        ({"merge-categories": ["f"], "merge-name": "A", "merge-starts_on": "soon"}, 422, "day"),
    ],
)
def test_a_merge_that_cannot_be_is_refused_with_what_was_typed(
    staff: Client, sex: Disaggregation, typed: dict[str, object], status: int, sentence: str
) -> None:
    found, page = merges(staff, sex, "merge-categories", **typed)

    assert found == status
    assert sentence in page
    assert not Category.objects.filter(ends_on__isnull=False).exists()


def test_a_place_in_a_coarser_breakdown_is_given_to_all_or_to_none(
    staff: Client, initiative: Initiative, sex: Disaggregation
) -> None:
    coarse = measuring.breakdown(initiative, "all", ["Everybody", "Nobody"])
    everybody = str(coarse.categories.get(code="everybody").pk)
    places = {f"nest-{code}": everybody for code in ("f", "m", "unknown")}

    assert merges(staff, sex, "nest", **{**places, "nest-f": ""})[0] == 409
    assert not Category.objects.filter(merged_into__isnull=False).exists()
    assert merges(staff, sex, "nest", **places)[0] == 302
    assert Category.objects.filter(merged_into__isnull=False).count() == 3
