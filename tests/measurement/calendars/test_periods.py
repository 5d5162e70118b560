"""Periods of every common kind of calendar, and what is due and owed in them."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measurement.calendars.periods import (
    Frequency,
    Rule,
    Span,
    active_days,
    annualised,
    contains,
    coverage,
    covered_days,
    due_moment,
    due_on,
    exposure_days,
    is_partial,
    next_span,
    previous_span,
    prorated,
    rate,
    span_containing,
    spans_between,
)

MONTHLY = Rule(Frequency.MONTHLY)
QUARTERLY = Rule(Frequency.QUARTERLY)
CALENDAR_YEAR = Rule(Frequency.CALENDAR_YEAR)
WEEKLY = Rule(Frequency.ISO_WEEK)
SCHOOL_YEAR = Rule(Frequency.SCHOOL_YEAR, first_month=9, months=10)

days = st.dates(date(1900, 1, 1), date(2200, 12, 31))
first_months = st.integers(1, 12)
rules = st.builds(Rule, st.sampled_from(Frequency), first_month=first_months, months=first_months)
zones = st.sampled_from(
    [
        "America/Detroit",
        "America/Sao_Paulo",
        "America/Havana",
        "America/Nuuk",
        "Africa/Cairo",
        "Asia/Beirut",
        "Asia/Kathmandu",
        "Australia/Lord_Howe",
        "Europe/Dublin",
        "Pacific/Apia",
        "UTC",
    ]
).map(ZoneInfo)


def the_span(rule: Rule, day: date) -> Span:
    span = span_containing(rule, day)
    assert span is not None
    return span


def shown(value: Decimal | None, places: str) -> Decimal:
    assert value is not None
    return value.quantize(Decimal(places), ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("rule", "day", "start", "end", "names"),
    [
        (MONTHLY, (2026, 3, 15), (2026, 3, 1), (2026, 3, 31), ("March 2026", "2026-03")),
        (MONTHLY, (2024, 2, 29), (2024, 2, 1), (2024, 2, 29), ("February 2024", "2024-02")),
        (QUARTERLY, (2026, 3, 31), (2026, 1, 1), (2026, 3, 31), ("Q1 2026", "2026-Q1")),
        (QUARTERLY, (2026, 12, 31), (2026, 10, 1), (2026, 12, 31), ("Q4 2026", "2026-Q4")),
        (
            Rule(Frequency.QUARTERLY, first_month=10),
            (2025, 12, 1),
            (2025, 10, 1),
            (2025, 12, 31),
            ("Q1 2025/26", "2025-26-Q1"),
        ),
        (
            Rule(Frequency.QUARTERLY, first_month=11),
            (2026, 1, 31),
            (2025, 11, 1),
            (2026, 1, 31),
            ("Q1 2025/26", "2025-26-Q1"),
        ),
        (
            Rule(Frequency.QUARTERLY, first_month=7),
            (2026, 6, 30),
            (2026, 4, 1),
            (2026, 6, 30),
            ("Q4 2025/26", "2025-26-Q4"),
        ),
        (
            Rule(Frequency.SEMESTER),
            (2026, 7, 1),
            (2026, 7, 1),
            (2026, 12, 31),
            ("July–December 2026", "2026-S2"),
        ),
        (
            Rule(Frequency.SEMESTER, first_month=8),
            (2026, 1, 31),
            (2025, 8, 1),
            (2026, 1, 31),
            ("August 2025–January 2026", "2025-26-S1"),
        ),
        (SCHOOL_YEAR, (2026, 6, 30), (2025, 9, 1), (2026, 6, 30), ("2025/26", "2025-26")),
        (
            Rule(Frequency.SCHOOL_YEAR, first_month=7),
            (2019, 7, 1),
            (2019, 7, 1),
            (2020, 6, 30),
            ("2019/20", "2019-20"),
        ),
        (
            Rule(Frequency.SCHOOL_YEAR, first_month=2, months=11),
            (2026, 12, 31),
            (2026, 2, 1),
            (2026, 12, 31),
            ("2026", "2026"),
        ),
        (
            Rule(Frequency.SCHOOL_YEAR, first_month=2),
            (2027, 1, 31),
            (2026, 2, 1),
            (2027, 1, 31),
            ("2026/27", "2026-27"),
        ),
        (
            Rule(Frequency.FISCAL_YEAR, first_month=10),
            (2099, 10, 1),
            (2099, 10, 1),
            (2100, 9, 30),
            ("2099/00", "2099-00"),
        ),
        (Rule(Frequency.FISCAL_YEAR), (2026, 5, 1), (2026, 1, 1), (2026, 12, 31), ("2026", "2026")),
        (
            Rule(Frequency.CALENDAR_YEAR, first_month=9),
            (2026, 5, 1),
            (2026, 1, 1),
            (2026, 12, 31),
            ("2026", "2026"),
        ),
        (WEEKLY, (2027, 1, 1), (2026, 12, 28), (2027, 1, 3), ("2026-W53", "2026-W53")),
        (WEEKLY, (2024, 12, 31), (2024, 12, 30), (2025, 1, 5), ("2025-W01", "2025-W01")),
    ],
)
def test_a_day_lies_in_the_period_that_people_would_name(
    rule: Rule,
    day: tuple[int, int, int],
    start: tuple[int, int, int],
    end: tuple[int, int, int],
    names: tuple[str, str],
) -> None:
    assert span_containing(rule, date(*day)) == Span(date(*start), date(*end), *names)


@pytest.mark.parametrize("day", [date(2026, 7, 1), date(2026, 8, 31)])
def test_a_day_in_the_summer_holiday_lies_in_no_school_year(day: date) -> None:
    assert span_containing(SCHOOL_YEAR, day) is None


def test_the_school_year_after_the_holiday_is_the_next_one() -> None:
    before = the_span(SCHOOL_YEAR, date(2026, 6, 30))

    after = next_span(SCHOOL_YEAR, before)

    assert after.start == date(2026, 9, 1)
    assert previous_span(SCHOOL_YEAR, after) == before


def test_asking_for_the_period_after_a_period_of_another_calendar_is_an_error() -> None:
    march = the_span(MONTHLY, date(2026, 3, 1))

    with pytest.raises(ValueError, match="2026-03"):
        next_span(QUARTERLY, march)
    with pytest.raises(ValueError, match="2026-03"):
        previous_span(QUARTERLY, march)


def test_periods_between_two_days_are_all_that_have_a_day_in_common_with_them() -> None:
    spans = spans_between(QUARTERLY, date(2026, 3, 31), date(2026, 7, 1))

    assert [span.code for span in spans] == ["2026-Q1", "2026-Q2", "2026-Q3"]


def test_periods_between_two_days_of_the_holiday_are_none() -> None:
    assert spans_between(SCHOOL_YEAR, date(2026, 7, 10), date(2026, 8, 10)) == []


def test_periods_that_begin_in_the_holiday_begin_with_the_next_school_year() -> None:
    spans = spans_between(SCHOOL_YEAR, date(2026, 7, 10), date(2027, 9, 1))

    assert [span.code for span in spans] == ["2026-27", "2027-28"]


@pytest.mark.parametrize(("year", "weeks"), [(2020, 53), (2025, 52), (2026, 53), (2027, 52)])
def test_a_year_has_52_or_53_iso_weeks(year: int, weeks: int) -> None:
    """Example 10."""
    spans = spans_between(WEEKLY, date(year, 1, 4), date(year, 12, 28))

    assert len(spans) == weeks
    assert {span.code[:4] for span in spans} == {str(year)}


@pytest.mark.parametrize("bad", [{"first_month": 0}, {"first_month": 13}, {"months": 0}, {"months": 13}])
def test_a_rule_with_a_month_that_does_not_exist_is_refused(bad: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="1 to 12"):
        Rule(Frequency.SCHOOL_YEAR, **bad)


def test_a_span_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ValueError, match="before it starts"):
        Span(date(2026, 2, 1), date(2026, 1, 31), "", "")


@given(rule=rules, first=days, length=st.integers(0, 1500))
def test_periods_tile_time_without_gap_or_overlap_but_for_the_holiday(
    rule: Rule, first: date, length: int
) -> None:
    spans = spans_between(rule, first, first + timedelta(days=length))

    for earlier, later in pairwise(spans):
        if rule.frequency is Frequency.SCHOOL_YEAR:
            year_on = (earlier.start.year + 1, earlier.start.month, 1)
            assert (later.start.year, later.start.month, later.start.day) == year_on
            assert earlier.end < later.start
        else:
            assert later.start == earlier.end + timedelta(days=1)


@given(rule=rules, day=days)
def test_every_day_of_a_period_leads_back_to_it(rule: Rule, day: date) -> None:
    span = span_containing(rule, day)

    if span is None:
        assert rule.frequency is Frequency.SCHOOL_YEAR
        assert rule.months < 12
        assert spans_between(rule, day, day) == []
    else:
        assert span.start <= day <= span.end
        assert span_containing(rule, span.start) == span_containing(rule, span.end) == span
        assert spans_between(rule, day, day) == [span]
        assert previous_span(rule, next_span(rule, span)) == span


@given(first_month=first_months, months=first_months, year=st.integers(1900, 2200))
def test_a_school_year_has_the_declared_months_and_the_rest_is_holiday(
    first_month: int, months: int, year: int
) -> None:
    rule = Rule(Frequency.SCHOOL_YEAR, first_month=first_month, months=months)
    twelve = the_span(Rule(Frequency.FISCAL_YEAR, first_month=first_month), date(year, 12, 31))

    in_school = [
        month
        for month in spans_between(MONTHLY, twelve.start, twelve.end)
        if span_containing(rule, month.start) and span_containing(rule, month.end)
    ]

    assert len(in_school) == months
    assert in_school[0].start == twelve.start


@given(first_month=first_months, day=days)
def test_months_nest_in_quarters_in_semesters_in_years(first_month: int, day: date) -> None:
    ladder = [
        the_span(Rule(frequency, first_month=first_month), day)
        for frequency in (
            Frequency.MONTHLY,
            Frequency.QUARTERLY,
            Frequency.SEMESTER,
            Frequency.FISCAL_YEAR,
        )
    ]

    for part, whole in pairwise(ladder):
        assert contains(whole, part)
        assert not contains(part, whole)


@given(first_month=first_months, day=days)
def test_a_fiscal_year_is_made_of_4_quarters_and_12_months_exactly(first_month: int, day: date) -> None:
    year = the_span(Rule(Frequency.FISCAL_YEAR, first_month=first_month), day)

    for frequency, count in ((Frequency.MONTHLY, 12), (Frequency.QUARTERLY, 4), (Frequency.SEMESTER, 2)):
        parts = spans_between(Rule(frequency, first_month=first_month), year.start, year.end)
        assert len(parts) == count
        assert coverage(year, parts) == 1
        assert not is_partial(year, parts)
        assert is_partial(year, parts[1:])


@given(rule=rules, day=days)
def test_names_are_unique_and_codes_sort_as_time_does(rule: Rule, day: date) -> None:
    spans = spans_between(rule, day, day + timedelta(days=900))
    codes = [span.code for span in spans]

    assert codes == sorted(codes)
    assert max(Counter(codes).values(), default=1) == 1
    assert len({span.label for span in spans}) == len(spans)


def test_fiscal_years_sort_over_the_turn_of_a_century() -> None:
    rule = Rule(Frequency.FISCAL_YEAR, first_month=7)

    codes = [span.code for span in spans_between(rule, date(1998, 7, 1), date(2101, 6, 30))]

    assert codes == sorted(codes)
    assert len(set(codes)) == len(codes) == 103


def test_days_that_two_parts_share_count_once_and_days_outside_not_at_all() -> None:
    quarter = the_span(QUARTERLY, date(2026, 2, 1))
    weeks = spans_between(WEEKLY, date(2025, 12, 1), date(2026, 1, 31))
    january = the_span(MONTHLY, date(2026, 1, 1))

    assert covered_days(quarter, [*weeks, january]) == 32  # to Sunday 1 February
    assert coverage(quarter, [january]) == Decimal(31) / 90
    assert coverage(quarter, []) == 0


@given(whole=days, parts=st.lists(st.tuples(days, st.integers(0, 400)), max_size=6))
def test_covered_days_are_those_one_would_count(whole: date, parts: list[tuple[date, int]]) -> None:
    year = the_span(CALENDAR_YEAR, whole)
    spans = [Span(start, start + timedelta(days=length), "", "") for start, length in parts]

    counted = sum(
        any(span.start <= year.start + timedelta(days=offset) <= span.end for span in spans)
        for offset in range(year.days)
    )

    assert covered_days(year, spans) == counted


def test_a_report_is_due_so_many_days_after_the_period() -> None:
    assert due_on(the_span(QUARTERLY, date(2026, 1, 1)), 15) == date(2026, 4, 15)


@pytest.mark.parametrize(
    ("zone", "day", "moment"),
    [
        ("America/Detroit", date(2026, 4, 15), datetime(2026, 4, 16, 4, tzinfo=UTC)),
        ("America/Detroit", date(2026, 1, 15), datetime(2026, 1, 16, 5, tzinfo=UTC)),
        ("America/Detroit", date(2026, 3, 8), datetime(2026, 3, 9, 4, tzinfo=UTC)),  # a day of 23 hours
        ("Asia/Kathmandu", date(2026, 4, 15), datetime(2026, 4, 15, 18, 15, tzinfo=UTC)),
        ("America/Sao_Paulo", date(2018, 11, 3), datetime(2018, 11, 4, 3, tzinfo=UTC)),  # no midnight
        ("America/Havana", date(2026, 10, 31), datetime(2026, 11, 1, 4, tzinfo=UTC)),  # two midnights
        ("Pacific/Apia", date(2011, 12, 29), datetime(2011, 12, 30, 10, tzinfo=UTC)),  # no next day
    ],
)
def test_due_is_the_end_of_that_day_in_the_place(zone: str, day: date, moment: datetime) -> None:
    due = due_moment(day, ZoneInfo(zone))

    assert due == moment
    assert due.tzinfo is UTC


@given(zone=zones, day=st.dates(date(1995, 1, 1), date(2037, 12, 31)))
def test_the_day_is_over_at_the_due_moment_and_not_a_second_before(zone: ZoneInfo, day: date) -> None:
    due = due_moment(day, zone)

    assert due.astimezone(zone).date() > day
    assert (due - timedelta(seconds=1)).astimezone(zone).date() <= day


def test_a_target_is_prorated_by_the_days_a_partner_was_active() -> None:
    """Example 11."""
    quarter = the_span(QUARTERLY, date(2026, 1, 1))
    joined = date(2026, 2, 15)

    assert quarter.days == 90
    assert active_days(quarter, joined, None) == 45
    assert prorated(Decimal(100), quarter, joined, None) == 50


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2025, 1, 1), None, 90),
        (date(2026, 1, 1), date(2026, 3, 31), 90),
        (date(2026, 3, 31), date(2026, 3, 31), 1),
        (date(2026, 2, 1), date(2026, 2, 28), 28),
        (date(2026, 4, 1), None, 0),
        (date(2025, 1, 1), date(2025, 12, 31), 0),
    ],
)
def test_active_days_count_both_ends_and_nothing_outside(
    start: date, end: date | None, expected: int
) -> None:
    quarter = the_span(QUARTERLY, date(2026, 1, 1))

    assert active_days(quarter, start, end) == expected


@given(day=days, first=days, length=st.integers(0, 800), target=st.integers(0, 10**6))
def test_the_parts_of_a_target_over_the_quarters_of_a_year_are_no_more_than_the_target(
    day: date, first: date, length: int, target: int
) -> None:
    year = the_span(CALENDAR_YEAR, day)
    end = first + timedelta(days=length)
    quarters = spans_between(QUARTERLY, year.start, year.end)

    assert sum(active_days(part, first, end) for part in quarters) == active_days(year, first, end)
    assert 0 <= prorated(Decimal(target), year, first, end) <= target


@pytest.mark.parametrize(
    ("first_day", "number_of_days", "per_thousand_days", "a_year"),
    [
        (date(2024, 1, 1), 91, "20.00", "732.00"),
        (date(2026, 1, 1), 90, "20.22", "738.11"),
    ],
)
def test_a_rate_is_annualised_by_exposure_days_and_never_times_four(
    first_day: date, number_of_days: int, per_thousand_days: str, a_year: str
) -> None:
    """Example 10: 182 events among 100 clients."""
    quarter, year = the_span(QUARTERLY, first_day), the_span(CALENDAR_YEAR, first_day)
    exposure = exposure_days(Decimal(100), quarter)

    assert quarter.days == number_of_days
    assert shown(rate(Decimal(182), exposure, per=1000), "0.01") == Decimal(per_thousand_days)
    assert shown(annualised(Decimal(182), exposure, year, per=100), "0.01") == Decimal(a_year)


def test_a_rate_without_exposure_is_no_rate() -> None:
    year = the_span(CALENDAR_YEAR, date(2026, 1, 1))

    assert rate(Decimal(3), Decimal(0), per=1000) is None
    assert annualised(Decimal(3), Decimal(0), year, per=100) is None


@pytest.mark.parametrize(
    ("rule", "day", "total"),
    [
        (CALENDAR_YEAR, date(2025, 7, 1), 131),
        (Rule(Frequency.FISCAL_YEAR, first_month=7), date(2025, 7, 1), 138),
        (SCHOOL_YEAR, date(2026, 1, 1), 129),
        (Rule(Frequency.FISCAL_YEAR, first_month=10), date(2025, 10, 1), 141),
    ],
)
def test_the_same_months_make_different_years(rule: Rule, day: date, total: int) -> None:
    """Example 9."""
    of_2025 = [10, 10, 12, 11, 13, 12, 5, 4, 15, 16, 14, 9]
    of_2026 = [11, 12, 13, 12, 14, 13, 6, 5, 16, 17, 15, 10]
    months = spans_between(MONTHLY, date(2025, 1, 1), date(2026, 12, 31))
    year = the_span(rule, day)

    parts = [value for month, value in zip(months, of_2025 + of_2026, strict=True) if contains(year, month)]

    assert sum(parts) == total
