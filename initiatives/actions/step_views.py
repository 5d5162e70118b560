"""The dated steps of an action, and what it waits for."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backbone.access.permissions import Permission
from backbone.web.htmx import done, refused
from initiatives.actions import steps
from initiatives.actions.form_pages import Words, form_page, typed
from initiatives.actions.forms import MilestoneForm, WaitForm
from initiatives.actions.models import Milestone
from initiatives.actions.rights import changeable
from initiatives.actions.views import trail_to
from initiatives.agenda.tree import NotAllowed
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative

_FORM = ["GET", "HEAD", "POST"]


@requires(Permission.OWN_ACTIONS_EDIT)
@require_http_methods(_FORM)
def add_milestone(request: InitiativeRequest, initiative: Initiative, action_id: UUID) -> HttpResponse:
    found = changeable(request, action_id)
    made = Milestone(initiative=initiative, action=found)
    return _milestone_page(
        request, made, Words(_("Add a step"), _("Add it"), _("The step is added."), found.name)
    )


@requires(Permission.OWN_ACTIONS_EDIT)
@require_http_methods(_FORM)
def edit_milestone(
    request: InitiativeRequest, initiative: Initiative, action_id: UUID, milestone_id: UUID
) -> HttpResponse:
    found = _milestone(request, action_id, milestone_id)
    words = Words(_("Change the step"), _("Save"), _("The step is saved."), found.action.name)
    return _milestone_page(request, found, words)


def _milestone_page(request: InitiativeRequest, found: Milestone, words: Words) -> HttpResponse:
    form = MilestoneForm(typed(request), instance=found)
    return form_page(
        request,
        form,
        words,
        store=lambda _said: steps.save_milestone(milestone=form.instance, by=request.user, at=now()),
        back=found.action.get_absolute_url(),
        trail=trail_to(found.action),
    )


@requires(Permission.OWN_ACTIONS_EDIT)
@require_POST
def tick(
    request: InitiativeRequest, initiative: Initiative, action_id: UUID, milestone_id: UUID
) -> HttpResponse:
    found = _milestone(request, action_id, milestone_id)
    is_done = request.POST.get("done") != "no"
    try:
        steps.tick(milestone=found, done=is_done, by=request.user, at=now())
    except NotAllowed as reason:
        return refused(request, reason)
    return done(request, to=f"{found.action.get_absolute_url()}#steps")


@requires(Permission.OWN_ACTIONS_EDIT)
@require_POST
def remove_milestone(
    request: InitiativeRequest, initiative: Initiative, action_id: UUID, milestone_id: UUID
) -> HttpResponse:
    found = _milestone(request, action_id, milestone_id)
    try:
        steps.remove_milestone(milestone=found, by=request.user, at=now())
    except NotAllowed as reason:
        return refused(request, reason)
    return done(request, to=f"{found.action.get_absolute_url()}#steps")


def _milestone(request: InitiativeRequest, action_id: UUID, milestone_id: UUID) -> Milestone:
    action = changeable(request, action_id)
    found = get_object_or_404(action.milestones, public_id=milestone_id)
    found.action = action
    return found


@requires(Permission.OWN_ACTIONS_EDIT)
@require_http_methods(_FORM)
def add_wait(request: InitiativeRequest, initiative: Initiative, action_id: UUID) -> HttpResponse:
    found = changeable(request, action_id)
    lede = _("It may be one of another partner: both see it on their pages.")
    return form_page(
        request,
        WaitForm(typed(request), action=found),
        Words(_("What “%(name)s” waits for") % {"name": found.name}, _("Note it"), _("It is noted."), lede),
        store=lambda said: steps.wait_for(action=found, needs=said["needs"], by=request.user, at=now()),
        back=found.get_absolute_url(),
        trail=trail_to(found),
    )


@requires(Permission.OWN_ACTIONS_EDIT)
@require_POST
def remove_wait(
    request: InitiativeRequest, initiative: Initiative, action_id: UUID, wait_id: UUID
) -> HttpResponse:
    found = changeable(request, action_id)
    wait = get_object_or_404(found.waits.select_related("needs", "action"), public_id=wait_id)
    steps.wait_no_more(wait=wait, by=request.user, at=now())
    return done(request, to=found.get_absolute_url())
