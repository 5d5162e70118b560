"""The page of one report: the form for those who fill it in, the desk for reviewers, else the figures."""

from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from django.views.decorators.http import require_POST, require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import done
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.submissions import kept, selectors, workflow
from measurement.submissions.desk import Sent, report_page
from measurement.submissions.entry import entry_page, may_fill_in
from measurement.submissions.forms import MessageForm, overlay, read_sent
from measurement.submissions.grid import grid_of


@requires(Permission.INITIATIVE_VIEW, visitors="report_id")
@require_safe
def report(request: InitiativeRequest, initiative: Initiative, report_id: UUID) -> HttpResponse:
    submission = selectors.report_for(request.access, report_id)
    if not may_fill_in(request.access, submission):
        return report_page(request, submission)
    grid = grid_of(submission.expected_report, submission)
    sent = read_sent(kept.kept_for(request, report_id), grid)
    overlay(grid, sent.shown)
    return entry_page(request, submission, grid, was_kept=bool(sent.shown))


@requires(Permission.INITIATIVE_VIEW, visitors="report_id")
@require_POST
def say(request: InitiativeRequest, initiative: Initiative, report_id: UUID) -> HttpResponse:
    submission = selectors.report_for(request.access, report_id)
    form = MessageForm(request.POST)
    if not form.is_valid():
        return report_page(request, submission, Sent(forms={"message_form": form}), status=422)
    workflow.say(submission=submission, body=form.cleaned_data["body"], by=request.user, at=now())
    return done(request, to=submission.get_absolute_url() + "#discussion")
