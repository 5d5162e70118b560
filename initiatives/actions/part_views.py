"""Who takes part in an action: asked, answered, kept."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backbone.access.permissions import Permission
from backbone.web.htmx import done, refused
from initiatives.actions import commitments
from initiatives.actions.form_pages import Words, form_page, typed
from initiatives.actions.forms import AnswerForm, PartForm, SettleForm, pks
from initiatives.actions.models import Commitment
from initiatives.actions.rights import (
    action_of,
    answerable,
    changeable,
    commitment_of,
    may_change,
    settleable,
    taking_part,
)
from initiatives.actions.views import trail_to
from initiatives.agenda.tree import NotAllowed
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative

_FORM = ["GET", "HEAD", "POST"]


@requires(Permission.OWN_ACTIONS_EDIT)
@require_http_methods(_FORM)
def ask(request: InitiativeRequest, initiative: Initiative, action_id: UUID) -> HttpResponse:
    """Put a part in the action to another organization."""
    found = changeable(request, action_id)
    form = PartForm(
        typed(request),
        instance=Commitment(initiative=initiative, action=found),
        organizations=taking_part(initiative).exclude(pk=found.organization_id),
    )
    return form_page(
        request,
        form,
        Words(_("Ask a partner to take part"), _("Ask"), _("They are asked, and told by mail."), found.name),
        store=lambda _said: commitments.ask(commitment=form.instance, by=request.user, at=now()),
        back=found.get_absolute_url(),
        trail=trail_to(found),
    )


@requires(Permission.OWN_COMMITMENTS_ANSWER)
@require_http_methods(_FORM)
def take_part(request: InitiativeRequest, initiative: Initiative, action_id: UUID) -> HttpResponse:
    """Say of oneself what one takes on, without having been asked."""
    found = action_of(request, action_id)
    own = request.access.organizations(Permission.OWN_COMMITMENTS_ANSWER)
    form = PartForm(
        typed(request),
        instance=Commitment(initiative=initiative, action=found),
        organizations=pks(own),
        initial={"organization": own[0]},
    )
    return form_page(
        request,
        form,
        Words(_("Take part"), _("We take this on"), _("Thank you: it is noted."), found.name),
        store=lambda _said: commitments.take_on(commitment=form.instance, by=request.user, at=now()),
        back=found.get_absolute_url(),
        trail=trail_to(found),
    )


@requires(Permission.OWN_COMMITMENTS_ANSWER)
@require_http_methods(_FORM)
def answer(request: InitiativeRequest, initiative: Initiative, commitment_id: UUID) -> HttpResponse:
    found = answerable(request, commitment_id)
    return form_page(
        request,
        AnswerForm(typed(request)),
        Words(_("Answer for %(who)s") % {"who": found.organization}, _("Record our answer"),
              _("Your answer is recorded."), found.what),
        store=lambda said: commitments.answer(
            commitment=found, accept=said["answer"] == "yes", words=said["words"], by=request.user, at=now()
        ),
        back=_home(found),
        trail=_trail(found),
    )  # fmt: skip


@requires(Permission.OWN_COMMITMENTS_ANSWER)
@require_http_methods(_FORM)
def settle(request: InitiativeRequest, initiative: Initiative, commitment_id: UUID) -> HttpResponse:
    found = settleable(request, commitment_id)
    return form_page(
        request,
        SettleForm(typed(request)),
        Words(_("What became of it"), _("Record it"), _("It is recorded."), found.what),
        store=lambda said: commitments.settle(
            commitment=found, kept=said["kept"] == "yes", why=said["why"], by=request.user, at=now()
        ),
        back=_home(found),
        trail=_trail(found),
    )


@requires(Permission.OWN_ACTIONS_EDIT)
@require_POST
def withdraw(request: InitiativeRequest, initiative: Initiative, commitment_id: UUID) -> HttpResponse:
    """Ask no more: for whoever may change the action."""
    found = commitment_of(request, commitment_id)
    if found.action is None or not may_change(request, found.action.organization):
        raise Http404
    try:
        commitments.withdraw(commitment=found, by=request.user, at=now())
    except NotAllowed as reason:
        return refused(request, reason)
    messages.success(request, _("It is taken back."))
    return done(request, to=found.action.get_absolute_url())


def _home(found: Commitment) -> str:
    if found.action:
        return found.action.get_absolute_url()
    return reverse("initiatives:actions:ours", args=[found.initiative.slug])


def _trail(found: Commitment) -> list[dict[str, str]]:
    ours = {
        "label": _("Our actions"),
        "url": reverse("initiatives:actions:ours", args=[found.initiative.slug]),
    }
    return trail_to(found.action) if found.action else [ours]
