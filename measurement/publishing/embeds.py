"""One figure of the public page for other people's websites: in a frame, or as a picture."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.utils.safestring import SafeString
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from measurement.publishing import doors, drawing, keeping, shown
from measurement.publishing.judging import judge, main_curve
from measurement.publishing.models import public_page_of
from measurement.publishing.ways import Way
from measurement.releases import selectors
from measurement.releases.models import Release


@doors.public_page
@require_safe
@xframe_options_exempt
def frame(request: HttpRequest, way: Way, code: str) -> HttpResponse:
    """Shown only by the websites that the initiative named: browsers see to that."""
    sites = public_page_of(way.initiative).frames
    response = _conditional(request, way, "frame", code)
    response._csp_replace = {"frame-ancestors": sites or ["'none'"]}  # type: ignore[attr-defined]
    return response


@doors.public_page
@require_safe
def image(request: HttpRequest, way: Way, code: str) -> HttpResponse:
    response = _conditional(request, way, "image", code)
    if response.status_code == 200:
        response["Content-Type"] = "image/svg+xml"
    response["Content-Security-Policy"] = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return response


def _conditional(request: HttpRequest, way: Way, what: str, code: str) -> HttpResponse:
    if request.GET:
        raise Http404
    name = keeping.mark(way, what, code)
    tag = keeping.tag_of(request, way, name)
    response = get_conditional_response(request, etag=tag)
    if not isinstance(response, HttpResponseNotModified):
        response = HttpResponse(keeping.kept(name, lambda: _drawn(way, what, code)))
    keeping.patch(response, way, tag)
    return response


def _drawn(way: Way, what: str, code: str) -> str:
    release = Release.objects.get(pk=way.release.pk)
    release.initiative = way.initiative
    measure = selectors.read(release, only=code).measure(code)
    if measure is None:
        raise Http404
    curve = main_curve(measure.curve())
    judged = judge(measure, curve)
    picture: SafeString = drawing.curve_image(measure, curve, judged)
    if what == "image":
        return str(picture)
    context: dict[str, Any] = {"measure": measure, "judged": judged, "picture": picture, "release": release}
    context |= {"url": way.url("measure", code), "initiative_name": way.initiative.name}
    context |= {"coverage": shown.coverage(judged.cell) if judged.cell else ""}
    return render_to_string("measurement/publishing/frame.html", context)
