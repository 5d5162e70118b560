"""Taking a file in, checking it, taking it over, dropping it."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from backbone.accounts.models import User
from backbone.audit import trail
from backbone.web import files
from initiatives.charter.models import Initiative
from initiatives.jobs import operations as jobs
from measurement.imports import applying, checking
from measurement.imports.models import ImportFile
from measurement.submissions.models import NotAllowed, Submission

State = ImportFile.State
LARGEST = 20 * files.MEGABYTE


@transaction.atomic
def take_in(
    *,
    initiative: Initiative,
    content: Any,
    submission: Submission | None = None,
    for_partners: bool = False,
    reason: str = "",
    decimal_mark: str = "",
    by: User,
    at: datetime,
) -> ImportFile:
    """Keep an uploaded file and have it checked. Raises files.TooLarge."""
    file = ImportFile.objects.create(
        initiative=initiative,
        submission=submission,
        for_partners=for_partners,
        reason=reason,
        decimal_mark=decimal_mark,
        name=files.clean_name(content.name or "", otherwise=_("figures")),
        size=content.size,
        key=files.keep(content, folder="imports", at_most=LARGEST),
        uploaded_by=by,
        uploaded_at=at,
    )
    trail.record("import.uploaded", about=file, by=by, at=at)
    _start(file, checking.KIND, _("Checking %(name)s") % {"name": file.name}, by=by, at=at)
    return file


@transaction.atomic
def check_again(*, file: ImportFile, by: User, at: datetime) -> ImportFile:
    """What is on record may have moved. Pressed twice is the same as once."""
    held = _held(file)
    if held.is_busy:
        return held
    if not held.can_be_checked:
        raise NotAllowed(
            _("This file is “%(state)s”. Upload it again.") % {"state": held.get_state_display()}
        )
    _start(held, checking.KIND, _("Checking %(name)s") % {"name": held.name}, by=by, at=at)
    return held


@transaction.atomic
def confirm(*, file: ImportFile, leave_out: bool = False, by: User, at: datetime) -> ImportFile:
    """Take over what was checked, all of it. Pressed twice is the same as once.

    `leave_out`: what was refused stays out; without it, a file with something refused is not taken over.
    """
    held = _held(file)
    if held.is_busy or held.state == State.APPLIED:
        return held
    if not held.can_be_confirmed:
        raise NotAllowed(_("There is nothing in this file that could be taken over."))
    if held.refused and not leave_out:
        raise NotAllowed(_("Some lines were refused. Correct them, or say that they are left out."))
    held.applied_by, held.problem = by, ""
    held.save(update_fields=["applied_by", "problem"])
    _start(held, applying.KIND, _("Taking over %(name)s") % {"name": held.name}, by=by, at=at)
    return held


@transaction.atomic
def drop(*, file: ImportFile, by: User, at: datetime) -> ImportFile:
    """Nothing of it is taken over; the file itself is removed."""
    held = _held(file)
    if held.state == State.DROPPED:
        return held
    if held.is_busy or held.state == State.APPLIED:
        raise NotAllowed(_("This file is being taken over, or has been."))
    held.state = State.DROPPED
    held.save(update_fields=["state"])
    held.lines.all()._raw_delete("default")
    trail.record("import.dropped", about=held, by=by, at=at)
    transaction.on_commit(lambda: files.remove(held.key))
    return held


def _held(file: ImportFile) -> ImportFile:
    held = (
        ImportFile.objects.select_for_update(of=("self",)).select_related("run", "initiative").get(pk=file.pk)
    )
    held.initiative = file.initiative
    return held


def _start(file: ImportFile, kind: str, title: str, *, by: User, at: datetime) -> None:
    file.run = jobs.start(
        initiative=file.initiative, kind=kind, title=title, parameters={"file": file.pk}, by=by, at=at
    )
    file.save(update_fields=["run"])
