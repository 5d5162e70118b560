"""Reading releases: what pages of funders, files and the API say, from released cells and nothing else.

    readable(initiative, audience)   the releases that these readers may open, newest first (a queryset)
    current(initiative, audience)    the published one, or None
    read(release)                    a `Reading`: all of it, in one query
    changes(release)                 `Change`s against the release before, in one query

`Reading` has `release` (number, title, as_of, published_at, hash), `periods` (`PeriodRead`, in order of time) and
`measures` (`MeasureRead`, in the order of the registry), and finds one by `measure(code)`. A `MeasureRead` carries the
definition as it was, targets, breaks and outcomes, and its `cells`; `curve(...)` gives those of one place and category
in order of time, `by_category(period)` and `by_place(period)` those beside each other, `latest` the newest total.
A `CellRead` says `state`, and where it is shown `value` (in the unit of the measure, unrounded), `amount` of `base`,
`low` to `high` where only a range is known (no `low`: at most), `interval`, how complete and how old it is. Filters are
choices among these cells: what is not found here is not there, and answers 404.

A hidden cell holds no number. It is written as SYMBOL with `hidden_phrase()`, everywhere: `CellRead.text` does both.
`Reading.etag` changes with every bit of what is said, and never otherwise: `hash` is over all of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backbone.web.numbers import format_number
from initiatives.charter.models import Initiative
from measurement.releases.models import Release, ReleaseCell, Restatement

SYMBOL: Final = "[c]"
NO_DATA: Final = "–"
State = ReleaseCell.State


def hidden_phrase() -> str:
    return _("not shown, to protect people")


@dataclass(frozen=True)
class PeriodRead:
    key: int
    code: str
    label: str
    calendar: str
    start: date
    end: date


@dataclass(frozen=True)
class TargetRead:
    """Values as people read them: 52.5 for 52.5 %."""

    baseline_on: date
    baseline: Decimal
    due_on: date
    value: Decimal
    tolerance: Decimal | None


@dataclass(frozen=True)
class BreakRead:
    """From this day on figures cannot be compared with those before."""

    on: date
    note: str


@dataclass(frozen=True)
class OutcomeRead:
    key: str
    name: str


@dataclass(frozen=True)
class CellRead:
    """One figure. `place` and `category` are names, empty for the whole initiative and the total; their keys tell two
    of the same name apart. `marks`: estimated, provisional, carried, mixed (definitions), small (group)."""

    period: PeriodRead
    place: str
    place_key: int | None
    category: str
    category_keys: tuple[int, ...]
    breakdown: str
    breakdown_code: str
    state: ReleaseCell.State
    value: Decimal | None
    amount: Decimal | None
    base: Decimal | None
    low: Decimal | None
    high: Decimal | None
    interval: tuple[Decimal, Decimal] | None
    standing: str
    received: int
    expected: int
    version: int
    latest_on: date | None
    target_status: str
    marks: frozenset[str]
    decimals: int
    unit: str

    @property
    def is_total(self) -> bool:
        return self.place_key is None and not self.category_keys

    @property
    def number(self) -> str:
        """As people read it in their language, without its unit."""
        if self.state == State.HIDDEN:
            return SYMBOL
        if self.value is not None:
            return self._written(self.value)
        if self.high is None:
            return NO_DATA
        if self.low is None:
            return _("at most %(number)s") % {"number": self._written(self.high)}
        return _("%(low)s to %(high)s") % {"low": self._written(self.low), "high": self._written(self.high)}

    @property
    def text(self) -> str:
        """The same in words, for whoever hears it or reads it alone."""
        if self.state == State.HIDDEN:
            return f"{SYMBOL} {hidden_phrase()}"
        return f"{self.number} {self.unit}".strip() if self.number != NO_DATA else _("no data")

    @property
    def sdmx_status(self) -> str:
        if self.state == State.HIDDEN:
            return "Q"
        if self.number == NO_DATA:
            return "O"
        return "E" if "estimated" in self.marks else "P" if "provisional" in self.marks else "A"

    def _written(self, number: Decimal) -> str:
        return format_number(number, self.decimals, language=get_language() or "en")


@dataclass(frozen=True)
class MeasureRead:
    """A measure as it was defined when the release was made."""

    key: int
    code: str
    name: str
    definition: str
    kind: str
    unit: str
    decimals: int
    per: Decimal
    polarity: str
    level: str
    perspective: str
    tier: str
    version: int
    amount_label: str
    base_label: str
    source: str
    method: str
    inclusion: str
    outcomes: tuple[OutcomeRead, ...]
    targets: tuple[TargetRead, ...]
    breaks: tuple[BreakRead, ...]
    cells: tuple[CellRead, ...]

    def curve(self, *, place: int | None = None, categories: tuple[int, ...] = ()) -> list[CellRead]:
        """In order of time."""
        return [each for each in self.cells if (each.place_key, each.category_keys) == (place, categories)]

    def by_category(self, period: PeriodRead, *, place: int | None = None) -> list[CellRead]:
        return [
            each
            for each in self.cells
            if each.period == period and each.place_key == place and each.category_keys
        ]

    def by_place(self, period: PeriodRead, *, categories: tuple[int, ...] = ()) -> list[CellRead]:
        """By the alphabet: never a ranking."""
        found = [
            each
            for each in self.cells
            if each.period == period and each.place_key is not None and each.category_keys == categories
        ]
        return sorted(found, key=lambda each: each.place)

    @property
    def latest(self) -> CellRead | None:
        """The newest total that is shown."""
        totals = [each for each in self.curve() if each.state == State.SHOWN]
        return max(totals, key=lambda each: (each.period.end, -each.period.start.toordinal()), default=None)


@dataclass(frozen=True)
class Reading:
    release: Release
    periods: tuple[PeriodRead, ...]
    measures: tuple[MeasureRead, ...]

    @cached_property
    def _by_code(self) -> Mapping[str, MeasureRead]:
        return {measure.code: measure for measure in self.measures}

    def measure(self, code: str) -> MeasureRead | None:
        return self._by_code.get(code)

    @property
    def etag(self) -> str:
        return f'"{self.release.hash}"'


@dataclass(frozen=True)
class Change:
    """A figure that the release before showed with another value."""

    measure: str
    period: str
    place: str
    category: str
    old: Decimal
    new: Decimal
    decimals: int
    unit: str
    why: str


def readable(initiative: Initiative, audience: str) -> QuerySet[Release]:
    return Release.objects.in_initiative(initiative).readable().filter(audience=audience)


def current(initiative: Initiative, audience: str) -> Release | None:
    return readable(initiative, audience).filter(state=Release.State.PUBLISHED).first()


def read(release: Release, *, only: str = "") -> Reading:
    """All of it, or one measure by its code, in one query."""
    periods = {each["key"]: _period(each) for each in release.periods}
    wanted = [about for about in release.measures if not only or about["code"] == only]
    rows = ReleaseCell.objects.filter(release=release, indicator__in=[each["key"] for each in wanted])
    by_measure: dict[int, list[ReleaseCell]] = {}
    for row in rows.order_by("period__start", "period__end", "pk"):
        by_measure.setdefault(row.indicator_id, []).append(row)
    measures = tuple(_measure(about, by_measure.get(about["key"], []), periods) for about in wanted)
    return Reading(release, tuple(periods.values()), measures)


def changes(release: Release, *, at_most: int | None = None) -> list[Change]:
    about = {each["key"]: each for each in release.measures}
    rows = Restatement.objects.filter(release=release).select_related("period", "group", "category")
    return [
        Change(
            measure=about[row.indicator_id]["name"],
            period=row.period.label,
            place=row.group.name if row.group else "",
            category=row.category.name if row.category else "",
            old=row.old,
            new=row.new,
            decimals=about[row.indicator_id]["decimals"],
            unit=about[row.indicator_id]["unit"],
            why=row.get_why_display(),
        )
        for row in rows[:at_most]
    ]


def _period(about: dict[str, Any]) -> PeriodRead:
    days = {name: date.fromisoformat(about[name]) for name in ("start", "end")}
    return PeriodRead(**about | days)


def _measure(
    about: dict[str, Any], rows: list[ReleaseCell], periods: Mapping[int, PeriodRead]
) -> MeasureRead:
    return MeasureRead(
        **about
        | {
            "per": Decimal(about["per"]),
            "outcomes": tuple(OutcomeRead(**each) for each in about["outcomes"]),
            "targets": tuple(_target(each) for each in about["targets"]),
            "breaks": tuple(
                BreakRead(date.fromisoformat(each["on"]), each["note"]) for each in about["breaks"]
            ),
            "cells": tuple(_cell(row, about, periods) for row in rows),
        }
    )


def _target(about: dict[str, Any]) -> TargetRead:
    return TargetRead(
        date.fromisoformat(about["baseline_on"]),
        Decimal(about["baseline"]),
        date.fromisoformat(about["due_on"]),
        Decimal(about["value"]),
        None if about["tolerance"] is None else Decimal(about["tolerance"]),
    )


def _cell(row: ReleaseCell, about: dict[str, Any], periods: Mapping[int, PeriodRead]) -> CellRead:
    alone = () if row.category_id is None else (row.category_id,)
    marks = {
        "estimated": row.has_estimates,
        "provisional": row.has_provisional,
        "carried": row.is_carried,
        "mixed": row.mixed_definitions,
        "small": row.is_small,
    }
    low, high = row.interval_low, row.interval_high
    return CellRead(
        period=periods[row.period_id],
        place=row.place_label,
        place_key=row.group_id,
        category=row.category_label,
        category_keys=tuple(row.together) or alone,
        breakdown=row.breakdown_label,
        breakdown_code=row.breakdown_code,
        state=State(row.state),
        value=row.value,
        amount=row.amount,
        base=row.base,
        low=row.low,
        high=row.high,
        interval=None if low is None or high is None else (low, high),
        standing=row.standing,
        received=row.received,
        expected=row.expected,
        version=row.version_number,
        latest_on=row.latest_on,
        target_status=row.target_status,
        marks=frozenset(name for name, holds in marks.items() if holds),
        decimals=about["decimals"],
        unit=about["unit"],
    )
