"""Which measures tell about an outcome."""

from collections.abc import Callable
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import done, refused, render_page
from initiatives.agenda.models import Outcome
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.indicators import linking
from measurement.indicators.models import Indicator
from measurement.indicators.operations import NotAllowed


@requires(Permission.INITIATIVE_VIEW)
@require_safe
def outcome_measures(request: InitiativeRequest, initiative: Initiative, outcome_id: UUID) -> HttpResponse:
    outcome = _outcome(initiative, outcome_id)
    links = outcome.indicator_links.select_related("indicator").prefetch_related("indicator__versions")
    linked = [each.indicator for each in links]
    others = Indicator.objects.in_initiative(initiative).exclude(pk__in=[each.pk for each in linked])
    return render_page(
        request,
        "measurement/indicators/outcome_measures.html",
        {
            "outcome": outcome,
            "linked": linked,
            "others": others.with_versions(),
            "may_manage": request.access.may(Permission.INDICATORS_MANAGE),
            "trail": [
                {
                    "label": _("Outcomes"),
                    "url": reverse("initiatives:agenda:outcomes", args=[initiative.slug]),
                }
            ],
        },
    )


@requires(Permission.INDICATORS_MANAGE)
@require_POST
def link_measure(request: InitiativeRequest, initiative: Initiative, outcome_id: UUID) -> HttpResponse:
    return _do(request, initiative, outcome_id, linking.link)


@requires(Permission.INDICATORS_MANAGE)
@require_POST
def unlink_measure(request: InitiativeRequest, initiative: Initiative, outcome_id: UUID) -> HttpResponse:
    return _do(request, initiative, outcome_id, linking.unlink)


@requires(Permission.INDICATORS_MANAGE)
@require_POST
def move_measure(request: InitiativeRequest, initiative: Initiative, outcome_id: UUID) -> HttpResponse:
    up = request.POST.get("direction") == "up"
    return _do(request, initiative, outcome_id, linking.move_link, up=up)


def _do(
    request: InitiativeRequest,
    initiative: Initiative,
    outcome_id: UUID,
    operation: Callable[..., object],
    **how: bool,
) -> HttpResponse:
    outcome = _outcome(initiative, outcome_id)
    code = request.POST.get("measure", "").replace("\0", "")  # the database would choke on it
    indicator = get_object_or_404(Indicator.objects.in_initiative(initiative), code=code)
    try:
        operation(outcome=outcome, indicator=indicator, by=request.user, at=now(), **how)
    except NotAllowed as reason:
        return refused(request, reason)
    to = reverse("measurement:indicators:outcome-measures", args=[initiative.slug, outcome_id])
    return done(request, to=to)


def _outcome(initiative: Initiative, outcome_id: UUID) -> Outcome:
    return get_object_or_404(Outcome.objects.in_initiative(initiative), public_id=outcome_id)
