"""Figures as they were: which moment an address asks about, and what has changed since.

Decisions. Only who may read each partner's figures can look back. Two moments beside each other, with one report
between them, would tell everybody else what that one partner had handed in.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from backbone.access.permissions import Permission
from backbone.web.dates import long_date
from initiatives.charter.access import InitiativeRequest
from initiatives.charter.models import Initiative
from measurement.calendars.periods import due_moment
from measurement.charts.figures import plain
from measurement.dashboards import cards
from measurement.dashboards.curves import CurvePage
from measurement.dashboards.rows import part_row
from measurement.rollups import as_of
from measurement.rollups import selectors as rollups
from measurement.rollups.selectors import Figure
from measurement.submissions.models import STATUS_NAMES, Observation
from measurement.submissions.status import FigureStatus

RECORDED_SHOWN: Final = 100
_LONGEST: Final = 40  # characters of what can be a moment
_PLUS_IN_AN_ADDRESS: Final = re.compile(r" (?=\d\d:?\d\d$)(?<=.{16})")  # which arrives as a space
_INSTANT: Final = timedelta(microseconds=1)  # what the database can tell apart


class NotRead(ValueError):
    """What was typed is no moment that can be looked back to. The text says so to people."""


@dataclass(frozen=True)
class LookingBack:
    """`then` None: figures are read as they are. `words`: when they were so; `problem`: why that cannot be read."""

    at: datetime
    allowed: bool
    typed: str = ""
    then: datetime | None = None
    words: str = ""
    problem: str = ""

    @property
    def status(self) -> int:
        return 422 if self.problem else 200

    @property
    def query(self) -> str:
        """For addresses of other figures as they were at the same moment."""
        return urlencode({"as_of": self.typed}) if self.then else ""

    @property
    def is_day(self) -> bool:
        """What was typed fits an input for days."""
        return not self.typed or (self.then is not None and len(self.typed) == len("2026-05-03"))

    def left(self, sums: int) -> int:
        """How many sums still have to be made: what is read as it was waits for none."""
        return 0 if self.then else sums

    @contextmanager
    def as_it_was(self, initiative: Initiative, code: str) -> Iterator[None]:
        if self.then is None:
            yield
            return
        with as_of.as_it_was(initiative, code, self.then):
            yield


def asked_of(request: InitiativeRequest, initiative: Initiative, *, at: datetime) -> LookingBack:
    """Raises PermissionDenied for who may not look back."""
    typed = request.GET.get("as_of", "").strip()
    allowed = request.access.may(Permission.FIGURES_VIEW_ALL)
    if not typed:
        return LookingBack(at, allowed)
    if not allowed:
        raise PermissionDenied
    try:
        then, words = _moment(typed, initiative, at)
    except NotRead as problem:
        return LookingBack(at, allowed, typed[:_LONGEST].replace("\0", ""), problem=str(problem))
    return LookingBack(then, allowed, typed, then, words)


def _moment(typed: str, initiative: Initiative, at: datetime) -> tuple[datetime, str]:
    """The end of a day in the initiative's place, or a moment to the second, and how people say it."""
    try:
        then, words = _day(typed, initiative) if len(typed) <= len("2026-05-03") else _time(typed, initiative)
    except (ValueError, OverflowError):
        raise NotRead(_("Write the day as in 2026-05-03: the year, the month and the day.")) from None
    today_ends = due_moment(at.astimezone(initiative.zone).date(), initiative.zone)
    if then >= today_ends:
        raise NotRead(_("Choose a day that is not after today."))
    return min(then, at), words


def _day(typed: str, initiative: Initiative) -> tuple[datetime, str]:
    day = date.fromisoformat(typed)
    if day.isoformat() != typed:
        raise ValueError
    return due_moment(day, initiative.zone) - _INSTANT, long_date(day)


def _time(typed: str, initiative: Initiative) -> tuple[datetime, str]:
    if len(typed) > _LONGEST:
        raise ValueError
    moment = datetime.fromisoformat(_PLUS_IN_AN_ADDRESS.sub("+", typed))
    moment = moment if moment.tzinfo else datetime.combine(moment.date(), moment.time(), initiative.zone)
    there = moment.astimezone(initiative.zone)
    clock = f"{there:%H:%M}" if there.time() == time(there.hour, there.minute) else f"{there:%H:%M:%S}"
    return moment, _("%(day)s at %(time)s") % {"day": long_date(there.date()), "time": clock}


@dataclass(frozen=True)
class Changed:
    """A figure of one period, then and now, in words."""

    name: str
    then: str
    now: str
    difference: str
    covered_then: str
    covered_now: str


@dataclass(frozen=True)
class Recorded:
    """One figure of one partner that was recorded since, in words. `was` "": the first that was recorded."""

    observation: Observation
    was: str
    said: str


@dataclass(frozen=True)
class Since:
    changes: list[Changed]
    recorded: list[Recorded]
    more: bool


def since(back: LookingBack, page: CurvePage, *, at: datetime) -> Since | None:
    """What has changed of a measure after the moment. Asked after looking back, where figures are as they are now."""
    if back.then is None:
        return None
    current = rollups.curve(replace(page.known, at=at), page.measure.indicator, group=page.group)
    current = [figure for figure in current if page.calendar in (None, figure.period.calendar)]
    recorded = as_of.recorded_since(
        page.measure.indicator,
        back.then,
        periods=[figure.period for figure in current],
        group=page.group,
    )[: RECORDED_SHOWN + 1]
    rows = [_recorded(row) for row in recorded]
    return Since(list(_changes(page.curve, current)), rows[:RECORDED_SHOWN], len(rows) > RECORDED_SHOWN)


def _changes(before: Iterable[Figure], current: Iterable[Figure]) -> Iterator[Changed]:
    """Periods whose figure or completeness is another, the newest first."""
    earlier: Mapping[int, Figure] = {figure.period.pk: figure for figure in before}
    for figure in reversed(list(current)):
        was = earlier.get(figure.period.pk)
        changed = Changed(
            figure.period.label,
            cards.shown(was) if was else _("nothing was asked yet"),
            cards.shown(figure),
            _difference(was.shown if was else None, figure),
            cards.in_of_expected(was) if was else "",
            cards.in_of_expected(figure),
        )
        if (changed.then, changed.covered_then) != (changed.now, changed.covered_now):
            yield changed


def _difference(was: Decimal | None, figure: Figure) -> str:
    if was is None or figure.shown is None:
        return ""
    moved = figure.shown - was
    sign = "+" if moved > 0 else "−" if moved < 0 else ""
    return f"{sign}{plain(abs(moved), figure.version.decimals)}"


def _recorded(row: Observation) -> Recorded:
    return Recorded(row, _words(row.supersedes) if row.supersedes else "", _words(row))


def _words(row: Any) -> str:
    """The value of an observation, or why there is none."""
    return part_row(row, row.version).value if row.amount is not None else _status(row.status)


def _status(status: str) -> str:
    return str(STATUS_NAMES[FigureStatus(status)])
