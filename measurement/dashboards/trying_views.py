from django.http import HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import render_page
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative, PartnerGroup
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingPeriod
from measurement.dashboards.curves import measure_or_404
from measurement.dashboards.selectors import Measure
from measurement.dashboards.trying import TrialForm, TriedRow, tried_rows
from measurement.rollups import selectors as rollups
from measurement.rollups.rehearsal import rehearse
from measurement.submissions.models import Assignment


@requires(Permission.INDICATORS_MANAGE)
@require_safe
def try_change(request: InitiativeRequest, initiative: Initiative, code: str) -> HttpResponse:
    measure, _left = measure_or_404(initiative, code, at=now())
    form = TrialForm(
        request.GET or None,
        measure=measure,
        groups=list(PartnerGroup.objects.filter(initiative=initiative)),
        partners=_partners(measure),
    )
    right = form.is_valid()
    context = {
        "form": form,
        "measure": measure,
        "group": form.group_looked_at if right else None,
        "rows": _tried(initiative, measure, form) if right else None,
        "url": reverse("measurement:dashboards:indicator", args=[initiative.slug, code]),
    }
    status = 422 if form.is_bound and not right else 200
    return render_page(
        request, "measurement/dashboards/try_change.html", context, partials=("trial",), status=status
    )


def _partners(measure: Measure) -> list[Organization]:
    """Everybody who has been asked for the measure."""
    asked = Assignment.objects.filter(indicator=measure.indicator)
    return list(Organization.objects.filter(pk__in=asked.values("organization")).order_by("name", "pk"))


def _tried(initiative: Initiative, measure: Measure, form: TrialForm) -> list[TriedRow]:
    known = rollups.known(
        initiative,
        at=now(),
        periods=ReportingPeriod.objects.in_initiative(initiative).select_related("calendar"),
        versions=measure.versions,
        sees_all=True,
    )
    pairs = rehearse(known, measure.indicator, form.trial, group=form.group_looked_at)
    return tried_rows(pairs, measure, initiative, form.group_looked_at)
