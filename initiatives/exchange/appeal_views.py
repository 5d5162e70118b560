"""Open appeals, and what is pledged to them."""

from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import done, refused, render_page
from initiatives.actions.form_pages import Words, form_page, typed
from initiatives.actions.forms import pks
from initiatives.actions.rights import may_change, owners
from initiatives.agenda.tree import NotAllowed
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from initiatives.exchange import operations, selectors
from initiatives.exchange.forms import AppealForm, PledgeForm
from initiatives.exchange.models import Appeal, Pledge
from initiatives.exchange.views import trail

_FORM = ["GET", "HEAD", "POST"]


@requires(Permission.OWN_ACTIONS_EDIT)
@require_http_methods(_FORM)
def add(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    own = request.access.organizations(Permission.OWN_ACTIONS_EDIT)
    form = AppealForm(
        typed(request),
        instance=Appeal(initiative=initiative),
        organizations=owners(request),
        initial={"organization": own[0]},
    )
    return form_page(
        request,
        form,
        Words(_("Call for something together"), _("Post it"), _("It is posted.")),
        store=lambda _said: operations.post(posted=form.instance, by=request.user, at=now()),
        back=reverse("initiatives:exchange:exchange", args=[initiative.slug]),
        trail=trail(initiative),
    )


@requires(Permission.INITIATIVE_VIEW)
@require_safe
def appeal(request: InitiativeRequest, initiative: Initiative, appeal_id: UUID) -> HttpResponse:
    found = _appeal(initiative, appeal_id)
    own = request.access.organizations(Permission.OWN_COMMITMENTS_ANSWER)
    context = {
        "progress": selectors.progress_of(found),
        "pledges": list(found.pledges.select_related("organization")),
        "own": own,
        "may_change": found.closed_at is None and may_change(request, found.organization),
        "may_pledge": found.closed_at is None and bool(own),
        "trail": trail(initiative),
    }
    return render_page(request, "initiatives/exchange/appeal.html", context)


@requires(Permission.OWN_ACTIONS_EDIT)
@require_POST
def close(request: InitiativeRequest, initiative: Initiative, appeal_id: UUID) -> HttpResponse:
    found = _appeal(initiative, appeal_id)
    if not may_change(request, found.organization):
        raise Http404
    operations.close(posted=found, by=request.user, at=now())
    return done(request, to=found.get_absolute_url())


@requires(Permission.OWN_COMMITMENTS_ANSWER)
@require_http_methods(_FORM)
def pledge(request: InitiativeRequest, initiative: Initiative, appeal_id: UUID) -> HttpResponse:
    found = _appeal(initiative, appeal_id)
    own = request.access.organizations(Permission.OWN_COMMITMENTS_ANSWER)
    made = Pledge(initiative=initiative, appeal=found)
    form = PledgeForm(typed(request), instance=made, organizations=pks(own), initial={"organization": own[0]})
    return form_page(
        request,
        form,
        Words(
            _("Pledge a part"), _("Pledge it"), _("Thank you: it is noted."), f"{found.name} ({found.unit})"
        ),
        store=lambda _said: operations.pledge(pledge=form.instance, by=request.user, at=now()),
        back=found.get_absolute_url(),
        trail=trail(initiative),
    )


@requires(Permission.OWN_COMMITMENTS_ANSWER)
@require_POST
def settle(request: InitiativeRequest, initiative: Initiative, pledge_id: UUID) -> HttpResponse:
    """For whoever made it: kept, or taken back."""
    rows = Pledge.objects.filter(initiative=initiative).select_related("appeal__initiative", "organization")
    found = get_object_or_404(rows, public_id=pledge_id)
    if found.organization not in request.access.organizations(Permission.OWN_COMMITMENTS_ANSWER):
        raise Http404
    try:
        kept = request.POST.get("kept") == "yes"
        operations.settle(pledge=found, kept=kept, by=request.user, at=now())
    except NotAllowed as reason:
        return refused(request, reason)
    return done(request, to=found.appeal.get_absolute_url())


def _appeal(initiative: Initiative, appeal_id: UUID) -> Appeal:
    rows = Appeal.objects.filter(initiative=initiative).select_related("initiative", "organization")
    return get_object_or_404(rows, public_id=appeal_id)
