"""Figures: what was recorded, what it adds up to, and how each sum was made."""

from collections.abc import Mapping
from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from backbone.access.permissions import Permission
from initiatives.charter.models import Initiative
from measurement.api.asking import ApiRequest
from measurement.api.choosing import (
    Code,
    category_here,
    group_here,
    indicator_here,
    organization_here,
    organizations_seen,
    periods_here,
)
from measurement.api.definition_views import rows_as
from measurement.api.endpoint import Endpoint, reads
from measurement.api.figure_shapes import (
    CellShape,
    ExplainedCellShape,
    FigureShape,
    ObservationShape,
    explained,
)
from measurement.api.sending import Asked, Paged, asked, page_of
from measurement.api.shapes import page_shape
from measurement.dashboards.how import Asked as AskedCell
from measurement.dashboards.how import asked_for, viewer_of
from measurement.indicators.models import IndicatorVersion
from measurement.rollups import selectors as rollups
from measurement.rollups.explain import explain
from measurement.rollups.models import Cell
from measurement.submissions.models import Observation

_OF_A_FIGURE = ("indicator", "version", "organization", "period__calendar", "category__disaggregation")


class ObservationsAsked(Paged):
    indicator = Code()
    calendar = Code()
    period = Code()
    organization = serializers.UUIDField(required=False)
    report = serializers.UUIDField(required=False)
    recorded_from = serializers.DateTimeField(required=False)
    recorded_before = serializers.DateTimeField(required=False)


class Observations(Endpoint):
    @extend_schema(
        operation_id="list_observations",
        summary="Figures as they were recorded, corrections included, the newest first",
        parameters=[ObservationsAsked],
        responses=page_shape(ObservationShape),
    )
    @reads(Permission.INITIATIVE_VIEW)
    def get(self, request: ApiRequest, initiative: Initiative) -> Response:
        choice = asked(request, ObservationsAsked)
        rows = _observations(request, choice).select_related(*_OF_A_FIGURE, "submission", "supersedes")
        return page_of(request, rows.order_by("-recorded_at", "-pk"), choice, rows_as(ObservationShape))


def _observations(request: ApiRequest, choice: Mapping[str, Any]) -> QuerySet[Observation]:
    access = request.access
    seen = organizations_seen(access, Permission.FIGURES_VIEW_ALL)
    wanted: dict[str, Any] = {"initiative": access.initiative}
    if seen is not None:
        wanted["organization__in"] = seen
    if "organization" in choice:
        wanted["organization"] = organization_here(access, seen, choice["organization"])
    if "indicator" in choice:
        wanted["indicator"] = indicator_here(access.initiative, choice["indicator"])
    if (periods := periods_here(access.initiative, choice)) is not None:
        wanted["period__in"] = periods
    names = {"report": "submission__public_id", "recorded_from": "recorded_at__gte"}
    names["recorded_before"] = "recorded_at__lt"
    wanted |= {name: choice[asked_as] for asked_as, name in names.items() if asked_as in choice}
    return Observation.objects.filter(**wanted)


class CellsAsked(Paged):
    indicator = Code(help_text="What is computed from other measures is told only where it is asked for.")
    calendar = Code()
    period = Code()
    group = Code()
    category = Code(help_text="breakdown/category")
    totals = serializers.BooleanField(default=False, help_text="Only of everybody, and without breakdowns.")


class Cells(Endpoint):
    @extend_schema(
        operation_id="list_cells",
        summary="What figures add up to, in order of time",
        parameters=[CellsAsked],
        responses=page_shape(CellShape),
    )
    @reads(Permission.DASHBOARD_VIEW)
    def get(self, request: ApiRequest, initiative: Initiative) -> Response:
        choice = asked(request, CellsAsked)
        periods = periods_here(initiative, choice)
        known = rollups.known(
            initiative,
            at=now(),
            periods=rollups.periods_read(initiative) if periods is None else periods,
            versions=IndicatorVersion.objects.filter(initiative=initiative).select_related("indicator"),
            sees_all=request.access.may(Permission.FIGURES_VIEW_ALL),
        )
        indicator = indicator_here(initiative, choice["indicator"]) if "indicator" in choice else None
        rows = _narrowed(rollups.cells(known, indicator), initiative, choice)
        shown = rows_as(CellShape)
        if indicator and known.computes(indicator.pk):
            return page_of(request, rollups.read(known, rows, indicator), choice, shown)
        return page_of(request, rows, choice, lambda page: shown(rollups.read(known, page)))


def _narrowed(cells: QuerySet[Cell], initiative: Initiative, choice: Mapping[str, Any]) -> QuerySet[Cell]:
    if choice["totals"]:
        cells = cells.filter(group=None, category=None)
    if "group" in choice:
        cells = cells.filter(group=group_here(initiative, choice["group"]))
    if "category" in choice:
        cells = cells.filter(category=category_here(initiative, choice["category"]))
    return cells


class CellAsked(Asked):
    group = Code()
    category = Code(help_text="breakdown/category")


class PartsAsked(Paged, CellAsked):
    pass


def _asked_cell(
    request: ApiRequest, code: str, calendar: str, period: str, choice: Mapping[str, Any]
) -> AskedCell:
    return asked_for(
        request.access.initiative,
        code,
        calendar,
        period,
        choice,
        sees_all=request.access.may(Permission.FIGURES_VIEW_ALL),
        at=now(),
    )


class OneCell(Endpoint):
    @extend_schema(
        operation_id="read_cell",
        summary="One sum, and how it was made",
        parameters=[CellAsked],
        responses=ExplainedCellShape,
    )
    @reads(Permission.DASHBOARD_VIEW)
    def get(
        self, request: ApiRequest, initiative: Initiative, code: str, calendar: str, period: str
    ) -> Response:
        found = _asked_cell(request, code, calendar, period, asked(request, CellAsked))
        if found.figure is None:
            raise Http404
        explanation = explain(found.figure, found.subject, viewer_of(request.access))
        path = reverse("measurement:api:parts", args=[initiative.slug, code, calendar, period])
        parts = request.build_absolute_uri(path)
        query = request.query_params.urlencode()
        return Response(explained(found.figure, explanation, f"{parts}?{query}" if query else parts))


class Parts(Endpoint):
    @extend_schema(
        operation_id="list_parts",
        summary="The figures in a sum that you may see one by one",
        parameters=[PartsAsked],
        responses=page_shape(FigureShape),
    )
    @reads(Permission.DASHBOARD_VIEW)
    def get(
        self, request: ApiRequest, initiative: Initiative, code: str, calendar: str, period: str
    ) -> Response:
        choice = asked(request, PartsAsked)
        found = _asked_cell(request, code, calendar, period, choice)
        if found.figure is None:
            raise Http404
        parts = explain(found.figure, found.subject, viewer_of(request.access)).parts
        return page_of(request, parts.select_related(*_OF_A_FIGURE), choice, rows_as(FigureShape))
