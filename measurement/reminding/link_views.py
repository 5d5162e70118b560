"""The way in by a signed link: looked at, opened with one press, left.

Decisions. As with invitations (initiatives.directory.invitation_views): the mailed address only looks the link up and
leads on to one without the token, and looking uses nothing up, since scanners of mail look too. Whatever is wrong with
a link, the answer is one and the same, after the same questions to the database.
"""

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backbone.access.policy import public
from backbone.web.htmx import done, render_page
from backbone.web.limits import tried_too_often
from initiatives.charter import visits
from initiatives.charter.access import Visit, visit_by
from measurement.reminding import links

_ASKED = "asked_visit"
_TRIES_A_MINUTE = 60  # of everybody behind one address


@public("the mailed link to one report, whose token is the permission")
@never_cache
@require_safe
def link(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Leads on, to an address without the token."""
    if tried_too_often(request, what="signed-link", a_minute=_TRIES_A_MINUTE):
        return _unseen(render_page(request, "measurement/reminding/too_often.html", status=429))
    visit = visit_by(visits.with_token(slug, token, at=now()))
    if visit is None:
        return closed(request)
    request.session[_ASKED] = {"tenant": visit.link.initiative_id, "link": str(visit.link.public_id)}
    return _unseen(redirect("measurement:reminding:open-link", slug))


@public("where a signed link leads; the session holds which link it was")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_link(request: HttpRequest, slug: str) -> HttpResponse:
    """One press of a button, which no scanner makes, and the report is there."""
    visit = _asked(request, slug)
    if visit is None:
        return closed(request)
    is_somebody_else = request.user.is_authenticated and request.user != visit.person
    if request.method == "POST" and is_somebody_else:
        return _sign_out(request)
    if request.method == "POST":
        return _open(request, visit)
    context = {
        "link": visit.link,
        "report": links.report_of(visit.link),
        "is_somebody_else": is_somebody_else,
    }
    return _noindex(render_page(request, "measurement/reminding/open_link.html", context))


def _open(request: HttpRequest, visit: Visit) -> HttpResponse:
    submission = links.open_(request=request, link=visit.link, at=now())
    if submission is None:
        return closed(request)
    request.session.pop(_ASKED, None)
    return done(request, to=submission.get_absolute_url())


def _sign_out(request: HttpRequest) -> HttpResponse:
    asked = request.session[_ASKED]
    logout(request)
    request.session[_ASKED] = asked
    return done(request, to=request.path)


def _asked(request: HttpRequest, slug: str) -> Visit | None:
    """Whose link was followed in this browser, if it works still."""
    asked = request.session.get(_ASKED)
    if asked is None:
        return None
    visit = visit_by(visits.with_id(asked["tenant"], asked["link"], at=now()))
    return visit if visit and visit.access.initiative.slug == slug else None


@public("ends a visit by a signed link, and nothing else")
@require_POST
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    if not request.user.is_authenticated:
        visits.end(request)
    return _unseen(render_page(request, "measurement/reminding/left.html"))


def closed(request: HttpRequest) -> HttpResponse:
    """One page for every link that does not work, so that it tells nothing of why."""
    return _unseen(render_page(request, "measurement/reminding/link_closed.html", status=404))


def _unseen(response: HttpResponse) -> HttpResponse:
    response["Referrer-Policy"] = "no-referrer"
    return _noindex(response)


def _noindex(response: HttpResponse) -> HttpResponse:
    response["X-Robots-Tag"] = "noindex"
    return response
