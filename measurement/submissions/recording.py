"""Figures that staff records for partners: many at once, onto the record without a partner's handing in.

Decisions. What is recorded follows the same way as what is approved: an observation for each figure, the current figure
after it, keys of what has to be added up, the audit trail of each report, word to its people. A report of which every
figure is known then counts as approved by whoever recorded; one of which some are missing stays open for its
partner, with what was recorded in its fields. What a partner has in hand, or has handed in, is not touched.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.db import connection, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from backbone.access.permissions import Permission
from backbone.accounts.models import User
from backbone.audit import trail
from backbone.celery import hint
from backbone.notifications import outbox
from initiatives.charter.models import Initiative
from initiatives.charter.people import people_who_may
from measurement.submissions.locking import locked_sentence
from measurement.submissions.models import CurrentFigure, NotAllowed, Submission
from measurement.submissions.observations import Given
from measurement.submissions.status import RECEIVED, FigureStatus

_MOVING: Final = tuple(Given(FigureStatus.MISSING).moving)
_COLUMNS: Final = ", ".join(_MOVING)
_SAID: Final = ", ".join(f"said.{name}" for name in _MOVING)
_TAKEN_OVER: Final = ", ".join(f"{name} = o.{name}" for name in _MOVING)


@dataclass(frozen=True)
class Recorded:
    figures: int
    reports: int


def said(given: Given) -> dict[str, Any]:
    """The columns of an observation that says this."""
    return {**given.moving, "note": given.note}


def on_record(figure: CurrentFigure) -> dict[str, Any]:
    """The same of what is on record."""
    note = figure.observation.note if figure.observation else ""
    return {**{name: getattr(figure, name) for name in _MOVING}, "note": note}


# What a partner has neither in hand nor handed in.
_FREE: Final = (
    "s.status = 'approved' OR s.status IN ('draft', 'withdrawn')"
    " AND (s.saved_at IS NULL OR s.saved_at <= s.decided_at)"
)


def is_free(submission: Submission | None) -> bool:
    """Whether staff may record figures of the report: nobody of the partner has it in hand."""
    if submission is None or submission.status == Submission.Status.APPROVED:
        return True
    if submission.status not in (Submission.Status.DRAFT, Submission.Status.WITHDRAWN):
        return False
    saved, decided = submission.saved_at, submission.decided_at
    return saved is None or (decided is not None and saved <= decided)


_PREPARE: Final = (
    "DROP TABLE IF EXISTS pg_temp.to_record",
    """
    CREATE TEMPORARY TABLE to_record ON COMMIT DROP AS
    SELECT given.figure, given.seen, given.said, given.typed, f.expected_report_id, f.organization_id,
           nextval((SELECT pg_get_serial_sequence('measurement_observation', 'id')::regclass)) AS id
    FROM ({rows}) given LEFT JOIN measurement_currentfigure f
      ON f.id = given.figure AND f.initiative_id = %(initiative)s
    """,
    "ANALYZE to_record",
    """
    INSERT INTO measurement_submission (initiative_id, public_id, expected_report_id, status, version, created_at)
    SELECT %(initiative)s, gen_random_uuid(), expected_report_id, 'draft', 1, %(at)s
    FROM (SELECT DISTINCT expected_report_id FROM to_record WHERE expected_report_id IS NOT NULL) reports
    ON CONFLICT (expected_report_id) DO NOTHING
    """,
)
# Held, so that none is locked meanwhile.
_PERIODS: Final = """
    SELECT p.label, p.locked_at IS NOT NULL FROM measurement_reportingperiod p
    WHERE p.id IN (
        SELECT e.period_id FROM measurement_expectedreport e
        WHERE e.id IN (SELECT expected_report_id FROM to_record)
    )
    ORDER BY p.id FOR SHARE OF p
"""
# Reports first and then figures, as whoever approves takes them; both in one order.
_NOT_FREE: Final = f"""
    WITH held AS (
        SELECT s.id, ({_FREE}) AS is_free FROM measurement_submission s
        WHERE s.expected_report_id IN (SELECT expected_report_id FROM to_record)
        ORDER BY s.id FOR NO KEY UPDATE OF s
    )
    SELECT count(*) FROM held WHERE is_free IS NOT TRUE
"""
_MOVED: Final = """
    WITH held AS (
        SELECT f.id, f.observation_id FROM measurement_currentfigure f
        WHERE f.id IN (SELECT figure FROM to_record)
        ORDER BY f.id FOR NO KEY UPDATE OF f
    )
    SELECT count(*) FROM to_record r LEFT JOIN held ON held.id = r.figure
    WHERE held.id IS NULL OR r.expected_report_id IS NULL OR held.observation_id IS DISTINCT FROM r.seen
"""
_RECORD: Final = (
    f"""
    INSERT INTO measurement_observation
        (id, initiative_id, submission_id, indicator_id, version_id, organization_id, period_id, category_id,
         received_at, recorded_at, supersedes_id, reason, note, {_COLUMNS})
    SELECT r.id, f.initiative_id, s.id, f.indicator_id, f.version_id, f.organization_id, f.period_id, f.category_id,
           CASE WHEN f.status = ANY(%(received)s) THEN coalesce(f.received_at, %(at)s) ELSE %(at)s END, %(at)s,
           f.observation_id, %(reason)s, said.note, {_SAID}
    FROM to_record r
    JOIN measurement_currentfigure f ON f.id = r.figure
    JOIN measurement_submission s ON s.expected_report_id = r.expected_report_id
    CROSS JOIN LATERAL jsonb_populate_record(NULL::measurement_observation, r.said) said
    """,
    f"""
    UPDATE measurement_currentfigure f
    SET observation_id = o.id, received_at = o.received_at, recorded_at = o.recorded_at, {_TAKEN_OVER}
    FROM to_record r JOIN measurement_observation o ON o.id = r.id
    WHERE f.id = r.figure
    """,
    """
    UPDATE measurement_submission s
    SET version = s.version + 1,
        status = CASE WHEN known.is_whole THEN 'approved' ELSE s.status END,
        submitted_at = CASE WHEN known.is_whole THEN coalesce(s.submitted_at, %(at)s) ELSE s.submitted_at END,
        submitted_by_id = CASE WHEN known.is_whole THEN coalesce(s.submitted_by_id, %(by)s) ELSE s.submitted_by_id END,
        decided_at = CASE WHEN known.is_whole THEN %(at)s ELSE s.decided_at END,
        decided_by_id = CASE WHEN known.is_whole THEN %(by)s ELSE s.decided_by_id END
    FROM (
        SELECT f.expected_report_id, NOT bool_or(f.status = 'missing') AS is_whole
        FROM measurement_currentfigure f
        WHERE f.expected_report_id IN (SELECT expected_report_id FROM to_record)
        GROUP BY f.expected_report_id
    ) known
    WHERE s.expected_report_id = known.expected_report_id
    """,
    # The fields of an approved report that nobody has typed are filled in when it is reopened, if it ever is.
    """
    INSERT INTO measurement_draftfigure
        (initiative_id, submission_id, indicator_id, category_id, amount, base, status, note, same, detail)
    SELECT f.initiative_id, s.id, f.indicator_id, f.category_id, typed.amount, typed.base, typed.status, typed.note,
           typed.same, typed.detail
    FROM to_record r
    JOIN measurement_currentfigure f ON f.id = r.figure
    JOIN measurement_submission s ON s.expected_report_id = r.expected_report_id
    CROSS JOIN LATERAL jsonb_populate_record(NULL::measurement_draftfigure, r.typed) typed
    WHERE s.status <> 'approved' OR EXISTS (SELECT FROM measurement_draftfigure d WHERE d.submission_id = s.id)
    ON CONFLICT (submission_id, indicator_id, category_id) DO UPDATE
    SET amount = EXCLUDED.amount, base = EXCLUDED.base, status = EXCLUDED.status, note = EXCLUDED.note,
        same = EXCLUDED.same, detail = EXCLUDED.detail
    """,
    """
    INSERT INTO measurement_dirtykey (initiative_id, indicator_id, period_id, marked_at, attempts, trouble)
    SELECT DISTINCT f.initiative_id, f.indicator_id, f.period_id, %(at)s::timestamptz, 0, ''
    FROM to_record r JOIN measurement_currentfigure f ON f.id = r.figure
    """,
)


@transaction.atomic
def record_for_partners(
    *, initiative: Initiative, rows: str, arguments: Mapping[str, Any], reason: str, by: User, at: datetime
) -> Recorded:
    """Record every row, or none.

    `rows` is a SELECT of figure (its number), seen (the observation that was its newest when somebody looked, or NULL),
    said (see `said`, as jsonb) and typed (what stands in its fields, as jsonb). Raises NotAllowed where a figure has
    moved since, or a partner has its report in hand.
    """
    given = {
        **arguments,
        "initiative": initiative.pk,
        "received": [status.value for status in RECEIVED],
        "reason": reason,
        "by": by.pk,
        "at": at,
    }
    with connection.cursor() as cursor:
        for statement in _PREPARE:
            cursor.execute(statement.replace("{rows}", rows), given)
        _must_be_untouched(cursor)
        for statement in _RECORD:
            cursor.execute(statement, given)
        cursor.execute("SELECT count(*), count(DISTINCT expected_report_id) FROM to_record")
        recorded = Recorded(*cursor.fetchone())
        cursor.execute("SELECT DISTINCT expected_report_id, organization_id FROM to_record")
        touched = cursor.fetchall()
    _leave_word(initiative, touched, reason=reason, by=by, at=at)
    hint("measurement.roll_up_changed")
    return recorded


def _must_be_untouched(cursor: Any) -> None:
    cursor.execute(_PERIODS)
    locked = [label for label, is_locked in cursor.fetchall() if is_locked]
    if locked:
        raise NotAllowed(locked_sentence(", ".join(locked)))
    cursor.execute(_NOT_FREE)
    if cursor.fetchone()[0]:
        raise NotAllowed(_("A partner has begun or handed in one of these reports in the meantime."))
    cursor.execute(_MOVED)
    if cursor.fetchone()[0]:
        raise NotAllowed(_("Some of these figures have changed in the meantime."))


def _leave_word(
    initiative: Initiative, touched: list[tuple[int, int]], *, reason: str, by: User, at: datetime
) -> None:
    reports = Submission.objects.in_initiative(initiative).with_names()
    trail.record_each(
        "submission.recorded",
        about=reports.filter(expected_report__in=[report for report, _organization in touched]),
        by=by,
        at=at,
        details={"reason": reason},
    )
    people = people_who_may(Permission.OWN_REPORT_EDIT, initiative=initiative)
    outbox.tell(
        people.filter(memberships__organization__in={organization for _report, organization in touched}),
        subject=_("%(initiative)s: figures of yours were recorded") % {"initiative": initiative},
        body=_("%(who)s has recorded figures for you. Why: %(reason)s") % {"who": by, "reason": reason},
        link=reverse("measurement:submissions:our-figures", args=[initiative.slug]),
        at=at,
        tenant_id=initiative.pk,
    )
