"""Gaps between categories: which are watched, and where they should be by when."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backbone.access.permissions import Permission
from backbone.web.htmx import done, refused, render_page
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.indicators import gaps
from measurement.indicators.gap_forms import GapForm
from measurement.indicators.gaps import EquityGap
from measurement.indicators.models import Indicator
from measurement.indicators.operations import NotAllowed


@requires(Permission.INDICATORS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def watch_gap(
    request: InitiativeRequest, initiative: Initiative, code: str, gap_id: UUID | None = None
) -> HttpResponse:
    indicator = get_object_or_404(Indicator.objects.in_initiative(initiative).with_versions(), code=code)
    gap = _gap(indicator, gap_id) if gap_id else EquityGap(initiative=initiative, indicator=indicator)
    form = GapForm(request.POST if request.method == "POST" else None, instance=gap)
    if form.is_valid():
        try:
            gaps.watch_gap(gap=form.instance, by=request.user, at=now())
        except NotAllowed as reason:
            return refused(request, reason)
        messages.success(request, _("The gap is watched: its curve stands on the page of the measure."))
        return done(request, to=_sheet(indicator))
    return render_page(
        request,
        "measurement/indicators/gap.html",
        {"form": form, "indicator": indicator, "gap_id": gap_id, "back": _sheet(indicator)},
        partials=("gap-form",),
        status=422 if form.errors else 200,
    )


@requires(Permission.INDICATORS_MANAGE)
@require_POST
def drop_gap(request: InitiativeRequest, initiative: Initiative, code: str, gap_id: UUID) -> HttpResponse:
    indicator = get_object_or_404(Indicator.objects.in_initiative(initiative), code=code)
    gaps.drop_gap(gap=_gap(indicator, gap_id), by=request.user, at=now())
    messages.success(request, _("The gap is no longer watched. The figures stay."))
    return done(request, to=_sheet(indicator))


def _gap(indicator: Indicator, gap_id: UUID) -> EquityGap:
    return get_object_or_404(gaps.gaps_of(indicator), public_id=gap_id)


def _sheet(indicator: Indicator) -> str:
    return reverse("measurement:indicators:sheet", args=[indicator.initiative.slug, indicator.code])
