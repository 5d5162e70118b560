"""Locking a period: what is in it stays as it is, for partners and for the backbone, until somebody unlocks it.

Decisions. Closing a period ends handing in, while its reports are still reviewed and corrected. Locking it ends that
too: whoever moves a report holds its period meanwhile, so that nothing slips in while it is being locked.
"""

from datetime import datetime

from django.db import connection, transaction
from django.utils.translation import gettext as _

from backbone.accounts.models import User
from backbone.audit import trail
from measurement.calendars.models import ReportingPeriod
from measurement.submissions.models import NotAllowed, Submission
from measurement.submissions.opening import held

Status = Submission.Status


@transaction.atomic
def lock_period(*, period: ReportingPeriod, by: User, at: datetime) -> None:
    """Nothing of a closed period can be handed in, approved or corrected from now on. Twice is the same as once.

    Raises NotAllowed while it is open, and while a report of it waits for a decision.
    """
    locked = held(period)
    if locked.is_locked:
        return
    if locked.state != ReportingPeriod.State.CLOSED:
        raise NotAllowed(_("Close %(period)s first. Then it can be locked.") % {"period": locked.label})
    waiting = Submission.objects.filter(expected_report__period=locked, status=Status.SUBMITTED).count()
    if waiting:
        raise NotAllowed(
            _("Decide on the reports that wait first: %(waiting)d of %(period)s.")
            % {"waiting": waiting, "period": locked.label}
        )
    locked.locked_at, locked.locked_by = at, by
    locked.save(update_fields=["locked_at", "locked_by"])
    trail.record("period.locked", about=locked, by=by, at=at)


@transaction.atomic
def unlock_period(*, period: ReportingPeriod, reason: str, by: User, at: datetime) -> None:
    """It is closed again as before. Why stays on record."""
    locked = held(period)
    if not locked.is_locked:
        raise NotAllowed(
            _("%(period)s is not locked. Somebody else may have been faster.") % {"period": locked.label}
        )
    locked.locked_at, locked.locked_by = None, None
    locked.save(update_fields=["locked_at", "locked_by"])
    trail.record("period.unlocked", about=locked, by=by, at=at, details={"reason": reason})


def must_not_be_locked(period_id: int) -> None:
    """Raises NotAllowed where it is, and keeps it from being locked until the end of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT label, locked_at IS NOT NULL FROM measurement_reportingperiod WHERE id = %s FOR SHARE",
            [period_id],
        )
        label, is_locked = cursor.fetchone()
    if is_locked:
        raise NotAllowed(locked_sentence(label))


def locked_sentence(label: str) -> str:
    return _(
        "%(period)s is locked, so nothing in it can be changed. Who manages periods can unlock it, with a reason."
    ) % {"period": label}
