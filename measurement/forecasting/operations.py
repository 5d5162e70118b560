"""Keeping a forecast, once: when a period is complete and closed, or past its due day.

Decisions. A page never stores anything, so a task does. What has been stored is what later figures are judged
against; a correction of the past does not change it, and the moment at which it was made is kept with it.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import groupby

from django.db import transaction

from backbone.audit import trail
from initiatives.charter.models import Initiative
from measurement.calendars.models import ReportingPeriod
from measurement.forecasting.lines import Line, complete, line_through
from measurement.forecasting.models import Forecast, ForecastPoint
from measurement.indicators.models import IndicatorVersion, SeriesBreak
from measurement.rollups import selectors as rollups
from measurement.rollups.kinds import Standing
from measurement.rollups.selectors import Figure


@transaction.atomic
def freeze(*, initiative: Initiative, at: datetime) -> int:
    """Keep what is to be expected after each newest figure that has settled; return how many are new.

    Twice is the same as once.
    """
    Initiative.objects.select_for_update(no_key=True).get(pk=initiative.pk)
    kept = set(Forecast.objects.filter(initiative=initiative).values_list("indicator_id", "last_id"))
    made = 0
    for points in _settled(initiative, at=at):
        newest = points[-1]
        line = line_through(points)
        if line and (newest.cell.indicator_id, newest.period.pk) not in kept:
            _keep(initiative, line, at=at)
            made += 1
    return made


def _settled(initiative: Initiative, *, at: datetime) -> Iterator[list[Figure]]:
    """Of each measure and calendar the figures that a line may go through, where the newest has settled."""
    breaks: dict[int, list[date]] = {}
    for indicator, day in SeriesBreak.objects.filter(initiative=initiative).values_list("indicator_id", "on"):
        breaks.setdefault(indicator, []).append(day)
    for (indicator, _calendar), curve in groupby(_in_order(initiative, at=at), key=_of_what):
        points = complete(curve, breaks.get(indicator, []))
        if points and _has_settled(points[-1]):
            yield points


def _in_order(initiative: Initiative, *, at: datetime) -> Iterable[Figure]:
    known = rollups.known(
        initiative,
        at=at,
        periods=ReportingPeriod.objects.in_initiative(initiative).select_related("calendar"),
        versions=IndicatorVersion.objects.filter(initiative=initiative),
        sees_all=True,
    )
    figures = rollups.totals(known, only_reported=True)
    return sorted(figures, key=lambda figure: (*_of_what(figure), figure.period.ordinal))


def _of_what(figure: Figure) -> tuple[int, int]:
    return figure.cell.indicator_id, figure.period.calendar_id


def _has_settled(figure: Figure) -> bool:
    return figure.standing is Standing.FINAL or figure.period.state == ReportingPeriod.State.CLOSED


def _keep(initiative: Initiative, line: Line, *, at: datetime) -> None:
    first, last = line.points[0], line.points[-1]
    forecast = Forecast.objects.create(
        initiative=initiative,
        indicator_id=last.cell.indicator_id,
        calendar_id=last.period.calendar_id,
        first=first.period,
        last=last.period,
        figures=len(line.points),
        slope=line.slope,
        intercept=line.intercept,
        made_at=at,
    )
    ForecastPoint.objects.bulk_create(
        ForecastPoint(
            initiative=initiative,
            forecast=forecast,
            ordinal=each.ordinal,
            label=each.span.label,
            start=each.span.start,
            end=each.span.end,
            value=each.value,
            low=each.low,
            high=each.high,
        )
        for each in line.ahead
    )
    trail.record("forecast.kept", about=forecast, by=None, at=at, details={"after": last.period.label})
