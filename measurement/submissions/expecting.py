"""What is expected of a period: brought in step with the assignments, in few statements for all partners."""

from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from backbone.celery import hint
from measurement.calendars.models import ReportingPeriod
from measurement.calendars.periods import due_moment
from measurement.submissions.models import Assignment, CurrentFigure, DirtyKey, Key

_ACTIVE_ASSIGNMENTS = """
    SELECT a.id, a.indicator_id, a.organization_id
    FROM measurement_assignment a
    JOIN initiatives_participation p
      ON p.initiative_id = a.initiative_id AND p.organization_id = a.organization_id AND p.side = 'partner'
    WHERE a.calendar_id = %(calendar)s
      AND a.starts_on <= %(end)s AND (a.ends_on IS NULL OR a.ends_on >= %(start)s)
      AND p.joined_on <= %(end)s AND (p.left_on IS NULL OR p.left_on > %(start)s)
"""

# Every figure that the assignments ask for: the total, and each category of each breakdown.
_ASKED_FOR = f"""
    SELECT active.indicator_id, active.organization_id, cells.disaggregation_id, cells.category_id
    FROM ({_ACTIVE_ASSIGNMENTS}) active
    CROSS JOIN LATERAL (
        SELECT NULL::bigint AS disaggregation_id, NULL::bigint AS category_id
        UNION ALL
        SELECT c.disaggregation_id, c.id FROM measurement_assignment_disaggregations d
        JOIN measurement_category c ON c.disaggregation_id = d.disaggregation_id
        WHERE d.assignment_id = active.id
          AND (c.starts_on IS NULL OR c.starts_on <= %(start)s)
          AND (c.ends_on IS NULL OR c.ends_on >= %(start)s)
    ) cells
"""

_EXPECT_REPORTS = f"""
    INSERT INTO measurement_expectedreport (initiative_id, public_id, organization_id, period_id, due_at, created_at)
    SELECT DISTINCT ON (active.organization_id)
           %(initiative)s, gen_random_uuid(), active.organization_id, %(period)s, %(due_at)s, %(at)s
    FROM ({_ACTIVE_ASSIGNMENTS}) active
    ON CONFLICT (period_id, organization_id) DO NOTHING
"""

# The categories of a breakdown are settled when a period first asks a partner for them: one that is added
# later does not reach into reports that are under way, unless it says itself from when on it is asked for; and then not
# into those that say already what is merged into it.
_EXPECT_FIGURES = f"""
    INSERT INTO measurement_currentfigure
        (initiative_id, expected_report_id, indicator_id, version_id, organization_id, period_id,
         category_id, status, text, derived, due_at)
    SELECT %(initiative)s, report.id, asked.indicator_id, version.id, asked.organization_id, %(period)s,
           asked.category_id, 'missing', '', false, report.due_at
    FROM ({_ASKED_FOR}) asked
    JOIN measurement_expectedreport report
      ON report.period_id = %(period)s AND report.organization_id = asked.organization_id
    CROSS JOIN LATERAL (
        SELECT v.id FROM measurement_indicatorversion v
        WHERE v.indicator_id = asked.indicator_id
        ORDER BY (v.effective_from <= %(start)s) DESC,
                 CASE WHEN v.effective_from <= %(start)s THEN -v.number ELSE v.number END
        LIMIT 1
    ) version
    WHERE NOT EXISTS (
        SELECT FROM measurement_currentfigure settled
        JOIN measurement_category sibling ON sibling.id = settled.category_id
        WHERE settled.indicator_id = asked.indicator_id AND settled.period_id = %(period)s
          AND settled.organization_id = asked.organization_id
          AND sibling.disaggregation_id = asked.disaggregation_id
          AND ((SELECT begins.starts_on FROM measurement_category begins WHERE begins.id = asked.category_id) IS NULL
               OR (sibling.merged_into_id = asked.category_id AND settled.status <> 'not_expected'))
    )
    ON CONFLICT (indicator_id, period_id, organization_id, category_id) DO NOTHING
"""

# What is no longer asked for and has not come. A report that waits for review is left as it was handed in.
_EXPECT_NO_LONGER = f"""
    UPDATE measurement_currentfigure figure SET status = 'not_expected'
    WHERE figure.period_id = %(period)s AND figure.status = 'missing'
      AND NOT EXISTS (
        SELECT FROM ({_ASKED_FOR}) asked
        WHERE asked.indicator_id = figure.indicator_id AND asked.organization_id = figure.organization_id
          AND asked.category_id IS NOT DISTINCT FROM figure.category_id
      )
      AND NOT EXISTS (
        SELECT FROM measurement_submission handed_in
        WHERE handed_in.expected_report_id = figure.expected_report_id AND handed_in.status = 'submitted'
      )
"""

_EXPECT_AGAIN = f"""
    UPDATE measurement_currentfigure figure SET status = 'missing'
    FROM ({_ASKED_FOR}) asked
    WHERE figure.period_id = %(period)s AND figure.status = 'not_expected'
      AND asked.indicator_id = figure.indicator_id AND asked.organization_id = figure.organization_id
      AND asked.category_id IS NOT DISTINCT FROM figure.category_id
      AND NOT EXISTS (
        SELECT FROM measurement_observation said
        WHERE said.id = figure.observation_id AND said.status = 'not_expected'
      )
"""

# Reports of which nothing is expected and that nobody has begun.
_EMPTY_REPORTS = """
    SELECT report.id FROM measurement_expectedreport report
    WHERE report.period_id = %(period)s
      AND NOT EXISTS (
        SELECT FROM measurement_submission begun WHERE begun.expected_report_id = report.id
      )
      AND NOT EXISTS (
        SELECT FROM measurement_currentfigure figure
        WHERE figure.expected_report_id = report.id
          AND (figure.status <> 'not_expected' OR figure.observation_id IS NOT NULL)
      )
"""
_DROP_EMPTY = (
    f"DELETE FROM measurement_currentfigure WHERE expected_report_id IN ({_EMPTY_REPORTS})",
    f"DELETE FROM measurement_expectedreport WHERE id IN ({_EMPTY_REPORTS})",
)


@transaction.atomic
def expect(*, period: ReportingPeriod, at: datetime) -> int:
    """Bring what is expected of an opened period in step with the assignments and with who takes part.

    Twice is the same as once. Returns how many reports are expected. What was reported stays as it is.
    """
    arguments = {**_arguments(period), "at": at}
    with connection.cursor() as cursor:
        for statement in (_EXPECT_NO_LONGER, _EXPECT_REPORTS, _EXPECT_FIGURES, _EXPECT_AGAIN, *_DROP_EMPTY):
            cursor.execute(statement, arguments)
    mark(period, at=at)
    return period.expected_reports.count()


@transaction.atomic
def expect_everywhere(*, periods: QuerySet[ReportingPeriod], at: datetime) -> None:
    """The same for those of the periods that are open, after assignments or partners have changed."""
    still_open = periods.filter(state=ReportingPeriod.State.OPEN).select_related("initiative")
    for period in still_open.order_by("pk"):
        expect(period=period, at=at)


def would_expect(period: ReportingPeriod) -> tuple[int, int]:
    """How many partners and how many figures would be asked for if the period were opened now."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT organization_id),"
            " count(DISTINCT (indicator_id, organization_id, category_id))"
            f" FROM ({_ASKED_FOR}) asked",
            _arguments(period),
        )
        partners, figures = cursor.fetchone()
    return partners, figures


def mark(period: ReportingPeriod, *, at: datetime) -> None:
    """Every indicator that the period has ever asked for is to be added up again."""
    assigned = Assignment.objects.filter(calendar_id=period.calendar_id).values_list(
        "indicator_id", flat=True
    )
    asked = CurrentFigure.objects.filter(period=period).values_list("indicator_id", flat=True)
    keys = (Key(indicator, period.pk, None) for indicator in assigned.union(asked))
    DirtyKey.objects.mark(period.initiative_id, keys, at=at)
    hint("measurement.roll_up_changed")


def _arguments(period: ReportingPeriod) -> dict[str, Any]:
    return {
        "initiative": period.initiative_id,
        "calendar": period.calendar_id,
        "period": period.pk,
        "start": period.start,
        "end": period.end,
        "due_at": due_moment(period.due_on, period.initiative.zone),
    }
