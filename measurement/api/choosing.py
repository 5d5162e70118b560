"""What identifiers in a request stand for. What is not of this initiative, or not for whoever asks, is not there."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework import serializers

from backbone.access.permissions import Permission
from initiatives.charter.access import Access
from initiatives.charter.models import Initiative, Participation, PartnerGroup
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.indicators.models import Category, Indicator


class Code(serializers.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=121, required=kwargs.pop("required", False), **kwargs)


def indicator_here(initiative: Initiative, code: str) -> Indicator:
    return get_object_or_404(Indicator.objects.in_initiative(initiative), code=code)


def calendar_here(initiative: Initiative, code: str) -> ReportingCalendar:
    return get_object_or_404(ReportingCalendar, initiative=initiative, code=code)


def group_here(initiative: Initiative, code: str) -> PartnerGroup:
    return get_object_or_404(PartnerGroup, initiative=initiative, code=code)


def category_here(initiative: Initiative, key: str) -> Category:
    """By `breakdown/category`."""
    breakdown, _slash, code = key.partition("/")
    return get_object_or_404(Category, initiative=initiative, disaggregation__code=breakdown, code=code)


def periods_here(initiative: Initiative, choice: Mapping[str, Any]) -> list[ReportingPeriod] | None:
    """Those of the calendar and of the code that are asked for; None where neither is."""
    if not choice.get("calendar") and not choice.get("period"):
        return None
    periods = ReportingPeriod.objects.in_initiative(initiative).select_related("calendar")
    if choice.get("calendar"):
        periods = periods.filter(calendar=calendar_here(initiative, choice["calendar"]))
    if choice.get("period"):
        periods = periods.filter(code=choice["period"])
    found = list(periods)
    if not found and choice.get("period"):
        raise Http404
    return found


def organizations_seen(access: Access, of_all: Permission) -> list[Organization] | None:
    """The own organizations, or None for everybody's. Who may see neither is told so."""
    if access.may(of_all):
        return None
    own = access.organizations(Permission.OWN_FIGURES_VIEW)
    if not own:
        raise PermissionDenied
    return own


def organization_here(access: Access, seen: list[Organization] | None, public_id: UUID) -> Organization:
    if seen is not None:
        found = [each for each in seen if each.public_id == public_id]
        if not found:
            raise Http404
        return found[0]
    here = Participation.objects.in_initiative(access.initiative).values("organization")
    return get_object_or_404(Organization, public_id=public_id, pk__in=here)
