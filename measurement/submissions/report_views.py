"""The page of one report: the form for those who fill it in, the desk for reviewers, else the figures."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import done, render_page
from initiatives.charter.access import Access, InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.submissions import evidence, kept, queries, selectors, workflow
from measurement.submissions.blocks import Beside, sheet_of
from measurement.submissions.entry import entry_page, may_fill_in
from measurement.submissions.forms import MessageForm, ReopenForm, ReturnForm, overlay, read_sent
from measurement.submissions.grid import grid_of
from measurement.submissions.models import Submission
from measurement.submissions.sheet import given_in


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
        return report_page(request, submission, message_form=form, status=422)
    workflow.say(submission=submission, body=form.cleaned_data["body"], by=request.user, at=now())
    return done(request, to=submission.get_absolute_url() + "#discussion")


def report_page(
    request: InitiativeRequest, submission: Submission, *, status: int = 200, **forms: Any
) -> HttpResponse:
    """The figures as they stand, with what this person may do about them; with forms that need correcting."""
    grid = grid_of(submission.expected_report, submission)
    given = given_in(submission, grid)
    beside = Beside((), queries.standing(submission, grid, given), evidence.of(submission))
    context = {
        "submission": submission,
        "report": submission.expected_report,
        "sheet": sheet_of(submission, grid, given=given, beside=beside),
        "questions": [query for each in beside.questions.values() for query in each],
        "discussion": submission.messages.select_related("by"),
        "message_form": MessageForm(auto_id="say_%s"),
        "is_staff": request.access.may(Permission.SUBMISSIONS_VIEW_ALL),
        **_steps(request.access, submission),
        **forms,
    }
    context["bound_forms"] = [form for form in forms.values() if form.is_bound]
    return render_page(request, "measurement/submissions/report.html", context, status=status)


def _steps(access: Access, submission: Submission) -> dict[str, Any]:
    organization = submission.expected_report.organization
    steps: dict[str, Any] = {
        "may_take_back": submission.status == Submission.Status.SUBMITTED
        and organization in access.organizations(Permission.OWN_REPORT_WITHDRAW),
        "may_fill_in": may_fill_in(access, submission),
        "heading": _("%(organization)s, %(period)s")
        % {"organization": organization, "period": submission.expected_report.period},
    }
    if access.may(Permission.SUBMISSIONS_REVIEW):
        steps |= {
            "may_review": True,
            "return_form": ReturnForm(),
            "reopen_form": ReopenForm(auto_id="reopen_%s"),
        }
    if access.may(Permission.SUBMISSIONS_VIEW_ALL):
        steps["neighbours"] = selectors.neighbours(submission)
    if access.may(Permission.AUDIT_VIEW):
        steps["history"] = selectors.history(submission)
    return steps
