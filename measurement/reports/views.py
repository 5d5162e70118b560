"""Taking a release along: its files, and the page that says what each is good for."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import render_page
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.releases.models import Release
from measurement.releases.readers import releases_for
from measurement.reports.answers import file_answer
from measurement.reports.formats import FORMS
from measurement.reports.stamp import stamp_of


@requires(Permission.INITIATIVE_VIEW)
@require_safe
def files(request: InitiativeRequest, initiative: Initiative, number: int) -> HttpResponse:
    release = _release(request, number)
    context = {"release": release, "forms": FORMS.values(), "lines": stamp_of(release).lines()}
    return render_page(request, "measurement/reports/files.html", context)


@requires(Permission.INITIATIVE_VIEW)
@require_safe
def file(request: InitiativeRequest, initiative: Initiative, number: int, form: str) -> HttpResponse:
    return file_answer(request, _release(request, number), form)


def _release(request: InitiativeRequest, number: int) -> Release:
    release = get_object_or_404(releases_for(request.access), number=number)
    release.initiative = request.access.initiative
    return release
