"""Files beside the figures of a report: putting them there, getting them, taking them away."""

from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from backbone.access.permissions import Permission
from backbone.web import files
from backbone.web.forms import Form
from backbone.web.htmx import refused, render_page
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.submissions import evidence as files_of_reports
from measurement.submissions import selectors
from measurement.submissions.entry import may_fill_in
from measurement.submissions.entry_models import Evidence
from measurement.submissions.grid import Grid, grid_of
from measurement.submissions.models import NotAllowed, Submission


class EvidenceForm(Form):
    figure = forms.ChoiceField(label=gettext_lazy("Which figure is it about?"))
    file = forms.FileField(
        label=gettext_lazy("File"),
        allow_empty_file=True,
        error_messages={"required": gettext_lazy("Choose a file first.")},
        widget=forms.ClearableFileInput(attrs={"accept": ",".join(files_of_reports.TYPES)}),
    )

    def __init__(self, *args: object, grid: Grid, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        choices = [(cell.name, cell.label) for cell in grid.cells]
        self.fields["figure"].choices = choices  # type: ignore[attr-defined]


@requires(Permission.INITIATIVE_VIEW, visitors="report_id")
@require_safe
def evidence(request: InitiativeRequest, initiative: Initiative, report_id: UUID) -> HttpResponse:
    """Every file of the report, and the form to add one while the report can be changed."""
    submission = selectors.report_for(request.access, report_id)
    grid = grid_of(submission.expected_report, submission)
    form = EvidenceForm(initial={"figure": request.GET.get("figure", "")}, grid=grid)
    return _page(request, submission, grid, form)


@requires(Permission.OWN_REPORT_EDIT, visitors="report_id")
@require_POST
def add_evidence(request: InitiativeRequest, initiative: Initiative, report_id: UUID) -> HttpResponse:
    submission = selectors.own_report(request.access, Permission.OWN_REPORT_EDIT, report_id)
    grid = grid_of(submission.expected_report, submission)
    form = EvidenceForm(request.POST, request.FILES, grid=grid)
    if not form.is_valid() or not _is_added(request, submission, grid, form):
        return _page(request, submission, grid, form, status=422)
    messages.success(request, _("The file is there."))
    return redirect(_url(submission))


def _is_added(request: InitiativeRequest, submission: Submission, grid: Grid, form: EvidenceForm) -> bool:
    cell = next(cell for cell in grid.cells if cell.name == form.cleaned_data["figure"])
    content = form.cleaned_data["file"]
    try:
        files_of_reports.add(submission=submission, cell=cell, content=content, by=request.user, at=now())
    except (NotAllowed, files.TooLarge) as reason:
        form.add_error("file", str(reason))
        return False
    return True


def _page(
    request: InitiativeRequest, submission: Submission, grid: Grid, form: EvidenceForm, *, status: int = 200
) -> HttpResponse:
    kept = files_of_reports.of(submission)
    labels = {cell.key: cell.label for cell in grid.cells}
    context = {
        "submission": submission,
        "report": submission.expected_report,
        "rows": [(labels.get(cell, ""), each) for cell, several in kept.items() for each in several],
        "form": form,
        "may_add": may_fill_in(request.access, submission),
    }
    return render_page(request, "measurement/submissions/evidence.html", context, status=status)


def _url(submission: Submission) -> str:
    return reverse(
        "measurement:submissions:evidence", args=[submission.initiative.slug, submission.public_id]
    )


@requires(Permission.INITIATIVE_VIEW, visitors="report_id")
@require_safe
def evidence_file(
    request: InitiativeRequest, initiative: Initiative, report_id: UUID, file_id: UUID
) -> HttpResponse:
    submission = selectors.report_for(request.access, report_id)
    found = get_object_or_404(Evidence, submission=submission, public_id=file_id)
    try:
        return files.attachment(files.read(found.key), name=found.name)
    except files.Gone:
        return refused(request, NotAllowed(_("The file is not there any more.")), status=404)


@requires(Permission.OWN_REPORT_EDIT, visitors="report_id")
@require_POST
def remove_evidence(
    request: InitiativeRequest, initiative: Initiative, report_id: UUID, file_id: UUID
) -> HttpResponse:
    submission = selectors.own_report(request.access, Permission.OWN_REPORT_EDIT, report_id)
    found = get_object_or_404(Evidence, submission=submission, public_id=file_id)
    try:
        files_of_reports.remove(evidence=found, by=request.user, at=now())
    except NotAllowed as reason:
        return refused(request, reason)
    messages.success(request, _("The file has been taken away."))
    return redirect(_url(submission))
