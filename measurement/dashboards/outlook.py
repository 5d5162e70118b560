"""Where a measure goes if nothing changes, and whether later figures were better than that.

Decisions. What was kept is shown as it was kept. Where nothing has been kept yet, because the newest figure has not
settled, or of one group of partners, it is worked out for the reader and said to be of today.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from backbone.web.dates import long_date
from measurement.charts.series import Curve, Point
from measurement.dashboards import cards, signs
from measurement.dashboards.curves import CurvePage
from measurement.dashboards.verdicts import Told, is_comparable
from measurement.forecasting import selectors as forecasts
from measurement.forecasting.lines import Ahead, line_through
from measurement.forecasting.models import Forecast, ForecastPoint
from measurement.indicators.models import IndicatorVersion
from measurement.judgement import forecasts as judging
from measurement.judgement.reasons import Polarity
from measurement.judgement.small_numbers import GroupSize
from measurement.rollups.selectors import Figure


@dataclass(frozen=True)
class Outlook:
    curve: Curve
    sentence: str


@dataclass(frozen=True)
class Expected:
    """What was expected of a period, and what came."""

    period: str
    expected: str
    interval: str
    made: str
    came: str
    verdict: str


def outlook(page: CurvePage, told: Told, kept: list[ForecastPoint]) -> Outlook | None:
    """None of partial figures, of percentages of few cases, and from fewer than six figures."""
    latest = page.figure
    if latest is None or latest.is_partial or latest.size is not GroupSize.ENOUGH:
        return None
    made = forecasts.made_after(kept, latest.period.ordinal)
    if made is not None:
        return _outlook([_kept_point(each) for each in made[1]], latest.version, _when_made(page, made[0]))
    line = line_through(told.points)
    if line is None:
        return None
    said = _("Computed today from %(count)s figures.") % {"count": len(line.points)}
    return _outlook([_point(each) for each in line.ahead], latest.version, said)


def kept_of(page: CurvePage) -> list[ForecastPoint]:
    """What was kept of the whole initiative. One query, and none of a group."""
    if page.group is not None or page.calendar is None or not page.measure.has_forecasts:
        return []
    return forecasts.kept(page.measure.indicator, page.calendar, at=page.known.at)


def track_record(page: CurvePage, kept: list[ForecastPoint]) -> list[Expected]:
    """Each complete figure beside what was expected of it last, the newest first."""
    expected = forecasts.newest_before(kept)
    return [
        _expected(page, figure, expected[figure.period.ordinal])
        for figure in reversed(page.curve)
        if figure.period.ordinal in expected and _may_be_judged(page, figure, expected[figure.period.ordinal])
    ]


def _may_be_judged(page: CurvePage, figure: Figure, point: ForecastPoint) -> bool:
    """Complete, of enough cases, and of the same meaning as the figures that the forecast was made from."""
    if figure.is_partial or figure.shown is None or figure.size is not GroupSize.ENOUGH:
        return False
    last = next((each for each in page.curve if each.period.pk == point.forecast.last_id), None)
    return last is not None and is_comparable(last, figure, page.measure)


def _expected(page: CurvePage, figure: Figure, point: ForecastPoint) -> Expected:
    version = figure.version
    return Expected(
        period=figure.period.label,
        expected=signs.with_unit(point.value, version),
        interval=_("%(low)s to %(high)s")
        % {"low": signs.plain(point.low, version), "high": signs.plain(point.high, version)},
        made=_day_of(page, point.forecast),
        came=cards.shown(figure),
        verdict=_verdict(figure, point),
    )


def _verdict(figure: Figure, point: ForecastPoint) -> str:
    """A turned curve is an actual better than the whole interval."""
    actual = figure.value or Decimal(0)
    if point.low <= actual <= point.high:
        return _("as was to be expected")
    polarity = Polarity(figure.version.polarity)
    place = judging.ForecastPoint(point.ordinal, point.value, point.low, point.high)
    if judging.turned_the_curve(place, actual, polarity):
        return _("better: the curve has turned")
    if polarity in (Polarity.HIGHER, Polarity.LOWER):
        return _("worse than was to be expected")
    return _("other than was to be expected")


def _when_made(page: CurvePage, forecast: Forecast) -> str:
    return _("Kept since %(day)s, from %(count)s figures.") % {
        "day": _day_of(page, forecast),
        "count": forecast.figures,
    }


def _day_of(page: CurvePage, forecast: Forecast) -> str:
    return long_date(page.known.initiative.today(forecast.made_at))


def _kept_point(each: ForecastPoint) -> Point:
    return Point(each.label, each.start, each.end, each.value, low=each.low, high=each.high)


def _point(each: Ahead) -> Point:
    return Point(each.span.label, each.span.start, each.span.end, each.value, low=each.low, high=each.high)


def _outlook(points: Sequence[Point], version: IndicatorVersion, said: str) -> Outlook:
    curve = Curve(_("If nothing changes"), tuple(points), version.unit, version.decimals)
    return Outlook(curve, f"{_sentence(points, version)} {said}")


def _sentence(points: Sequence[Point], version: IndicatorVersion) -> str:
    words = {"periods": "; ".join(_ends(points, version))}
    return _("If nothing changes: %(periods)s.") % words


def _ends(points: Sequence[Point], version: IndicatorVersion) -> Iterable[str]:
    yield _told(points[0], version)
    if len(points) > 1:
        yield _told(points[-1], version)


def _told(point: Point, version: IndicatorVersion) -> str:
    if point.value is None or point.low is None or point.high is None:
        return ""
    return _("%(value)s in %(period)s (between %(low)s and %(high)s)") % {
        "value": signs.with_unit(point.value, version),
        "period": point.label,
        "low": signs.plain(point.low, version),
        "high": signs.plain(point.high, version),
    }
