"""Which measures tell about a part of the agenda."""

from collections.abc import Callable

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import done, refused, render_page
from initiatives.agenda.models import AgreedNode
from initiatives.agenda.rows import row_of
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.indicators import linking
from measurement.indicators.models import Indicator
from measurement.indicators.operations import NotAllowed


@requires(Permission.INITIATIVE_VIEW)
@require_safe
def node_measures(request: InitiativeRequest, initiative: Initiative, code: str) -> HttpResponse:
    node = _node(initiative, code)
    links = linking.links_of(node).select_related("indicator").prefetch_related("indicator__versions")
    linked = [each.indicator for each in links]
    others = Indicator.objects.in_initiative(initiative).exclude(pk__in=[each.pk for each in linked])
    agenda = {"label": _("Agenda"), "url": reverse("initiatives:agenda:agenda", args=[initiative.slug])}
    own = {"label": node.name, "url": reverse("initiatives:agenda:node", args=[initiative.slug, code])}
    return render_page(
        request,
        "measurement/indicators/node_measures.html",
        {
            "node": node,
            "linked": linked,
            "others": others.with_versions(),
            "may_manage": request.access.may(Permission.INDICATORS_MANAGE),
            "trail": [agenda, own],
        },
    )


@requires(Permission.INDICATORS_MANAGE)
@require_POST
def link_measure(request: InitiativeRequest, initiative: Initiative, code: str) -> HttpResponse:
    return _do(request, initiative, code, linking.link)


@requires(Permission.INDICATORS_MANAGE)
@require_POST
def unlink_measure(request: InitiativeRequest, initiative: Initiative, code: str) -> HttpResponse:
    return _do(request, initiative, code, linking.unlink)


@requires(Permission.INDICATORS_MANAGE)
@require_POST
def move_measure(request: InitiativeRequest, initiative: Initiative, code: str) -> HttpResponse:
    up = request.POST.get("direction") == "up"
    return _do(request, initiative, code, linking.move_link, up=up)


def _do(
    request: InitiativeRequest,
    initiative: Initiative,
    node_code: str,
    operation: Callable[..., object],
    **how: bool,
) -> HttpResponse:
    node = _node(initiative, node_code)
    code = request.POST.get("measure", "").replace("\0", "")  # the database would choke on it
    indicator = get_object_or_404(Indicator.objects.in_initiative(initiative), code=code)
    try:
        operation(node=node, indicator=indicator, by=request.user, at=now(), **how)
    except NotAllowed as reason:
        return refused(request, reason)
    return done(
        request, to=reverse("measurement:indicators:node-measures", args=[initiative.slug, node_code])
    )


def _node(initiative: Initiative, code: str) -> AgreedNode:
    found = row_of(initiative, code)
    if found is None:
        raise Http404
    return found
