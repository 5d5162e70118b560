"""What was expected once of a measure, period by period."""

from collections.abc import Mapping
from datetime import datetime

from measurement.calendars.models import ReportingCalendar
from measurement.forecasting.models import Forecast, ForecastPoint
from measurement.indicators.models import Indicator


def kept(indicator: Indicator, calendar: ReportingCalendar, *, at: datetime) -> list[ForecastPoint]:
    """All points of all forecasts kept until then, the older forecasts first. One query."""
    rows = ForecastPoint.objects.filter(
        forecast__indicator=indicator, forecast__calendar=calendar, forecast__made_at__lte=at
    )
    found = rows.select_related("forecast__first", "forecast__last")
    return list(found.order_by("forecast__last__ordinal", "forecast_id", "ordinal"))


def newest_before(points: list[ForecastPoint]) -> Mapping[int, ForecastPoint]:
    """By number of the period, what the newest forecast made before it expected."""
    return {point.ordinal: point for point in points}


def made_after(points: list[ForecastPoint], ordinal: int) -> tuple[Forecast, list[ForecastPoint]] | None:
    """The forecast that was made when that period was the newest, if one was kept."""
    found = [point for point in points if point.forecast.last.ordinal == ordinal]
    return (found[0].forecast, found) if found else None
