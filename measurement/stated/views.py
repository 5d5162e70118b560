"""Pages on which staff state what partners do not report: figures of populations, overlaps of people."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backbone.access.permissions import Permission
from backbone.web.htmx import done, render_page
from backbone.web.pagination import paginate
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.indicators.kinds import Kind
from measurement.indicators.models import Indicator
from measurement.stated import operations
from measurement.stated.forms import OverlapForm, PopulationForm
from measurement.stated.models import Overlap, PopulationFigure


@requires(Permission.INDICATORS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def population(request: InitiativeRequest, initiative: Initiative, code: str) -> HttpResponse:
    """The figures of a whole population, and one more."""
    indicator = _indicator(initiative, code, Kind.POPULATION)
    typed = request.POST if request.method == "POST" else None
    form = PopulationForm(typed, instance=PopulationFigure(initiative=initiative, indicator=indicator))
    if request.method == "POST" and form.is_valid():
        operations.state_population(figure=form.instance, by=request.user, at=now())
        messages.success(request, _("The figure is kept, with its source."))
        return done(request, to=reverse("measurement:stated:population", args=[initiative.slug, code]))
    known = PopulationFigure.objects.filter(indicator=indicator)
    rows = known.select_related("period", "category", "version", "recorded_by")
    return _page(request, "population", form, indicator, rows=paginate(request, rows))


@requires(Permission.INDICATORS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def overlaps(request: InitiativeRequest, initiative: Initiative, code: str) -> HttpResponse:
    """How many people are counted more than once, and one more statement."""
    indicator = _indicator(initiative, code, Kind.UNIQUE_PEOPLE)
    typed = request.POST if request.method == "POST" else None
    form = OverlapForm(typed, instance=Overlap(initiative=initiative, indicator=indicator))
    if request.method == "POST" and form.is_valid():
        operations.state_overlap(overlap=form.instance, by=request.user, at=now())
        messages.success(request, _("The overlap is kept, with its source."))
        return done(request, to=reverse("measurement:stated:overlaps", args=[initiative.slug, code]))
    known = Overlap.objects.filter(indicator=indicator).select_related("period", "group", "recorded_by")
    return _page(request, "overlaps", form, indicator, rows=paginate(request, known))


def _indicator(initiative: Initiative, code: str, kind: Kind) -> Indicator:
    found: Indicator = get_object_or_404(
        Indicator.objects.in_initiative(initiative).with_versions(), code=code
    )
    if found.version.kind != kind:
        raise Http404
    return found


def _page(
    request: InitiativeRequest,
    page: str,
    form: PopulationForm | OverlapForm,
    indicator: Indicator,
    **context: object,
) -> HttpResponse:
    sheet = reverse("measurement:indicators:sheet", args=[indicator.initiative.slug, indicator.code])
    return render_page(
        request,
        f"measurement/stated/{page}.html",
        {
            "form": form,
            "indicator": indicator,
            "trail": [{"label": indicator.version.name, "url": sheet}],
            **context,
        },
        partials=("stated-form",),
        status=422 if form.errors else 200,
    )
