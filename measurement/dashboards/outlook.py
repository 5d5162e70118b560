"""Where a measure goes if nothing changes: computed anew for each reader, from complete figures only."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from measurement.calendars.models import ReportingPeriod
from measurement.calendars.periods import Span, next_span
from measurement.charts.series import Curve, Point
from measurement.dashboards import signs
from measurement.dashboards.evidence import cut
from measurement.dashboards.verdicts import Told
from measurement.indicators.models import IndicatorVersion
from measurement.judgement.forecasts import ForecastPoint, forecast
from measurement.judgement.small_numbers import GroupSize
from measurement.rollups.selectors import Figure

FEWEST_POINTS: Final = 6


@dataclass(frozen=True)
class Outlook:
    curve: Curve
    sentence: str


def outlook(latest: Figure, told: Told, periods: list[ReportingPeriod]) -> Outlook | None:
    """At most half as far as the complete figures since the last change of meaning reach back.

    None of partial figures, of percentages of few cases, and from fewer than six figures.
    """
    if latest.is_partial or latest.size is not GroupSize.ENOUGH or len(told.points) < FEWEST_POINTS:
        return None
    known = {figure.period.pk: figure.value for figure in told.points}
    first, last = told.points[0].period.ordinal, latest.period.ordinal
    stretch = [period for period in periods if first <= period.ordinal <= last]
    found = forecast([known.get(period.pk) for period in stretch])
    if not found.points:
        return None
    spans = _spans_after(latest.period, len(found.points))
    points = tuple(_point(place, span, told) for place, span in zip(found.points, spans, strict=True))
    version = latest.version
    curve = Curve(_("If nothing changes"), points, version.unit, version.decimals)
    return Outlook(curve, _sentence(points, version, len(told.points)))


def _spans_after(period: ReportingPeriod, count: int) -> list[Span]:
    spans = [period.span]
    for _number in range(count):
        spans.append(next_span(period.calendar.rule, spans[-1]))
    return spans[1:]


def _point(place: ForecastPoint, span: Span, told: Told) -> Point:
    value, low, high = (cut(each, told.points) for each in (place.value, place.low, place.high))
    return Point(span.label, span.start, span.end, value, low=low, high=high)


def _sentence(points: tuple[Point, ...], version: IndicatorVersion, count: int) -> str:
    words = {"next": _told(points[0], version), "last": _told(points[-1], version), "count": count}
    if len(points) == 1:
        return _("If nothing changes: %(next)s. Computed today from %(count)s figures.") % words
    return _("If nothing changes: %(next)s; %(last)s. Computed today from %(count)s figures.") % words


def _told(point: Point, version: IndicatorVersion) -> str:
    if point.value is None or point.low is None or point.high is None:
        return ""
    return _("%(value)s in %(period)s (between %(low)s and %(high)s)") % {
        "value": signs.with_unit(point.value, version),
        "period": point.label,
        "low": signs.plain(point.low, version),
        "high": signs.plain(point.high, version),
    }
