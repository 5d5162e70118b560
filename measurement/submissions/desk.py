"""The page of one report to read, and the desk of reviewers around it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _

from backbone.access.permissions import Permission
from backbone.web.forms import ErrorLine, error_lines
from backbone.web.htmx import render_page
from initiatives.charter.access import Access, InitiativeRequest
from measurement.submissions import evidence, queries, selectors
from measurement.submissions.answers import Problem
from measurement.submissions.blocks import Beside, Sheet, sheet_of
from measurement.submissions.curves import draw_curves
from measurement.submissions.discussing import about_figures, named
from measurement.submissions.entry import may_fill_in
from measurement.submissions.forms import MessageForm, ReopenForm, ReturnForm
from measurement.submissions.grid import Cell, grid_of
from measurement.submissions.models import Message, Submission
from measurement.submissions.sheet import Line, given_in


@dataclass
class Sent:
    """What somebody has sent that was not taken: `sentence` says why, `concerns` are words about single figures."""

    sentence: str = ""
    forms: Mapping[str, Any] = field(default_factory=dict)
    concerns: Mapping[Cell, str] = field(default_factory=dict)
    problems: Iterable[Problem] = ()


def report_page(
    request: InitiativeRequest, submission: Submission, sent: Sent | None = None, *, status: int = 200
) -> HttpResponse:
    """The figures as they stand, with what this person may do about them; with what was sent and not taken."""
    sent = sent or Sent()
    discussion = list(submission.messages.select_related("by").order_by("at", "pk"))
    sheet = _sheet(submission, sent, discussion)
    context = {
        "submission": submission,
        "report": submission.expected_report,
        "sheet": sheet,
        "asked": [(line, each) for line in sheet.lines for each in line.questions],
        "discussion": named(discussion, [line.cell for line in sheet.lines]),
        "message_form": MessageForm(auto_id="say_%s"),
        "is_staff": request.access.may(Permission.SUBMISSIONS_VIEW_ALL),
        **_steps(request.access, submission),
        **sent.forms,
        "lines": _wrong(sent),
        "unsent": _unsent(sent, sheet) if status == 409 else (),
    }
    return render_page(request, "measurement/submissions/report.html", context, status=status)


def _sheet(submission: Submission, sent: Sent, discussion: list[Message]) -> Sheet:
    grid = grid_of(submission.expected_report, submission)
    given = given_in(submission, grid)
    beside = Beside(
        list(sent.problems),
        queries.standing(submission, grid, given),
        evidence.of(submission),
        about_figures(discussion),
        sent.concerns,
    )
    sheet = sheet_of(submission, grid, given=given, beside=beside)
    draw_curves(sheet, submission.expected_report)
    return sheet


def _wrong(sent: Sent) -> list[ErrorLine]:
    first = [ErrorLine(sent.sentence)] if sent.sentence else []
    in_forms = [line for form in sent.forms.values() if form.is_bound for line in error_lines(form)]
    return first + in_forms + [ErrorLine(each.sentence, each.field) for each in sent.problems]


def _unsent(sent: Sent, sheet: Sheet) -> list[tuple[str, str]]:
    """What was written and reached nobody, to be read and copied."""
    typed = [
        (str(bound.label), bound.value())
        for form in sent.forms.values()
        if form.is_bound
        for bound in form
        if bound.value()
    ]
    return typed + [(line.cell.label, line.typed_concern) for line in _concerned(sheet)]


def _concerned(sheet: Sheet) -> list[Line]:
    return [line for line in sheet.lines if line.typed_concern]


def _steps(access: Access, submission: Submission) -> dict[str, Any]:
    organization = submission.expected_report.organization
    is_locked = submission.expected_report.period.is_locked
    steps: dict[str, Any] = {
        "may_take_back": submission.status == Submission.Status.SUBMITTED
        and submission.expected_report.period.is_open
        and organization in access.organizations(Permission.OWN_REPORT_WITHDRAW),
        "may_fill_in": may_fill_in(access, submission),
        "heading": _("%(organization)s, %(period)s")
        % {"organization": organization, "period": submission.expected_report.period},
    }
    if access.may(Permission.SUBMISSIONS_REVIEW) and not is_locked:
        steps |= {
            "may_review": True,
            "may_return": submission.status == Submission.Status.SUBMITTED,
            "return_form": ReturnForm(),
            "reopen_form": ReopenForm(auto_id="reopen_%s"),
        }
    if access.may(Permission.SUBMISSIONS_VIEW_ALL):
        steps["neighbours"] = selectors.neighbours(submission)
    if access.may(Permission.AUDIT_VIEW):
        steps["history"] = selectors.history(submission)
    return steps
