"""What each partner put into the sums of a measure, figure by figure: whoever publishes sums has to know it.

Read within `as_of.as_it_was` it is what they had put in at that moment, with the groups that they were in.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from django.db import connection

from initiatives.charter.models import was_member
from measurement.indicators.models import Indicator
from measurement.rollups.merging import with_merged
from measurement.rollups.sums import figures_read


@dataclass(frozen=True)
class Contribution:
    """One figure of one partner: in total, or for one category. `group_ids`: those it counts in."""

    organization_id: int
    period_id: int
    category_id: int | None
    amount: Decimal | None
    base: Decimal | None
    low: Decimal | None
    high: Decimal | None
    group_ids: frozenset[int]


def _query(*, carried: bool) -> str:
    return f"""
        SELECT f.organization_id, f.period_id, f.category_id, f.amount, f.base, f.low, f.high,
               array_remove(array_agg(m.group_id), NULL)
        FROM ({with_merged(f"{figures_read(carried=carried)} WHERE f.indicator_id = %(indicator)s")}) f
        JOIN measurement_reportingperiod own ON own.id = f.period_id
        LEFT JOIN initiatives_groupmember m
          ON m.organization_id = f.organization_id AND m.initiative_id = f.initiative_id
         AND {was_member("m", 'own."end"')}
        WHERE f.amount IS NOT NULL OR f.low IS NOT NULL
        GROUP BY 1, 2, 3, 4, 5, 6, 7
        ORDER BY 2, 1, 3 NULLS FIRST
    """


_QUERIES: Final = {carried: _query(carried=carried) for carried in (True, False)}


def contributions(indicator: Indicator) -> Iterator[Contribution]:
    """One query, and one that asks whether levels are carried forward."""
    carried = indicator.versions.filter(carry_periods__gt=0).exists()
    with connection.cursor() as cursor:
        cursor.execute(_QUERIES[carried], {"indicator": indicator.pk})
        rows = cursor.fetchall()
    for row in rows:
        *about, groups = row
        yield Contribution(*about, frozenset(groups))  # type: ignore[call-arg]
