"""Taking over what was checked: all of it in one transaction with the end of its run, so once, whoever dies."""

from collections import defaultdict
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from backbone.accounts.models import User
from backbone.audit import trail
from initiatives.jobs.operations import Failed
from initiatives.jobs.running import Work
from measurement.imports.models import ImportFile, ImportLine
from measurement.submissions import workflow
from measurement.submissions.grid import Cell
from measurement.submissions.models import CurrentFigure, ExpectedReport, NotAllowed
from measurement.submissions.recording import record_for_partners
from measurement.submissions.workflow import Typed

KIND: Final = "measurement.apply_file"
_TAKEN: Final = (ImportLine.What.NEW, ImportLine.What.CHANGED)
_ROWS: Final = """
    SELECT l.figure, l.seen, l.said, l.typed FROM measurement_importline l
    WHERE l.initiative_id = %(initiative)s AND l.file_id = %(file)s AND l.what IN ('new', 'changed')
"""


def apply(work: Work) -> None:
    """For the run that `operations.confirm` has started. Twice is the same as once."""
    work.progress(0, None, _("Taking the figures over"))
    try:
        _apply(work, at=now())
    except (NotAllowed, workflow.Stale) as reason:
        sentence = _("Nothing was taken over. %(reason)s Check the file again.") % {"reason": reason}
        ImportFile.objects.filter(pk=work.run.parameters["file"]).update(problem=sentence)
        raise Failed(sentence) from reason


@transaction.atomic
def _apply(work: Work, *, at: datetime) -> None:
    file = (
        ImportFile.objects.select_for_update(of=("self",))
        .select_related("initiative", "applied_by")
        .get(initiative=work.run.initiative, pk=work.run.parameters["file"])
    )
    if file.state != ImportFile.State.CHECKED or file.applied_by is None:
        return
    if file.for_partners:
        _record(file, by=file.applied_by, at=at)
    else:
        _fill_in(file, by=file.applied_by, at=at)
    file.state, file.applied_at, file.problem = ImportFile.State.APPLIED, at, ""
    file.save(update_fields=["state", "applied_at", "problem"])
    counts = {"new": file.new, "changed": file.changed, "refused": file.refused}
    trail.record("import.applied", about=file, by=file.applied_by, at=at, details=counts)
    work.finish(result=file.get_absolute_url())


def _record(file: ImportFile, *, by: User, at: datetime) -> None:
    record_for_partners(
        initiative=file.initiative, rows=_ROWS, arguments={"file": file.pk}, reason=file.reason, by=by, at=at
    )


def _fill_in(file: ImportFile, *, by: User, at: datetime) -> None:
    """Into the fields of each report, by the operation that saves what is typed there."""
    lines = ImportLine.objects.filter(file=file, what__in=_TAKEN)
    rows = lines.values_list("figure", "typed")
    typed = {figure: Typed(**words) for figure, words in rows if figure and words}
    figures = CurrentFigure.objects.filter(initiative=file.initiative, pk__in=typed)
    reports: dict[int, dict[Cell, Typed]] = defaultdict(dict)
    for figure in figures:
        reports[figure.expected_report_id][figure.indicator_id, figure.category_id] = typed[figure.pk]
    if sum(map(len, reports.values())) != len(typed):
        raise NotAllowed(_("Some of these figures are not asked for any more."))
    expected = ExpectedReport.objects.filter(initiative=file.initiative, pk__in=reports).order_by("pk")
    for report in expected:
        _save(file, report, reports[report.pk], by=by, at=at)


def _save(
    file: ImportFile, report: ExpectedReport, typed: dict[Cell, Typed], *, by: User, at: datetime
) -> None:
    submission = workflow.start(expected_report=report, at=at)
    if submission.saved_at and file.checked_at and submission.saved_at > file.checked_at:
        raise workflow.Stale(submission, workflow.differing(submission, typed))
    workflow.save_draft(submission=submission, typed=typed, version=submission.version, by=by, at=at)
