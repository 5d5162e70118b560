"""Filling in a report: begin, save as a draft, hand in, take back."""

from collections.abc import Callable
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import done, is_htmx, refused, render_page
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.submissions import kept, queries, selectors, sittings, workflow
from measurement.submissions.answering import keep_answers
from measurement.submissions.checking import changed_meanwhile, check_page
from measurement.submissions.entry import (
    entry_page,
    may_fill_in,
    not_saved_page,
    refused_page,
    stale_page,
)
from measurement.submissions.entry_models import Attestation
from measurement.submissions.forms import AttestationForm, Sent, VersionForm, overlay, read_sent
from measurement.submissions.grid import Grid, grid_of
from measurement.submissions.models import NotAllowed, Submission
from measurement.submissions.reading import NotRight, read


@requires(Permission.OWN_REPORT_EDIT)
@require_POST
def start(request: InitiativeRequest, initiative: Initiative, expected_id: UUID) -> HttpResponse:
    expected = selectors.own_expected(request.access, expected_id)
    return redirect(workflow.start(expected_report=expected, at=now()))


@kept.keeping_what_was_typed
@requires(Permission.OWN_REPORT_EDIT, visitors="report_id")
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
@requires(Permission.OWN_REPORT_EDIT, visitors="report_id")
@require_POST
def hand_in(request: InitiativeRequest, initiative: Initiative, report_id: UUID) -> HttpResponse:
    """Save what was typed, then hand it in; what is wrong is named cell by cell."""
    submission = selectors.own_report(request.access, Permission.OWN_REPORT_EDIT, report_id)

    def saved(submission: Submission, grid: Grid) -> HttpResponse:
        if _changed_meanwhile(request, submission):
            return changed_meanwhile(request, submission)
        attestation = AttestationForm(request.POST, auto_id="attest_%s")
        problems = read(grid).problems
        if problems:
            return entry_page(request, submission, grid, problems=problems, status=422)
        if not attestation.is_valid():
            return check_page(request, submission, grid, attestation=attestation, status=422)
        workflow.submit(submission=submission, by=request.user, at=now())
        return done(request, to=_url("thanks", submission), event="submission-submitted")

    return _keep(request, submission, saved, done_before=_handed_in_before)


def _changed_meanwhile(request: InitiativeRequest, submission: Submission) -> bool:
    """From the page of checking no figures come along: then its state is the one that was attested."""
    if any(name.startswith("figure-") for name in request.POST):
        return False
    return submission.version != int(request.POST["version"])


def _url(step: str, submission: Submission) -> str:
    return reverse(f"measurement:submissions:{step}", args=[submission.initiative.slug, submission.public_id])


@kept.keeping_what_was_typed
@requires(Permission.OWN_REPORT_EDIT, visitors="report_id")
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: InitiativeRequest, initiative: Initiative, report_id: UUID) -> HttpResponse:
    """Every answer once more before handing in. From the form it saves first."""
    submission = selectors.own_report(request.access, Permission.OWN_REPORT_EDIT, report_id)
    if request.method == "POST":
        return _keep(request, submission, _checked)
    if not may_fill_in(request.access, submission):
        return redirect(submission)
    return check_page(request, submission, grid_of(submission.expected_report, submission))


def _checked(submission: Submission, grid: Grid) -> HttpResponse:
    queries.ask(submission=submission, at=now())
    return redirect(_url("check", submission))


@requires(Permission.OWN_FIGURES_VIEW, visitors="report_id")
@require_safe
def thanks(request: InitiativeRequest, initiative: Initiative, report_id: UUID) -> HttpResponse:
    """After handing in: what happens next."""
    submission = selectors.own_report(request.access, Permission.OWN_FIGURES_VIEW, report_id)
    if submission.status != Submission.Status.SUBMITTED:
        return redirect(submission)
    context = {
        "submission": submission,
        "report": submission.expected_report,
        "attestation": Attestation.objects.filter(submission=submission).first(),
    }
    return render_page(request, "measurement/submissions/thanks.html", context)


@requires(Permission.OWN_REPORT_EDIT, visitors="report_id")
@require_safe
def also_open(request: InitiativeRequest, initiative: Initiative, report_id: UUID) -> HttpResponse:
    """Who else has the form open: asked for every minute, and without that part of the page."""
    submission = selectors.own_report(request.access, Permission.OWN_REPORT_EDIT, report_id)
    if not is_htmx(request):
        return redirect(submission)
    others = sittings.seen(submission=submission, by=request.user, at=now())
    return render_page(request, "measurement/submissions/_also_open.html", {"others": others})


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
    grid = grid_of(submission.expected_report, submission)
    sent = read_sent(request.POST, grid)
    seen = VersionForm(request.POST)
    if not seen.is_valid():
        sentence = _("The page did not say which state of the report it shows, so nothing was overwritten.")
        return stale_page(request, submission, sent.shown, sentence=sentence, status=422)
    try:
        saved = _save(request, submission, sent, seen.cleaned_data["version"])
        if sent.problems:
            return refused_page(request, saved, sent.shown, sent.problems)
        return go_on(saved, _as_saved(request, saved, grid, sent))
    except workflow.Stale as stale:
        return stale_page(request, submission, sent.shown, sentence=str(stale))
    except (NotAllowed, NotRight) as reason:
        if done_before(request, submission, sent):
            return done(request, to=_url("thanks", submission), event="submission-submitted")
        return not_saved_page(request, submission, sent.shown, sentence=str(reason))


def _as_saved(request: InitiativeRequest, saved: Submission, grid: Grid, sent: Sent) -> Grid:
    """Read anew, but while one types: then only what was sent has changed for the sender."""
    if not is_htmx(request):
        return grid_of(saved.expected_report, saved)
    overlay(grid, sent.typed)
    return grid


def _save(request: InitiativeRequest, submission: Submission, sent: Sent, version: int) -> Submission:
    """Figures and answers. What cannot be kept of the answers is added to the problems of what was sent."""
    saved = workflow.save_draft(
        submission=submission, typed=sent.typed, version=version, by=request.user, at=now()
    )
    sent.problems += keep_answers(saved, request.POST, by=request.user, at=now())
    kept.forget(request)
    return saved


@requires(Permission.OWN_REPORT_WITHDRAW)
@require_POST
def take_back(request: InitiativeRequest, initiative: Initiative, report_id: UUID) -> HttpResponse:
    submission = selectors.own_report(request.access, Permission.OWN_REPORT_WITHDRAW, report_id)
    try:
        workflow.take_back(submission=submission, by=request.user, at=now())
    except NotAllowed as reason:
        return refused(request, reason)
    return done(request, to=submission.get_absolute_url(), event="submission-taken-back")
