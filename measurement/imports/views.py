"""Files with figures: given out, taken in, shown with what would become of them, taken over or dropped."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from backbone.access.permissions import Permission
from backbone.web.files import attachment
from backbone.web.htmx import done, refused, render_page
from backbone.web.pagination import paginate
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.imports import operations, selectors, writing
from measurement.imports.forms import LinesForm, RecordingForm, UploadForm, fields_of
from measurement.imports.models import ImportFile
from measurement.submissions.entry import may_fill_in
from measurement.submissions.grid import grid_of
from measurement.submissions.models import NotAllowed
from measurement.submissions.selectors import own_report, report_for

_UPLOAD = ("GET", "HEAD", "POST")


@requires(Permission.INITIATIVE_VIEW)
@require_safe
def report_file(
    request: InitiativeRequest, initiative: Initiative, report_id: UUID, kind: str
) -> HttpResponse:
    """The report as a table, with what stands in it."""
    submission = report_for(request.access, report_id)
    grid = grid_of(submission.expected_report, submission)
    content = writing.workbook(submission, grid) if kind == "xlsx" else writing.text(submission, grid)
    return attachment(content, name=f"{submission}.{kind}")


@requires(Permission.OWN_REPORT_EDIT)
@require_http_methods(_UPLOAD)
def upload_report(request: InitiativeRequest, initiative: Initiative, report_id: UUID) -> HttpResponse:
    submission = own_report(request.access, Permission.OWN_REPORT_EDIT, report_id)
    if not may_fill_in(request.access, submission):
        return refused(request, NotAllowed(_("This report cannot be changed now.")))
    form = _sent(request, UploadForm)
    if form.is_bound and form.is_valid():
        file = operations.take_in(
            initiative=initiative, submission=submission, by=request.user, at=now(), **fields_of(form)
        )
        return done(request, to=file.get_absolute_url())
    context = {"form": form, "submission": submission, "report": submission.expected_report}
    return _page(request, "upload_report", context, form)


@requires(Permission.INITIATIVE_VIEW)
@require_http_methods(_UPLOAD)
def imports(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    """Files so far, and a form for a long one: of many partners for staff, else of one's own organizations."""
    files = selectors.seen(request)
    is_staff = request.access.may(Permission.SUBMISSIONS_REVIEW)
    form = _sent(request, RecordingForm if is_staff else UploadForm)
    if form.is_bound and form.is_valid():
        file = operations.take_in(
            initiative=initiative, for_partners=is_staff, by=request.user, at=now(), **fields_of(form)
        )
        return done(request, to=file.get_absolute_url())
    context = {"form": form, "is_staff": is_staff, "page": paginate(request, files, per_page=20)}
    return _page(request, "imports", context, form)


@requires(Permission.INITIATIVE_VIEW)
@require_safe
def import_(request: InitiativeRequest, initiative: Initiative, file_id: UUID) -> HttpResponse:
    """What would become of each line, or has; how far it is while it is being worked on."""
    file = selectors.file_for(request, file_id)
    what = LinesForm(request.GET)
    lines = file.lines.filter(what=what.chosen()) if what.chosen() else file.lines.all()
    context = {
        "file": file,
        "what": what.chosen(),
        "tabs": selectors.tabs(file),
        "page": paginate(request, lines),
        "may_take_over": selectors.may_take_over(request, file),
    }
    return render_page(request, "measurement/imports/import.html", context, partials=("lines",))


@requires(Permission.INITIATIVE_VIEW)
@require_POST
def confirm(request: InitiativeRequest, initiative: Initiative, file_id: UUID) -> HttpResponse:
    leave_out = request.POST.get("leave_out") == "on"

    def step(file: ImportFile, at: datetime) -> ImportFile:
        return operations.confirm(file=file, leave_out=leave_out, by=request.user, at=at)

    return _step(request, file_id, step)


@requires(Permission.INITIATIVE_VIEW)
@require_POST
def check_again(request: InitiativeRequest, initiative: Initiative, file_id: UUID) -> HttpResponse:
    def step(file: ImportFile, at: datetime) -> ImportFile:
        return operations.check_again(file=file, by=request.user, at=at)

    return _step(request, file_id, step)


@requires(Permission.INITIATIVE_VIEW)
@require_POST
def drop(request: InitiativeRequest, initiative: Initiative, file_id: UUID) -> HttpResponse:
    def step(file: ImportFile, at: datetime) -> ImportFile:
        return operations.drop(file=file, by=request.user, at=at)

    return _step(request, file_id, step)


def _step(
    request: InitiativeRequest, file_id: UUID, step: Callable[[ImportFile, datetime], ImportFile]
) -> HttpResponse:
    file = selectors.file_to_take_over(request, file_id)
    try:
        step(file, now())
    except NotAllowed as reason:
        return refused(request, reason)
    return done(request, to=file.get_absolute_url())


def _sent(request: InitiativeRequest, form: type[UploadForm]) -> UploadForm:
    return form(request.POST, request.FILES) if request.method == "POST" else form()


def _page(request: InitiativeRequest, name: str, context: dict[str, Any], form: UploadForm) -> HttpResponse:
    status = 422 if form.errors else 200
    return render_page(
        request, f"measurement/imports/{name}.html", context, partials=("upload-form",), status=status
    )
