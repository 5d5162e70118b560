"""Which figure an address asks about, and who asks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404

from backbone.access.permissions import Permission
from initiatives.charter.access import Access
from initiatives.charter.models import Initiative, PartnerGroup
from measurement.calendars.models import ReportingPeriod
from measurement.dashboards.curves import measure_or_404
from measurement.dashboards.selectors import Measure
from measurement.indicators.models import Category
from measurement.rollups import selectors as rollups
from measurement.rollups.explain import Subject, Viewer
from measurement.rollups.selectors import Figure


@dataclass(frozen=True)
class Asked:
    """`figure` None: nothing is known about this period yet."""

    measure: Measure
    period: ReportingPeriod
    subject: Subject
    figure: Figure | None
    left: int


def asked_for(
    initiative: Initiative,
    code: str,
    calendar: str,
    period: str,
    about: Mapping[str, str],
    *,
    sees_all: bool,
    at: datetime,
) -> Asked:
    """Raises Http404 where measure, period, group or category are not there."""
    measure, left = measure_or_404(initiative, code, at=at)
    there = _period(initiative, calendar, period)
    subject = Subject(_group(initiative, about.get("group")), _category(initiative, about.get("category")))
    known = rollups.known(initiative, at=at, periods=[there], versions=measure.versions, sees_all=sees_all)
    figure = rollups.figure(known, measure.indicator, there, group=subject.group, category=subject.category)
    return Asked(measure, there, subject, figure, left)


def viewer_of(access: Access) -> Viewer:
    own = access.organizations(Permission.OWN_FIGURES_VIEW)
    return Viewer(access.may(Permission.FIGURES_VIEW_ALL), frozenset(each.pk for each in own))


def _period(initiative: Initiative, calendar: str, code: str) -> ReportingPeriod:
    periods = ReportingPeriod.objects.in_initiative(initiative).select_related("calendar")
    found = periods.filter(calendar__code=calendar, code=_storable(code)).first()
    if found is None:
        raise Http404
    return found


def _group(initiative: Initiative, code: str | None) -> PartnerGroup | None:
    if not code:
        return None
    found = PartnerGroup.objects.filter(initiative=initiative, code=_storable(code)).first()
    if found is None:
        raise Http404
    return found


def _category(initiative: Initiative, key: str | None) -> Category | None:
    if not key:
        return None
    breakdown, _slash, code = _storable(key).partition("/")
    found = (
        Category.objects.filter(initiative=initiative, disaggregation__code=breakdown, code=code)
        .select_related("disaggregation")
        .first()
    )
    if found is None:
        raise Http404
    return found


def _storable(code: str) -> str:
    """No code holds what the database cannot hold."""
    if "\0" in code:
        raise Http404
    return code
