"""The work of reviewers: the queue of reports, and the steps at the desk."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backbone.access.permissions import Permission
from backbone.web.forms import Form
from backbone.web.htmx import done, refused, render_page
from backbone.web.pagination import paginate
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.submissions import selectors, workflow
from measurement.submissions.forms import (
    NOT_IN_YET,
    QueueForm,
    ReopenForm,
    ReturnForm,
    VersionForm,
    WithdrawForm,
)
from measurement.submissions.models import NotAllowed, Submission
from measurement.submissions.reading import NotRight
from measurement.submissions.report_views import report_page


@requires(Permission.SUBMISSIONS_VIEW_ALL)
@require_safe
def review_queue(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    form = QueueForm(request.GET, initiative=initiative)
    form.is_valid()
    reports = selectors.queue(initiative, form.cleaned_data)
    status = form.cleaned_data.get("status") or ""
    counts = selectors.counts(reports)
    rows = selectors.in_working_order(reports, None if status == NOT_IN_YET else status)
    context = {
        "form": form,
        "status": status,
        "counts": _labelled(counts),
        "all": sum(counts.values()),
        "page": paginate(request, rows),
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
@require_POST
def approve(request: InitiativeRequest, initiative: Initiative, report_id: UUID) -> HttpResponse:
    submission = selectors.report_for(request.access, report_id)
    seen = VersionForm(request.POST)
    if not seen.is_valid():
        reason = NotAllowed(_("The page did not say which state of the report you looked at. Load it again."))
        return refused(request, reason, status=422)
    try:
        workflow.approve(
            submission=submission, by=request.user, at=now(), version=seen.cleaned_data["version"]
        )
    except (NotAllowed, NotRight) as reason:
        return refused(request, _in_words(reason))
    messages.success(request, _("Approved. Its figures are being added up."))
    return done(request, to=submission.get_absolute_url(), event="submission-approved")


def _in_words(reason: NotAllowed | NotRight) -> Exception:
    if isinstance(reason, NotAllowed):
        return reason
    return NotAllowed(
        _("It cannot be approved as it is: %(problem)s Return it with that question.")
        % {"problem": reason.reading.problems[0].sentence}
    )


@requires(Permission.SUBMISSIONS_REVIEW)
@require_POST
def return_(request: InitiativeRequest, initiative: Initiative, report_id: UUID) -> HttpResponse:
    submission = selectors.report_for(request.access, report_id)
    form = ReturnForm(request.POST)
    if not form.is_valid():
        return report_page(request, submission, return_form=form, status=422)
    return _step(
        request,
        submission,
        lambda: workflow.return_(
            submission=submission, message=form.cleaned_data["message"], by=request.user, at=now()
        ),
        said=_("Returned with your message."),
        event="submission-returned",
    )


@requires(Permission.SUBMISSIONS_REVIEW)
@require_POST
def reopen(request: InitiativeRequest, initiative: Initiative, report_id: UUID) -> HttpResponse:
    submission = selectors.report_for(request.access, report_id)
    form = ReopenForm(request.POST, auto_id="reopen_%s")
    if not form.is_valid():
        return report_page(request, submission, reopen_form=form, status=422)
    return _step(
        request,
        submission,
        lambda: workflow.reopen(
            submission=submission, reason=form.cleaned_data["reason"], by=request.user, at=now()
        ),
        said=_("Reopened. Its figures count as they are until the correction is approved."),
        event="submission-reopened",
    )


@requires(Permission.SUBMISSIONS_REVIEW)
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: InitiativeRequest, initiative: Initiative, report_id: UUID) -> HttpResponse:
    """Asks by the report's name, and says what stays."""
    submission = selectors.report_for(request.access, report_id)
    form = WithdrawForm(request.POST or None, submission=submission)
    if request.method != "POST" or not form.is_valid():
        return _withdraw_page(request, submission, form)
    return _step(
        request,
        submission,
        lambda: workflow.withdraw(
            submission=submission, reason=form.cleaned_data["reason"], by=request.user, at=now()
        ),
        said=_("Withdrawn. Its figures no longer count; the record stays."),
        event="submission-withdrawn",
    )


def _withdraw_page(request: InitiativeRequest, submission: Submission, form: Form) -> HttpResponse:
    context = {"submission": submission, "report": submission.expected_report, "form": form}
    status = 422 if request.method == "POST" else 200
    return render_page(request, "measurement/submissions/withdraw.html", context, status=status)


def _step(
    request: InitiativeRequest, submission: Submission, step: Callable[[], object], *, said: str, event: str
) -> HttpResponse:
    try:
        step()
    except NotAllowed as reason:
        return refused(request, reason)
    messages.success(request, said)
    return done(request, to=submission.get_absolute_url(), event=event)
