"""Opening and closing a period, when its reports are due, and what follows when partners or the time zone change."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from backbone.accounts.models import User
from backbone.audit import trail
from backbone.celery import hint
from backbone.web.dates import long_date
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.calendars.periods import due_moment
from measurement.submissions.expecting import expect, expect_everywhere, mark
from measurement.submissions.models import CurrentFigure, ExpectedReport, NotAllowed

State = ReportingPeriod.State


@transaction.atomic
def open_period(*, period: ReportingPeriod, by: User | None, at: datetime) -> int:
    """Expect a report of every partner that is assigned and active; return how many are expected.

    Twice is the same as once. Raises NotAllowed for a closed period: that one is reopened.
    """
    period = held(period)
    if period.state == State.CLOSED:
        raise NotAllowed(_("%(period)s is closed. Reopen it instead.") % {"period": period.label})
    if period.state == State.PLANNED:
        period.state, period.opened_at, period.opened_by = State.OPEN, at, by
        period.save()
        trail.record("period.opened", about=period, by=by, at=at)
        hint("measurement.send_reminders")
    return expect(period=period, at=at)


@transaction.atomic
def close_period(*, period: ReportingPeriod, by: User, at: datetime) -> None:
    """Partners can no longer change anything in it; review goes on."""
    locked = held(period)
    _must_be(locked, State.OPEN)
    locked.state, locked.closed_at, locked.closed_by = State.CLOSED, at, by
    locked.save()
    trail.record("period.closed", about=locked, by=by, at=at)
    hint("measurement.freeze_forecasts")


@transaction.atomic
def reopen_period(*, period: ReportingPeriod, by: User, at: datetime) -> None:
    """Partners can change their reports again. Who was assigned in the meantime is expected too."""
    locked = held(period)
    _must_be(locked, State.CLOSED)
    if locked.is_locked:
        raise NotAllowed(_("%(period)s is locked. Unlock it first.") % {"period": locked.label})
    locked.state, locked.closed_at, locked.closed_by = State.OPEN, None, None
    locked.save()
    trail.record("period.reopened", about=locked, by=by, at=at)
    _settle_due_moment(locked)  # the time zone may have changed meanwhile
    expect(period=locked, at=at)


@transaction.atomic
def change_due_date(
    *, period: ReportingPeriod, due_on: date, was: date, by: User, at: datetime
) -> ReportingPeriod:
    """Its reports are due until the end of that day in the initiative's zone; what is late is judged anew.

    `was` is the date that the person saw. Raises NotAllowed when it has moved since, or the period is closed.
    """
    locked = held(period)
    if locked.state == State.CLOSED:
        raise NotAllowed(
            _("%(period)s is closed, so its due date stays. Reopen it first.") % {"period": locked.label}
        )
    if locked.due_on == due_on:
        return locked
    if locked.due_on != was:
        raise NotAllowed(
            _("Somebody else has moved the due date to %(day)s. Look at it once more.")
            % {"day": long_date(locked.due_on)}
        )
    locked.due_on = due_on
    locked.save(update_fields=["due_on"])
    _settle_due_moment(locked)
    details = {"was": was.isoformat(), "due_on": due_on.isoformat()}
    trail.record("period.due_date_changed", about=locked, by=by, at=at, details=details)
    if locked.state == State.OPEN:
        mark(locked, at=at)
    return locked


@transaction.atomic
def follow_partners(*, initiative_id: int, at: datetime) -> None:
    """Somebody has joined or left: what open periods expect is brought in step. Twice is the same as once."""
    periods = _lock_open_periods(initiative_id)
    expect_everywhere(periods=periods, at=at)


@transaction.atomic
def follow_time_zone(*, initiative_id: int, at: datetime) -> None:
    """The day ends at another moment: in open periods what is late is judged anew. Twice is the same as once."""
    for period in _lock_open_periods(initiative_id).select_related("initiative"):
        _settle_due_moment(period)
        mark(period, at=at)


def _lock_open_periods(initiative_id: int) -> QuerySet[ReportingPeriod]:
    still_open = ReportingPeriod.objects.filter(initiative_id=initiative_id, state=State.OPEN)
    for calendar_id in sorted(set(still_open.values_list("calendar_id", flat=True))):
        lock_calendar(calendar_id)
    return still_open.order_by("pk")


def _settle_due_moment(period: ReportingPeriod) -> None:
    due_at = due_moment(period.due_on, period.initiative.zone)
    ExpectedReport.objects.filter(period=period).update(due_at=due_at)
    CurrentFigure.objects.filter(period=period).update(due_at=due_at)


def lock_calendar(calendar_id: int) -> None:
    """Opening a period and assigning on its calendar wait for each other, so that none misses the other."""
    ReportingCalendar.objects.select_for_update(no_key=True).get(pk=calendar_id)


def held(period: ReportingPeriod) -> ReportingPeriod:
    """Nobody else opens, closes or locks it until the end of the transaction."""
    lock_calendar(period.calendar_id)
    return (
        ReportingPeriod.objects.select_for_update(of=("self",), no_key=True)
        .select_related("initiative")
        .get(pk=period.pk)
    )


def _must_be(period: ReportingPeriod, state: ReportingPeriod.State) -> None:
    """Raises NotAllowed with a sentence for people."""
    if period.state != state:
        raise NotAllowed(_NOW[State(period.state)] % {"period": period.label})


_NOW = {
    State.PLANNED: _lazy("%(period)s has not been opened yet."),
    State.OPEN: _lazy("%(period)s is open already. Somebody else may have been faster."),
    State.CLOSED: _lazy("%(period)s is closed already. Somebody else may have been faster."),
}
