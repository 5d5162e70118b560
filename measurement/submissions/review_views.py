"""The steps of reviewers at the desk: approve, return, reopen, withdraw."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from backbone.access.permissions import Permission
from backbone.web.forms import Form
from backbone.web.htmx import done, is_htmx, refused, render_page
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.submissions import selectors, workflow
from measurement.submissions.concerns import Concerns, read_concerns
from measurement.submissions.desk import Sent, report_page
from measurement.submissions.forms import ReopenForm, ReturnForm, VersionForm, WithdrawForm
from measurement.submissions.grid import grid_of
from measurement.submissions.models import NotAllowed, Submission
from measurement.submissions.reading import NotRight


@requires(Permission.SUBMISSIONS_REVIEW)
@require_POST
def approve(request: InitiativeRequest, initiative: Initiative, report_id: UUID) -> HttpResponse:
    submission = selectors.report_for(request.access, report_id)
    seen = VersionForm(request.POST)
    if not seen.is_valid():
        reason = NotAllowed(_("The page did not say which state of the report you looked at. Load it again."))
        return refused(request, reason, status=422)
    after = selectors.neighbours(submission).next if request.POST.get("then") == "next" else None
    try:
        workflow.approve(
            submission=submission, by=request.user, at=now(), version=seen.cleaned_data["version"]
        )
    except (NotAllowed, NotRight) as reason:
        return _collided(request, submission, _in_words(reason))
    words = _("Approved: %(report)s. Its figures are being added up.")
    messages.success(request, words % {"report": submission})
    to = after.url if after else submission.get_absolute_url()
    return done(request, to=to, event="submission-approved")


def _in_words(reason: NotAllowed | NotRight) -> Exception:
    if isinstance(reason, NotAllowed):
        return reason
    return NotAllowed(
        _("It cannot be approved as it is: %(problem)s Return it with that question.")
        % {"problem": reason.reading.problems[0].sentence}
    )


def _collided(
    request: InitiativeRequest, submission: Submission, reason: Exception, sent: Sent | None = None
) -> HttpResponse:
    """409: somebody was faster. The report as it stands now, why, and what was written and reached nobody."""
    if is_htmx(request):
        return refused(request, reason)
    sent = sent or Sent()
    sent.sentence = str(reason)
    fresh = selectors.report_for(request.access, submission.public_id)
    return report_page(request, fresh, sent, status=409)


@requires(Permission.SUBMISSIONS_REVIEW)
@require_POST
def return_(request: InitiativeRequest, initiative: Initiative, report_id: UUID) -> HttpResponse:
    submission = selectors.report_for(request.access, report_id)
    concerns = read_concerns(request.POST.dict(), grid_of(submission.expected_report, submission))
    form = ReturnForm(request.POST, has_concerns=bool(concerns.typed))
    sent = Sent(forms={"return_form": form}, concerns=concerns.typed, problems=concerns.problems)
    if not form.is_valid() or concerns.problems:
        return report_page(request, submission, sent, status=422)
    try:
        _give_back(request, submission, form.cleaned_data["message"], concerns)
    except NotAllowed as reason:
        return _collided(request, submission, reason, sent)
    messages.success(request, _("Returned with your message."))
    return done(request, to=submission.get_absolute_url(), event="submission-returned")


def _give_back(
    request: InitiativeRequest, submission: Submission, message: str, concerns: Concerns
) -> Submission:
    seen = VersionForm(request.POST)
    return workflow.return_(
        submission=submission,
        message=message,
        concerns=concerns.said,
        version=seen.cleaned_data["version"] if seen.is_valid() else None,
        by=request.user,
        at=now(),
    )


@requires(Permission.SUBMISSIONS_REVIEW)
@require_POST
def reopen(request: InitiativeRequest, initiative: Initiative, report_id: UUID) -> HttpResponse:
    submission = selectors.report_for(request.access, report_id)
    form = ReopenForm(request.POST, auto_id="reopen_%s")
    if not form.is_valid():
        return report_page(request, submission, Sent(forms={"reopen_form": form}), status=422)
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
        return _collided(request, submission, reason)
    messages.success(request, said)
    return done(request, to=submission.get_absolute_url(), event=event)
