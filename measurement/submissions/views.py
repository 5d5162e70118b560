from django.http import HttpResponse
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import render_page
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.submissions import selectors


@requires(Permission.OWN_FIGURES_VIEW)
@require_safe
def your_report(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    """Where a partner's day begins: the one thing due, and what became of the last figures."""
    organizations = request.access.organizations(Permission.OWN_FIGURES_VIEW)
    editable = request.access.organizations(Permission.OWN_REPORT_EDIT)
    context = {
        "desks": selectors.desks(initiative, organizations),
        "editable": editable,
        "now": now(),
    }
    return render_page(request, "measurement/submissions/your_report.html", context)


@requires(Permission.OWN_FIGURES_VIEW)
@require_safe
def our_figures(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    organizations = request.access.organizations(Permission.OWN_FIGURES_VIEW)
    context = {"tables": selectors.own_figures(initiative, organizations).items()}
    return render_page(request, "measurement/submissions/our_figures.html", context)
