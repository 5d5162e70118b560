from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from backbone.access.permissions import Permission
from backbone.access.policy import signed_in
from initiatives.charter.access import InitiativeRequest, requires, standings_in
from initiatives.charter.context import landing as landing_of
from initiatives.charter.models import Initiative


@signed_in
def home(request: HttpRequest) -> HttpResponse:
    """Straight to the one initiative of this person, or the choice between several."""
    initiatives = list(
        {standing.initiative.pk: standing.initiative for standing in standings_in(request)}.values()
    )
    if len(initiatives) == 1:
        return redirect(initiatives[0])
    return render(request, "initiatives/charter/home.html", {"choices": initiatives})


@requires(Permission.INITIATIVE_VIEW)
def landing(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    return redirect(landing_of(request.access))
