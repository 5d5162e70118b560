from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from backbone.access.permissions import Permission
from backbone.access.policy import signed_in
from backbone.web.htmx import done, render_page
from initiatives.charter import operations
from initiatives.charter.access import InitiativeRequest, RoleHeld, requires, standings_in
from initiatives.charter.context import landing as landing_of
from initiatives.charter.forms import SettingsForm
from initiatives.charter.models import MAY_START, Initiative
from initiatives.partners.models import ROLE_NAMES


@dataclass(frozen=True)
class Choice:
    """One initiative to go to, and as what one is there."""

    initiative: Initiative
    parts: tuple[str, ...]


@signed_in
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Straight to the one initiative of this person, or the choice between several, or to starting one."""
    found = choices(standings_in(request))
    may_start = request.user.has_perm(MAY_START)
    if len(found) == 1 and not may_start:
        return redirect(found[0].initiative)
    return render_page(request, "initiatives/charter/home.html", {"choices": found, "may_start": may_start})


def choices(standings: Iterable[RoleHeld]) -> list[Choice]:
    parts: dict[Initiative, list[str]] = {}
    for standing in standings:
        part = _("%(role)s, %(organization)s") % {
            "role": ROLE_NAMES[standing.role],
            "organization": standing.organization,
        }
        parts.setdefault(standing.initiative, []).append(part)
    return [Choice(initiative, tuple(each)) for initiative, each in parts.items()]


@requires(Permission.INITIATIVE_VIEW)
@require_safe
def landing(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    return redirect(landing_of(request.access))


@requires(Permission.INITIATIVE_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    # A row of its own: the page around a refused form keeps the name that is stored.
    form = SettingsForm(
        request.POST if request.method == "POST" else None, instance=Initiative.objects.get(pk=initiative.pk)
    )
    if not form.is_valid():
        status = 422 if form.errors else 200
        return render_page(request, "initiatives/charter/settings.html", {"form": form}, status=status)
    operations.change_settings(initiative=form.instance, by=request.user, at=now())
    messages.success(request, _("The settings are saved."))
    return done(request, to=reverse("initiatives:charter:settings", args=[initiative.slug]))
