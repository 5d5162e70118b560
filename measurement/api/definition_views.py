"""What was agreed and what is measured: initiatives, measures, breakdowns, periods, groups, partners."""

from collections.abc import Callable, Iterable
from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from backbone.access.permissions import Permission, Side
from initiatives.charter.access import access_to
from initiatives.charter.models import SIDE_CHOICES, Initiative, PartnerGroup
from initiatives.directory.selectors import participations
from measurement.api.asking import ApiRequest
from measurement.api.authentication import standings
from measurement.api.choosing import Code, calendar_here, group_here
from measurement.api.endpoint import Endpoint, reads, reads_own
from measurement.api.sending import Paged, asked, page_of
from measurement.api.shapes import (
    BreakdownShape,
    CalendarShape,
    GroupShape,
    IndicatorShape,
    InitiativeShape,
    PartnerShape,
    PeriodShape,
    Shape,
    page_shape,
)
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.indicators.models import Disaggregation, Indicator, Level, Tier


def rows_as(shape: type[Shape]) -> Callable[[Iterable[Any]], list[Any]]:
    return lambda rows: [*shape(rows, many=True).data]


class Initiatives(Endpoint):
    @extend_schema(
        operation_id="list_initiatives",
        summary="Initiatives that you take part in",
        responses=InitiativeShape(many=True),
    )
    @reads_own
    def get(self, request: Request) -> Response:
        asked(request)
        held = standings(request)
        slugs = dict.fromkeys(standing.initiative.slug for standing in held)
        return Response(rows_as(InitiativeShape)(access_to(slug, held) for slug in slugs))


class OneInitiative(Endpoint):
    @extend_schema(operation_id="read_initiative", summary="One initiative", responses=InitiativeShape)
    @reads(Permission.INITIATIVE_VIEW)
    def get(self, request: ApiRequest, initiative: Initiative) -> Response:
        asked(request)
        return Response(InitiativeShape(request.access).data)


class IndicatorsAsked(Paged):
    level = serializers.ChoiceField(Level.choices, required=False)
    tier = serializers.ChoiceField(Tier.choices, required=False)


class Indicators(Endpoint):
    @extend_schema(
        operation_id="list_indicators",
        summary="Measures, each with all its definitions",
        parameters=[IndicatorsAsked],
        responses=page_shape(IndicatorShape),
    )
    @reads(Permission.INITIATIVE_VIEW)
    def get(self, request: ApiRequest, initiative: Initiative) -> Response:
        choice = asked(request, IndicatorsAsked)
        wanted = {name: choice[name] for name in ("level", "tier") if name in choice}
        rows = Indicator.objects.in_initiative(initiative).with_versions().filter(**wanted)
        return page_of(request, rows, choice, rows_as(IndicatorShape))


class OneIndicator(Endpoint):
    @extend_schema(operation_id="read_indicator", summary="One measure", responses=IndicatorShape)
    @reads(Permission.INITIATIVE_VIEW)
    def get(self, request: ApiRequest, initiative: Initiative, code: str) -> Response:
        asked(request)
        rows = Indicator.objects.in_initiative(initiative).with_versions()
        return Response(IndicatorShape(get_object_or_404(rows, code=code)).data)


class Breakdowns(Endpoint):
    @extend_schema(
        operation_id="list_breakdowns",
        summary="Breakdowns and their categories",
        parameters=[Paged],
        responses=page_shape(BreakdownShape),
    )
    @reads(Permission.INITIATIVE_VIEW)
    def get(self, request: ApiRequest, initiative: Initiative) -> Response:
        choice = asked(request, Paged)
        rows = (
            Disaggregation.objects.filter(initiative=initiative)
            .select_related("rows", "columns")
            .prefetch_related("categories")
        )
        return page_of(request, rows, choice, rows_as(BreakdownShape))


class Calendars(Endpoint):
    @extend_schema(
        operation_id="list_calendars",
        summary="Reporting calendars",
        parameters=[Paged],
        responses=page_shape(CalendarShape),
    )
    @reads(Permission.INITIATIVE_VIEW)
    def get(self, request: ApiRequest, initiative: Initiative) -> Response:
        choice = asked(request, Paged)
        rows = ReportingCalendar.objects.filter(initiative=initiative)
        return page_of(request, rows, choice, rows_as(CalendarShape))


class PeriodsAsked(Paged):
    calendar = Code()
    state = serializers.ChoiceField(ReportingPeriod.State.choices, required=False)


class Periods(Endpoint):
    @extend_schema(
        operation_id="list_periods",
        summary="Reporting periods, in order of time",
        parameters=[PeriodsAsked],
        responses=page_shape(PeriodShape),
    )
    @reads(Permission.INITIATIVE_VIEW)
    def get(self, request: ApiRequest, initiative: Initiative) -> Response:
        choice = asked(request, PeriodsAsked)
        rows = ReportingPeriod.objects.in_initiative(initiative).select_related("calendar")
        if "calendar" in choice:
            rows = rows.filter(calendar=calendar_here(initiative, choice["calendar"]))
        if "state" in choice:
            rows = rows.filter(state=choice["state"])
        return page_of(request, rows.order_by("start", "end", "pk"), choice, rows_as(PeriodShape))


class Groups(Endpoint):
    @extend_schema(
        operation_id="list_groups",
        summary="Groups of partners: places and tags",
        parameters=[Paged],
        responses=page_shape(GroupShape),
    )
    @reads(Permission.DASHBOARD_VIEW)
    def get(self, request: ApiRequest, initiative: Initiative) -> Response:
        choice = asked(request, Paged)
        rows = PartnerGroup.objects.filter(initiative=initiative)
        return page_of(request, rows, choice, rows_as(GroupShape))


class PartnersAsked(Paged):
    side = serializers.ChoiceField(SIDE_CHOICES, default=Side.PARTNER.value)
    group = Code()
    name = serializers.CharField(required=False, max_length=200, help_text="A part of the name or code.")
    left = serializers.BooleanField(default=False, help_text="Also those who have left.")


class Partners(Endpoint):
    @extend_schema(
        operation_id="list_partners",
        summary="Who takes part",
        parameters=[PartnersAsked],
        responses=page_shape(PartnerShape),
    )
    @reads(Permission.PARTNERS_VIEW)
    def get(self, request: ApiRequest, initiative: Initiative) -> Response:
        choice = asked(request, PartnersAsked)
        rows = participations(
            initiative,
            side=Side(choice["side"]),
            on=initiative.today(now()),
            q=choice.get("name", ""),
            group=group_here(initiative, choice["group"]) if "group" in choice else None,
            left=choice["left"],
            sort="name",
        )
        return page_of(request, rows, choice, rows_as(PartnerShape))
