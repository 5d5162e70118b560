"""Filling in a report: begin, save as a draft, hand in, take back."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from backbone.access.permissions import Permission
from backbone.web.htmx import done, is_htmx, refused
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.submissions import kept, selectors, workflow
from measurement.submissions.entry import entry_page, not_saved_page, refused_page, stale_page
from measurement.submissions.forms import AttestationForm, Sent, VersionForm, read_sent
from measurement.submissions.grid import Grid, grid_of
from measurement.submissions.models import NotAllowed, Submission
from measurement.submissions.reading import NotRight, read

_HANDED_IN = gettext_lazy("Handed in. Thank you: you will hear from us when it has been reviewed.")


@requires(Permission.OWN_REPORT_EDIT)
@require_POST
def start(request: InitiativeRequest, initiative: Initiative, expected_id: UUID) -> HttpResponse:
    expected = selectors.own_expected(request.access, expected_id)
    return redirect(workflow.start(expected_report=expected, at=now()))


@kept.keeping_what_was_typed
@requires(Permission.OWN_REPORT_EDIT)
@require_POST
def save(request: InitiativeRequest, initiative: Initiative, report_id: UUID) -> HttpResponse:
    """Keep the draft. Autosave gets the saved line back, a plain form the page."""
    submission = selectors.own_report(request.access, Permission.OWN_REPORT_EDIT, report_id)

    def saved(submission: Submission, grid: Grid) -> HttpResponse:
        if not is_htmx(request):
            messages.success(request, _("Saved. You can go on now or later."))
            return done(request, to=submission.get_absolute_url())
        response = entry_page(request, submission, grid)
        response.headers["HX-Trigger"] = "draft-saved"
        return response

    return _keep(request, submission, saved)


@kept.keeping_what_was_typed
@requires(Permission.OWN_REPORT_EDIT)
@require_POST
def hand_in(request: InitiativeRequest, initiative: Initiative, report_id: UUID) -> HttpResponse:
    """Save what was typed, then hand it in; what is wrong is named cell by cell."""
    submission = selectors.own_report(request.access, Permission.OWN_REPORT_EDIT, report_id)

    def saved(submission: Submission, grid: Grid) -> HttpResponse:
        attestation = AttestationForm(request.POST, auto_id="attest_%s")
        problems = read(grid).problems
        if problems or not attestation.is_valid():
            return entry_page(
                request, submission, grid, problems=problems, attestation=attestation, status=422
            )
        workflow.submit(submission=submission, by=request.user, at=now())
        messages.success(request, _HANDED_IN)
        return done(request, to=submission.get_absolute_url(), event="submission-submitted")

    return _keep(request, submission, saved, done_before=_handed_in_before)


def _handed_in_before(request: InitiativeRequest, submission: Submission, sent: Sent) -> bool:
    """Whether the same person has handed in the same: whoever presses twice has made no mistake."""
    submission.refresh_from_db(fields=["status", "submitted_by"])
    is_mine = submission.status == Submission.Status.SUBMITTED and submission.submitted_by == request.user
    return is_mine and not sent.problems and not workflow.differing(submission, sent.typed)


def _keep(
    request: InitiativeRequest,
    submission: Submission,
    go_on: Callable[[Submission, Grid], HttpResponse],
    *,
    done_before: Callable[[InitiativeRequest, Submission, Sent], bool] = lambda *_: False,
) -> HttpResponse:
    """Save what was sent and go on; or show both, or say why not. Nothing that was typed is dropped."""
    sent = read_sent(request.POST, grid_of(submission.expected_report, submission))
    seen = VersionForm(request.POST)
    if not seen.is_valid():
        sentence = _("The page did not say which state of the report it shows, so nothing was overwritten.")
        return stale_page(request, submission, sent.shown, sentence=sentence, status=422)
    try:
        saved = _save(request, submission, sent, seen.cleaned_data["version"])
        kept.forget(request)
        if sent.problems:
            return refused_page(request, saved, sent.shown, sent.problems)
        return go_on(saved, grid_of(saved.expected_report, saved))
    except workflow.Stale as stale:
        return stale_page(request, submission, sent.shown, sentence=str(stale))
    except (NotAllowed, NotRight) as reason:
        if done_before(request, submission, sent):
            return done(request, to=submission.get_absolute_url(), event="submission-submitted")
        return not_saved_page(request, submission, sent.shown, sentence=str(reason))


def _save(request: InitiativeRequest, submission: Submission, sent: Sent, version: int) -> Submission:
    return workflow.save_draft(
        submission=submission, typed=sent.typed, version=version, by=request.user, at=now()
    )


@requires(Permission.OWN_REPORT_WITHDRAW)
@require_POST
def take_back(request: InitiativeRequest, initiative: Initiative, report_id: UUID) -> HttpResponse:
    submission = selectors.own_report(request.access, Permission.OWN_REPORT_WITHDRAW, report_id)
    try:
        workflow.take_back(submission=submission, by=request.user, at=now())
    except NotAllowed as reason:
        return refused(request, reason)
    return done(request, to=submission.get_absolute_url(), event="submission-taken-back")
