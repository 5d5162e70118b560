"""What is to be computed: which indicators, periods and groups a run covers, and the conditions that say so in SQL."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from measurement.submissions.models import Key


@dataclass(frozen=True)
class Scope:
    """What is computed: some indicators whole, or only some periods of them; all groups, or only some."""

    indicators: Sequence[int]
    keys: Sequence[tuple[int, int]] | None = None
    groups: Sequence[int] | None = None

    @property
    def arguments(self) -> dict[str, Any]:
        keys = self.keys or []
        return {
            "indicators": list(self.indicators),
            "key_indicators": [indicator for indicator, _period in keys],
            "key_periods": [period for _indicator, period in keys],
            "groups": list(self.groups or []),
        }

    def periods(self, row: str, period: str) -> str:
        """A condition on rows by indicator, and by period where only some are computed."""
        if self.keys is None:
            return f"{row}.indicator_id = ANY(%(indicators)s)"
        return (
            f"({row}.indicator_id, {period}) IN"
            " (SELECT * FROM unnest(%(key_indicators)s::bigint[], %(key_periods)s::bigint[]))"
        )

    def wholes(self, row: str, period: str) -> str:
        """The same for the periods that the computed ones lie in."""
        if self.keys is None:
            return f"{row}.indicator_id = ANY(%(indicators)s)"
        return (
            f"({row}.indicator_id, {period}) IN (SELECT k.indicator_id, pp.whole_id"
            " FROM unnest(%(key_indicators)s::bigint[], %(key_periods)s::bigint[]) k(indicator_id, period_id)"
            " JOIN measurement_periodpart pp ON pp.part_id = k.period_id)"
        )

    def group(self, row: str) -> str:
        """A condition on rows of groups; those of the whole initiative always pass."""
        return (
            ""
            if self.groups is None
            else f" AND ({row}.group_id IS NULL OR {row}.group_id = ANY(%(groups)s))"
        )


def with_those_carried_into(keys: Iterable[Key]) -> list[Key]:
    """The keys, and those of later periods into which their levels are carried forward."""
    known = list(keys)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT k.indicator_id, later.id, k.organization_id
            FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) k(indicator_id, period_id, organization_id)
            JOIN measurement_reportingperiod p ON p.id = k.period_id
            JOIN (SELECT indicator_id, max(carry_periods) AS carry FROM measurement_indicatorversion
                  GROUP BY indicator_id HAVING max(carry_periods) > 0) v ON v.indicator_id = k.indicator_id
            JOIN measurement_reportingperiod later
              ON later.calendar_id = p.calendar_id AND later.ordinal BETWEEN p.ordinal + 1 AND p.ordinal + v.carry
            """,
            [
                [k.indicator_id for k in known],
                [k.period_id for k in known],
                [k.organization_id for k in known],
            ],
        )
        return [*known, *(Key(*row) for row in cursor.fetchall())]
