"""What reporting costs: for staff over everybody, for a partner its own."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import render_page
from backbone.web.pagination import paginate
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.burden import ledger, tables
from measurement.burden.forms import BurdenForm


@requires(Permission.SUBMISSIONS_VIEW_ALL)
@require_safe
def burden(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    form = BurdenForm(request.GET, initiative=initiative)
    period = form.chosen
    context = {
        "form": form,
        "whole": ledger.whole_cost(initiative, period=period),
        "measures": tables.by_measure(initiative, period=period),
        "page": paginate(request, tables.by_partner(initiative, period=period)),
        "periods": [] if period else tables.by_period(initiative),
    }
    return render_page(request, "measurement/burden/burden.html", context)


@requires(Permission.OWN_FIGURES_VIEW)
@require_safe
def own_burden(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    """The own minutes only."""
    own = request.access.organizations(Permission.OWN_FIGURES_VIEW)
    found = [
        {
            "organization": each,
            "whole": ledger.whole_cost(initiative, partner=each.pk),
            "measures": tables.by_measure(initiative, partner=each.pk),
            "periods": tables.by_period(initiative, partner=each.pk),
        }
        for each in own
    ]
    return render_page(request, "measurement/burden/own_burden.html", {"found": found})
