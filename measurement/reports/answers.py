"""What is answered to whoever may read a release and asks for a file of it. Who may is asked before, by the view."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from backbone.web.files import attachment
from measurement.releases.models import Release
from measurement.reports.formats import FORMS, made
from measurement.reports.stamp import stamp_of


def file_answer(request: HttpRequest, release: Release, code: str) -> HttpResponse:
    """The file, or 304 for who has it already. `release.initiative` has to be loaded."""
    if code not in FORMS:
        raise Http404
    with translation.override(settings.LANGUAGE_CODE):
        stamp = stamp_of(release)
    etag = quote_etag(f"{code}-{stamp.mark}")
    known = get_conditional_response(request, etag=etag)
    response = known or attachment(made(release, FORMS[code]), name=stamp.name + FORMS[code].suffix)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    return response
