"""Worked examples of the kinds that are more than one number, through everything between typing and reading."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.calendars.periods import Frequency
from measurement.dashboards.selectors import measures_of
from measurement.indicators import operations as indicators
from measurement.indicators.kinds import Kind, OverTime
from measurement.indicators.models import Indicator, Target
from measurement.indicators.operations import NotAllowed
from measurement.rollups import runs
from measurement.rollups.kinds import Range, Standing
from measurement.stated import operations as stating
from measurement.stated.models import PopulationFigure
from measurement.submissions.models import CurrentFigure
from measurement.submissions.models import NotAllowed as MayNot
from measurement.submissions.reading import NotRight
from measurement.submissions.workflow import Typed
from tests.factories import measuring
from tests.measurement.test_worked_examples_of_kinds import read, reader, words

pytestmark = pytest.mark.usefixtures("data_manager")
__all__ = ["reader"]

LEVELS = "Beginning\nDeveloping\nProficient\nAdvanced"


def rubric(where: Initiative, partners: list[Organization], on: ReportingCalendar, **fields: object) -> None:
    values = {"levels": LEVELS, "from_level": 3, "per": Decimal(100), "unit": "%", "decimals": 1, **fields}
    measuring.assign(measuring.indicator(where, "quality", Kind.ORDINAL, **values), partners, on)


def counts(*numbers: object) -> Typed:
    return Typed(detail="\n".join(str(number) for number in numbers))


def test_example_27_a_rubric_is_added_up_level_by_level(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    reader: Client,
) -> None:
    rubric(initiative, [alder, birch], quarters)
    measuring.open_(initiative, "2026-Q1")
    measuring.report(alder, "2026-Q1", quality=counts(2, 5, 3, 0))
    measuring.report(birch, "2026-Q1", quality=counts(0, 1, 4, 5))

    figure = read(initiative, "quality", "2026-Q1")

    assert [int(count) for count in figure.cell.levels or []] == [2, 6, 7, 5]
    assert figure.cases == 20
    assert figure.value == 60
    page = words(reader, initiative, "quality")
    assert "60.0 %" in page
    assert "Proficient counted in the share above 7 35.0 %" in page
    how = words(reader, initiative, "quality", how="2026-Q1")
    assert "12 ÷ 20 × 100 = 60.0 %" in how
    assert "Beginning 2, Developing 6, Proficient 7, Advanced 5" in how


@pytest.mark.parametrize(
    ("over_time", "levels"), [(OverTime.SUM, [2, 6, 7, 5]), (OverTime.LAST, [0, 1, 4, 5])]
)
def test_a_rubric_over_time_is_added_up_or_the_last_as_declared(
    initiative: Initiative,
    alder: Organization,
    quarters: ReportingCalendar,
    over_time: OverTime,
    levels: list[int],
) -> None:
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    rubric(initiative, [alder], quarters, over_time=over_time)
    for quarter, numbers in (("2026-Q1", (2, 5, 3, 0)), ("2026-Q2", (0, 1, 4, 5))):
        measuring.open_(initiative, quarter)
        measuring.report(alder, quarter, quality=counts(*numbers))

    assert [int(count) for count in read(initiative, "quality", "2026").cell.levels or []] == levels


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        (counts(2, "", 3, 0), "level-2"),
        (counts(2, 5, "many", 0), "level-3"),
        (counts(-1, 5, 3, 0), "level-1"),
        (counts(1, 5, 3, "0.5"), "level-4"),
        (counts(1, 5), "level-3"),
    ],
)
def test_a_rubric_is_refused_at_the_level_that_is_wrong(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar, typed: Typed, field: str
) -> None:
    rubric(initiative, [alder], quarters, whole_numbers=True)
    measuring.open_(initiative, "2026-Q1")

    with pytest.raises(NotRight) as refused:
        measuring.hand_in(alder, "2026-Q1", quality=typed)
    assert [problem.field.endswith(field) for problem in refused.value.reading.problems] == [True]


def test_a_rubric_of_too_few_shows_no_percentage(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar, reader: Client
) -> None:
    rubric(initiative, [alder], quarters)
    measuring.open_(initiative, "2026-Q1")
    measuring.report(alder, "2026-Q1", quality=counts(2, 1, 3, 0))

    assert read(initiative, "quality", "2026-Q1").shown is None
    assert "50.0 %" not in words(reader, initiative, "quality")


def scores(where: Initiative, partners: list[Organization], on: ReportingCalendar) -> None:
    measured = measuring.indicator(where, "score", Kind.MEAN, unit="points", decimals=1)
    measuring.assign(measured, partners, on)


def test_example_14_the_spread_of_scores_is_that_of_all_of_them_together(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    reader: Client,
) -> None:
    scores(initiative, [alder, birch], quarters)
    measuring.open_(initiative, "2026-Q1")
    measuring.report(alder, "2026-Q1", score=Typed(amount="10", base="5", detail="2"))
    measuring.report(birch, "2026-Q1", score=Typed(amount="20", base="15", detail="4"))

    figure = read(initiative, "score", "2026-Q1")

    assert figure.value == Decimal("17.5")
    assert figure.cell.squares == 516 + 6224
    assert "standard deviation 5.69" in words(reader, initiative, "score")
    assert "≈ 5.6893" in words(reader, initiative, "score", how="2026-Q1")


def test_the_spread_of_all_is_not_known_where_one_partner_gives_none(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    reader: Client,
) -> None:
    scores(initiative, [alder, birch], quarters)
    measuring.open_(initiative, "2026-Q1")
    measuring.report(alder, "2026-Q1", score=Typed(amount="10", base="5", detail="2"))
    measuring.report(birch, "2026-Q1", score=(20, 15))

    assert read(initiative, "score", "2026-Q1").cell.squares is None
    assert "standard deviation" not in words(reader, initiative, "score")


def test_a_corrected_average_keeps_its_spread(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar
) -> None:
    scores(initiative, [alder], quarters)
    measuring.open_(initiative, "2026-Q1")
    report = measuring.report(alder, "2026-Q1", score=Typed(amount="10.1", base="7", detail="2.3"))
    before = CurrentFigure.objects.get().squares
    measuring.correct(report)

    assert CurrentFigure.objects.get().squares == before


def test_medians_are_never_added_up_and_their_spread_is_shown(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    reader: Client,
) -> None:
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    measuring.assign(
        measuring.indicator(initiative, "wait", Kind.MEDIAN, unit="days"), [alder, birch], quarters
    )
    measuring.open_(initiative, "2026-Q1")
    measuring.report(alder, "2026-Q1", wait=(12, 40))
    measuring.report(birch, "2026-Q1", wait=31)

    figure = read(initiative, "wait", "2026-Q1")
    page, how = words(reader, initiative, "wait"), words(reader, initiative, "wait", how="2026-Q1")

    assert figure.value is None
    assert figure.standing is not Standing.NOTHING
    assert "2 values: lowest 12 days, in the middle 22 days, highest 31 days." in page
    assert "43 days" not in page + how
    assert "12 to 31 days" in how
    with pytest.raises(AssertionError):  # there is no figure of a year
        read(initiative, "wait", "2026")


def test_who_may_not_read_partners_figures_reads_no_medians(
    initiative: Initiative,
    alder: Organization,
    quarters: ReportingCalendar,
    as_: object,
    funder: object,
) -> None:
    measuring.assign(measuring.indicator(initiative, "wait", Kind.MEDIAN, unit="days"), [alder], quarters)
    measuring.open_(initiative, "2026-Q1")
    measuring.report(alder, "2026-Q1", wait=4711)
    read(initiative, "wait", "2026-Q1")
    outside: Client = as_(funder)  # type: ignore[operator]

    for page in (words(outside, initiative, "wait"), words(outside, initiative, "wait", how="2026-Q1")):
        assert "4,711" not in page
        assert "1 answer" in page


def test_words_are_listed_partner_by_partner(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    reader: Client,
) -> None:
    measuring.assign(measuring.indicator(initiative, "helped", Kind.TEXT, unit=""), [alder, birch], quarters)
    measuring.open_(initiative, "2026-Q1")
    report = measuring.report(alder, "2026-Q1", helped=Typed(detail="More buses.\nAnd later trains."))
    measuring.report(birch, "2026-Q1", helped=Typed(status="not_collected"))

    assert read(initiative, "helped", "2026-Q1").completeness.received == 2
    assert "2 answers" in words(reader, initiative, "helped")
    how = words(reader, initiative, "helped", how="2026-Q1")
    assert "More buses. And later trains." in how

    measuring.correct(report, helped=Typed(detail="Better timetables."))
    assert CurrentFigure.objects.get(organization=alder).text == "Better timetables."


@pytest.mark.parametrize(
    ("own", "units", "first", "second", "total"),
    [
        ("people", "thousand = 1000", Typed(amount="1.5", detail="thousand"), "900", "2400"),
        ("kg", "lb = 0.45359237", Typed(amount="1000", detail="lb"), "500", "953.59237"),
        ("hours", "minutes = 1/60", Typed(amount="90", detail="minutes"), "2.5", "4"),
        ("hours", "minutes = 1/60", Typed(amount="20", detail="minutes"), Typed("40", detail="minutes"), "1"),
    ],
)
def test_example_13_partners_choose_the_unit_in_which_they_hand_in(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    own: str,
    units: str,
    first: Typed,
    second: object,
    total: str,
) -> None:
    given = measuring.indicator(initiative, "given", unit=own, hand_in_units=units)
    measuring.assign(given, [alder, birch], quarters)
    measuring.open_(initiative, "2026-Q1")
    measuring.report(alder, "2026-Q1", given=first)
    measuring.report(birch, "2026-Q1", given=second)  # type: ignore[arg-type]

    assert read(initiative, "given", "2026-Q1").value == Decimal(total)


def test_minutes_and_hours_are_kept_exactly_and_told_as_they_were_handed_in(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    reader: Client,
) -> None:
    hours = measuring.indicator(initiative, "hours", unit="h", decimals=1, hand_in_units="minutes = 1/60")
    measuring.assign(hours, [alder, birch], quarters)
    measuring.open_(initiative, "2026-Q1")
    report = measuring.report(alder, "2026-Q1", hours=Typed(amount="90", detail="minutes"))
    measuring.report(birch, "2026-Q1", hours="2.5")

    assert read(initiative, "hours", "2026-Q1").value == 4
    how = words(reader, initiative, "hours", how="2026-Q1")
    assert "1.5 + 2.5 = 4.0 h" in how
    assert "handed in as 90 minutes" in how

    measuring.correct(report, hours=Typed(amount="3", detail="minutes"))
    figure = read(initiative, "hours", "2026-Q1")
    assert figure.value == Decimal("2.55")


def test_a_unit_that_is_not_offered_is_refused(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar
) -> None:
    hours = measuring.indicator(initiative, "hours", unit="h", hand_in_units="minutes = 1/60")
    measuring.assign(hours, [alder], quarters)
    measuring.open_(initiative, "2026-Q1")

    with pytest.raises(NotRight) as refused:
        measuring.hand_in(alder, "2026-Q1", hours=Typed(amount="3", detail="fortnights"))
    assert "Choose a unit from the list." in refused.value.reading.problems[0].sentence


def test_other_parts_than_those_in_which_amounts_are_kept_need_a_new_measure(
    initiative: Initiative, quarters: ReportingCalendar
) -> None:
    hours = measuring.indicator(initiative, "hours", unit="h", hand_in_units="minutes = 1/60")
    version = hours.version
    version.hand_in_units, version.effective_from = "weeks = 168\nsevenths = 1/7", date(2026, 4, 1)

    with pytest.raises(NotAllowed, match="Define a new measure"):
        indicators.redefine(indicator=hours, version=version, by=None, at=now())


def computed(where: Initiative, partners: list[Organization], on: ReportingCalendar) -> None:
    measuring.assign(measuring.indicator(where, "spent", Kind.MONEY), partners, on)
    measuring.assign(measuring.indicator(where, "served"), partners, on)
    measuring.indicator(
        where, "cost", Kind.DERIVED, expression="spent / served", unit="USD per person", decimals=2
    )


def test_a_measure_is_computed_from_rolled_up_figures_and_not_from_partners_quotients(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    reader: Client,
) -> None:
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    computed(initiative, [alder, birch], quarters)
    for quarter, money in (("2026-Q1", 1000), ("2026-Q2", 500)):
        measuring.open_(initiative, quarter)
        measuring.report(alder, quarter, spent=money, served=10)
        measuring.report(birch, quarter, spent=200, served=30)

    assert read(initiative, "cost", "2026-Q1").value == 30
    assert read(initiative, "cost", "2026").value == Decimal(1900) / 80
    page, how = words(reader, initiative, "cost"), words(reader, initiative, "cost", how="2026-Q1")
    assert "17.50 USD per person" in page
    assert "1200 ÷ 40 = 30.00 USD per person" in how.replace("1,200", "1200")
    assert "Spent ÷ Served" in how
    assert "40 people, 2 of 2 partners" in how


def test_a_computed_measure_is_partial_when_an_operand_is_and_unknown_when_one_is(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    reader: Client,
) -> None:
    computed(initiative, [alder, birch], quarters)
    measuring.open_(initiative, "2026-Q1")
    measuring.report(alder, "2026-Q1", spent=1000, served=10)

    assert read(initiative, "cost", "2026-Q1").standing is Standing.PARTIAL

    measuring.report(birch, "2026-Q1", spent=0, served=None)
    assert read(initiative, "cost", "2026-Q1").standing is not Standing.PARTIAL

    measuring.open_(initiative, "2026-Q2")
    for partner in (alder, birch):
        measuring.report(partner, "2026-Q2", spent=10, served=0)
    assert read(initiative, "cost", "2026-Q2").value is None
    assert "10 + 10" not in words(reader, initiative, "cost", how="2026-Q2")
    assert "20 ÷ 0" in words(reader, initiative, "cost", how="2026-Q2")


def test_partners_are_not_asked_for_what_is_computed(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar
) -> None:
    computed(initiative, [alder], quarters)
    with pytest.raises(MayNot, match="Partners are not asked"):
        measuring.assign(Indicator.objects.get(code="cost"), [alder], quarters)


def test_a_computed_figure_is_read_as_it_was(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar, reader: Client
) -> None:
    computed(initiative, [alder], quarters)
    at = now() - timedelta(days=20)
    measuring.open_(initiative, "2026-Q1", at=at)
    report = measuring.report(alder, "2026-Q1", at=at, spent=1000, served=10)
    measuring.correct(report, at=now(), spent=1000, served=40)

    assert read(initiative, "cost", "2026-Q1").value == 25
    day = (now() - timedelta(days=10)).date()
    cost = Indicator.objects.get(code="cost")
    address = f"/i/{initiative.slug}/dashboard/{cost.code}/?as_of={day}"
    assert "100.00" in reader.get(address).content.decode()


def test_the_dashboard_computes_without_asking_again(
    initiative: Initiative, alder: Organization, quarters: ReportingCalendar, reader: Client
) -> None:
    for code in ("spent", "served"):
        measuring.assign(measuring.indicator(initiative, code), [alder], quarters)
    measuring.open_(initiative, "2026-Q1")
    measuring.report(alder, "2026-Q1", spent=1000, served=10)
    read(initiative, "served", "2026-Q1")
    address = f"/i/{initiative.slug}/dashboard/"
    reader.get(address)
    with CaptureQueriesContext(connection) as before:
        reader.get(address)

    measuring.indicator(initiative, "cost", Kind.DERIVED, expression="spent / served")
    with CaptureQueriesContext(connection) as after:
        page = reader.get(address).content.decode()

    assert "100" in page
    assert len(after) == len(before)


def state(
    where: Initiative, code: str, period: str, amount: object, base: object = None, **fields: object
) -> None:
    at = fields.pop("at", now())
    figure = PopulationFigure(
        initiative=where,
        indicator=Indicator.objects.get(initiative=where, code=code),
        period=ReportingPeriod.objects.get(initiative=where, code=period),
        amount=Decimal(str(amount)),
        base=None if base is None else Decimal(str(base)),
        as_of=date(2025, 7, 1),
        source="Census, one-year estimates",
        **fields,
    )
    stating.state_population(figure=figure, by=None, at=at)  # type: ignore[arg-type]


def test_a_figure_of_a_population_comes_from_its_source_and_is_judged_like_others(
    initiative: Initiative, quarters: ReportingCalendar, reader: Client, as_: object, funder: User
) -> None:
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    measuring.indicator(
        initiative,
        "poverty",
        Kind.POPULATION,
        base_label="Children",
        per=Decimal(100),
        unit="%",
        decimals=1,
        polarity="lower",
        is_proportion=True,
    )
    target = Target(
        initiative=initiative,
        indicator=Indicator.objects.get(code="poverty"),
        baseline_on=date(2024, 12, 31),
        baseline=Decimal(30),
        due_on=date(2026, 12, 31),
        value=Decimal(20),
    )
    indicators.set_target(target=target, by=None, at=now())
    state(initiative, "poverty", "2025", 270, 1000)

    figure = read(initiative, "poverty", "2025")
    assert figure.value == 27
    assert figure.version.indicator.level == "population"
    for client in (reader, as_(funder)):  # type: ignore[operator]
        page = words(client, initiative, "poverty", calendar="calendar_year")
        how = words(client, initiative, "poverty", how="2025", calendar="calendar_year")
        assert "27.0 %" in page
        assert "Off track" in page
        assert "from one source" in page
        assert "270 ÷ 1,000 × 100 = 27.0 %" in how
        assert "Census, one-year estimates, as of 1 July 2025" in how
        assert "0 partners" not in how
    assert "27.0" in reader.get(f"/i/{initiative.slug}/dashboard/").content.decode()


def test_the_newest_statement_counts_the_earlier_is_read_as_of_its_day_and_a_rebuild_changes_nothing(
    initiative: Initiative, quarters: ReportingCalendar, reader: Client
) -> None:
    measuring.indicator(initiative, "people", Kind.POPULATION)
    state(initiative, "people", "2025-Q1", 1000, at=now() - timedelta(days=20))
    state(initiative, "people", "2025-Q1", 1100)
    state(initiative, "people", "2025-Q2", 1200)

    assert read(initiative, "people", "2025-Q1").value == 1100
    day = (now() - timedelta(days=10)).date()
    assert "1,000 people" in words_of(reader, f"/i/{initiative.slug}/dashboard/people/?as_of={day}")
    runs.rebuild(initiative=initiative, at=now())
    assert read(initiative, "people", "2025-Q1").value == 1100


def words_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode().replace("\u00a0", " ")


@pytest.mark.parametrize(("typed", "status"), [({}, 302), ({"amount": "-3"}, 422), ({"source": ""}, 422)])
def test_staff_enter_a_figure_of_a_population_on_its_page(
    initiative: Initiative, quarters: ReportingCalendar, reader: Client, typed: dict[str, str], status: int
) -> None:
    measuring.indicator(initiative, "people", Kind.POPULATION)
    period = ReportingPeriod.objects.get(code="2025-Q1")
    address = f"/i/{initiative.slug}/indicators/people/population/"
    sent = {"period": str(period.pk), "amount": "1200", "as_of": "2025-01-01", "source": "Register"} | typed

    assert reader.post(address, sent).status_code == status
    assert PopulationFigure.objects.count() == (status == 302)
    assert reader.get(address).status_code == 200


def test_example_15_a_stated_overlap_makes_one_number_of_the_range(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    reader: Client,
) -> None:
    reached = measuring.indicator(initiative, "reached", Kind.UNIQUE_PEOPLE)
    measuring.assign(reached, [alder, birch], quarters)
    measuring.open_(initiative, "2026-Q1")
    measuring.report(alder, "2026-Q1", reached=120)
    measuring.report(birch, "2026-Q1", reached=80)
    assert read(initiative, "reached", "2026-Q1").value is None
    address = f"/i/{initiative.slug}/indicators/reached/overlaps/"
    period = ReportingPeriod.objects.get(code="2026-Q1")
    sent = {"period": str(period.pk), "people": "30", "source": "Both lists were compared."}

    assert reader.post(address, sent).status_code == 302

    figure = read(initiative, "reached", "2026-Q1")
    assert figure.value == 170
    assert figure.range is None
    how = words(reader, initiative, "reached", how="2026-Q1")
    assert "200 − 30 = 170 people" in how
    assert "Both lists were compared." in how

    reader.post(address, sent | {"people": "90"})  # fewer than one partner has reached: cannot be right
    assert read(initiative, "reached", "2026-Q1").range == Range(Decimal(120), Decimal(200))


def test_money_in_another_currency_keeps_the_rate_that_it_was_converted_at(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    reader: Client,
) -> None:
    spent = measuring.indicator(initiative, "spent", Kind.MONEY, unit="USD", hand_in_units="EUR")
    measuring.assign(spent, [alder, birch], quarters)
    measuring.open_(initiative, "2026-Q1")
    euros = Typed(amount="1000", detail="EUR")
    with pytest.raises(NotRight) as refused:
        measuring.hand_in(alder, "2026-Q1", spent=euros)
    assert "No exchange rate from EUR to USD" in refused.value.reading.problems[0].sentence

    address = f"/i/{initiative.slug}/exchange-rates/"
    rate = {"currency": "EUR", "into": "USD", "rate": "1.08", "on": "2026-01-01", "source": "Central bank"}
    assert reader.post(address, rate).status_code == 302
    assert reader.post(address, rate | {"rate": "0"}).status_code == 422
    measuring.report(alder, "2026-Q1", spent=euros)
    measuring.report(birch, "2026-Q1", spent=20)
    reader.post(address, rate | {"rate": "1.2"})

    assert read(initiative, "spent", "2026-Q1").value == 1100
    how = words(reader, initiative, "spent", how="2026-Q1")
    assert "1080 + 20 = 1,100 USD" in how.replace("1,080", "1080")
    assert "handed in as 1,000 EUR at 1.08" in how


def aim(indicator: Indicator, organization: Organization, value: object, **fields: object) -> None:
    target = Target(
        initiative=indicator.initiative,
        indicator=indicator,
        organization=organization,
        baseline_on=date(2025, 12, 31),
        baseline=Decimal(0),
        due_on=date(2026, 12, 31),
        value=Decimal(str(value)),
        **fields,
    )
    indicators.set_target(target=target, by=None, at=now())


def test_example_11_a_partner_that_is_active_for_part_of_a_period_owes_that_part(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    reader: Client,
) -> None:
    served = measuring.indicator(initiative, "served")
    measuring.assign(served, [alder], quarters)
    measuring.assign(served, [birch], quarters, starts_on=date(2026, 2, 15))
    measuring.open_(initiative, "2026-Q1")
    for partner in (alder, birch):
        measuring.report(partner, "2026-Q1", served=20)
    aim(served, birch, 100)

    figure = read(initiative, "served", "2026-Q1")
    (measure,) = measures_of(initiative, at=now())[0].values()
    target = measure.target_of(figure)
    assert target is not None
    assert target.value == 50
    assert figure.value == 40
    aim(served, alder, 100)
    page = words(reader, initiative, "served")
    assert "All partners’ targets together: 150 people by 31 December 2026." in page


def test_example_18_targets_of_shares_add_as_numerators_over_denominators(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    reader: Client,
    as_: object,
    funder: User,
) -> None:
    passed = measuring.indicator(initiative, "passed", Kind.RATIO, decimals=1)
    measuring.assign(passed, [alder, birch], quarters)
    measuring.open_(initiative, "2026-Q1")
    for partner in (alder, birch):
        measuring.report(partner, "2026-Q1", passed=(10, 100))
    address = f"/i/{initiative.slug}/indicators/passed/targets/new/"
    for partner, upper, lower in ((alder, "80", "100"), (birch, "150", "300")):
        sent = {
            "organization": str(partner.pk),
            "baseline_on": "2025-12-31",
            "baseline": "0",
            "due_on": "2026-12-31",
            "numerator": upper,
            "denominator": lower,
        }
        assert reader.post(address, sent | {"denominator": ""}).status_code == 422
        assert reader.post(address, sent).status_code == 302

    assert [int(target.value) for target in Target.objects.order_by("pk")] == [80, 50]
    read(initiative, "passed", "2026-Q1")
    page = words(reader, initiative, "passed")
    assert "All partners’ targets together: 57.5 % by 31 December 2026." in page
    assert "Off track" in page or "At risk" in page
    outside: Client = as_(funder)  # type: ignore[operator]
    assert "57.5" not in words(outside, initiative, "passed")  # of two partners one could tell the other's
