"""Writing actions down, changing them, saying how they stand, taking them away."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backbone.access.permissions import Permission
from backbone.web.htmx import done, refused, render_page
from initiatives.actions import operations
from initiatives.actions.form_pages import Words, form_page, typed
from initiatives.actions.forms import ActionForm, SayForm, pks
from initiatives.actions.models import Action
from initiatives.actions.rights import changeable, owners
from initiatives.actions.views import action_page, trail, trail_to
from initiatives.agenda.drafting import Stale
from initiatives.agenda.models import Strategy
from initiatives.agenda.tree import NotAllowed
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative

_FORM = ["GET", "HEAD", "POST"]


@requires(Permission.OWN_ACTIONS_EDIT)
@require_http_methods(_FORM)
def add(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    form = ActionForm(
        typed(request),
        instance=Action(initiative=initiative),
        organizations=owners(request),
        initial=_given(request, initiative),
    )
    words = Words(_("Write down an action"), _("Add it"), _("The action is written down."))
    return form_page(
        request,
        form,
        words,
        store=lambda _said: operations.add(action=form.instance, by=request.user, at=now()),
        back=reverse("initiatives:actions:actions", args=[initiative.slug]),
        trail=trail(initiative),
    )


def _given(request: InitiativeRequest, initiative: Initiative) -> dict[str, Any]:
    """What the way here says: the strategy; and whose it is, where there is no choice."""
    code = request.GET.get("strategy", "").replace("\0", "")
    own = request.access.organizations(Permission.OWN_ACTIONS_EDIT)
    return {
        "strategy": Strategy.objects.in_initiative(initiative).filter(code=code).first(),
        "organization": own[0] if len(own) == 1 else None,
    }


@requires(Permission.OWN_ACTIONS_EDIT)
@require_http_methods(_FORM)
def edit(request: InitiativeRequest, initiative: Initiative, action_id: UUID) -> HttpResponse:
    found = changeable(request, action_id)
    allowed = owners(request) | pks([found.organization])

    def form_with(data: Any, instance: Action, **initial: Any) -> ActionForm:
        seen = {"seen": operations.mark_of(instance)}
        return ActionForm(data, instance=instance, organizations=allowed, initial=initial | seen)

    def again() -> ActionForm:
        """What was typed, with the mark of what stands there now: saving once more is on purpose."""
        fresh = changeable(request, action_id)
        return form_with({**request.POST.dict(), "seen": operations.mark_of(fresh)}, fresh)

    form = form_with(typed(request), found)
    return form_page(
        request,
        form,
        Words(_("Change the action"), _("Save"), _("The action is saved.")),
        store=lambda said: operations.change(
            action=form.instance, seen=said["seen"], by=request.user, at=now()
        ),
        back=found.get_absolute_url(),
        trail=trail_to(found),
        again=again,
    )


@requires(Permission.OWN_ACTIONS_EDIT)
@require_POST
def say(request: InitiativeRequest, initiative: Initiative, action_id: UUID) -> HttpResponse:
    found = changeable(request, action_id)
    form = SayForm(request.POST)
    if not form.is_valid():
        return action_page(request, found, form=form)
    said = form.cleaned_data
    try:
        operations.say(
            action=found, state=said["state"], text=said["text"], seen=said["seen"], by=request.user, at=now()
        )
    except Stale as stale:
        again = SayForm(initial={**said, "seen": found.state})
        return action_page(request, found, form=again, stale=stale)
    except NotAllowed as reason:
        return refused(request, reason)
    messages.success(request, _("It is noted."))
    return done(request, to=found.get_absolute_url())


@requires(Permission.OWN_ACTIONS_EDIT)
@require_http_methods(_FORM)
def remove(request: InitiativeRequest, initiative: Initiative, action_id: UUID) -> HttpResponse:
    found = changeable(request, action_id)
    if request.method != "POST":
        context = {"action": found, "used": operations.rests_on(found), "trail": trail_to(found)}
        return render_page(request, "initiatives/actions/remove.html", context)
    try:
        operations.remove(action=found, by=request.user, at=now())
    except NotAllowed as reason:
        return refused(request, reason)
    messages.success(request, _("“%(name)s” is removed.") % {"name": found.name})
    return done(request, to=reverse("initiatives:actions:actions", args=[initiative.slug]))
