"""Locking a closed period, and unlocking it with a reason."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from backbone.access.permissions import Permission
from backbone.web.forms import Form
from backbone.web.htmx import done, refused, render_page
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.calendars.models import ReportingPeriod
from measurement.submissions import locking
from measurement.submissions.models import NotAllowed


class UnlockForm(Form):
    reason = forms.CharField(
        label=gettext_lazy("Why is it unlocked?"),
        max_length=5000,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": gettext_lazy("Say why it is unlocked: this stays on record.")},
    )


@requires(Permission.PERIODS_MANAGE)
@require_POST
def lock(request: InitiativeRequest, initiative: Initiative, period_id: UUID) -> HttpResponse:
    found = _period(initiative, period_id)
    try:
        locking.lock_period(period=found, by=request.user, at=now())
    except NotAllowed as reason:
        return refused(request, reason)
    messages.success(
        request, _("%(period)s is locked: nothing in it can be changed.") % {"period": found.label}
    )
    return done(request, to=_page(found))


@requires(Permission.PERIODS_MANAGE)
@require_http_methods(["GET", "HEAD", "POST"])
def unlock(request: InitiativeRequest, initiative: Initiative, period_id: UUID) -> HttpResponse:
    """Asks for the reason first."""
    found = _period(initiative, period_id)
    form = UnlockForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"period": found, "form": form, "back": _page(found)}
        status = 422 if form.is_bound else 200
        return render_page(request, "measurement/planning/unlock_period.html", context, status=status)
    try:
        locking.unlock_period(period=found, reason=form.cleaned_data["reason"], by=request.user, at=now())
    except NotAllowed as reason:
        return refused(request, reason)
    messages.success(request, _("%(period)s is unlocked. It is still closed.") % {"period": found.label})
    return done(request, to=_page(found))


def _period(initiative: Initiative, period_id: UUID) -> ReportingPeriod:
    known = ReportingPeriod.objects.in_initiative(initiative).select_related("calendar", "initiative")
    return get_object_or_404(known, public_id=period_id)


def _page(period: ReportingPeriod) -> str:
    return reverse("measurement:planning:period", args=[period.initiative.slug, period.public_id])
