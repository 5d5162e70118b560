"""Is it real? What the page of a measure says of a change, from real reports to the words that people read."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal

import pytest
from django.test import Client
from django.utils.timezone import now

from backbone.access.permissions import Role
from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.calendars.periods import Frequency
from measurement.indicators import operations as indicators
from measurement.indicators.kinds import Kind
from measurement.indicators.models import Indicator, IndicatorVersion
from tests.factories import measuring, people
from tests.factories.measuring import Answer
from tests.measurement.dashboards.conftest import add_up, at_most, group, measured, text

pytestmark = pytest.mark.usefixtures("data_manager")

Say = Callable[..., str]
URL = "/i/cradle/dashboard/measure/"
Q3, Q4 = "2025-Q3", "2025-Q4"
TWENTY_ONE = [62, 58, 60, 63, 59, 61, 57, 60, 64, 58, 61, 59]


@pytest.fixture
def read(as_: Callable[[User], Client], data_manager: User) -> Say:
    """The words on the page of the measure, as the data manager reads them."""

    def words(query: str = "", *, by: User | None = None) -> str:
        add_up()
        return text(as_(by or data_manager).get(URL + query))

    return words


@pytest.fixture
def cedar(initiative: Initiative) -> Organization:
    made = people.organization("Cedar Club", initiative)
    people.member("Cleo Cedar", made, Role.REPORTER)
    return made


def reported(where: Initiative, code: str, by: Iterable[tuple[Organization, Answer]]) -> None:
    """A period opened, and what each of these partners handed in for it."""
    measuring.open_(where, code)
    for organization, answer in by:
        measuring.report(organization, code, measure=answer)


def months(
    where: Initiative,
    values: Sequence[Answer],
    partner: Organization,
    kind: Kind = Kind.FLOW,
    **fields: object,
) -> Indicator:
    """A measure with a figure a month from January 2024 on, from one partner; None is a month not handed in."""
    calendar = measuring.calendar(where, Frequency.MONTHLY, first=date(2024, 1, 1), last=date(2026, 6, 30))
    made = measured(where, "measure", [partner], calendar, kind, **fields)
    for place, value in enumerate(values):
        known = [] if value is None else [(partner, value)]
        reported(where, f"{2024 + place // 12}-{place % 12 + 1:02}", known)
    return made


def test_example_20_a_difference_stands_with_its_interval(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar, read: Say
) -> None:
    measured(initiative, "measure", [alder], quarters, Kind.RATIO, unit="%", decimals=1)
    reported(initiative, Q3, [(alder, (81, 180))])
    reported(initiative, Q4, [(alder, (84, 160))])

    words = read()

    assert "+7.5 points since Q3 2025, between −3.1 and +17.9: no clear change." in words
    assert "From 45.0 % to 52.5 % since Q3 2025: no clear change" in words


def test_example_20_ten_times_the_counts_make_it_real(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar, read: Say
) -> None:
    measured(initiative, "measure", [alder], quarters, Kind.RATIO, unit="%", decimals=1)
    reported(initiative, Q3, [(alder, (810, 1800))])
    reported(initiative, Q4, [(alder, (840, 1600))])

    words = read()

    assert "+7.5 points since Q3 2025, between +4.1 and +10.8: more than chance." in words
    assert "Up from 45.0 % to 52.5 % since Q3 2025; more than chance" in words


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ((84, 160), "52.5 % : How was this number made? between 44.8 and 60.1"),
        ((8, 10), "80.0 % : How was this number made? between 49.0 and 94.3"),
        ((0, 10), "0.0 % : How was this number made? between 0.0 and 27.8"),
        ((10, 10), "100.0 % : How was this number made? between 72.2 and 100.0"),
    ],
)
def test_example_19_a_share_stands_with_its_interval(
    answer: Answer,
    said: str,
    initiative: Initiative,
    alder: Organization,
    quarters: ReportingCalendar,
    read: Say,
) -> None:
    measured(initiative, "measure", [alder], quarters, Kind.RATIO, unit="%", decimals=1)
    reported(initiative, Q4, [(alder, answer)])

    assert said in read()


def test_example_19_of_three_cases_neither_share_nor_interval_is_told(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar, read: Say
) -> None:
    measured(initiative, "measure", [alder], quarters, Kind.RATIO, unit="%", decimals=1)
    reported(initiative, Q4, [(alder, (1, 3))])

    words = read()

    assert "too few cases" in words
    assert "33.3" not in words
    assert "between" not in words


def test_a_small_group_is_marked_and_not_judged(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar, read: Say
) -> None:
    measured(initiative, "measure", [alder], quarters, Kind.RATIO, unit="%", decimals=1)
    reported(initiative, Q3, [(alder, (1, 29))])
    reported(initiative, Q4, [(alder, (28, 29))])

    words = read()

    assert "Fewer than 30 cases stand behind it" in words
    assert "small group" in words
    assert "more than chance" not in words


def test_example_21_a_shift_is_named_and_the_limits_are_drawn(
    initiative: Initiative, alder: Organization, read: Say, as_: Callable[[User], Client], data_manager: User
) -> None:
    months(initiative, [*TWENTY_ONE, 62, 63, 62, 64, 63, 65, 66], alder, decimals=4)

    words = read()
    drawn = as_(data_manager).get(URL).content.decode()

    assert "7 in a row above the middle since January 2025: a real shift." in words
    assert "between 51.2194 and 69.1139 people (from the first 12 figures)" in words
    assert "more than chance" in words
    assert 'class="chart-limits"' in drawn
    assert "Comes and goes by chance" in drawn


def test_example_21_a_single_point_outside_is_named(
    initiative: Initiative, alder: Organization, read: Say
) -> None:
    months(initiative, [*TWENTY_ONE, 71], alder, decimals=4)

    assert "Above what comes by chance since January 2025: a real change." in read()


def test_twelve_points_within_their_limits_are_no_clear_change(
    initiative: Initiative, alder: Organization, read: Say
) -> None:
    months(initiative, TWENTY_ONE, alder, decimals=4)

    words = read()

    assert "By chance it comes and goes between 51.2194 and 69.1139 people: no clear change." in words
    assert "a real" not in words


def test_with_fewer_points_a_count_is_not_judged_and_the_page_says_so(
    initiative: Initiative, alder: Organization, read: Say, as_: Callable[[User], Client], data_manager: User
) -> None:
    months(initiative, TWENTY_ONE[:11], alder)

    assert "Not judged: with 11 figures only shares of cases can be told from chance." in read()
    assert "chart-limits" not in as_(data_manager).get(URL).content.decode()


def test_against_a_group_too_small_before_nothing_is_judged(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar, read: Say
) -> None:
    measured(initiative, "measure", [alder], quarters, Kind.RATIO, unit="%", decimals=1)
    reported(initiative, Q3, [(alder, (1, 29))])
    reported(initiative, Q4, [(alder, (90, 100))])

    words = read()

    assert "Fewer than 30 cases stand behind the figure before" in words
    assert "more than chance" not in words


def test_nothing_is_judged_across_a_change_of_meaning(
    initiative: Initiative, alder: Organization, read: Say, as_: Callable[[User], Client], data_manager: User
) -> None:
    """Twelve points of another meaning and three since: no limits, no line across, and the table says why."""
    made = months(initiative, TWENTY_ONE, alder)
    indicators.redefine(
        indicator=made,
        version=IndicatorVersion(
            name="Measure", definition="Anew.", kind=Kind.FLOW, effective_from=date(2025, 1, 1), unit="people"
        ),
        break_note="Counted by household",
        by=None,
        at=now(),
    )
    for code in ("2025-01", "2025-02", "2025-03"):
        reported(initiative, code, [(alder, 90)])

    words = read()
    drawn = as_(data_manager).get(URL).content.decode()

    assert "Not judged: with 3 figures" in words
    assert "January 2025 From here on not comparable with before: Counted by household" in words
    assert "chart-limits" not in drawn
    wide = drawn[drawn.index('id="curve-wide"') : drawn.index('id="curve-narrow"')]
    assert wide.count('class="chart-line"') == 2


def test_example_22_a_missing_partner_is_no_decline(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    cedar: Organization,
    quarters: ReportingCalendar,
    read: Say,
) -> None:
    measured(initiative, "measure", [alder, birch, cedar], quarters)
    reported(initiative, Q3, [(alder, 100), (birch, 50), (cedar, 30)])
    reported(initiative, Q4, [(alder, 110), (cedar, 33)])

    words = read()
    asked = read(f"?period={Q4}")

    assert (
        "Like for like: +10.0 %, 2 of 3 partners. The partners in both: from 130 people to 143 people"
        in words
    )
    assert "Q4 2025 is coming in: 2 of 3 partners, 72 % of the last known volume." in words
    assert "Partial: 2 of 3 partners" in asked
    assert "Like for like: +10.0 %, 2 of 3 partners" in asked
    assert "20.6" not in words + asked


def test_the_change_of_the_same_partners_is_the_heading_where_partners_changed(
    initiative: Initiative,
    partners: Callable[[int], list[Organization]],
    quarters: ReportingCalendar,
    read: Say,
) -> None:
    """Nine of ten are enough for a complete figure, and the one that is missing would be half of it."""
    everybody = partners(10)
    initiative.final_at_completeness = Decimal("0.50")
    initiative.save()
    measured(initiative, "measure", everybody, quarters)
    reported(initiative, Q3, [(each, 100 if place else 900) for place, each in enumerate(everybody)])
    reported(initiative, Q4, [(each, 105) for each in everybody[1:]])

    words = read()

    assert "Like for like: +5.0 %, 9 of 10 partners" in words
    assert "The partners in both: from 900 people to 945 people since Q3 2025." in words
    assert words.index("Like for like: +5.0 %") < words.index("Down from 1,800 people to 945 people")
    assert "What “like for like” means" in words


def test_who_may_not_read_each_partners_figures_cannot_work_them_out(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    cedar: Organization,
    quarters: ReportingCalendar,
    read: Say,
    rita: User,
    funder: User,
) -> None:
    measured(initiative, "measure", [alder, birch, cedar], quarters)
    reported(initiative, Q3, [(alder, 100), (birch, 50), (cedar, 30)])
    reported(initiative, Q4, [(alder, 110), (cedar, 33)])

    for reader in (rita, funder):
        words = read(by=reader)
        assert "10.0 %" not in words
        assert "130" not in words
        assert "2 of 3 are in both. The change among them is not told" in words


def test_with_three_compared_and_three_left_out_everybody_reads_it(
    initiative: Initiative,
    partners: Callable[[int], list[Organization]],
    quarters: ReportingCalendar,
    read: Say,
    funder: User,
) -> None:
    everybody = partners(6)
    measured(initiative, "measure", everybody, quarters)
    reported(initiative, Q3, [(each, 100) for each in everybody])
    reported(initiative, Q4, [(each, 110) for each in everybody[:3]])

    assert "Like for like: +10.0 %, 3 of 6 partners" in read(by=funder)


def test_the_same_partners_in_both_need_no_like_for_like(
    initiative: Initiative, alder: Organization, birch: Organization, quarters: ReportingCalendar, read: Say
) -> None:
    measured(initiative, "measure", [alder, birch], quarters)
    for code in (Q3, Q4):
        reported(initiative, code, [(alder, 100), (birch, 50)])

    assert "Like for like" not in read()


def test_example_2_the_mix_of_partners_is_told_apart_from_their_rates(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    read: Say,
) -> None:
    measured(initiative, "measure", [alder, birch], quarters, Kind.RATIO, unit="%", decimals=4)
    reported(initiative, Q3, [(alder, (80, 100)), (birch, (10, 50))])
    reported(initiative, Q4, [(alder, (18, 20)), (birch, (45, 180))])

    words = read()

    assert "Of the change of −28.5000 points since Q3 2025, the partners' own rates give +6.9167" in words
    assert "gives −35.4167." in words


def test_a_change_of_rates_alone_needs_no_word_about_mix(
    initiative: Initiative, alder: Organization, birch: Organization, quarters: ReportingCalendar, read: Say
) -> None:
    measured(initiative, "measure", [alder, birch], quarters, Kind.RATIO, unit="%")
    reported(initiative, Q3, [(alder, (40, 100)), (birch, (40, 100))])
    reported(initiative, Q4, [(alder, (60, 100)), (birch, (60, 100))])

    assert "own rates" not in read()


def test_example_25_the_forecast_stands_with_its_interval(
    initiative: Initiative, alder: Organization, read: Say, as_: Callable[[User], Client], data_manager: User
) -> None:
    months(initiative, [30, 31, 33, 32, 35, 36, 38, 37], alder, decimals=3)

    words = read()
    drawn = as_(data_manager).get(URL).content.decode()

    assert "39.143 people in September 2024 (between 36.271 and 42.015)" in words
    assert "42.571 people in December 2024 (between 39.015 and 46.128)" in words
    assert "Computed today from 8 figures." in words
    assert 'class="chart-forecast"' in drawn


def test_five_complete_figures_are_too_few_for_a_forecast(
    initiative: Initiative, alder: Organization, read: Say, as_: Callable[[User], Client], data_manager: User
) -> None:
    months(initiative, [30, 31, 33, None, 32, 35, None], alder)

    assert "If nothing changes" not in read()
    assert "chart-forecast" not in as_(data_manager).get(URL).content.decode()


def test_a_share_is_never_forecast_beyond_all_of_it(
    initiative: Initiative, alder: Organization, read: Say
) -> None:
    values = [(each, 100) for each in (70, 76, 82, 88, 94, 99)]
    months(initiative, values, alder, kind=Kind.RATIO, unit="%", decimals=1)

    words = read()

    assert "If nothing changes: 100.0 % in July 2024" in words
    assert "and 100.0)" in words


def test_a_figure_without_most_of_the_volume_is_partial_however_many_are_in(
    initiative: Initiative,
    partners: Callable[[int], list[Organization]],
    quarters: ReportingCalendar,
    read: Say,
) -> None:
    """Nine of ten partners, with 30 % of the pupils."""
    everybody = partners(10)
    measured(initiative, "measure", everybody, quarters, Kind.RATIO, unit="%", decimals=1)
    reported(
        initiative,
        Q3,
        [(each, (200, 300) if place else (4200, 6300)) for place, each in enumerate(everybody)],
    )
    reported(initiative, Q4, [(each, (290, 300)) for each in everybody[1:]])

    asked = read(f"?period={Q4}")

    assert "Partial: 9 of 10 partners" in asked
    assert "9 of 10 partners, 30 % of the last known volume" in asked
    assert "Too little of the usual volume is in" in asked
    assert "more than chance" not in asked
    assert "66.7 %, the first figure" in read()


def test_the_volume_of_a_group_is_that_of_its_partners(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    cedar: Organization,
    quarters: ReportingCalendar,
    read: Say,
) -> None:
    group(initiative, "north", [alder, birch])
    measured(initiative, "measure", [alder, birch, cedar], quarters)
    reported(initiative, Q3, [(alder, 75), (birch, 25), (cedar, 900)])
    reported(initiative, Q4, [(alder, 80)])

    assert "1 of 2 partners, 75 % of the last known volume" in read("?group=north")
    assert "1 of 3 partners, 8 % of the last known volume" in read()


@pytest.mark.parametrize("number", [3, 30])
def test_judging_costs_the_same_number_of_queries_for_any_number_of_partners(
    number: int,
    initiative: Initiative,
    partners: Callable[[int], list[Organization]],
    quarters: ReportingCalendar,
    as_: Callable[[User], Client],
    funder: User,
) -> None:
    everybody = partners(number)
    group(initiative, "north", everybody)
    measured(initiative, "measure", everybody, quarters)
    for code, late in (("2025-Q2", 0), (Q3, 0), (Q4, 1)):
        reported(initiative, code, [(each, 12) for each in everybody[late:]])
    add_up()
    client = as_(funder)
    client.get(URL)

    with at_most(10):
        assert client.get(URL).status_code == 200
