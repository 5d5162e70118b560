"""What is answered to whoever may read a release and asks for a file of it. Who may is asked before, by the view."""

from django.conf import settings
from django.core.files import File
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from django.utils.cache import get_conditional_response
from django.utils.http import quote_etag

from backbone.web import files
from measurement.releases.models import Release
from measurement.reports.formats import FORMS, PDF, made
from measurement.reports.stamp import Stamp, stamp_of


def file_answer(request: HttpRequest, release: Release, code: str) -> HttpResponse:
    """The file, or 304 for who has it already. `release.initiative` has to be loaded."""
    stamp = _stamp(release)
    if code != PDF.code and code not in FORMS:
        raise Http404
    etag = quote_etag(f"{code}-{stamp.mark}")
    known = get_conditional_response(request, etag=etag)
    response = known or _attached(release, stamp, code)
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _attached(release: Release, stamp: Stamp, code: str) -> HttpResponse:
    if code == PDF.code:
        return files.attachment(_printed(stamp), name=stamp.name + PDF.suffix)
    form = FORMS[code]
    return files.attachment(made(release, form), name=stamp.name + form.suffix)


def _printed(stamp: Stamp) -> "File[bytes]":
    try:
        return files.read(key_of(stamp))
    except files.Gone:
        raise Http404 from None


def key_of(stamp: Stamp) -> str:
    """Where its PDF is kept: another place as soon as anything in it would be another."""
    return f"releases/{stamp.mark}.pdf"


def is_printed(release: Release) -> bool:
    """Whether the PDF has been made, with what it would say now."""
    return files.is_there(key_of(_stamp(release)))


def _stamp(release: Release) -> Stamp:
    with translation.override(settings.LANGUAGE_CODE):
        return stamp_of(release)
