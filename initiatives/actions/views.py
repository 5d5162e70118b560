"""Reading the actions: as a list, a board, a timeline, one by one, and what is one's own."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import render_page
from backbone.web.pagination import paginate
from initiatives.actions import feed, selectors
from initiatives.actions.forms import FilterForm, SayForm
from initiatives.actions.models import OPEN, Action, ActionQuerySet, Commitment
from initiatives.actions.rights import action_of, may_change, may_settle
from initiatives.actions.timeline import Span, lay_out
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative

_BARS = 40


@requires(Permission.INITIATIVE_VIEW)
@require_safe
def actions(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    rows, context = _wanted(request, initiative)
    context["page"] = paginate(request, rows)
    return render_page(request, "initiatives/actions/actions.html", context, partials=("found",))


@requires(Permission.INITIATIVE_VIEW)
@require_safe
def board(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    rows, context = _wanted(request, initiative)
    context["columns"] = selectors.board(rows)
    return render_page(request, "initiatives/actions/board.html", context, partials=("found",))


@requires(Permission.INITIATIVE_VIEW)
@require_safe
def timeline(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    rows, context = _wanted(request, initiative)
    page = paginate(request, rows.order_by("starts_on", "ends_on", "pk"), per_page=_BARS)
    steps = selectors.milestones_of(page.object_list)
    spans = [
        Span(
            each.name,
            each.starts_on,
            each.ends_on,
            each.state,
            [(step.due_on, step.done_on is not None) for step in steps.get(each.pk, [])],
        )
        for each in page
    ]
    context |= {"page": page, "drawing": lay_out(spans, context["today"]), "steps": steps}
    return render_page(request, "initiatives/actions/timeline.html", context, partials=("found",))


def _wanted(request: InitiativeRequest, initiative: Initiative) -> tuple[ActionQuerySet, dict[str, Any]]:
    form = FilterForm(request.GET, initiative=initiative)
    today = initiative.today(now())
    context = {"form": form, "today": today, "may_add": request.access.may(Permission.OWN_ACTIONS_EDIT)}
    return selectors.actions(initiative, on=today, **form.wanted()), context


@requires(Permission.INITIATIVE_VIEW)
@require_safe
def calendar(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    """The same choice of actions as a file for a calendar."""
    rows, _context = _wanted(request, initiative)
    rows = rows.filter(state__in=OPEN)
    content = feed.calendar(initiative, rows, selectors.milestones_of(rows), at=now())
    return HttpResponse(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="actions-{initiative.slug}.ics"'},
    )


@requires(Permission.INITIATIVE_VIEW)
@require_safe
def ours(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    context = {
        "ours": selectors.ours(initiative, request.access.organizations(Permission.INITIATIVE_VIEW)),
        "answerers": request.access.organizations(Permission.OWN_COMMITMENTS_ANSWER),
        "editors": request.access.organizations(Permission.OWN_ACTIONS_EDIT),
        "today": initiative.today(now()),
    }
    return render_page(request, "initiatives/actions/ours.html", context)


@requires(Permission.INITIATIVE_VIEW)
@require_safe
def action(request: InitiativeRequest, initiative: Initiative, action_id: UUID) -> HttpResponse:
    return action_page(request, action_of(request, action_id))


def action_page(
    request: InitiativeRequest, found: Action, *, form: SayForm | None = None, stale: object = None
) -> HttpResponse:
    may_edit = may_change(request, found.organization)
    parts = found.commitments.select_related("organization", "towards", "answered_by")
    own = request.access.organizations(Permission.OWN_COMMITMENTS_ANSWER)
    context = {
        "action": found,
        "today": found.initiative.today(now()),
        "milestones": list(found.milestones.all()),
        "waits": list(found.waits.select_related("needs__organization", "needs__initiative")),
        "awaited": list(found.awaited.select_related("action__organization", "action__initiative")),
        "parts": [(each, _may(request, each, own, may_edit)) for each in parts],
        "entries": paginate(request, found.entries.select_related("by", "action")),
        "form": form or (SayForm(initial={"state": found.state, "seen": found.state}) if may_edit else None),
        "stale": stale,
        "may_edit": may_edit,
        "may_take_part": bool(own) and found.is_open,
        "trail": trail(found.initiative),
    }
    status = 409 if stale else 422 if form and form.errors else 200
    return render_page(
        request, "initiatives/actions/action.html", context, partials=("say-form",), status=status
    )


def _may(request: InitiativeRequest, part: Commitment, own: list[Any], may_edit: bool) -> dict[str, bool]:
    """What this person may do with one commitment."""
    states = Commitment.State
    return {
        "answer": part.state == states.PROPOSED and part.organization in own,
        "settle": part.state in {states.ACCEPTED, states.KEPT, states.NOT_KEPT} and may_settle(request, part),
        "withdraw": part.state in {states.PROPOSED, states.DECLINED} and may_edit,
    }


def trail(initiative: Initiative) -> list[dict[str, str]]:
    return [{"label": _("Actions"), "url": reverse("initiatives:actions:actions", args=[initiative.slug])}]


def trail_to(found: Action) -> list[dict[str, str]]:
    return [*trail(found.initiative), {"label": found.name, "url": found.get_absolute_url()}]
