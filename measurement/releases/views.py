"""Releases at the backbone's desk: asked for, looked at, published, withdrawn."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import done, refused, render_page
from backbone.web.pagination import paginate
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.releases import operations, previewing, selectors
from measurement.releases.forms import ReleaseForm, WithdrawForm
from measurement.releases.models import Release

_CHANGES_SHOWN: Final = 100


@requires(Permission.SUBMISSIONS_VIEW_ALL)
@require_safe
def releases(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    rows = Release.objects.in_initiative(initiative).select_related("created_by")
    return render_page(
        request,
        "measurement/releases/releases.html",
        {"page": paginate(request, rows), "may_manage": request.access.may(Permission.RELEASES_MANAGE)},
    )


@requires(Permission.RELEASES_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    form = ReleaseForm(request.POST if request.method == "POST" else None, initiative=initiative)
    if not form.is_valid():
        context = {"form": form, "trail": _trail(initiative)}
        return render_page(
            request, "measurement/releases/new.html", context, status=422 if form.errors else 200
        )
    release = operations.ask_for(
        initiative=initiative,
        title=form.cleaned_data["title"],
        audience=form.cleaned_data["audience"],
        asked=form.asked,
        by=request.user,
        at=now(),
    )
    return done(request, to=release.get_absolute_url())


@requires(Permission.SUBMISSIONS_VIEW_ALL)
@require_safe
def release(request: InitiativeRequest, initiative: Initiative, number: int) -> HttpResponse:
    """What it would tell, what is hidden, and what that cost."""
    found = _release(initiative, number)
    context = {
        "release": found,
        "run": found.run,
        "lines": previewing.lines(found),
        "changes": selectors.changes(found, at_most=_CHANGES_SHOWN),
        "changes_in_all": found.restatements.count(),
        "may_manage": request.access.may(Permission.RELEASES_MANAGE),
        "trail": _trail(initiative),
    }
    return render_page(request, "measurement/releases/release.html", context)


@requires(Permission.SUBMISSIONS_VIEW_ALL)
@require_safe
def measure(request: InitiativeRequest, initiative: Initiative, number: int, code: str) -> HttpResponse:
    """Every figure of one measure as its readers will see it."""
    found = _release(initiative, number)
    told = selectors.read(found, only=code).measure(code)
    if told is None:
        raise Http404
    steps = [*_trail(initiative), {"label": found.title, "url": found.get_absolute_url()}]
    table = previewing.table(told)
    context = {
        "release": found,
        "measure": told,
        "periods": table.periods,
        "page": paginate(request, table.rows),
        "phrase": selectors.hidden_phrase(),
        "symbol": selectors.SYMBOL,
        "trail": steps,
    }
    return render_page(request, "measurement/releases/measure.html", context)


@requires(Permission.RELEASES_MANAGE)
@require_POST
def publish(request: InitiativeRequest, initiative: Initiative, number: int) -> HttpResponse:
    return _do(request, _Act(operations.publish, _("It is published.")), _release(initiative, number))


@requires(Permission.RELEASES_MANAGE)
@require_POST
def build_again(request: InitiativeRequest, initiative: Initiative, number: int) -> HttpResponse:
    return _do(request, _Act(operations.build_again, _("It is being built.")), _release(initiative, number))


@requires(Permission.RELEASES_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: InitiativeRequest, initiative: Initiative, number: int) -> HttpResponse:
    found = _release(initiative, number)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"form": form, "release": found, "trail": _trail(initiative)}
        status = 422 if form.errors else 200
        return render_page(request, "measurement/releases/withdraw.html", context, status=status)
    because = form.cleaned_data["because"]
    return _do(request, _Act(operations.withdraw, _("It is withdrawn."), {"because": because}), found)


@requires(Permission.RELEASES_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def discard(request: InitiativeRequest, initiative: Initiative, number: int) -> HttpResponse:
    found = _release(initiative, number)
    if request.method != "POST":
        context = {"release": found, "trail": _trail(initiative)}
        return render_page(request, "measurement/releases/discard.html", context)
    try:
        operations.discard(release=found, by=request.user, at=now())
    except operations.NotAllowed as reason:
        return refused(request, reason)
    messages.success(request, _("It is thrown away. Nobody has read it."))
    return done(request, to=reverse("measurement:releases:releases", args=[initiative.slug]))


@dataclass(frozen=True)
class _Act:
    operation: Callable[..., Any]
    said: str
    more: dict[str, Any] | None = None


def _do(request: InitiativeRequest, act: _Act, found: Release) -> HttpResponse:
    try:
        act.operation(release=found, by=request.user, at=now(), **act.more or {})
    except operations.NotAllowed as reason:
        return refused(request, reason)
    messages.success(request, act.said)
    return done(request, to=found.get_absolute_url())


def _release(initiative: Initiative, number: int) -> Release:
    rows = Release.objects.in_initiative(initiative).select_related("run", "created_by", "published_by")
    found = get_object_or_404(rows, number=number)
    found.initiative = initiative
    if found.run is not None:
        found.run.initiative = initiative
    return found


def _trail(initiative: Initiative) -> list[dict[str, str]]:
    return [{"label": _("Releases"), "url": reverse("measurement:releases:releases", args=[initiative.slug])}]
