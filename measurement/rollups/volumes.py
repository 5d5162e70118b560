"""How much of the usual volume has come in: three of four partners may be a third of the people.

Decisions. The volume of a partner is its base (pupils, cases) where the kind has one, else its amount, as last known
before the period; a partner that never reported before weighs what it hands in now. One that has never handed in
anything weighs nothing, so that the share is at most too high, and a figure called partial is partial. A period of
which everything is in weighs what was handed in, so the past of each partner is looked up only where something is
missing. A longer period weighs its parts together.

For some figures the past of each is looked up by the index; for whole measures all pasts are found in one pass.
Both give the same volumes, and tests hold cells kept up to date by the one against cells made anew by the other.
"""

from collections.abc import Iterable
from typing import Final

from django.db import connection

from initiatives.charter.models import was_member
from measurement.rollups.scope import Scope
from measurement.submissions.models import Key
from measurement.submissions.status import EXPECTED, RECEIVED

_expected: Final = ", ".join(f"'{status}'" for status in EXPECTED)
_received: Final = ", ".join(f"'{status}'" for status in RECEIVED)

# Of totals only.
OF_FIGURES: Final = "CASE WHEN f.category_id IS NULL THEN sum(abs(coalesce(f.base, f.amount))) END"
_IS_PARTIAL: Final = "t.category_id IS NULL AND t.received > 0 AND t.received < t.expected"


def weigh_partial_leaves(scope: Scope) -> str:
    """A statement: the volumes of leaves of which something is missing."""
    return _weigh_in_one_pass(scope) if scope.keys is None else _weigh_one_by_one(scope)


def _weigh_in_one_pass(scope: Scope) -> str:
    """The last volume before each figure is the highest pair of ordinal and volume so far, in order of time. What is
    partial in a group is so for everybody too."""
    return f"""
        WITH partial AS MATERIALIZED (
            SELECT t.indicator_id, t.period_id FROM measurement_leaf t
            WHERE t.group_id IS NULL AND {_IS_PARTIAL} AND {scope.periods("t", "t.period_id")}
        ), known AS (
            SELECT f.indicator_id, f.period_id, f.organization_id, f.status, p."end",
                   abs(coalesce(f.base, f.amount)) AS own,
                   max(ARRAY[p.ordinal, abs(coalesce(f.base, f.amount))]) FILTER (WHERE f.amount IS NOT NULL)
                       OVER (PARTITION BY f.indicator_id, f.organization_id, p.calendar_id ORDER BY p.ordinal
                             ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS past
            FROM measurement_currentfigure f
            JOIN measurement_reportingperiod p ON p.id = f.period_id
            WHERE f.indicator_id IN (SELECT indicator_id FROM partial) AND f.category_id IS NULL
        ), weighed AS MATERIALIZED (
            SELECT k.indicator_id, k.period_id, k.organization_id, k."end", k.status IN ({_received}) AS is_in,
                   coalesce(k.past[2], k.own) AS volume
            FROM known k JOIN partial USING (indicator_id, period_id)
            WHERE k.status IN ({_expected})
        ), volumes AS (
            SELECT w.indicator_id, w.period_id, NULL::bigint AS group_id, sum(w.volume) AS volume,
                   coalesce(sum(w.volume) FILTER (WHERE w.is_in), 0) AS volume_in
            FROM weighed w GROUP BY 1, 2
            UNION ALL
            SELECT w.indicator_id, w.period_id, m.group_id, sum(w.volume),
                   coalesce(sum(w.volume) FILTER (WHERE w.is_in), 0)
            FROM weighed w
            JOIN initiatives_groupmember m
              ON m.organization_id = w.organization_id AND {was_member("m", 'w."end"')} {scope.group("m")}
            GROUP BY 1, 2, 3
        )
        UPDATE measurement_leaf t SET volume = v.volume, volume_in = v.volume_in
        FROM volumes v
        WHERE v.indicator_id = t.indicator_id AND v.period_id = t.period_id
          AND coalesce(v.group_id, 0) = coalesce(t.group_id, 0)
          AND {_IS_PARTIAL} AND {scope.periods("t", "t.period_id")}
    """


def _weigh_one_by_one(scope: Scope) -> str:
    return f"""
        UPDATE measurement_leaf t SET (volume, volume_in) = (
            SELECT sum(weight.volume),
                   coalesce(sum(weight.volume) FILTER (WHERE f.status IN ({_received})), 0)
            FROM measurement_currentfigure f
            JOIN measurement_reportingperiod p ON p.id = f.period_id
            LEFT JOIN LATERAL (
                SELECT abs(coalesce(before.base, before.amount)) AS volume
                FROM measurement_reportingperiod q
                JOIN measurement_currentfigure before
                  ON before.period_id = q.id AND before.indicator_id = f.indicator_id
                 AND before.organization_id = f.organization_id AND before.category_id IS NULL
                WHERE q.calendar_id = p.calendar_id AND q.ordinal < p.ordinal AND before.amount IS NOT NULL
                ORDER BY q.ordinal DESC
                LIMIT 1
            ) past ON true
            CROSS JOIN LATERAL (
                SELECT coalesce(past.volume, abs(coalesce(f.base, f.amount))) AS volume
            ) weight
            WHERE f.indicator_id = t.indicator_id AND f.period_id = t.period_id AND f.category_id IS NULL
              AND f.status IN ({_expected})
              AND (t.group_id IS NULL OR EXISTS (
                  SELECT FROM initiatives_groupmember m
                  WHERE m.group_id = t.group_id AND m.organization_id = f.organization_id
                    AND {was_member("m", 'p."end"')}
              ))
        )
        WHERE {_IS_PARTIAL} AND {scope.periods("t", "t.period_id")}{scope.group("t")}
    """


def weigh_averages(scope: Scope) -> str:
    """A statement: cells that were made from figures, and not from leaves, weigh what their leaves do."""
    return f"""
        UPDATE measurement_cell t SET (volume, volume_in) = (
            SELECT sum(l.volume), sum(l.volume_in) FROM measurement_leaf l
            JOIN measurement_periodpart pp ON pp.part_id = l.period_id AND pp.whole_id = t.period_id
            WHERE l.indicator_id = t.indicator_id AND l.group_id IS NOT DISTINCT FROM t.group_id
              AND l.category_id IS NULL
        )
        WHERE t.category_id IS NULL AND {scope.wholes("t", "t.period_id")}{scope.group("t")}
    """


def with_those_weighed_by(keys: Iterable[Key]) -> list[Key]:
    """The keys, and those of later periods that still wait for figures and weigh a partner by what it gave in these."""
    known = list(keys)
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT DISTINCT k.indicator_id, t.period_id, k.organization_id
            FROM unnest(%s::bigint[], %s::bigint[], %s::bigint[]) k(indicator_id, period_id, organization_id)
            JOIN measurement_reportingperiod p ON p.id = k.period_id
            JOIN measurement_reportingperiod later ON later.calendar_id = p.calendar_id AND later.ordinal > p.ordinal
            JOIN measurement_leaf t ON t.indicator_id = k.indicator_id AND t.period_id = later.id AND t.group_id IS NULL
             AND {_IS_PARTIAL}
            WHERE k.organization_id IS NULL OR NOT EXISTS (
                SELECT FROM measurement_reportingperiod q
                JOIN measurement_currentfigure newer
                  ON newer.period_id = q.id AND newer.indicator_id = k.indicator_id
                 AND newer.organization_id = k.organization_id AND newer.category_id IS NULL
                WHERE q.calendar_id = p.calendar_id AND q.ordinal > p.ordinal AND q.ordinal < later.ordinal
                  AND newer.amount IS NOT NULL
            )
            """,
            [
                [k.indicator_id for k in known],
                [k.period_id for k in known],
                [k.organization_id for k in known],
            ],
        )
        return [*known, *(Key(*row) for row in cursor.fetchall())]
