"""What the same partner gave before: last period, and the same period of the year before. At most two queries."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Q, QuerySet, Subquery

from measurement.calendars.models import ReportingPeriod
from measurement.indicators.models import IndicatorVersion
from measurement.submissions.components import Components
from measurement.submissions.models import CurrentFigure, ExpectedReport

_DAYS_OFF = 3  # weeks of one year begin on other days than those of the year before


class Before(NamedTuple):
    """One earlier figure; no row of the database, as a page may need a thousand."""

    period: ReportingPeriod
    version: IndicatorVersion
    status: str
    amount: Decimal | None
    base: Decimal | None
    squares: Decimal | None
    levels: list[Decimal] | None
    low: Decimal | None
    high: Decimal | None
    text: str
    given_amount: Decimal | None
    given_unit: str
    given_rate: Decimal | None

    @property
    def components(self) -> Components:
        levels = None if self.levels is None else tuple(self.levels)
        return Components(self.amount, self.base, self.squares, levels)


_PERIOD = ("period_id", "period__label", "period__start", "period__end", "period__ordinal")
_VERSION = len(_PERIOD)  # its place in a row
_COLUMNS = Before._fields[2:]


@dataclass(frozen=True)
class Earlier:
    """By indicator and category."""

    last: Mapping[tuple[int, int | None], Before] = field(default_factory=dict)
    year_ago: Mapping[tuple[int, int | None], Before] = field(default_factory=dict)


def figures_before(
    expected_report: ExpectedReport, known: Mapping[int, IndicatorVersion] | None = None
) -> Earlier:
    """The partner's figures of the last period from which any are on record, and of a year ago if that is another.

    `known` are versions that somebody has loaded already.
    """
    period = expected_report.period
    on_record = CurrentFigure.objects.filter(
        organization_id=expected_report.organization_id,
        period__calendar_id=period.calendar_id,
        period__ordinal__lt=period.ordinal,
        observation__isnull=False,
    )
    last = on_record.order_by("-period__ordinal").values("period__ordinal")[:1]
    around = _year_before(period.start)
    days = (around - timedelta(days=_DAYS_OFF), around + timedelta(days=_DAYS_OFF))
    rows = on_record.filter(Q(period__ordinal=Subquery(last)) | Q(period__start__range=days))
    by_period: dict[int, dict[tuple[int, int | None], Before]] = {}
    for cell, before in read_rows(rows, period, known or {}):
        by_period.setdefault(before.period.ordinal, {})[cell] = before
    newest = max(by_period, default=0)
    others = [figures for ordinal, figures in by_period.items() if ordinal != newest]
    return Earlier(by_period.get(newest, {}), others[0] if others else {})


def _year_before(day: date) -> date:
    leap_day = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap_day else day.day)


def read_rows(
    figures: QuerySet[CurrentFigure], like: ReportingPeriod, known: Mapping[int, IndicatorVersion]
) -> list[tuple[tuple[int, int | None], Before]]:
    """Each with its indicator and category, in the order of the query; of periods on one calendar, that of `like`."""
    rows = list(figures.values_list(*_PERIOD, "version_id", "indicator_id", "category_id", *_COLUMNS))
    periods = {key[0]: _period(key, like) for key in {row[:_VERSION] for row in rows}}
    missing = {row[_VERSION] for row in rows} - known.keys()
    versions = {**known, **(IndicatorVersion.objects.in_bulk(missing) if missing else {})}
    found = []
    for row in rows:
        version_id, indicator_id, category_id, *components = row[_VERSION:]
        before = Before(periods[row[0]], versions[version_id], *components)
        found.append(((indicator_id, category_id), before))
    return found


def _period(key: tuple[Any, ...], like: ReportingPeriod) -> ReportingPeriod:
    named = {name.removeprefix("period__"): value for name, value in zip(_PERIOD[1:], key[1:], strict=True)}
    return ReportingPeriod(pk=key[0], initiative_id=like.initiative_id, calendar=like.calendar, **named)
