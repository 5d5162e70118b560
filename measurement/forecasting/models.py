from uuid import uuid4

import pgtrigger
from django.db import models

from backbone.web.exact import ExactField
from initiatives.charter.models import TenantRow
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.indicators.models import Indicator

_KEPT = (pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),)


class Forecast(TenantRow):
    """Where a measure goes if nothing changes, as it was worked out once. It is never made anew, and never changed.

    Made from the complete figures from the period `first` to the period `last`, as they were at `made_at`.
    """

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", db_constraint=False)
    calendar = models.ForeignKey(ReportingCalendar, models.PROTECT, related_name="+", db_constraint=False)
    first = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="+", db_constraint=False)
    last = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="+", db_constraint=False)
    figures = models.PositiveSmallIntegerField()
    slope = ExactField()
    intercept = ExactField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["indicator", "last"], name="forecast_once"),)
        triggers = _KEPT

    def __str__(self) -> str:
        return f"{self.indicator} after {self.last}"


class ForecastPoint(TenantRow):
    """One period to come, told by its number in the calendar: it may not have been planned yet.

    The interval is the 95 % one of the line; what the measure cannot be is cut off.
    """

    forecast = models.ForeignKey(Forecast, models.PROTECT, related_name="points", db_constraint=False)
    ordinal = models.IntegerField()
    label = models.CharField(max_length=60)
    start = models.DateField()
    end = models.DateField()
    value = ExactField()
    low = ExactField()
    high = ExactField()

    class Meta:
        ordering = ("ordinal",)
        constraints = (models.UniqueConstraint(fields=["forecast", "ordinal"], name="forecast_point_once"),)
        triggers = _KEPT

    def __str__(self) -> str:
        return f"{self.label}: {self.value}"
