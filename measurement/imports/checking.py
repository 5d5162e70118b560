"""The dry run: what would become of every line of a file, with nothing changed but the list of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Final

from django.db import transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from backbone.access.permissions import Permission
from backbone.web import files
from initiatives.charter.access import Access, standings_of
from initiatives.jobs.running import Work
from initiatives.partners.models import Organization
from measurement.imports.cells import Line
from measurement.imports.headings import Column, Headings, find_table
from measurement.imports.judging import Judged, Way, answers, judge_row
from measurement.imports.matching import Scope, catalog_for
from measurement.imports.models import ImportFile
from measurement.imports.storing import store
from measurement.imports.tables import Table, read_tables, too_many_rows
from measurement.imports.unpacking import NotTaken
from measurement.imports.ways import FillingIn, Recording
from measurement.submissions.models import CurrentFigure

KIND: Final = "measurement.check_file"
MOST_ROWS: Final = 5_000
MOST_ROWS_OF_STAFF: Final = 50_000
_TOLD_EVERY: Final = 100


@dataclass
class _Read:
    table: Table
    headings: Headings
    lines: list[Line]
    notes: list[str]


def check(work: Work) -> None:
    """For the run that `operations` has started. Twice is the same as once."""
    file = ImportFile.objects.select_related(
        "initiative", "submission__expected_report__period", "uploaded_by"
    ).get(initiative=work.run.initiative, pk=work.run.parameters["file"])
    if file.state not in (ImportFile.State.NEW, ImportFile.State.CHECKED):
        return
    try:
        judged = judge(file, work)
    except NotTaken as reason:
        _end(file, work, state=ImportFile.State.REFUSED, problem=str(reason))
        return
    _end(file, work, state=ImportFile.State.CHECKED, judged=judged)


def judge(file: ImportFile, work: Work) -> Judged:
    """Raises NotTaken where the file cannot be read at all."""
    work.progress(0, 0, _("Reading the file"))
    scope = scope_of(file)
    read = _read(file, scope)
    file.notes = read.notes
    work.progress(0, len(read.lines), _("Checking each line"))
    catalog = catalog_for(scope, read.lines)
    judged = Judged()
    rows = answers(catalog, read.lines, language=file.decimal_mark, judged=judged)
    way = _way(file, chain.from_iterable(catalog.figures[row] for row in rows))
    done = 0
    for place, (row, answered) in enumerate(rows.items()):
        judge_row(catalog, row, answered, way=way, judged=judged)
        done += len(answered)
        if place % _TOLD_EVERY == 0:
            work.progress(done)
    if judged.blank:
        sentence = _("Lines with nothing in their fields, which leave what is there as it is: %(count)d.")
        file.notes.append(sentence % {"count": judged.blank})
    return judged


def scope_of(file: ImportFile) -> Scope:
    if file.for_partners:
        return Scope(file.initiative)
    if file.submission is not None:
        report = file.submission.expected_report
        return Scope(file.initiative, (report.organization,), report)
    return Scope(file.initiative, tuple(own_organizations(file)))


def own_organizations(file: ImportFile) -> list[Organization]:
    """Those whose reports the uploader may fill in today."""
    standings = standings_of(file.uploaded_by)
    here = tuple(each for each in standings if each.initiative.pk == file.initiative_id)
    return Access(file.initiative, here).organizations(Permission.OWN_REPORT_EDIT)


def _way(file: ImportFile, figures: Iterable[CurrentFigure]) -> Way:
    return Recording(file.initiative, figures) if file.for_partners else FillingIn(file.initiative, figures)


def _read(file: ImportFile, scope: Scope) -> _Read:
    most = MOST_ROWS_OF_STAFF if file.for_partners else MOST_ROWS
    try:
        with files.read(file.key) as content:
            tables = read_tables(content.read(), most_rows=most)
    except files.Gone as gone:
        raise NotTaken(_("The file is not there any more. Upload it again.")) from gone
    table, headings = find_table(tables.found, _needed(scope))
    known = list(headings.columns)
    lines = [Line(table, headings, row) for row in range(headings.row + 1, len(table.rows))]
    lines = [line for line in lines if not line.is_blank(known)]
    if len(lines) > most:
        raise too_many_rows(most)
    if not lines:
        raise NotTaken(_("There are headings in this file, and nothing below them."))
    return _Read(table, headings, lines, tables.notes + _other_columns(table, headings))


def _needed(scope: Scope) -> list[Column]:
    needed = [Column.MEASURE]
    if scope.report is None:
        needed.append(Column.PERIOD)
    if scope.only is None:
        needed.append(Column.ORGANIZATION)
    return needed


def _other_columns(table: Table, headings: Headings) -> list[str]:
    used = set(headings.columns.values())
    others = [
        str(heading).strip()[:40]
        for place, heading in enumerate(table.rows[headings.row])
        if place not in used and str(heading if heading is not None else "").strip()
    ]
    if not others:
        return []
    return [
        _("These columns were not needed: %(names)s.") % {"names": ", ".join(f"“{name}”" for name in others)}
    ]


@transaction.atomic
def _end(
    file: ImportFile, work: Work, *, state: ImportFile.State, problem: str = "", judged: Judged | None = None
) -> None:
    file.state, file.problem, file.checked_at = state, problem, now()
    store(file, judged.findings if judged else [])
    file.save()
    work.finish(result=file.get_absolute_url())
