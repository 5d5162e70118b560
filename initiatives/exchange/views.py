"""Offers and requests: found, posted, answered, agreed."""

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
from backbone.web.pagination import paginate
from initiatives.actions.form_pages import Words, form_page, typed
from initiatives.actions.forms import pks
from initiatives.actions.rights import may_change, owners
from initiatives.agenda.tree import NotAllowed
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from initiatives.exchange import operations, selectors
from initiatives.exchange.forms import DealForm, FilterForm, ListingForm
from initiatives.exchange.models import Deal, Listing, Side

_FORM = ["GET", "HEAD", "POST"]


@requires(Permission.INITIATIVE_VIEW)
@require_safe
def exchange(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    form = FilterForm(request.GET)
    context = {
        "form": form,
        "page": paginate(request, selectors.listings(initiative, **form.wanted())),
        "appeals": selectors.appeals(initiative),
        "may_post": request.access.may(Permission.OWN_ACTIONS_EDIT),
    }
    return render_page(request, "initiatives/exchange/exchange.html", context, partials=("found",))


@requires(Permission.OWN_ACTIONS_EDIT)
@require_http_methods(_FORM)
def add(request: InitiativeRequest, initiative: Initiative, side: str) -> HttpResponse:
    if side not in set(Side):
        raise Http404
    own = request.access.organizations(Permission.OWN_ACTIONS_EDIT)
    made = Listing(initiative=initiative, side=side)
    form = ListingForm(
        typed(request),
        instance=made,
        organizations=owners(request),
        initial={"organization": own[0], "tags": ""},
    )
    heading = _("Offer something") if side == Side.OFFER else _("Ask for something")
    return form_page(
        request,
        form,
        Words(heading, _("Post it"), _("It is posted.")),
        store=lambda _said: operations.post(posted=form.instance, by=request.user, at=now()),
        back=reverse("initiatives:exchange:exchange", args=[initiative.slug]),
        trail=trail(initiative),
    )


@requires(Permission.INITIATIVE_VIEW)
@require_safe
def listing(request: InitiativeRequest, initiative: Initiative, listing_id: UUID) -> HttpResponse:
    found = _listing(request, listing_id)
    committers = request.access.organizations(Permission.OWN_COMMITMENTS_ANSWER)
    others = [each for each in committers if each != found.organization]
    context = {
        "listing": found,
        "deals": list(found.deals.select_related("organization")),
        "matches": selectors.matches(found) if found.is_open else [],
        "may_change": found.is_open and may_change(request, found.organization),
        "may_respond": found.is_open and bool(others),
        "may_answer": found.organization in committers,
        "trail": trail(initiative),
    }
    return render_page(request, "initiatives/exchange/listing.html", context)


@requires(Permission.OWN_ACTIONS_EDIT)
@require_POST
def close(request: InitiativeRequest, initiative: Initiative, listing_id: UUID) -> HttpResponse:
    found = _listing(request, listing_id)
    if not may_change(request, found.organization):
        raise Http404
    operations.close(posted=found, by=request.user, at=now())
    return done(request, to=found.get_absolute_url())


@requires(Permission.OWN_COMMITMENTS_ANSWER)
@require_http_methods(_FORM)
def respond(request: InitiativeRequest, initiative: Initiative, listing_id: UUID) -> HttpResponse:
    found = _listing(request, listing_id)
    own = request.access.organizations(Permission.OWN_COMMITMENTS_ANSWER)
    made = Deal(initiative=initiative, listing=found)
    form = DealForm(typed(request), instance=made, organizations=pks(own), initial={"organization": own[0]})
    heading = _("We would like this") if found.side == Side.OFFER else _("We can help")
    return form_page(
        request,
        form,
        Words(heading, _("Tell them"), _("They are told."), found.name),
        store=lambda _said: operations.respond(deal=form.instance, by=request.user, at=now()),
        back=found.get_absolute_url(),
        trail=trail(initiative),
    )


@requires(Permission.OWN_COMMITMENTS_ANSWER)
@require_POST
def answer(request: InitiativeRequest, initiative: Initiative, deal_id: UUID) -> HttpResponse:
    """For whoever posted it."""
    deals = Deal.objects.filter(initiative=initiative).select_related(
        "listing__initiative", "listing__organization"
    )
    found = get_object_or_404(deals, public_id=deal_id)
    if found.listing.organization not in request.access.organizations(Permission.OWN_COMMITMENTS_ANSWER):
        raise Http404
    agree = request.POST.get("answer") == "yes"
    try:
        operations.answer(deal=found, agree=agree, by=request.user, at=now())
    except NotAllowed as reason:
        return refused(request, reason)
    messages.success(request, _("It is agreed.") if agree else _("It is declined."))
    return done(request, to=found.listing.get_absolute_url())


def _listing(request: InitiativeRequest, listing_id: UUID) -> Listing:
    rows = Listing.objects.in_initiative(request.access.initiative).select_related(
        "initiative", "organization"
    )
    return get_object_or_404(rows, public_id=listing_id)


def trail(initiative: Initiative) -> list[dict[str, str]]:
    return [{"label": _("Exchange"), "url": reverse("initiatives:exchange:exchange", args=[initiative.slug])}]
