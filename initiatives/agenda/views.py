from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import done, refused, render_page
from initiatives.agenda import operations
from initiatives.agenda.forms import NewOutcomeForm, OutcomeForm
from initiatives.agenda.models import Outcome
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative


@requires(Permission.INITIATIVE_VIEW)
@require_safe
def outcomes(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    return render_page(
        request,
        "initiatives/agenda/outcomes.html",
        {
            "outcomes": list(Outcome.objects.in_initiative(initiative)),
            "may_manage": request.access.may(Permission.INDICATORS_MANAGE),
        },
    )


@requires(Permission.INDICATORS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def add_outcome(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    form = NewOutcomeForm(_typed(request), instance=Outcome(initiative=initiative))
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.add_outcome(outcome=form.instance, by=request.user, at=now())
        except operations.NotAllowed as reason:
            return refused(request, reason)
        messages.success(request, _("“%(name)s” is now one of our outcomes.") % {"name": made.name})
        return done(request, to=_list(initiative))
    return _form_page(request, form)


@requires(Permission.INDICATORS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def outcome(request: InitiativeRequest, initiative: Initiative, outcome_id: UUID) -> HttpResponse:
    found = _outcome(initiative, outcome_id)
    form = OutcomeForm(_typed(request), instance=found)
    if request.method == "POST" and form.is_valid():
        operations.change_outcome(outcome=form.instance, by=request.user, at=now())
        messages.success(request, _("“%(name)s” is saved.") % {"name": found.name})
        return done(request, to=_list(initiative))
    return _form_page(request, form, found)


@requires(Permission.INDICATORS_MANAGE)
@require_POST
def move_outcome(request: InitiativeRequest, initiative: Initiative, outcome_id: UUID) -> HttpResponse:
    up = request.POST.get("direction") == "up"
    try:
        operations.move_outcome(outcome=_outcome(initiative, outcome_id), up=up, by=request.user, at=now())
    except operations.NotAllowed as reason:
        return refused(request, reason)
    return done(request, to=_list(initiative))


@requires(Permission.INDICATORS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def remove_outcome(request: InitiativeRequest, initiative: Initiative, outcome_id: UUID) -> HttpResponse:
    found = _outcome(initiative, outcome_id)
    if request.method != "POST":
        return render_page(
            request,
            "initiatives/agenda/remove_outcome.html",
            {"outcome": found, "is_used": operations.is_used(found), "trail": _trail(initiative)},
        )
    try:
        operations.remove_outcome(outcome=found, by=request.user, at=now())
    except operations.NotAllowed as reason:
        return refused(request, reason)
    messages.success(request, _("“%(name)s” is removed.") % {"name": found.name})
    return done(request, to=_list(initiative))


def _outcome(initiative: Initiative, outcome_id: UUID) -> Outcome:
    return get_object_or_404(Outcome.objects.in_initiative(initiative), public_id=outcome_id)


def _typed(request: InitiativeRequest) -> QueryDict | None:
    return request.POST if request.method == "POST" else None


def _list(initiative: Initiative) -> str:
    return reverse("initiatives:agenda:outcomes", args=[initiative.slug])


def _trail(initiative: Initiative) -> list[dict[str, str]]:
    return [{"label": _("Outcomes"), "url": _list(initiative)}]


def _form_page(request: InitiativeRequest, form: OutcomeForm, outcome: Outcome | None = None) -> HttpResponse:
    return render_page(
        request,
        "initiatives/agenda/outcome.html",
        {"form": form, "outcome": outcome, "trail": _trail(request.access.initiative)},
        partials=("outcome-form",),
        status=422 if form.errors else 200,
    )
