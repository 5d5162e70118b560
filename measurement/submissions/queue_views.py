"""The queue of reports, and approving those of it that raise no question."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from backbone.access.permissions import Permission
from backbone.web.forms import ErrorLine
from backbone.web.htmx import done, render_page
from backbone.web.pagination import paginate
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from initiatives.jobs.models import JobRun
from measurement.submissions import approving, queue
from measurement.submissions.models import ExpectedReport, Submission
from measurement.submissions.queue_forms import NOT_IN_YET, QueueForm


@requires(Permission.SUBMISSIONS_VIEW_ALL)
@require_safe
def review_queue(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    form = QueueForm(request.GET, initiative=initiative)
    form.is_valid()
    reports = queue.queue(initiative, form.cleaned_data, at=now())
    status = form.cleaned_data.get("status") or ""
    counts = queue.counts(reports)
    rows = queue.in_working_order(reports, None if status == NOT_IN_YET else status)
    context = {
        "form": form,
        "status": status,
        "counts": _labelled(counts),
        "all": sum(counts.values()),
        "waiting": counts.get(Submission.Status.SUBMITTED, 0),
        "page": paginate(request, rows),
        "at": now(),
        "may_record": request.access.may(Permission.SUBMISSIONS_REVIEW),
    }
    return render_page(request, "measurement/submissions/review_queue.html", context, partials=("queue",))


def _labelled(counts: dict[str | None, int]) -> list[dict[str, Any]]:
    known = [(Submission.Status.SUBMITTED, _("Waiting for review"))]
    known += [(Submission.Status.RETURNED, _("Returned")), (Submission.Status.DRAFT, _("Draft"))]
    labelled = [{"value": value, "label": label, "count": counts.get(value, 0)} for value, label in known]
    labelled.append({"value": NOT_IN_YET, "label": _("Not in yet"), "count": counts.get(None, 0)})
    last = [(Submission.Status.APPROVED, _("Approved")), (Submission.Status.WITHDRAWN, _("Withdrawn"))]
    return labelled + [{"value": v, "label": label, "count": counts.get(v, 0)} for v, label in last]


@requires(Permission.SUBMISSIONS_REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def approve_many(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    """Names what it will do before it does it: the reports of the queue's choices that raise no question."""
    form = QueueForm(request.GET, initiative=initiative)
    form.is_valid()
    ready = approving.ready(queue.queue(initiative, form.cleaned_data, at=now()))
    if request.method != "POST":
        return _confirm(request, ready)
    seen = _seen(request.POST.getlist("report"))
    chosen = list(ready.filter(submission__public_id__in=seen)[: approving.MOST]) if seen else []
    if not chosen:
        return _confirm(request, ready, _("Tick the reports that should be approved."))
    run = approving.approve_many(
        initiative=initiative,
        seen=seen,
        title=approving.words_for(chosen),
        by=request.user,
        at=now(),
    )
    return done(request, to=run.get_absolute_url())


def _seen(sent: list[str]) -> dict[str, int]:
    """From "public id:version", what fits; the rest is nothing that the page has sent."""
    found = {}
    for each in sent[: approving.MOST]:
        public_id, _colon, version = each.partition(":")
        try:
            found[str(UUID(public_id))] = int(version[:9])
        except ValueError:
            continue
    return found


def _confirm(request: InitiativeRequest, ready: Any, sentence: str = "") -> HttpResponse:
    reports: list[ExpectedReport] = list(ready[: approving.MOST])
    more = ready.count() - len(reports) if len(reports) == approving.MOST else 0
    context = {
        "reports": reports,
        "words": approving.words_for(reports),
        "more": more,
        "lines": [ErrorLine(sentence, "reports")] if sentence else [],
        "choices": request.GET.urlencode(),
    }
    status = 422 if sentence else 200
    return render_page(request, "measurement/submissions/approve_many.html", context, status=status)


@requires(Permission.SUBMISSIONS_REVIEW)
@require_safe
def approved(request: InitiativeRequest, initiative: Initiative, run_id: UUID) -> HttpResponse:
    """What came of approving many at once: which could not be approved, and why."""
    runs = JobRun.objects.in_initiative(initiative).filter(kind=approving.KIND)
    run = get_object_or_404(runs, public_id=run_id)
    run.initiative = initiative
    context = {"run": run, "refused": run.parameters["refused"]}
    return render_page(request, "measurement/submissions/approved.html", context)
