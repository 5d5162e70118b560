"""Who comes in, and to which release. What does not open answers as if nothing were there, whatever the reason."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.timezone import now
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from backbone.access.policy import public, state
from backbone.access.rows import only_tenant
from backbone.web.htmx import render_page
from initiatives.charter.access import InitiativeRequest
from initiatives.charter.models import Initiative
from measurement.publishing import links, ways
from measurement.publishing.models import ShareLink, public_page_of
from measurement.publishing.ways import Door, Way
from measurement.releases.models import Audience

P = ParamSpec("P")
_View = Callable[Concatenate[HttpRequest, Way, P], HttpResponse]
_QUIET: Final = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}


def inside(request: InitiativeRequest, initiative: Initiative, number: int | None) -> Way | None:
    """For whoever signed in: a release of theirs by its number, or the current one."""
    order = ways.audiences_of(request.access)
    found = ways.readable(initiative, order)
    release = ways.chosen(found, number, order)
    if release is None:
        return None
    return Way(Door.INSIDE, initiative, release, tuple(found), (initiative.slug, str(release.number)))


def has_message(request: HttpRequest) -> bool:
    """Whether the page around has something to tell that is not in its tag."""
    return "messages" in request.COOKIES


def public_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For everybody, where the initiative wants it."""

    @wraps(view)
    def guarded(request: HttpRequest, slug: str, number: int | None = None, **more: Any) -> HttpResponse:
        initiative = Initiative.objects.filter(slug=slug).first()
        if initiative is None:
            raise Http404
        with only_tenant(initiative.pk):
            return view(request, _public_way(initiative, number), **more)

    return state(
        guarded, "public: what an initiative released to the public, where it opened its public page"
    )


def _public_way(initiative: Initiative, number: int | None) -> Way:
    if not public_page_of(initiative).is_open:
        raise Http404
    found = ways.readable(initiative, [Audience.PUBLIC])
    release = ways.chosen(found, number, [Audience.PUBLIC])
    if release is None:
        raise Http404
    return Way(Door.PUBLIC, initiative, release, tuple(found), (initiative.slug, str(release.number)))


@public("a link to one release, whose token is the permission")
@require_safe
def follow(request: HttpRequest, token: str) -> HttpResponse:
    """Exchange the token for a cookie, so that no later address, log line or referrer carries it."""
    link = links.with_token(token, at=now())
    if link is None:
        return quiet(closed(request))
    response = HttpResponseRedirect(_way_of(link).url("release"))
    _keep(response, link, links.cookie_for(link))
    return quiet(response)


def share_link(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For whoever followed a link, and knows its passcode where it has one."""

    @wraps(view)
    @sensitive_post_parameters("passcode")
    @require_http_methods(["GET", "HEAD", "POST"])
    def guarded(request: HttpRequest, link: UUID, **more: Any) -> HttpResponse:
        found, passed = links.with_cookie(link, request.COOKIES.get(_cookie(link), ""), at=now())
        if found is None:
            return quiet(closed(request))
        if links.too_often(found):
            return quiet(_too_often(request))
        if not passed:
            return _ask(request, found)
        if request.method == "POST":
            return quiet(HttpResponseRedirect(_way_of(found).url("release")))
        with only_tenant(found.initiative_id):
            response = view(request, _way_of(found), **more)
            if request.method == "GET":
                links.note_use(found, request.path.removeprefix(f"/shared/{link}/"), at=now())
        return quiet(response)

    return state(guarded, "public: one release, to whoever holds the cookie of a share link")


def _ask(request: HttpRequest, link: ShareLink) -> HttpResponse:
    """The page with the form keeps the referrer within the site: without it the form would be refused as forged."""
    wrong = False
    if request.method == "POST":
        if links.guessed_too_often(link):
            return quiet(_too_often(request))
        if links.opens(link, request.POST.get("passcode", "")[:200]):
            response = HttpResponseRedirect(_way_of(link).url("release"))
            _keep(response, link, links.cookie_for(link, with_passcode=True))
            return quiet(response)
        wrong = True
    context = {"initiative_name": link.initiative.name, "wrong": wrong}
    status = 422 if wrong else 200
    page = quiet(render_page(request, "measurement/publishing/passcode.html", context, status=status))
    page["Referrer-Policy"] = "same-origin"
    return page


def _way_of(link: ShareLink) -> Way:
    release = link.release
    return Way(Door.SHARED, link.initiative, release, (release,), (str(link.public_id),))


def _keep(response: HttpResponse, link: ShareLink, cookie: str) -> None:
    response.set_cookie(
        _cookie(link.public_id),
        cookie,
        expires=link.expires_at,
        path=f"/shared/{link.public_id}/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def _cookie(link: UUID) -> str:
    return f"shared-{link.hex}"


def quiet(response: HttpResponse) -> HttpResponse:
    for name, value in _QUIET.items():
        response[name] = value
    response["Cache-Control"] = "no-store, private"
    return response


def closed(request: HttpRequest) -> HttpResponse:
    """One page for every link that does not work, so that it tells nothing of why."""
    return render_page(request, "measurement/publishing/closed.html", status=404)


def _too_often(request: HttpRequest) -> HttpResponse:
    response = render_page(request, "measurement/publishing/too_often.html", status=429)
    response["Retry-After"] = "60"
    return response
