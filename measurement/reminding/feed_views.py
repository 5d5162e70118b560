"""The calendar feed, and the page on which people make and revoke its address."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backbone.access.permissions import Permission
from backbone.access.policy import public
from backbone.web.htmx import done, render_page
from backbone.web.limits import tried_too_often
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.reminding import feeds
from measurement.reminding.models import FeedAddress

_READINGS_A_MINUTE = 120  # of everybody behind one address


@public("a calendar program's reading; the token in the address is the permission")
@require_safe
def feed(request: HttpRequest, slug: str, token: str) -> HttpResponse:
    """Due dates as iCalendar. Every address that does not work is answered alike."""
    if tried_too_often(request, what="calendar-feed", a_minute=_READINGS_A_MINUTE):
        return HttpResponse(status=429, headers={"Retry-After": "60"})
    content = feeds.read(slug, token, at=now())
    if content is None:
        return HttpResponse(status=404, content=b"", content_type="text/plain")
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="due-dates.ics"'
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex"
    return response


@requires(Permission.INITIATIVE_VIEW)
@require_safe
def calendar_page(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    return _page(request)


@requires(Permission.INITIATIVE_VIEW)
@require_POST
def make_feed(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    """The address is on the answer, and nowhere else ever again."""
    scope = _scope(request)
    _made, token = feeds.make(
        initiative=initiative, person=request.user, scope=scope, by=request.user, at=now()
    )
    path = reverse("measurement:reminding:feed", args=[initiative.slug, token])
    response = _page(request, address=request.build_absolute_uri(path), made=scope)
    response.headers["Cache-Control"] = "no-store"
    return response


@requires(Permission.INITIATIVE_VIEW)
@require_POST
def revoke_feed(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    feeds.revoke(initiative=initiative, person=request.user, scope=_scope(request), by=request.user, at=now())
    messages.success(request, _("The address opens nothing any more."))
    return done(request, to=reverse("measurement:reminding:calendar", args=[initiative.slug]))


def _scope(request: InitiativeRequest) -> FeedAddress.Scope:
    """Which feed the form is about, if this person may have it."""
    offered = {scope.value: scope for scope in _offered(request)}
    if request.POST.get("scope") not in offered:
        raise Http404
    return offered[request.POST["scope"]]


def _offered(request: InitiativeRequest) -> list[FeedAddress.Scope]:
    return [scope for scope, permission in feeds.PERMISSION_OF.items() if request.access.may(permission)]


def _page(
    request: InitiativeRequest, *, address: str = "", made: FeedAddress.Scope | None = None
) -> HttpResponse:
    there = {
        each.scope: each
        for each in FeedAddress.objects.filter(initiative=request.access.initiative, person=request.user)
    }
    context = {
        "feeds": [(scope, there.get(scope.value)) for scope in _offered(request)],
        "address": address,
        "made": made,
    }
    return render_page(request, "measurement/reminding/calendar.html", context)
