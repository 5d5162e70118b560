"""The two ways in which a file counts: as a partner's own typing, to be handed in; or as staff's recording, at once."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from backbone.web.numbers import NumberNotRead, read_number
from initiatives.charter.models import Initiative
from measurement.imports.judging import Finding, What
from measurement.submissions.answers import Reading
from measurement.submissions.forms import reasons
from measurement.submissions.grid import GridCell, drafts_from_figures
from measurement.submissions.models import (
    STATUS_NAMES,
    CurrentFigure,
    DraftFigure,
    ExpectedReport,
    Submission,
)
from measurement.submissions.observations import Given
from measurement.submissions.recording import is_free, on_record, said
from measurement.submissions.status import MEANINGS, FigureStatus
from measurement.submissions.typed_words import typed_in, typed_words
from measurement.submissions.wording import given_words, unit_of
from measurement.submissions.workflow import Typed

Status = Submission.Status


def _reports(initiative: Initiative, wanted: Iterable[int]) -> dict[int, ExpectedReport]:
    reports = ExpectedReport.objects.filter(initiative=initiative, pk__in=set(wanted))
    return {report.pk: report for report in reports.select_related("submission", "period")}


def _blank(figure: CurrentFigure) -> DraftFigure:
    return DraftFigure(indicator_id=figure.indicator_id, category_id=figure.category_id)


class FillingIn:
    """Into the drafts of reports that are open, as on their page. What is wrong in them is said when handing in."""

    judges_all = False

    def __init__(self, initiative: Initiative, figures: Iterable[CurrentFigure]) -> None:
        self._reports = _reports(initiative, (figure.expected_report_id for figure in figures))
        drafts = DraftFigure.objects.filter(submission__expected_report__in=self._reports)
        self._drafts = {
            (draft.submission.expected_report_id, draft.indicator_id, draft.category_id): draft
            for draft in drafts.select_related("submission")
        }

    def not_now(self, expected_report_id: int) -> str:
        report = self._reports[expected_report_id]
        submission: Submission | None = getattr(report, "submission", None)
        if not report.period.is_open:
            return _("%(period)s is closed, so its reports can no longer be changed.") % {
                "period": report.period
            }
        if submission is not None and not submission.is_editable:
            return _("The report for %(period)s is “%(state)s”, so it cannot be changed now.") % {
                "period": report.period,
                "state": submission.get_status_display(),
            }
        return ""

    def stands(self, figure: CurrentFigure) -> DraftFigure:
        key = (figure.expected_report_id, figure.indicator_id, figure.category_id)
        return self._drafts.get(key) or _blank(figure)

    def takes(self, cell: GridCell) -> bool:
        return not cell.draft.status or cell.draft.status in dict(reasons(cell))

    def outcome(self, cell: GridCell, before: Typed, reading: Reading) -> Finding | None:
        after = typed_in(cell)
        if reading.given.get(cell.key) and reading.given[cell.key].derived:
            return None  # worked out anew whenever the report is read
        what = What.NEW if before == Typed() else What.CHANGED
        return Finding(
            number=0,
            what=What.UNCHANGED if _is_same(before, after) else what,
            place="",
            before=typed_words(cell, before),
            after=typed_words(cell, after),
            figure=cell.figure,
            typed=after,
        )


def _is_same(before: Typed, after: Typed) -> bool:
    texts = _texts(before) == _texts(after)
    return texts and all(
        _number(mine) == _number(theirs)
        for mine, theirs in ((before.amount, after.amount), (before.base, after.base))
    )


def _texts(typed: Typed) -> tuple[str, ...]:
    return typed.status, typed.note.strip(), typed.detail.strip()


def _number(text: str) -> Decimal | str:
    try:
        return read_number(text)
    except NumberNotRead:
        return text.strip()


class Recording:
    """Onto the record, for partners, with a reason: the same rules as for a report that is approved."""

    judges_all = True

    def __init__(self, initiative: Initiative, figures: Iterable[CurrentFigure]) -> None:
        self._initiative = initiative
        self._reports = _reports(initiative, (figure.expected_report_id for figure in figures))
        self._nobodys = Submission(initiative=initiative)

    def not_now(self, expected_report_id: int) -> str:
        submission: Submission | None = getattr(self._reports[expected_report_id], "submission", None)
        if is_free(submission):
            return ""
        if submission is not None and submission.status == Status.SUBMITTED:
            return _("This partner's report waits for review. Approve or return it first.")
        return _(
            "This partner is filling in the report itself. Wait until it is handed in, or ask the partner."
        )

    def stands(self, figure: CurrentFigure) -> DraftFigure:
        return next(iter(drafts_from_figures(self._nobodys, [figure])), None) or _blank(figure)

    def takes(self, cell: GridCell) -> bool:
        status = cell.draft.status
        return status in ("", FigureStatus.WITHHELD) or status in dict(reasons(cell))

    def outcome(self, cell: GridCell, before: Typed, reading: Reading) -> Finding | None:
        given = reading.given.get(cell.key)
        if given is None:
            return None
        figure = cell.figure
        is_first = figure.observation_id is None or figure.status == FigureStatus.MISSING
        what = What.NEW if is_first else What.CHANGED
        return Finding(
            number=0,
            what=what if said(given) != on_record(figure) else What.UNCHANGED,
            place="",
            before="" if is_first else self._words(cell, _given(figure)),
            after=self._words(cell, given),
            figure=figure,
            typed=typed_in(cell),
            said=_storable(said(given)),
        )

    def _words(self, cell: GridCell, given: Given) -> str:
        number = given_words(cell.version, given, unit_of(cell.version, self._initiative))
        is_plain = given.status is FigureStatus.REPORTED or (MEANINGS[given.status].has_value and not number)
        if is_plain and not given.note:
            return number
        parts = [number, "" if is_plain else str(STATUS_NAMES[given.status]), given.note]
        return "; ".join(filter(None, parts))


def _given(figure: CurrentFigure) -> Given:
    note = figure.observation.note if figure.observation else ""
    status = FigureStatus(figure.status)
    return Given(
        status,
        figure.components,
        note=note,
        low=figure.low,
        high=figure.high,
        text=figure.text,
        handed_in=figure.handed_in,
    )


def _storable(columns: dict[str, Any]) -> dict[str, Any]:
    """Exact: numbers as texts, which the database reads back as numbers."""
    return {name: _plain(value) for name, value in columns.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return f"{value:f}"
    return [_plain(each) for each in value] if isinstance(value, list) else value
