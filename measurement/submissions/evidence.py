"""Files beside figures: how something was counted. For the own organization and the backbone only."""

from datetime import datetime
from pathlib import PurePosixPath
from typing import Any, Final

from django.core.files import File
from django.db import transaction
from django.utils.translation import gettext as _

from backbone.accounts.models import User
from backbone.audit import trail
from backbone.web import files
from measurement.submissions.entry_models import Evidence
from measurement.submissions.grid import Cell, GridCell
from measurement.submissions.models import NotAllowed, Submission

LARGEST: Final = 10 * files.MEGABYTE
MOST: Final = 40  # files of one report
TYPES: Final = (".pdf", ".png", ".jpg", ".jpeg", ".xlsx", ".ods", ".csv", ".docx", ".odt", ".txt")


def of(submission: Submission) -> dict[Cell, list[Evidence]]:
    found: dict[Cell, list[Evidence]] = {}
    for each in Evidence.objects.filter(submission=submission).select_related("by"):
        found.setdefault((each.indicator_id, each.category_id), []).append(each)
    return found


@transaction.atomic
def add(*, submission: Submission, cell: GridCell, content: "File[Any]", by: User, at: datetime) -> Evidence:
    """Keep a file beside a figure. Raises NotAllowed, or files.TooLarge, with a sentence."""
    submission.must_be(*Submission.EDITABLE)
    name = files.clean_name(content.name or "")
    if PurePosixPath(name).suffix.lower() not in TYPES:
        raise NotAllowed(
            _(
                "“%(name)s” is of a kind that we do not take. Send a PDF, a picture, a text or a table: %(types)s."
            )
            % {"name": name, "types": ", ".join(TYPES)}
        )
    if not content.size:
        raise NotAllowed(_("“%(name)s” is empty.") % {"name": name})
    if Evidence.objects.filter(submission=submission).count() >= MOST:
        raise NotAllowed(_("A report can have at most %(most)d files.") % {"most": MOST})
    indicator_id, category_id = cell.key
    made = Evidence.objects.create(
        initiative_id=submission.initiative_id,
        submission=submission,
        indicator_id=indicator_id,
        category_id=category_id,
        name=name,
        key=files.keep(content, folder="evidence", at_most=LARGEST),
        size=content.size,
        by=by,
        at=at,
    )
    details = {"file": name, "figure": cell.label}
    trail.record("evidence.added", about=submission, by=by, at=at, details=details)
    return made


@transaction.atomic
def remove(*, evidence: Evidence, by: User, at: datetime) -> None:
    """Take the file away for good, while the report can be changed."""
    submission = evidence.submission
    submission.must_be(*Submission.EDITABLE)
    key = evidence.key
    trail.record("evidence.removed", about=submission, by=by, at=at, details={"file": evidence.name})
    evidence.delete()
    transaction.on_commit(lambda: files.remove(key))
