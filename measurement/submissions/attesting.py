""" "These figures are right": said by name when a report is handed in, with a receipt that holds a copy."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backbone.accounts.models import User
from backbone.web.dates import long_date
from measurement.submissions.entry_models import Attestation
from measurement.submissions.grid import Cell, Grid
from measurement.submissions.models import STATUS_NAMES, Submission
from measurement.submissions.observations import Given
from measurement.submissions.status import FigureStatus
from measurement.submissions.wording import given_words, unit_of

STATEMENT = gettext_lazy("These figures are right to the best of my knowledge")


def attest(*, submission: Submission, by: User, at: datetime) -> Attestation:
    """Who has said it, of which state of the report, in which words."""
    return Attestation.objects.create(
        initiative_id=submission.initiative_id,
        submission=submission,
        by=by,
        name=str(by),
        statement=str(STATEMENT),
        version=submission.version,
        at=at,
    )


def receipt_of(submission: Submission, grid: Grid, given: Mapping[Cell, Given]) -> str:
    """What was handed in, by whom and when, and what happens next: the text of a mail."""
    report = submission.expected_report
    there = (
        submission.submitted_at.astimezone(submission.initiative.zone) if submission.submitted_at else None
    )
    lines = [_("Thank you. You will hear from us when it has been reviewed."), ""]
    if there:
        handed_in = _("Handed in by %(who)s on %(day)s at %(time)s, for %(organization)s.")
        lines.append(
            handed_in
            % {
                "who": submission.submitted_by,
                "day": long_date(there.date()),
                "time": f"{there:%H:%M}",
                "organization": report.organization,
            }
        )
    lines += [f"“{STATEMENT}.”", "", _("A copy of your figures:"), *_copy(submission, grid, given)]
    return "\n".join(lines)


def _copy(submission: Submission, grid: Grid, given: Mapping[Cell, Given]) -> Iterator[str]:
    for row in grid.rows:
        unit = unit_of(row.version, submission.initiative)
        for cell in row.cells:
            said = given.get(cell.key)
            if said is None:
                continue
            words = [given_words(cell.version, said, unit)]
            if said.status is not FigureStatus.REPORTED:
                words.append(str(STATUS_NAMES[said.status]))
            if said.note:
                words.append(said.note)
            indent = "  " if cell.category else ""
            yield f"{indent}{cell.label}: {'; '.join(filter(None, words))}"
