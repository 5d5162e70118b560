"""The way of a report: draft, submitted, returned, approved. These functions are the only doors.

Each takes the lock of its report first, so that two people at once follow one after the other, and the
second is told what the first has done.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from backbone.access.permissions import Permission
from backbone.accounts.models import User
from backbone.audit import trail
from backbone.celery import hint
from backbone.notifications import outbox
from initiatives.charter.people import people_who_may
from measurement.submissions import discussing, observations, queries, sittings
from measurement.submissions.attesting import attest, receipt_of
from measurement.submissions.grid import Cell, drafts_from_figures, grid_of
from measurement.submissions.locking import must_not_be_locked
from measurement.submissions.models import (
    CurrentFigure,
    DirtyKey,
    DraftFigure,
    ExpectedReport,
    Message,
    NotAllowed,
    Submission,
)
from measurement.submissions.observations import Given
from measurement.submissions.reading import NotRight, read
from measurement.submissions.status import FigureStatus

Status = Submission.Status


@dataclass(frozen=True)
class Typed:
    """What stands in the fields of one cell, letter for letter. `same`: "no change", said with one click."""

    amount: str = ""
    base: str = ""
    status: str = ""
    note: str = ""
    same: bool = False
    detail: str = ""


class Stale(Exception):
    """Somebody else saved in between: `theirs` is what stands there now, where what was sent differs."""

    def __init__(self, submission: Submission, theirs: Mapping[Cell, Typed]) -> None:
        super().__init__(
            _("Somebody else has saved this report since you opened it. Nothing was overwritten.")
        )
        self.submission, self.theirs = submission, theirs


@transaction.atomic
def start(*, expected_report: ExpectedReport, at: datetime) -> Submission:
    """The report to an expected one, begun if it is not there yet. Twice is the same as once."""
    submission, _created = Submission.objects.get_or_create(
        expected_report=expected_report,
        defaults={"initiative_id": expected_report.initiative_id, "created_at": at},
    )
    return submission


def _locked(submission: Submission) -> Submission:
    return (
        Submission.objects.select_for_update(of=("self",), no_key=True)
        .select_related("expected_report__period", "expected_report__organization", "initiative")
        .get(pk=submission.pk)
    )


def _unlocked(submission: Submission) -> Submission:
    """The same for what the backbone decides, which it does until the period is locked."""
    locked = _locked(submission)
    must_not_be_locked(locked.expected_report.period_id)
    return locked


def _must_be_the_one_seen(submission: Submission, version: int | None) -> None:
    if version is not None and version != submission.version:
        raise NotAllowed(
            _("The report was changed and handed in again while you looked at it. %(last)s")
            % {"last": submission.last_step()}
        )


def _must_be_open(submission: Submission) -> None:
    period = submission.expected_report.period
    if not period.is_open:
        raise NotAllowed(
            _("%(period)s is closed, so its reports can no longer be changed. Ask the backbone to reopen it.")
            % {"period": period.label}
        )


@transaction.atomic
def save_draft(
    *, submission: Submission, typed: Mapping[Cell, Typed], version: int, by: User, at: datetime
) -> Submission:
    """Keep what was typed. Raises Stale when somebody else has saved since `version`, and then keeps nothing.

    The same once more changes nothing, so a form that is sent twice conflicts with nobody.
    """
    submission = _locked(submission)
    submission.must_be(*Submission.EDITABLE)
    _must_be_open(submission)
    known = submission.expected_report.figures.values_list("indicator_id", "category_id")
    wanted: dict[Cell, Typed] = {cell: typed[cell] for cell in known if cell in typed}
    theirs = differing(submission, wanted)
    if theirs and submission.version != version:
        raise Stale(submission, theirs)
    DraftFigure.objects.bulk_create(
        (_draft(submission, cell, wanted[cell]) for cell in theirs),
        update_conflicts=True,
        unique_fields=["submission", "indicator", "category"],
        update_fields=["amount", "base", "status", "note", "same", "detail"],
    )
    changed = {indicator for indicator, _category in theirs}
    if changed:
        queries.ask(submission=submission, at=at, indicators=changed)
    sittings.worked(submission=submission, indicators=changed, by=by, at=at)
    submission.version += bool(theirs)
    submission.saved_by, submission.saved_at = by, at
    submission.save(update_fields=["version", "saved_by", "saved_at"])
    return submission


def _draft(submission: Submission, cell: Cell, words: Typed) -> DraftFigure:
    return DraftFigure(
        initiative_id=submission.initiative_id,
        submission=submission,
        indicator_id=cell[0],
        category_id=cell[1],
        amount=words.amount,
        base=words.base,
        status=words.status,
        note=words.note,
        same=words.same,
        detail=words.detail,
    )


def differing(submission: Submission, typed: Mapping[Cell, Typed]) -> dict[Cell, Typed]:
    """What stands in the cells that would change."""
    theirs = {
        (d.indicator_id, d.category_id): Typed(d.amount, d.base, d.status, d.note, d.same, d.detail)
        for d in submission.drafts.all()
    }
    return {
        cell: theirs.get(cell, Typed()) for cell, mine in typed.items() if theirs.get(cell, Typed()) != mine
    }


@transaction.atomic
def submit(*, submission: Submission, by: User, at: datetime, version: int | None = None) -> Submission:
    """Hand the report in. Raises NotRight with every hard error, each naming its cell.

    `version` is what the sender has looked at, where it was not saved just now: nothing else is handed in.
    """
    submission = _locked(submission)
    submission.must_be(*Submission.EDITABLE)
    _must_be_open(submission)
    if version is not None and version != submission.version:
        raise Stale(submission, {})
    grid = grid_of(submission.expected_report, submission)
    reading = read(grid)
    if reading.problems:
        raise NotRight(reading)
    queries.ask(submission=submission, at=at)
    submission.move_to(Status.SUBMITTED, by=by, at=at)
    attest(submission=submission, by=by, at=at)
    trail.record("submission.submitted", about=submission, by=by, at=at)
    _tell(
        submission,
        people_who_may(Permission.SUBMISSIONS_REVIEW, initiative=submission.initiative),
        _("%(report)s has been handed in"),
        _("It waits for your review."),
        at,
    )
    _tell(
        submission,
        [by],
        _("We have received: %(report)s"),
        receipt_of(submission, grid, reading.given),
        at,
    )
    return submission


@transaction.atomic
def take_back(*, submission: Submission, by: User, at: datetime) -> Submission:
    """The partner wants to change something before anybody has decided on it."""
    submission = _locked(submission)
    submission.must_be(Status.SUBMITTED)
    _must_be_open(submission)
    submission.move_to(Status.DRAFT, by=by, at=at)
    trail.record("submission.taken_back", about=submission, by=by, at=at)
    reviewers = people_who_may(Permission.SUBMISSIONS_REVIEW, initiative=submission.initiative)
    _tell(submission, reviewers, _("Taken back: %(report)s"), _("It will be handed in again."), at)
    return submission


@transaction.atomic
def return_(
    *,
    submission: Submission,
    message: str,
    concerns: Mapping[Cell, str] = MappingProxyType({}),
    by: User,
    at: datetime,
    version: int | None = None,
) -> Submission:
    """Give the report back to the partner, with what should be looked at; `concerns` are about single figures.

    `version` is what the reviewer has looked at, where that is known: nothing else goes back.
    """
    submission = _unlocked(submission)
    submission.must_be(Status.SUBMITTED)
    _must_be_the_one_seen(submission, version)
    submission.move_to(Status.RETURNED, by=by, at=at)
    named: list[str] = []
    if concerns:
        grid = grid_of(submission.expected_report, submission, only={key[0] for key in concerns})
        named = discussing.say_about(submission, grid, concerns, by, at)
    discussing.say(submission, message or _("Please look at what is asked at the figures."), by, at)
    told = discussing.with_figures(message, named)
    trail.record("submission.returned", about=submission, by=by, at=at, details={"message": told})
    _tell(submission, _reporters(submission), _("A question about %(report)s"), told, at)
    return submission


@transaction.atomic
def approve(*, submission: Submission, by: User, at: datetime, version: int | None = None) -> Submission:
    """Accept every figure of a submitted report, and mark what has to be added up again.

    `version` is what the reviewer has looked at: nothing else is approved.
    """
    submission = _unlocked(submission)
    submission.must_be(Status.SUBMITTED)
    _must_be_the_one_seen(submission, version)
    reading = read(grid_of(submission.expected_report, submission))
    if reading.problems:
        raise NotRight(reading)
    received_at = submission.submitted_at or at
    keys = observations.record(
        submission=submission,
        given=reading.given,
        received_at=received_at,
        at=at,
        reason=discussing.last_reason(submission),
    )
    DirtyKey.objects.mark(submission.initiative_id, keys, at=at)
    submission.move_to(Status.APPROVED, by=by, at=at)
    trail.record("submission.approved", about=submission, by=by, at=at, details={"figures": len(keys)})
    _tell(
        submission,
        _reporters(submission),
        _("Approved: %(report)s"),
        _(
            "Your figures are now part of the whole. Thank you. See where they count, and what becomes of them:"
        ),
        at,
        link=reverse("measurement:feedback:became", args=[submission.initiative.slug, submission.public_id]),
    )
    hint("measurement.roll_up_changed")
    return submission


@transaction.atomic
def reopen(*, submission: Submission, reason: str, by: User, at: datetime) -> Submission:
    """Let the partner correct an approved report. Its figures stand until the correction is approved."""
    submission = _unlocked(submission)
    submission.must_be(Status.APPROVED)
    if not submission.drafts.exists():
        figures = submission.expected_report.figures.select_related("version")
        DraftFigure.objects.bulk_create(drafts_from_figures(submission, figures))
    submission.move_to(Status.RETURNED, by=by, at=at)
    discussing.say(submission, reason, by, at)
    trail.record("submission.reopened", about=submission, by=by, at=at, details={"reason": reason})
    _tell(submission, _reporters(submission), _("Please correct: %(report)s"), reason, at)
    return submission


@transaction.atomic
def withdraw(*, submission: Submission, reason: str, by: User, at: datetime) -> Submission:
    """Take the figures of an approved report out of the whole. What was recorded stays on record."""
    submission = _unlocked(submission)
    submission.must_be(Status.APPROVED)
    figures = CurrentFigure.objects.filter(expected_report=submission.expected_report)
    figures = figures.exclude(status=FigureStatus.NOT_EXPECTED)
    gone = {(f.indicator_id, f.category_id): Given(FigureStatus.MISSING) for f in figures}
    if not submission.drafts.exists():
        DraftFigure.objects.bulk_create(drafts_from_figures(submission, figures.select_related("version")))
    keys = observations.record(submission=submission, given=gone, received_at=at, at=at, reason=reason)
    DirtyKey.objects.mark(submission.initiative_id, keys, at=at)
    submission.move_to(Status.WITHDRAWN, by=by, at=at)
    discussing.say(submission, reason, by, at)
    trail.record("submission.withdrawn", about=submission, by=by, at=at, details={"reason": reason})
    _tell(submission, _reporters(submission), _("Withdrawn: %(report)s"), reason, at)
    hint("measurement.roll_up_changed")
    return submission


@transaction.atomic
def say(*, submission: Submission, body: str, by: User, at: datetime) -> Message:
    """A line in the discussion of a report; the other side is told."""
    message = discussing.say(submission, body, by, at)
    reviewers = people_who_may(Permission.SUBMISSIONS_REVIEW, initiative=submission.initiative)
    everybody = {person.pk: person for person in [*reviewers, *_reporters(submission)]}
    everybody.pop(by.pk, None)
    _tell(submission, everybody.values(), _("A message about %(report)s"), body, at)
    return message


def _reporters(submission: Submission) -> Iterable[User]:
    return people_who_may(
        Permission.OWN_REPORT_EDIT,
        initiative=submission.initiative,
        organization=submission.expected_report.organization,
    )


def _tell(
    submission: Submission, people: Iterable[User], subject: str, body: str, at: datetime, *, link: str = ""
) -> None:
    outbox.tell(
        people,
        subject=subject % {"report": submission},
        body=body,
        link=link or submission.get_absolute_url(),
        at=at,
        tenant_id=submission.initiative_id,
    )
