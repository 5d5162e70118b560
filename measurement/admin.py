"""Looking at what is stored, for superusers. Nothing of it is changed here: figures have their own doors."""

from typing import Any

from django.contrib import admin

from backbone.access.admin import ReadOnly
from measurement.benchmarks.models import Benchmark
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.forecasting.models import Forecast
from measurement.indicators.gaps import EquityGap
from measurement.indicators.models import Category, Disaggregation, Indicator, IndicatorVersion, Target
from measurement.rollups.models import RollUpRun
from measurement.submissions.models import (
    Assignment,
    CurrentFigure,
    DirtyKey,
    ExpectedReport,
    Message,
    Observation,
    Submission,
)


class Listed(ReadOnly):
    """A list of a table that may be long: it is not counted twice."""

    show_full_result_count = False
    list_per_page = 50

    def get_list_select_related(self, request: Any) -> list[str]:
        """Every relation that the list shows, in the same query."""
        relations = {field.name for field in self.model._meta.fields if field.is_relation}
        return [str(name) for name in self.list_display if name in relations]


@admin.register(Indicator)
class IndicatorAdmin(Listed):
    list_display = ("code", "initiative", "level", "tier", "created_at")
    list_filter = ("initiative",)
    search_fields = ("code",)


@admin.register(IndicatorVersion)
class IndicatorVersionAdmin(Listed):
    list_display = ("name", "number", "indicator", "kind", "effective_from")
    search_fields = ("name", "indicator__code")


@admin.register(Disaggregation, ReportingCalendar)
class NamedAdmin(Listed):
    list_display = ("name", "code", "initiative")
    list_filter = ("initiative",)
    search_fields = ("name", "code")


@admin.register(Category)
class CategoryAdmin(Listed):
    list_display = ("name", "code", "disaggregation")
    search_fields = ("name", "code")


@admin.register(Target)
class TargetAdmin(Listed):
    list_display = ("indicator", "organization", "baseline_on", "due_on")


@admin.register(Benchmark)
class BenchmarkAdmin(Listed):
    list_display = ("name", "indicator", "source", "licence", "unit")


@admin.register(Forecast)
class ForecastAdmin(Listed):
    list_display = ("indicator", "calendar", "last", "figures", "slope", "made_at")


@admin.register(EquityGap)
class EquityGapAdmin(Listed):
    list_display = ("indicator", "category", "reference", "measured_as", "due_on")


@admin.register(ReportingPeriod)
class ReportingPeriodAdmin(Listed):
    list_display = ("label", "calendar", "initiative", "state", "start", "end", "due_on")
    list_filter = ("state", "initiative")
    search_fields = ("code", "label")


@admin.register(Assignment)
class AssignmentAdmin(Listed):
    list_display = ("indicator", "organization", "calendar", "starts_on", "ends_on")
    search_fields = ("indicator__code", "organization__name")


@admin.register(ExpectedReport)
class ExpectedReportAdmin(Listed):
    list_display = ("public_id", "organization", "period", "due_at")
    search_fields = ("organization__name", "period__code")


@admin.register(Submission)
class SubmissionAdmin(Listed):
    list_display = ("public_id", "status", "version", "saved_at", "submitted_at", "decided_at")
    list_filter = ("status",)
    search_fields = ("expected_report__organization__name",)


@admin.register(Observation)
class ObservationAdmin(Listed):
    list_display = (
        "recorded_at",
        "organization",
        "indicator",
        "period",
        "category",
        "amount",
        "base",
        "status",
    )
    search_fields = ("organization__name", "indicator__code")


@admin.register(CurrentFigure)
class CurrentFigureAdmin(Listed):
    list_display = ("organization", "indicator", "period", "category", "amount", "base", "status")
    search_fields = ("organization__name", "indicator__code")


@admin.register(Message)
class MessageAdmin(Listed):
    list_display = ("at", "by", "initiative")


@admin.register(DirtyKey)
class DirtyKeyAdmin(Listed):
    list_display = ("indicator", "period", "organization", "marked_at", "attempts", "parked_at")


@admin.register(RollUpRun)
class RollUpRunAdmin(Listed):
    list_display = ("started_at", "initiative", "why", "done", "total", "finished_at")
