"""Categories that become one, and breakdowns that are finer than another."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import done, refused, render_page
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.indicators.models import Disaggregation
from measurement.planning.merging_forms import MergeForm, NestForm
from measurement.submissions import merging
from measurement.submissions.models import NotAllowed


@requires(Permission.INDICATORS_MANAGE)
@require_safe
def merges(request: InitiativeRequest, initiative: Initiative, breakdown_id: UUID) -> HttpResponse:
    found = _breakdown(initiative, breakdown_id)
    return _page(request, found, MergeForm(breakdown=found), NestForm(breakdown=found))


@requires(Permission.INDICATORS_MANAGE)
@require_POST
def merge_categories(request: InitiativeRequest, initiative: Initiative, breakdown_id: UUID) -> HttpResponse:
    found = _breakdown(initiative, breakdown_id)
    form = MergeForm(request.POST, breakdown=found)
    if not form.is_valid():
        return _page(request, found, form, NestForm(breakdown=found))
    words = {**form.cleaned_data, "categories": list(form.cleaned_data["categories"])}
    try:
        made = merging.merge_categories(**words, by=request.user, at=now())
    except NotAllowed as reason:
        return refused(request, reason)
    messages.success(request, _("“%(name)s” is there. Past figures stay as they were.") % {"name": made.name})
    return done(request, to=_url("merges", found))


@requires(Permission.INDICATORS_MANAGE)
@require_POST
def nest(request: InitiativeRequest, initiative: Initiative, breakdown_id: UUID) -> HttpResponse:
    found = _breakdown(initiative, breakdown_id)
    form = NestForm(request.POST, breakdown=found)
    if not form.is_valid():
        return _page(request, found, MergeForm(breakdown=found), form)
    try:
        merging.nest(breakdown=found, parents=form.parents, by=request.user, at=now())
    except NotAllowed as reason:
        return refused(request, reason)
    messages.success(request, _("Saved. The sums of the coarser breakdown are being made."))
    return done(request, to=_url("merges", found))


def _breakdown(initiative: Initiative, breakdown_id: UUID) -> Disaggregation:
    return get_object_or_404(Disaggregation, initiative=initiative, public_id=breakdown_id)


def _url(name: str, found: Disaggregation) -> str:
    return reverse(f"measurement:planning:{name}", args=[found.initiative.slug, found.public_id])


def _page(
    request: InitiativeRequest, found: Disaggregation, merge_form: MergeForm, nest_form: NestForm
) -> HttpResponse:
    slug = found.initiative.slug
    its = reverse("measurement:indicators:breakdown", args=[slug, found.public_id])
    ended = found.categories.filter(ends_on__isnull=False).select_related("merged_into")
    return render_page(
        request,
        "measurement/planning/merges.html",
        {
            "breakdown": found,
            "merge_form": merge_form,
            "nest_form": nest_form,
            "ended": ended,
            "can_be_merged": found.adds_up == Disaggregation.AddsUp.PARTITION and not found.is_cross_table,
            "trail": [
                {"label": _("Breakdowns"), "url": reverse("measurement:indicators:breakdowns", args=[slug])},
                {"label": found.name, "url": its},
            ],
        },
        partials=("merge-form", "nest-form"),
        status=422 if merge_form.errors or nest_form.errors else 200,
    )
