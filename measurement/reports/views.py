"""Taking a release along: its files, and the page that says what each is good for."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_POST, require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import done, render_page
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.releases import operations
from measurement.releases.models import Release
from measurement.releases.readers import releases_for
from measurement.reports.answers import file_answer, is_printed
from measurement.reports.formats import FORMS, PDF
from measurement.reports.stamp import stamp_of


@requires(Permission.INITIATIVE_VIEW)
@require_safe
def files(request: InitiativeRequest, initiative: Initiative, number: int) -> HttpResponse:
    release = _release(request, number)
    context = {
        "release": release,
        "pdf": PDF,
        "is_printed": is_printed(release),
        "forms": FORMS.values(),
        "lines": stamp_of(release).lines(),
    }
    return render_page(request, "measurement/reports/files.html", context)


@requires(Permission.INITIATIVE_VIEW)
@require_safe
def file(request: InitiativeRequest, initiative: Initiative, number: int, form: str) -> HttpResponse:
    return file_answer(request, _release(request, number), form)


@requires(Permission.INITIATIVE_VIEW)
@require_POST
def make_pdf(request: InitiativeRequest, initiative: Initiative, number: int) -> HttpResponse:
    """Where it is there already, or under way, nothing begins anew."""
    release = _release(request, number)
    here = reverse("measurement:reports:files", args=[initiative.slug, number])
    if is_printed(release):
        return done(request, to=here)
    run = operations.print_it(release=release, by=request.user, at=now())
    return done(request, to=run.get_absolute_url() if run.started_by == request.user else here)


def _release(request: InitiativeRequest, number: int) -> Release:
    release = get_object_or_404(releases_for(request.access), number=number)
    release.initiative = request.access.initiative
    return release
