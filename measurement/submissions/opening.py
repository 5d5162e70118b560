"""Opening and closing a period: who is expected to report what, in one statement for all partners."""

from datetime import datetime

from django.db import connection, transaction
from django.db.models import QuerySet

from backbone.accounts.models import User
from backbone.audit import trail
from backbone.celery import hint
from measurement.calendars.models import ReportingPeriod
from measurement.calendars.periods import due_moment
from measurement.submissions.models import Assignment, DirtyKey, Key, NotAllowed

_ACTIVE_ASSIGNMENTS = """
    SELECT a.id, a.indicator_id, a.organization_id
    FROM measurement_assignment a
    JOIN initiatives_participation p
      ON p.initiative_id = a.initiative_id AND p.organization_id = a.organization_id AND p.side = 'partner'
    WHERE a.calendar_id = %(calendar)s
      AND a.starts_on <= %(end)s AND (a.ends_on IS NULL OR a.ends_on >= %(start)s)
      AND p.joined_on <= %(end)s AND (p.left_on IS NULL OR p.left_on > %(start)s)
"""

_EXPECT_REPORTS = f"""
    INSERT INTO measurement_expectedreport (initiative_id, public_id, organization_id, period_id, due_at)
    SELECT DISTINCT ON (active.organization_id)
           %(initiative)s, gen_random_uuid(), active.organization_id, %(period)s, %(due_at)s
    FROM ({_ACTIVE_ASSIGNMENTS}) active
    ON CONFLICT (period_id, organization_id) DO NOTHING
"""

_EXPECT_FIGURES = f"""
    INSERT INTO measurement_currentfigure
        (initiative_id, expected_report_id, indicator_id, version_id, organization_id, period_id,
         category_id, status, text, derived, due_at)
    SELECT %(initiative)s, report.id, active.indicator_id, version.id, active.organization_id, %(period)s,
           cells.category_id, 'missing', '', false, report.due_at
    FROM ({_ACTIVE_ASSIGNMENTS}) active
    JOIN measurement_expectedreport report
      ON report.period_id = %(period)s AND report.organization_id = active.organization_id
    CROSS JOIN LATERAL (
        SELECT v.id FROM measurement_indicatorversion v
        WHERE v.indicator_id = active.indicator_id
        ORDER BY (v.effective_from <= %(start)s) DESC,
                 CASE WHEN v.effective_from <= %(start)s THEN -v.number ELSE v.number END
        LIMIT 1
    ) version
    CROSS JOIN LATERAL (
        SELECT NULL::bigint AS category_id
        UNION ALL
        SELECT c.id FROM measurement_assignment_disaggregations d
        JOIN measurement_category c ON c.disaggregation_id = d.disaggregation_id
        WHERE d.assignment_id = active.id
    ) cells
    ON CONFLICT (indicator_id, period_id, organization_id, category_id) DO NOTHING
"""


@transaction.atomic
def open_period(*, period: ReportingPeriod, by: User | None, at: datetime) -> int:
    """Expect a report of every partner that is assigned and active; return how many are expected.

    Raises NotAllowed for a closed period: that one is reopened.
    """
    period = ReportingPeriod.objects.select_for_update().get(pk=period.pk)
    if period.state == ReportingPeriod.State.PLANNED:
        period.state, period.opened_at, period.opened_by = ReportingPeriod.State.OPEN, at, by
        period.save()
        trail.record("period.opened", about=period, by=by, at=at)
    return expect(period=period, at=at)


@transaction.atomic
def close_period(*, period: ReportingPeriod, by: User, at: datetime) -> None:
    """Partners can no longer change anything in it; review goes on."""
    _move(period, ReportingPeriod.State.OPEN, ReportingPeriod.State.CLOSED, by=by, at=at)


@transaction.atomic
def reopen_period(*, period: ReportingPeriod, by: User, at: datetime) -> None:
    _move(period, ReportingPeriod.State.CLOSED, ReportingPeriod.State.OPEN, by=by, at=at)


def _move(
    period: ReportingPeriod,
    start: ReportingPeriod.State,
    to: ReportingPeriod.State,
    *,
    by: User,
    at: datetime,
) -> None:
    locked = ReportingPeriod.objects.select_for_update().get(pk=period.pk)
    if locked.state != start:
        raise NotAllowed(f"{locked.label}: {locked.get_state_display()}")
    closing = to == ReportingPeriod.State.CLOSED
    locked.state, locked.closed_at, locked.closed_by = to, at if closing else None, by if closing else None
    locked.save()
    trail.record(f"period.{'closed' if closing else 'reopened'}", about=locked, by=by, at=at)


def expect(*, period: ReportingPeriod, at: datetime) -> int:
    """Bring what is expected of an opened period in step with the assignments. Twice is the same as once."""
    arguments = {
        "initiative": period.initiative_id,
        "calendar": period.calendar_id,
        "period": period.pk,
        "start": period.start,
        "end": period.end,
        "due_at": due_moment(period.due_on, period.initiative.zone),
    }
    with connection.cursor() as cursor:
        cursor.execute(_EXPECT_REPORTS, arguments)
        cursor.execute(_EXPECT_FIGURES, arguments)
    _mark(period, at=at)
    return period.expected_reports.count()


def _mark(period: ReportingPeriod, *, at: datetime) -> None:
    indicators = Assignment.objects.filter(calendar_id=period.calendar_id).values_list(
        "indicator_id", flat=True
    )
    DirtyKey.objects.mark(
        period.initiative_id, (Key(indicator, period.pk, None) for indicator in indicators.distinct()), at=at
    )
    hint("measurement.roll_up_changed")


@transaction.atomic
def expect_everywhere(*, periods: QuerySet[ReportingPeriod], at: datetime) -> None:
    """The same for many periods, after assignments have changed."""
    for period in periods.opened().select_related("initiative"):  # type: ignore[attr-defined]
        expect(period=period, at=at)
