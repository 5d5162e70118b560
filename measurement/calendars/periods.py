"""Which stretch of days a report is about: pure date arithmetic for every kind of calendar.

Decisions
    A year that runs over New Year is named after both its years ("2025/26"), wherever it starts; one that
    stays inside a calendar year carries that year's number alone, whatever month it begins with.
    Labels are the English reading of a period, codes its language-free name, unique and sortable in one rule.
    Dates outside the years 1 to 9999 raise ValueError or OverflowError, as `datetime.date` does.
"""

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

MONTH_NAMES = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


class Frequency(StrEnum):
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    SEMESTER = "semester"
    SCHOOL_YEAR = "school_year"
    FISCAL_YEAR = "fiscal_year"
    CALENDAR_YEAR = "calendar_year"
    ISO_WEEK = "iso_week"


MONTHS_APART = {
    Frequency.MONTHLY: 1,
    Frequency.QUARTERLY: 3,
    Frequency.SEMESTER: 6,
    Frequency.SCHOOL_YEAR: 12,
    Frequency.FISCAL_YEAR: 12,
    Frequency.CALENDAR_YEAR: 12,
}
START_OF_YEAR_MATTERS = {
    Frequency.QUARTERLY,
    Frequency.SEMESTER,
    Frequency.SCHOOL_YEAR,
    Frequency.FISCAL_YEAR,
}


@dataclass(frozen=True)
class Span:
    """Days from `start` to `end`, both included."""

    start: date
    end: date
    label: str
    code: str

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ValueError(f"a span ends on {self.end}, before it starts on {self.start}")

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


@dataclass(frozen=True)
class Rule:
    """How a calendar cuts time.

    `first_month` (1 to 12) begins a school or fiscal year and the quarters and semesters in it; months,
    calendar years and weeks do without it. `months` (1 to 12) is how long a school year lasts: the rest of
    its twelve months is holiday and belongs to no period. Other frequencies do without it.
    """

    frequency: Frequency
    first_month: int = 1
    months: int = 12

    def __post_init__(self) -> None:
        if not 1 <= self.first_month <= 12:
            raise ValueError(f"first_month is 1 to 12, not {self.first_month}")
        if not 1 <= self.months <= 12:
            raise ValueError(f"months is 1 to 12, not {self.months}")

    @property
    def months_before_year(self) -> int:
        """Months from January to the start of this calendar's year: 0 to 11."""
        return self.first_month - 1 if self.frequency in START_OF_YEAR_MATTERS else 0

    @property
    def months_covered(self) -> int:
        return self.months if self.frequency is Frequency.SCHOOL_YEAR else MONTHS_APART[self.frequency]

    @property
    def crosses_new_year(self) -> bool:
        year = self.months if self.frequency is Frequency.SCHOOL_YEAR else 12
        return self.months_before_year + year > 12


def span_containing(rule: Rule, day: date) -> Span | None:
    """The period that `day` belongs to. None in the holiday of a school year shorter than twelve months."""
    span = _span_at_or_before(rule, day)
    return span if day <= span.end else None


def spans_between(rule: Rule, first: date, last: date) -> list[Span]:
    """Every period with at least one day from `first` to `last` (both included), in order."""
    span = _span_at_or_before(rule, first)
    if span.end < first:
        span = _step(rule, span, 1)
    spans = []
    while span.start <= last:
        spans.append(span)
        span = _step(rule, span, 1)
    return spans


def next_span(rule: Rule, span: Span) -> Span:
    """The period after `span`, over the holiday if there is one. ValueError if `span` is not of the rule."""
    _must_be_of(rule, span)
    return _step(rule, span, 1)


def previous_span(rule: Rule, span: Span) -> Span:
    """The period before `span`, over the holiday if there is one. ValueError if `span` is not of the rule."""
    _must_be_of(rule, span)
    return _step(rule, span, -1)


def contains(whole: Span, part: Span) -> bool:
    return whole.start <= part.start and part.end <= whole.end


def covered_days(whole: Span, parts: Iterable[Span]) -> int:
    """Days of `whole` that lie in at least one of `parts`; a day in two parts counts once."""
    covered = 0
    uncounted_from = whole.start
    for part in sorted(parts, key=lambda part: part.start):
        start, end = max(part.start, uncounted_from), min(part.end, whole.end)
        if start <= end:
            covered += (end - start).days + 1
            uncounted_from = end + timedelta(days=1)
    return covered


def coverage(whole: Span, parts: Iterable[Span]) -> Decimal:
    """Share of the days of `whole` that `parts` cover, 0 to 1."""
    return Decimal(covered_days(whole, parts)) / whole.days


def is_partial(whole: Span, parts: Iterable[Span]) -> bool:
    """Whether some day of `whole` is in none of `parts`."""
    return covered_days(whole, parts) < whole.days


def due_on(span: Span, days_after: int) -> date:
    return span.end + timedelta(days=days_after)


def due_moment(day: date, tz: ZoneInfo) -> datetime:
    """The end of `day` in a place: the first moment of the next day there, given in UTC.

    In UTC because Python compares two times of one zone by the clock on the wall, which is wrong in the hour
    that happens twice. Where clocks go forward at midnight, the next day begins with the change.
    """
    midnight = datetime.combine(day + timedelta(days=1), time.min, tzinfo=tz)
    return midnight.astimezone(UTC)


def active_days(span: Span, start: date, end: date | None) -> int:
    """Days of `span` that lie from `start` to `end`, both included. No `end`: still active."""
    last = span.end if end is None else min(end, span.end)
    return max((last - max(start, span.start)).days + 1, 0)


def prorated(target: Decimal, span: Span, start: date, end: date | None) -> Decimal:
    """The part of a target, in its own unit, that falls to the days somebody was active. For targets only."""
    return target * active_days(span, start, end) / span.days


def exposure_days(members: Decimal, span: Span) -> Decimal:
    """Days at risk of `members` who were all there for the whole span, in member-days."""
    return members * span.days


def rate(events: Decimal, exposure: Decimal, *, per: int) -> Decimal | None:
    """Events per `per` units of exposure, both in the same unit (days). None without exposure."""
    return events * per / exposure if exposure else None


def annualised(events: Decimal, exposure: Decimal, year: Span, *, per: int) -> Decimal | None:
    """Events per `per` members and year, from exposure in member-days and the year that the events fell in.

    The year gives its own 365 or 366 days, so a quarter of 90 days is not taken for a quarter of 92. None
    without exposure.
    """
    return events * year.days * per / exposure if exposure else None


def _must_be_of(rule: Rule, span: Span) -> None:
    if span_containing(rule, span.start) != span:
        raise ValueError(f"{span.code} is no period of a calendar by {rule}")


def _span_at_or_before(rule: Rule, day: date) -> Span:
    """The last period that has begun by `day`, though it may be over."""
    if rule.frequency is Frequency.ISO_WEEK:
        return _week_from(day - timedelta(days=day.weekday()))
    number = _month_number(day)
    return _span_of_months(rule, number - (number - rule.months_before_year) % MONTHS_APART[rule.frequency])


def _step(rule: Rule, span: Span, count: int) -> Span:
    if rule.frequency is Frequency.ISO_WEEK:
        return _week_from(span.start + timedelta(weeks=count))
    return _span_of_months(rule, _month_number(span.start) + count * MONTHS_APART[rule.frequency])


def _week_from(monday: date) -> Span:
    year, week, _ = monday.isocalendar()
    name = f"{year:04d}-W{week:02d}"
    return Span(start=monday, end=monday + timedelta(days=6), label=name, code=name)


def _span_of_months(rule: Rule, first: int) -> Span:
    last = first + rule.months_covered - 1
    return Span(
        start=date(first // 12, first % 12 + 1, 1),
        end=date(last // 12, last % 12 + 1, monthrange(last // 12, last % 12 + 1)[1]),
        label=_label(rule, first, last),
        code=_code(rule, first),
    )


def _label(rule: Rule, first: int, last: int) -> str:
    match rule.frequency:
        case Frequency.MONTHLY:
            return _month_and_year(first)
        case Frequency.QUARTERLY:
            return f"Q{_place_in_year(rule, first)} {_year_name(rule, first, '/')}"
        case Frequency.SEMESTER if first // 12 == last // 12:
            return f"{MONTH_NAMES[first % 12]}–{_month_and_year(last)}"
        case Frequency.SEMESTER:
            return f"{_month_and_year(first)}–{_month_and_year(last)}"
        case _:
            return _year_name(rule, first, "/")


def _code(rule: Rule, first: int) -> str:
    match rule.frequency:
        case Frequency.MONTHLY:
            return f"{first // 12:04d}-{first % 12 + 1:02d}"
        case Frequency.QUARTERLY:
            return f"{_year_name(rule, first, '-')}-Q{_place_in_year(rule, first)}"
        case Frequency.SEMESTER:
            return f"{_year_name(rule, first, '-')}-S{_place_in_year(rule, first)}"
        case _:
            return _year_name(rule, first, "-")


def _month_and_year(number: int) -> str:
    return f"{MONTH_NAMES[number % 12]} {number // 12}"


def _place_in_year(rule: Rule, first: int) -> int:
    return (first - rule.months_before_year) % 12 // MONTHS_APART[rule.frequency] + 1


def _year_name(rule: Rule, first: int, joint: str) -> str:
    """Name of the calendar's year that the month numbered `first` lies in."""
    year = (first - rule.months_before_year) // 12
    return f"{year:04d}{joint}{(year + 1) % 100:02d}" if rule.crosses_new_year else f"{year:04d}"


def _month_number(day: date) -> int:
    """Months since January of the year 0."""
    return day.year * 12 + day.month - 1
