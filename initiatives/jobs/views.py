from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import done, render_page, wanted_partial
from backbone.web.pagination import paginate
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from initiatives.jobs import operations
from initiatives.jobs.models import JobRun, JobRunQuerySet

_PARTIAL = "job-progress"


@requires(Permission.INITIATIVE_VIEW)
@require_safe
def works(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    """What was started here, newest first: one's own, and everybody's for staff."""
    rows = _seen(request, initiative).select_related("started_by")
    return render_page(request, "initiatives/jobs/works.html", {"page": paginate(request, rows)})


@requires(Permission.INITIATIVE_VIEW)
@require_safe
def work(request: InitiativeRequest, initiative: Initiative, work_id: UUID) -> HttpResponse:
    """How far it is. What asks again and again is led on once it is done."""
    run = _run(request, initiative, work_id)
    if run.state == JobRun.State.DONE and run.result and wanted_partial(request, [_PARTIAL]):
        return done(request, to=run.result)
    context = {"run": run, "left": _in_words(run.time_left(now()))}
    return render_page(request, "initiatives/jobs/work.html", context, partials=(_PARTIAL,))


@requires(Permission.INITIATIVE_VIEW)
@require_POST
def cancel(request: InitiativeRequest, initiative: Initiative, work_id: UUID) -> HttpResponse:
    run = operations.ask_to_cancel(run=_run(request, initiative, work_id), by=request.user, at=now())
    return done(request, to=run.get_absolute_url())


def _seen(request: InitiativeRequest, initiative: Initiative) -> JobRunQuerySet:
    runs = JobRun.objects.in_initiative(initiative)
    return (
        runs if request.access.may(Permission.SUBMISSIONS_VIEW_ALL) else runs.filter(started_by=request.user)
    )


def _run(request: InitiativeRequest, initiative: Initiative, work_id: UUID) -> JobRun:
    run = get_object_or_404(_seen(request, initiative), public_id=work_id)
    run.initiative = initiative
    return run


def _in_words(left: timedelta | None) -> str:
    if left is None:
        return ""
    minutes = round(left / timedelta(minutes=1))
    if minutes < 1:
        return _("less than a minute left")
    return ngettext("about %(count)d minute left", "about %(count)d minutes left", minutes) % {
        "count": minutes
    }
