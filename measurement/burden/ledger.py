"""What reporting costs: figures and minutes asked of partners, and what was measured of them.

Decisions. What a measure takes is estimated by what it has taken where that was measured (see submissions.sittings),
else by the usual pace of the initiative, else by one minute a figure. Minutes are of working time, in seconds here.
One statement for each table, whatever the number of partners.
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import ceil
from typing import Any, Final

from django.db import connection

from initiatives.charter.models import Initiative

SECONDS_A_FIGURE: Final = 60  # as long as nothing is known


class By(StrEnum):
    MEASURE = "measure"
    PARTNER = "partner"
    PERIOD = "period"
    REPORT = "report"


@dataclass(frozen=True)
class Cost:
    """`times`: how often a measure was asked for, once for each report. `measured` is of `timed` of those times."""

    key: int | None
    times: int
    figures: int
    seconds: Decimal
    measured: int
    timed: int

    @property
    def minutes(self) -> int:
        return ceil(self.seconds / 60)

    @property
    def minutes_measured(self) -> int | None:
        return ceil(self.measured / 60) if self.timed else None


_KEYS: Final = {
    By.MEASURE: "a.indicator_id",
    By.PARTNER: "a.organization_id",
    By.PERIOD: "a.period_id",
    By.REPORT: "a.expected_report_id",
}
# In both, whatever is asked of one partner: what others have taken tells what it takes.
_WITH: Final = """
    WITH asked AS (
        SELECT f.expected_report_id, f.indicator_id, f.organization_id, f.period_id, count(*) AS figures
        FROM measurement_currentfigure f
        WHERE f.initiative_id = %(initiative)s AND f.status <> 'not_expected' AND NOT f.derived
        GROUP BY 1, 2, 3, 4
    ),
    spent AS (
        SELECT s.expected_report_id, t.indicator_id, t.seconds
        FROM measurement_timespent t
        JOIN measurement_submission s ON s.id = t.submission_id
        WHERE t.initiative_id = %(initiative)s AND s.status IN ('submitted', 'approved')
    ),
    paces AS (
        SELECT indicator_id, sum(seconds)::numeric / sum(figures) AS seconds
        FROM asked JOIN spent USING (expected_report_id, indicator_id)
        GROUP BY 1
    ),
    usual AS (
        SELECT coalesce(sum(seconds)::numeric / nullif(sum(figures), 0), %(unknown)s) AS seconds
        FROM asked JOIN spent USING (expected_report_id, indicator_id)
    )
"""
_COSTS: Final = """
    SELECT {key}, count(*), sum(a.figures)::bigint, sum(a.figures * coalesce(p.seconds, u.seconds)),
           coalesce(sum(m.seconds), 0)::bigint, count(m.seconds)
    FROM asked a
    CROSS JOIN usual u
    LEFT JOIN paces p ON p.indicator_id = a.indicator_id
    LEFT JOIN spent m ON m.expected_report_id = a.expected_report_id AND m.indicator_id = a.indicator_id
    WHERE (%(period)s::bigint IS NULL OR a.period_id = %(period)s)
      AND (%(partner)s::bigint IS NULL OR a.organization_id = %(partner)s)
    GROUP BY 1
"""


def costs(
    initiative: Initiative, *, by: By, period: int | None = None, partner: int | None = None
) -> dict[int, Cost]:
    """By the key of the measure, partner, period or expected report."""
    return {cost.key: cost for cost in _read(_KEYS[by], initiative, period, partner) if cost.key is not None}


def whole_cost(initiative: Initiative, *, period: int | None = None, partner: int | None = None) -> Cost:
    found = _read("NULL::bigint", initiative, period, partner)
    return found[0] if found else Cost(None, 0, 0, Decimal(0), 0, 0)


def _read(key: str, initiative: Initiative, period: int | None, partner: int | None) -> list[Cost]:
    given: dict[str, Any] = {
        "initiative": initiative.pk,
        "unknown": SECONDS_A_FIGURE,
        "period": period,
        "partner": partner,
    }
    with connection.cursor() as cursor:
        cursor.execute(_WITH + _COSTS.replace("{key}", key), given)
        return [Cost(*row) for row in cursor.fetchall()]
