from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from backbone.access.policy import signed_in
from backbone.accounts.models import User
from backbone.web.htmx import done, render_page
from initiatives.charter.models import MAY_START
from measurement.starting import beginning
from measurement.starting.forms import StartForm


@signed_in
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """Whom the site administration lets start initiatives names one, and is its first director."""
    person = cast(User, request.user)
    if not person.has_perm(MAY_START):
        raise PermissionDenied
    form = StartForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            made = beginning.start(wish=form.wish, template=form.chosen, by=person, at=now())
        except beginning.NotStarted as taken:
            form.add_error("slug", str(taken))
        else:
            messages.success(request, _("The initiative is there, and you are its director."))
            return done(request, to=reverse("initiatives:agenda:agenda", args=[made.slug]))
    return render_page(
        request,
        "measurement/starting/start.html",
        {"form": form},
        partials=("start-form",),
        status=422 if form.errors else 200,
    )
