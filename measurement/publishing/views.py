"""The pages of a release: the same for whoever signed in, came by a link, or comes from the street."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.template.loader import render_to_string
from django.utils.cache import get_conditional_response
from django.views.decorators.http import require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import render_page
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.publishing import doors, keeping, shown
from measurement.publishing.one_measure import measure_page
from measurement.publishing.ways import Door, Way
from measurement.releases import selectors
from measurement.releases.models import Release

_FRAMES: Final = {Door.INSIDE: "base.html"}
_OUTSIDE: Final = "measurement/publishing/outside.html"


@dataclass(frozen=True)
class Page:
    """What is drawn under one heading. `make` answers its context, or raises Http404."""

    name: str
    make: Callable[[Way, Release, Mapping[str, str], str], dict[str, Any]]


def _overview(way: Way, release: Release, asked: Mapping[str, str], code: str) -> dict[str, Any]:
    reading = selectors.read(release)
    return {
        "overview": shown.overview(reading, way),
        "changes": selectors.changes(release),
        "title": release.title,
    }


def _measure(way: Way, release: Release, asked: Mapping[str, str], code: str) -> dict[str, Any]:
    measure = selectors.read(release, only=code).measure(code)
    if measure is None:
        raise Http404
    return {"page": measure_page(measure, asked), "title": measure.name, "phrase": selectors.hidden_phrase()}


def _changes(way: Way, release: Release, asked: Mapping[str, str], code: str) -> dict[str, Any]:
    return {"changes": selectors.changes(release), "title": release.title}


def _protection(way: Way, release: Release, asked: Mapping[str, str], code: str) -> dict[str, Any]:
    return {"title": release.title, "rules": release.rules, "phrase": selectors.hidden_phrase()}


OVERVIEW: Final = Page("overview", _overview)
MEASURE: Final = Page("measure", _measure)
CHANGES: Final = Page("changes", _changes)
PROTECTION: Final = Page("protection", _protection)


def _answer(request: HttpRequest, way: Way, page: Page, code: str = "") -> HttpResponse:
    asked = request.GET.dict()
    if page is not MEASURE and way.door is not Door.INSIDE and asked:
        raise Http404
    name = keeping.mark(way, page.name, code, sorted(asked.items()))
    tag = keeping.tag_of(request, way, name)
    if way.door is not Door.SHARED and not doors.has_message(request):
        unchanged = get_conditional_response(request, etag=tag)
        if isinstance(unchanged, HttpResponseNotModified):
            keeping.patch(unchanged, way, tag)
            return unchanged
    drawn = keeping.kept(name, lambda: _draw(way, page, asked, code))
    frame = _FRAMES.get(way.door, _OUTSIDE)
    context = {"way": way, "frame": frame, "home": way.url("release"), **drawn}
    response = render_page(request, "measurement/publishing/page.html", context)
    keeping.patch(response, way, tag)
    return response


def _draw(way: Way, page: Page, asked: Mapping[str, str], code: str) -> dict[str, str]:
    release = Release.objects.get(pk=way.release.pk)
    release.initiative = way.initiative
    context = page.make(way, release, asked, code)
    context |= {
        "way": way,
        "release": release,
        "urls": _urls(way),
        "symbol": selectors.SYMBOL,
        "others": way.siblings,
    }
    html = render_to_string(f"measurement/publishing/_{page.name}.html", context)
    return {"title": context["title"], "html": html}


def _urls(way: Way) -> dict[str, str]:
    return {name: way.url(name) for name in ("release", "changes", "protection")}


@requires(Permission.RELEASES_READ)
@require_safe
def overview(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    """Where funders begin: what is published for them now."""
    way = doors.inside(request, initiative, None)
    if way is None:
        return render_page(request, "measurement/publishing/nothing_yet.html")
    return _answer(request, way, OVERVIEW)


def _inside(page: Page) -> Callable[..., HttpResponse]:
    @requires(Permission.RELEASES_READ)
    @require_safe
    def view(request: InitiativeRequest, initiative: Initiative, number: int, code: str = "") -> HttpResponse:
        way = doors.inside(request, initiative, number)
        if way is None:
            raise Http404
        return _answer(request, way, page, code)

    return view


def _public(page: Page) -> Callable[..., HttpResponse]:
    @doors.public_page
    @require_safe
    def view(request: HttpRequest, way: Way, code: str = "") -> HttpResponse:
        return _answer(request, way, page, code)

    return view


def _shared(page: Page) -> Callable[..., HttpResponse]:
    @doors.share_link
    def view(request: HttpRequest, way: Way, code: str = "") -> HttpResponse:
        return _answer(request, way, page, code)

    return view


inside = {page.name: _inside(page) for page in (OVERVIEW, MEASURE, CHANGES, PROTECTION)}
public = {page.name: _public(page) for page in (OVERVIEW, MEASURE, CHANGES, PROTECTION)}
shared = {page.name: _shared(page) for page in (OVERVIEW, MEASURE, CHANGES, PROTECTION)}
