"""The backbone's side: who has a link to a release, and whether there is a public page."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db.models import Count, Max
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from backbone.access.permissions import Permission
from backbone.web.htmx import done, render_page
from backbone.web.pagination import paginate
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.publishing import links, opening
from measurement.publishing.forms import LinkForm, PublicPageForm
from measurement.publishing.models import LinkUse, ShareLink, public_page_of
from measurement.releases.models import Audience, Release

_PAGE = ["GET", "HEAD", "POST"]


@requires(Permission.RELEASES_MANAGE)
@require_http_methods(_PAGE)
@sensitive_post_parameters("passcode")
def share_links(request: InitiativeRequest, initiative: Initiative, number: int) -> HttpResponse:
    """A new link stands on the answer, and nowhere else ever again."""
    release = _release(initiative, number)
    form = LinkForm(request.POST if request.method == "POST" else None)
    address = ""
    if form.is_valid():
        try:
            _made, token = links.make(release=release, by=request.user, at=now(), **form.cleaned_data)
        except links.Refused as reason:
            form.add_error("name", str(reason))
        else:
            address = settings.SITE_ADDRESS + reverse("measurement:publishing:follow", args=[token])
            form = LinkForm()
    context = {"release": release, "form": form, "address": address, "trail": _trail(initiative, release)}
    context |= _listed(request, release)
    status = 422 if form.errors else 200
    response = render_page(request, "measurement/publishing/links.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response


def _listed(request: InitiativeRequest, release: Release) -> dict[str, Any]:
    rows = ShareLink.objects.of(release).order_by("-made_at", "-pk")
    counted = rows.annotate(reads=Count("uses"), last_read=Max("uses__at"))
    return {
        "page": paginate(request, counted),
        "uses": LinkUse.objects.filter(link__in=rows).select_related("link")[:50],
        "now": now(),
    }


@requires(Permission.RELEASES_MANAGE)
@require_POST
def revoke(request: InitiativeRequest, initiative: Initiative, number: int, link: UUID) -> HttpResponse:
    release = _release(initiative, number)
    found = get_object_or_404(ShareLink.objects.of(release), public_id=link)
    links.revoke(link=found, by=request.user, at=now())
    messages.success(request, _("The link for “%(name)s” opens nothing any more.") % {"name": found.name})
    return done(request, to=reverse("measurement:publishing:links", args=[initiative.slug, number]))


@requires(Permission.RELEASES_MANAGE)
@require_http_methods(_PAGE)
def public_page(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    page = public_page_of(initiative)
    begin = {"is_open": page.is_open, "frames": "\n".join(page.frames)}
    form = PublicPageForm(request.POST if request.method == "POST" else None, initial=begin)
    if form.is_valid():
        opening.decide(initiative=initiative, by=request.user, at=now(), **form.chosen)
        messages.success(request, _("The public page is as you decided."))
        return done(request, to=request.path)
    public = Release.objects.in_initiative(initiative).readable().filter(audience=Audience.PUBLIC)
    address = settings.SITE_ADDRESS + reverse("measurement:publishing:public", args=[initiative.slug])
    current = public.filter(state=Release.State.PUBLISHED).first()
    context = {"form": form, "is_open": page.is_open, "address": address, "current": current}
    context |= {"trail": _trail(initiative)}
    status = 422 if form.errors else 200
    return render_page(request, "measurement/publishing/public_page.html", context, status=status)


def _release(initiative: Initiative, number: int) -> Release:
    found = get_object_or_404(Release.objects.in_initiative(initiative), number=number)
    found.initiative = initiative
    return found


def _trail(initiative: Initiative, *releases: Release) -> list[dict[str, str]]:
    steps = [
        {"label": _("Releases"), "url": reverse("measurement:releases:releases", args=[initiative.slug])}
    ]
    return [*steps, *({"label": each.title, "url": each.get_absolute_url()} for each in releases)]
