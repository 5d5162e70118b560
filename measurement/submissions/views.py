from django.http import HttpResponse
from django.views.decorators.http import require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import render_page
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.submissions import own


@requires(Permission.OWN_FIGURES_VIEW)
@require_safe
def your_report(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    """Where a partner's day begins: the one thing due, and what became of the last figures."""
    desks = own.desks(
        initiative,
        request.access.organizations(Permission.OWN_FIGURES_VIEW),
        reporting=request.access.organizations(Permission.OWN_REPORT_EDIT),
    )
    context = {"desks": desks, "may_import": request.access.may(Permission.OWN_REPORT_EDIT)}
    return render_page(request, "measurement/submissions/your_report.html", context)


@requires(Permission.OWN_FIGURES_VIEW)
@require_safe
def our_figures(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    organizations = request.access.organizations(Permission.OWN_FIGURES_VIEW)
    context = {"tables": own.own_figures(initiative, organizations).items()}
    return render_page(request, "measurement/submissions/our_figures.html", context)
