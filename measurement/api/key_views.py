"""Keys of the own organization: what there is, made, revoked."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import done, render_page
from backbone.web.pagination import paginate
from initiatives.charter.access import InitiativeRequest, Standing, requires
from initiatives.charter.models import Initiative
from measurement.api import keys as operations
from measurement.api.key_forms import KeyForm
from measurement.api.models import ApiKey

_PAGE = ["GET", "HEAD", "POST"]


def _held(request: InitiativeRequest) -> list[Standing]:
    """For which organizations the person makes keys, each once and side by side."""
    found = {
        (each.organization.pk, each.side): each
        for each in request.access.standings
        if Permission.OWN_KEYS_MANAGE in each.permissions
    }
    return list(found.values())


def _keys(request: InitiativeRequest) -> QuerySet[ApiKey]:
    own = Q(pk__in=[])
    for standing in _held(request):
        own |= Q(organization=standing.organization, side=standing.side)
    return ApiKey.objects.filter(own).select_related("organization", "made_by", "revoked_by")


@requires(Permission.OWN_KEYS_MANAGE)
@require_safe
def keys(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    rows = _keys(request).order_by("-made_at", "-pk")
    context = {"page": paginate(request, rows), "now": now(), "several": len(_held(request)) > 1}
    return render_page(request, "measurement/api/keys.html", context)


@requires(Permission.OWN_KEYS_MANAGE)
@require_http_methods(_PAGE)
def make_key(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    """The key is on the answer, and nowhere else ever again."""
    sent = request.POST if request.method == "POST" else None
    form = KeyForm(sent, held=_held(request), today=initiative.today(now()))
    if form.is_valid():
        try:
            wanted = form.wanted(initiative)
            made, secret = operations.make(initiative=initiative, by=request.user, at=now(), **wanted)
        except operations.Refused as reason:
            form.add_error("name", str(reason))
        else:
            page = render_page(request, "measurement/api/key_made.html", {"key": made, "secret": secret})
            page.headers["Cache-Control"] = "no-store"
            return page
    context = {
        "form": form,
        "heading": _("Make a key"),
        "button": _("Make it"),
        "back": _url(initiative),
    }
    return render_page(request, "measurement/api/make_key.html", context, status=422 if form.errors else 200)


@requires(Permission.OWN_KEYS_MANAGE)
@require_http_methods(_PAGE)
def revoke_key(request: InitiativeRequest, initiative: Initiative, key_id: UUID) -> HttpResponse:
    """Asks first, by name, and says what stays."""
    key = get_object_or_404(_keys(request), public_id=key_id)
    if request.method != "POST":
        return render_page(request, "measurement/api/revoke_key.html", {"key": key, "back": _url(initiative)})
    operations.revoke(initiative=initiative, key=key, by=request.user, at=now())
    messages.success(request, _("“%(name)s” is revoked and opens nothing any more.") % {"name": key.name})
    return done(request, to=_url(initiative))


def _url(initiative: Initiative) -> str:
    return reverse("measurement:api:keys", args=[initiative.slug])
