"""Networks of initiatives: which there are, what they add up to, who is in them."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import done, refused, render_page
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.networks import operations, selectors, shown
from measurement.networks.forms import JoinForm, ProposeForm, StartForm, measures_of
from measurement.networks.models import Network, NetworkMatch, NetworkMeasure, NetworkMember

FORM = "measurement/networks/form.html"


@requires(Permission.SUBMISSIONS_VIEW_ALL)
@require_safe
def networks(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    context = {
        "networks": Network.objects.of(initiative).select_related("host"),
        "may_manage": request.access.may(Permission.INDICATORS_MANAGE),
    }
    return render_page(request, "measurement/networks/networks.html", context)


@requires(Permission.SUBMISSIONS_VIEW_ALL)
@require_safe
def network(request: InitiativeRequest, initiative: Initiative, network_id: UUID) -> HttpResponse:
    member = _member(initiative, network_id)
    context = {
        "network": member.network,
        "member": member,
        "is_host": member.network.host_id == initiative.pk,
        "members": member.network.members.filter(left_at=None).select_related("member"),
        "measures": [shown.measure_shown(each, member) for each in selectors.read(member.network)],
        "may_manage": request.access.may(Permission.INDICATORS_MANAGE),
    }
    return render_page(request, "measurement/networks/network.html", context)


@requires(Permission.INDICATORS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def start_network(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    form = StartForm(
        request.POST if request.method == "POST" else None,
        instance=Network(host=initiative),
        indicators=measures_of(initiative),
    )
    if form.is_valid():
        made = operations.start_network(
            network=form.instance, indicators=form.chosen, by=request.user, at=now()
        )
        return done(request, to=_url(initiative, made))
    return _form(request, form, _("Start a network"), _("Start it"), _list(initiative))


@requires(Permission.INDICATORS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def join_network(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    form = JoinForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and form.network:
        operations.ask_to_join(network=form.network, initiative=initiative, by=request.user, at=now())
        messages.success(request, _("Now say which of your measures mean the same. The host accepts them."))
        return done(request, to=_url(initiative, form.network))
    return _form(request, form, _("Join a network"), _("Go on"), _list(initiative))


@requires(Permission.INDICATORS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def propose(
    request: InitiativeRequest, initiative: Initiative, network_id: UUID, measure_id: UUID
) -> HttpResponse:
    member = _member(initiative, network_id)
    measure = get_object_or_404(NetworkMeasure, network=member.network, public_id=measure_id)
    form = ProposeForm(
        request.POST if request.method == "POST" else None, shared=measure, indicators=measures_of(initiative)
    )
    if form.is_valid():
        operations.propose(measure=measure, member=member, indicator=form.chosen, by=request.user, at=now())
        messages.success(request, _("Proposed. The host of the network accepts it, or asks you."))
        return done(request, to=_url(initiative, member.network))
    heading = _("What means “%(name)s” with us") % {"name": measure}
    return _form(
        request, form, heading, _("Propose it"), _url(initiative, member.network), lede=measure.definition
    )


@requires(Permission.INDICATORS_MANAGE)
@require_POST
def accept(
    request: InitiativeRequest, initiative: Initiative, network_id: UUID, match_id: UUID
) -> HttpResponse:
    member = _member(initiative, network_id)
    if member.network.host_id != initiative.pk:
        raise Http404
    rows = NetworkMatch.objects.select_related("member__network", "member__member", "measure")
    match = get_object_or_404(rows, network=member.network, public_id=match_id)
    operations.accept(match=match, by=request.user, at=now())
    messages.success(request, _("Accepted. Its figures are added in a moment."))
    return done(request, to=_url(initiative, member.network))


@requires(Permission.INDICATORS_MANAGE)
@require_POST
def leave(request: InitiativeRequest, initiative: Initiative, network_id: UUID) -> HttpResponse:
    try:
        operations.leave(member=_member(initiative, network_id), by=request.user, at=now())
    except operations.NotAllowed as reason:
        return refused(request, reason)
    messages.success(request, _("You have left the network, and your figures with you."))
    return done(request, to=_list(initiative))


def _member(initiative: Initiative, network_id: UUID) -> NetworkMember:
    network = get_object_or_404(Network.objects.of(initiative), public_id=network_id)
    member = selectors.membership(network, initiative)
    if member is None:
        raise Http404
    return member


def _form(
    request: InitiativeRequest, form: object, heading: str, button: str, back: str, *, lede: str = ""
) -> HttpResponse:
    context = {"form": form, "heading": heading, "button": button, "back": back, "lede": lede}
    return render_page(request, FORM, context, status=422 if getattr(form, "errors", None) else 200)


def _url(initiative: Initiative, network: Network) -> str:
    return reverse("measurement:networks:network", args=[initiative.slug, network.public_id])


def _list(initiative: Initiative) -> str:
    return reverse("measurement:networks:networks", args=[initiative.slug])
