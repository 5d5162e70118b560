"""Worked examples of breakdowns, through everything that stands between typing a figure and reading it."""

import re
from collections.abc import Callable
from datetime import date
from html import unescape

import pytest
from django.test import Client
from django.utils.timezone import now

from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.calendars.periods import Frequency
from measurement.indicators.models import Category, Disaggregation, Indicator
from measurement.rollups import runs
from measurement.rollups.models import Cell
from measurement.submissions import merging
from measurement.submissions.models import CurrentFigure, NotAllowed
from measurement.submissions.reading import NotRight
from tests.factories import measuring

pytestmark = pytest.mark.usefixtures("data_manager")
Q1 = "2026-Q1"


@pytest.fixture
def reader(as_: Callable[[User], Client], director: User) -> Client:
    return as_(director)


def words(client: Client, where: Initiative, path: str = "") -> str:
    """The page of the measure, or one below it, without its marks."""
    runs.roll_up_changed(at=now())
    answer = client.get(f"/i/{where.slug}/dashboard/served/{path}")
    assert answer.status_code == 200, answer.status_code
    plain = re.sub(r"<[^>]+>", " ", answer.content.decode()).replace("\u00a0", " ")
    return " ".join(unescape(plain).split())


def cell(category: str | None = None, period: str = Q1) -> Cell:
    runs.roll_up_changed(at=now())
    chosen = Category.objects.get(code=category) if category else None
    return Cell.objects.get(period__code=period, group=None, category=chosen, indicator__code="served")


def ask(
    where: Initiative, partners: list[Organization], on: ReportingCalendar, *by: object, **fields: object
) -> None:
    what = measuring.indicator(where, "served", **fields)  # type: ignore[arg-type]
    measuring.assign(what, partners, on, by_=by)  # type: ignore[arg-type]
    measuring.open_(where, Q1)


def test_example_7_overlapping_groups_are_shares_of_those_whose_answer_is_known(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar, reader: Client
) -> None:
    groups = measuring.breakdown(
        initiative, "group", ["A", "B", "C", "D"], unknown="Unknown", adds_up="overlapping"
    )
    ask(initiative, [alder], quarters, groups)

    measuring.report(
        alder, Q1, served=100, served__a=40, served__b=35, served__c=30, served__d=10, served__unknown=5
    )

    page, how = words(reader, initiative), words(reader, initiative, f"quarterly/{Q1}/how/?category=group/a")
    assert cell().amount == 100
    assert (cell("a").based, cell("a").base) == (40, 95)
    assert "A 42.1 %" in page
    assert "B 36.8 %" in page
    assert "Shares are of the 95 whose answer is known." in page
    assert "Known for 95 % of the total." in page
    assert "40 ÷ 95 × 100 ≈ 42.1 %" in how


def test_a_partner_that_gives_only_its_total_lowers_the_base_of_overlapping_groups(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    reader: Client,
) -> None:
    groups = measuring.breakdown(initiative, "group", ["A", "B"], unknown="Unknown", adds_up="overlapping")
    ask(initiative, [alder, birch], quarters, groups)

    measuring.report(alder, Q1, served=100, served__a=40, served__b=60, served__unknown=5)
    measuring.report(birch, Q1, served=100, served__a=7, served__b=None, served__unknown=None)

    assert (cell("a").amount, cell("a").based, cell("a").base) == (47, 40, 95)
    assert "A 42.1 % 47 people" in words(reader, initiative)
    assert "Known for 48 % of the total." in words(reader, initiative)


@pytest.mark.parametrize(
    ("answers", "sentence"),
    [
        ({"served/a": 96, "served/b": 10, "served/unknown": 5}, "more than 95"),
        ({"served/a": 9, "served/b": 10, "served/unknown": 101}, "more than the total of 100"),
        ({"served/a": 9, "served/b": 10, "served/unknown": ""}, "Give a number"),
    ],
)
def test_overlapping_groups_that_cannot_be_are_refused(
    initiative: Initiative,
    alder: Organization,
    quarters: ReportingCalendar,
    answers: dict[str, object],
    sentence: str,
) -> None:
    groups = measuring.breakdown(initiative, "group", ["A", "B"], unknown="Unknown", adds_up="overlapping")
    ask(initiative, [alder], quarters, groups)

    with pytest.raises(NotRight) as refused:
        measuring.hand_in(alder, Q1, served=100, **answers)  # type: ignore[arg-type]

    assert [sentence in each.sentence for each in refused.value.reading.problems] == [True]


def test_example_8_unknown_is_derived_and_more_than_the_total_is_an_error(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar, reader: Client
) -> None:
    sex = measuring.breakdown(initiative, "sex", ["F", "M", "X"], unknown="Unknown")
    ask(initiative, [alder], quarters, sex)

    with pytest.raises(NotRight) as refused:
        measuring.hand_in(alder, Q1, served=100, served__f=60, served__m=45, served__x=0)
    assert "add up to 5 more than the total" in refused.value.reading.problems[0].sentence
    measuring.report(alder, Q1, served=100, served__f=50, served__m=38, served__x=2)

    unknown = CurrentFigure.objects.get(category__code="unknown")
    assert (unknown.amount, unknown.derived) == (10, True)
    assert cell("unknown").amount == 10
    page = words(reader, initiative)
    assert "Known for 90 % of the total." in page
    assert "F 50.0 % 50 people" in page


def test_a_partial_breakdown_may_stay_below_the_total_and_derives_nothing(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar, reader: Client
) -> None:
    needs = measuring.breakdown(initiative, "need", ["Housing", "Food"], adds_up="partial")
    ask(initiative, [alder], quarters, needs)

    with pytest.raises(NotRight) as refused:
        measuring.hand_in(alder, Q1, served=100, served__housing=70, served__food=40)
    assert "add up to 10 more than the total" in refused.value.reading.problems[0].sentence
    measuring.report(alder, Q1, served=100, served__housing=30, served__food=20)

    assert not CurrentFigure.objects.filter(derived=True).exists()
    assert cell().amount == 100
    page = words(reader, initiative)
    assert "Housing 30.0 % 30 people" in page
    assert "may add up to less than the total" in page


def test_two_margins_of_one_measure_are_two_blocks_each_with_its_own_checks(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    reader: Client,
) -> None:
    sex = measuring.breakdown(initiative, "sex", ["F", "M"], unknown="Sex unknown")
    age = measuring.breakdown(initiative, "age", ["Child", "Adult"], unknown="Age unknown")
    ask(initiative, [alder], quarters, sex, age)
    measuring.assign(Indicator.objects.get(code="served"), [birch], quarters)

    with pytest.raises(NotRight) as refused:
        measuring.hand_in(alder, Q1, served=61, served__f=30, served__m=31, served__child=60, served__adult=4)
    assert len(refused.value.reading.problems) == 1
    measuring.report(alder, Q1, served=61, served__f=30, served__m=31, served__child=40, served__adult=11)
    measuring.report(birch, Q1, served=39)

    page = words(reader, initiative)
    assert "By Age, Q1 2026 Known for 51 % of the total." in page
    assert "By Sex, Q1 2026 Known for 61 % of the total." in page


@pytest.fixture
def crossed(initiative: Initiative, alder: Organization, quarters: ReportingCalendar) -> None:
    sex = measuring.breakdown(initiative, "sex", ["F", "M"], unknown="Not said")
    age = measuring.breakdown(initiative, "age", ["Child", "Adult"])
    ask(initiative, [alder], quarters, measuring.cross_table(sex, age, "sex-age"))


@pytest.mark.usefixtures("crossed")
def test_a_cross_table_is_asked_for_with_its_margins_and_shown_as_a_table(
    initiative: Initiative, alder: Organization, reader: Client
) -> None:
    measuring.report(
        alder,
        Q1,
        served=100,
        served__f=50,
        served__m=40,
        served__child=30,
        served__adult=70,
        served__f_child=10,
        served__f_adult=40,
        served__m_child=15,
        served__m_adult=25,
    )

    figures = dict(CurrentFigure.objects.filter(derived=True).values_list("category__code", "amount"))
    assert figures == {"not-said": 10, "not-said-child": 5, "not-said-adult": 5}
    assert cell("f-adult").amount == 40
    page = words(reader, initiative)
    assert "Child Adult All" in page


@pytest.mark.usefixtures("crossed")
def test_the_cells_of_a_cross_table_that_do_not_make_its_margins_are_refused(
    alder: Organization,
) -> None:
    with pytest.raises(NotRight) as refused:
        measuring.hand_in(
            alder,
            Q1,
            served=100,
            served__f=50,
            served__m=40,
            served__child=30,
            served__adult=70,
            served__f_child=20,
            served__f_adult=40,
            served__m_child=15,
            served__m_adult=25,
        )
    assert [each.sentence for each in refused.value.reading.problems] == [
        "Served, F: By Sex-age, the categories add up to 10 more than that. Correct one of them.",
        "Served, Child: By Sex-age, the categories add up to 5 more than that. Correct one of them.",
    ]


@pytest.mark.usefixtures("crossed")
def test_a_cross_table_is_filled_in_as_a_table_of_fields(
    alder: Organization, rita: User, as_: Callable[[User], Client]
) -> None:
    submission = measuring.draft(alder, Q1, served=100, served__f_child=10)

    page = as_(rita).get(submission.get_absolute_url()).content.decode()

    table = page[page.index("entry-cross") :]
    assert re.findall(r'<th scope="(?:col|row)">([^<]*)</th>', table)[:5] == [
        "Child",
        "Adult",
        "F",
        "M",
        "Not said",
    ]
    assert table.count("data-figure") == 6
    assert 'value="10"' in table


@pytest.fixture
def ages(initiative: Initiative) -> tuple[Disaggregation, Disaggregation]:
    """A fine breakdown that counts in a coarse one."""
    fine = measuring.breakdown(initiative, "age", ["0-5", "6-11", "Adults"], unknown="Age unknown")
    coarse = measuring.breakdown(initiative, "group", ["Children", "Grown"], unknown="Group unknown")
    place = {each.code: each for each in coarse.categories.all()}
    into = {"0-5": "children", "6-11": "children", "adults": "grown", "age-unknown": "group-unknown"}
    parents = {each.pk: place[into[each.code]] for each in fine.categories.all()}
    merging.nest(breakdown=fine, parents=parents, by=None, at=now())
    return fine, coarse


def test_whoever_reports_the_finer_categories_counts_in_the_coarser_ones_and_nobody_twice(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    ages: tuple[Disaggregation, Disaggregation],
    reader: Client,
) -> None:
    fine, coarse = ages
    ask(initiative, [alder], quarters, fine)
    measuring.assign(Indicator.objects.get(), [birch], quarters, by_=[coarse])

    measuring.report(alder, Q1, served=100, served__0_5=20, served__6_11=30, served__adults=45)
    measuring.report(birch, Q1, served=60, served__children=40, served__grown=20)

    children = cell("children")
    assert (children.amount, children.expected, children.received, children.contributors) == (90, 2, 2, 2)
    assert cell("0-5").amount == 20
    page = words(reader, initiative)
    assert (
        page.index("By Group") < page.index("Children 56.3 % 90 people") < page.index("0-5 12.5 % 20 people")
    )
    assert "By Age" not in page
    assert "Known for 97 % of the total." in page
    how = words(reader, initiative, f"quarterly/{Q1}/how/?category=group/children")
    assert "20 + 30 + 40 = 90 people" in how
    assert "Alder School 20 0-5" in how


def test_a_coarser_figure_is_missing_while_one_of_its_parts_is(
    initiative: Initiative,
    alder: Organization,
    quarters: ReportingCalendar,
    ages: tuple[Disaggregation, Disaggregation],
) -> None:
    ask(initiative, [alder], quarters, ages[0])

    measuring.report(alder, Q1, served=100, served__0_5=20, served__6_11=None, served__adults=45)

    children = cell("children")
    assert (children.amount, children.received, children.not_collected) == (20, 1, 1)


def test_categories_merged_from_a_day_on_keep_their_past_and_reach_back(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar, reader: Client
) -> None:
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    sides = measuring.breakdown(initiative, "side", ["North", "South", "West"])
    ask(initiative, [alder], quarters, sides)
    measuring.report(alder, Q1, served=100, served__north=20, served__south=30, served__west=50)
    measuring.open_(initiative, "2026-Q2")
    north_and_south = list(sides.categories.filter(code__in=["north", "south"]))

    merging.merge_categories(
        categories=north_and_south, name="Centre", starts_on=date(2026, 4, 1), by=None, at=now()
    )
    measuring.report(alder, "2026-Q2", served=90, served__centre=60, served__west=30)

    asked = CurrentFigure.objects.filter(period__code="2026-Q2", category__isnull=False)
    assert set(asked.exclude(status="not_expected").values_list("category__code", flat=True)) == {
        "centre",
        "west",
    }
    assert [cell("centre", period).amount for period in (Q1, "2026-Q2", "2026")] == [50, 60, 110]
    assert [cell("north", period).amount for period in (Q1, "2026")] == [20, 20]
    page = words(reader, initiative, "?period=2026-Q1")
    assert "Centre 50.0 % 50 people" in page
    assert "North 20.0 % 20 people" in page


@pytest.mark.parametrize("with_unknown", [True, False])
def test_what_cannot_be_one_category_is_refused(initiative: Initiative, with_unknown: bool) -> None:
    rule = "partition" if with_unknown else "overlapping"
    made = measuring.breakdown(initiative, "side", ["North", "South"], unknown="Unknown", adds_up=rule)

    with pytest.raises(NotAllowed):
        merging.merge_categories(
            categories=list(made.categories.all()), name="One", starts_on=date(2026, 4, 1), by=None, at=now()
        )


def test_a_breakdown_is_never_coarser_than_itself(
    ages: tuple[Disaggregation, Disaggregation],
) -> None:
    fine, coarse = ages
    first = fine.categories.first()

    with pytest.raises(NotAllowed, match="coarser than itself"):
        merging.nest(
            breakdown=coarse, parents={each.pk: first for each in coarse.categories.all()}, by=None, at=now()
        )
