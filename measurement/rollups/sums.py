"""From current figures to cells, in set-based SQL. No figure passes through Python.

Two steps. `leaf`: the figures of one period, added up across partners, for the whole initiative and for each
group. `cell`: the leaves of a period and of all periods in it, put together by the rule over time of the
measure's version. An average over time is the one rule that must go through each partner first, so those
cells are made from the figures themselves.

A full rebuild runs the same statements over all figures of some indicators; one approval runs them over its
own keys. Both first remove what they will make, so that nothing stale is left, and run inside the lock of
their indicators (see runs.py).
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from initiatives.charter.models import was_member
from measurement.rollups.columns import COLUMNS, FROM_FIGURES, FROM_LEAVES, KEY, NAMES
from measurement.rollups.merging import MERGES, with_merged
from measurement.rollups.scope import Scope
from measurement.rollups.stating import insert_stated
from measurement.rollups.volumes import weigh_averages, weigh_partial_leaves

_FIGURE: Final = """
    f.initiative_id, f.indicator_id, f.period_id, f.organization_id, f.category_id, f.version_id, f.status,
    f.squares, f.levels, f.received_at, f.due_at, f.recorded_at
"""

_AS_REPORTED: Final = f"""
    SELECT {_FIGURE}, f.amount, f.base, f.low, f.high, false AS carried FROM measurement_currentfigure f
"""

# A level that has not come in yet stands as it was, for as many periods as the measure declares.
_CARRIED_FORWARD: Final = f"""
    SELECT {_FIGURE}, coalesce(f.amount, past.amount) AS amount, coalesce(f.base, past.base) AS base,
           coalesce(f.low, past.low) AS low, coalesce(f.high, past.high) AS high,
           f.amount IS NULL AND coalesce(past.amount, past.low) IS NOT NULL AS carried
    FROM measurement_currentfigure f
    JOIN measurement_indicatorversion v ON v.id = f.version_id
    JOIN measurement_reportingperiod p ON p.id = f.period_id
    LEFT JOIN LATERAL (
        SELECT before.amount, before.base, before.low, before.high
        FROM measurement_reportingperiod q
        JOIN measurement_currentfigure before
          ON before.period_id = q.id AND before.indicator_id = f.indicator_id
         AND before.organization_id = f.organization_id
         AND before.category_id IS NOT DISTINCT FROM f.category_id
        WHERE f.status = 'missing' AND coalesce(before.amount, before.low) IS NOT NULL
          AND q.calendar_id = p.calendar_id AND q.ordinal BETWEEN p.ordinal - v.carry_periods AND p.ordinal - 1
        ORDER BY q.ordinal DESC
        LIMIT 1
    ) past ON true
"""


def figures_read(*, carried: bool) -> str:
    """A query of the figures that sums are made of; with levels carried forward where the measure does that."""
    return _CARRIED_FORWARD if carried else _AS_REPORTED


def _placed(source: str, scope: Scope, where: str, *, merged: bool) -> str:
    """Every figure once for the whole initiative, and once for each group that its partner was in at its end."""
    figures = f"{source} WHERE {where}"
    if merged:
        figures = with_merged(figures)
    return f"""
        SELECT NULL::bigint AS group_id, f.* FROM ({figures}) f
        UNION ALL
        SELECT m.group_id, f.* FROM ({figures}) f
        JOIN measurement_reportingperiod own ON own.id = f.period_id
        JOIN initiatives_groupmember m
          ON m.organization_id = f.organization_id AND m.initiative_id = f.initiative_id
         AND {was_member("m", 'own."end"')} {scope.group("m")}
    """


def insert_leaves(scope: Scope, *, carried: bool, merged: bool = False) -> str:
    source = figures_read(carried=carried)
    figures = _placed(source, scope, scope.periods("f", "f.period_id"), merged=merged)
    return f"""
        INSERT INTO measurement_leaf ({KEY}, {NAMES})
        SELECT f.initiative_id, f.indicator_id, f.period_id, f.group_id, f.category_id, {FROM_FIGURES}
        FROM ({figures}) f
        GROUP BY f.initiative_id, f.indicator_id, f.period_id, f.group_id, f.category_id
    """


def insert_cells(scope: Scope) -> str:
    return f"""
        WITH parts AS (
            SELECT t.indicator_id, pp.whole_id, pp.part_id, p."end" AS part_end, t.version_id,
                   max(p."end") OVER whole AS last_end,
                   last_value(t.version_id) OVER (whole ORDER BY p."end", t.version_id
                       ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) AS whole_version_id,
                   CASE WHEN min(t.version_id) OVER whole = max(t.version_id) OVER whole THEN 1 ELSE 2 END
                       AS versions,
                   bool_or(pp.part_id = pp.whole_id) OVER whole AS is_asked_whole
            FROM measurement_leaf t
            JOIN measurement_periodpart pp ON pp.part_id = t.period_id
            JOIN measurement_reportingperiod p ON p.id = t.period_id
            WHERE t.group_id IS NULL AND t.category_id IS NULL AND {scope.wholes("t", "pp.whole_id")}
            WINDOW whole AS (PARTITION BY t.indicator_id, pp.whole_id)
        ), spans AS (
            SELECT parts.indicator_id, parts.whole_id, parts.part_id, parts.part_end, parts.last_end,
                   parts.whole_version_id AS version_id, parts.versions, v.over_time, v.base_over_time
            FROM parts JOIN measurement_indicatorversion v ON v.id = parts.whole_version_id
            WHERE (v.over_time NOT IN ('average', 'none') OR parts.part_id = parts.whole_id)
              AND (v.over_time <> 'last' OR parts.part_end = parts.last_end)
              AND (v.kind <> 'unique_people' OR parts.part_id = parts.whole_id OR NOT parts.is_asked_whole)
        )
        INSERT INTO measurement_cell (run_id, {KEY}, {NAMES})
        SELECT %(run)s, l.initiative_id, l.indicator_id, s.whole_id, l.group_id, l.category_id, {FROM_LEAVES}
        FROM measurement_leaf l
        JOIN spans s ON s.indicator_id = l.indicator_id AND s.part_id = l.period_id
        WHERE true {scope.group("l")}
        GROUP BY l.initiative_id, l.indicator_id, s.whole_id, l.group_id, l.category_id
    """


# What is too small to give takes part in an average with both ends of its interval.
_LEVELS: Final = "nullif(count(*) FILTER (WHERE f.amount IS NOT NULL OR f.low IS NOT NULL), 0)"
_averaged: Final = {
    "amount": f"sum(f.amount) / {_LEVELS}",
    "withheld_low": f"sum(f.low) / {_LEVELS}",
    "withheld_high": f"sum(f.high) / {_LEVELS}",
}


def insert_averages(scope: Scope, *, merged: bool = False) -> str:
    """Levels averaged over time: each partner's average first, then their sum."""
    figures = _placed(_AS_REPORTED, scope, "f.indicator_id = ANY(%(indicators)s)", merged=merged)
    source = f"""
        SELECT f.initiative_id, f.indicator_id, pp.whole_id AS period_id, f.organization_id, f.category_id, f.group_id,
               {", ".join(f"{_averaged.get(name, made)} AS {name}" for name, (made, _) in COLUMNS.items())}
        FROM ({figures}) f
        JOIN measurement_periodpart pp ON pp.part_id = f.period_id AND pp.whole_id <> pp.part_id
        JOIN measurement_indicatorversion v ON v.id = f.version_id AND v.over_time = 'average'
        WHERE {scope.wholes("f", "pp.whole_id")}
          AND NOT EXISTS (SELECT FROM measurement_leaf own
                          WHERE own.indicator_id = f.indicator_id AND own.period_id = pp.whole_id)
        GROUP BY 1, 2, 3, 4, 5, 6
    """
    combined = ", ".join("sum(f.amount)" if name == "amount" else _across(name) for name in COLUMNS)
    return f"""
        INSERT INTO measurement_cell (run_id, {KEY}, {NAMES})
        SELECT %(run)s, f.initiative_id, f.indicator_id, f.period_id, f.group_id, f.category_id, {combined}
        FROM ({source}) f
        GROUP BY f.initiative_id, f.indicator_id, f.period_id, f.group_id, f.category_id
    """


def _across(name: str) -> str:
    if name == "contributors":
        return "count(*) FILTER (WHERE f.amount IS NOT NULL OR f.withheld_low IS NOT NULL)"
    extreme = {
        "version_id": "max",
        "lowest": "min",
        "highest": "max",
        "recorded_at": "max",
        "versions": "max",
        "levels": "measurement_sum_levels",
    }
    return f"{extreme.get(name, 'sum')}(f.{name})"


def recompute(scope: Scope, *, run_id: int) -> int:
    """Make all leaves and cells of the scope anew, and return how many cells. In the caller's transaction."""
    carrying, averaging, stated, merged = _indicators_that(scope)
    made = 0
    with connection.cursor() as cursor:
        if scope.keys is None:
            cursor.execute(
                "SET LOCAL work_mem = '256MB'"
            )  # a rebuild groups in memory instead of sorting on disk
        cursor.execute(
            f"DELETE FROM measurement_leaf t WHERE {scope.periods('t', 't.period_id')}{scope.group('t')}",
            scope.arguments,
        )
        cursor.execute(
            f"DELETE FROM measurement_cell t WHERE {scope.wholes('t', 't.period_id')}{scope.group('t')}",
            scope.arguments,
        )
        for statement in making(
            scope, carrying=carrying, averaging=averaging, stated=stated, merged=merged, run_id=run_id
        ):
            cursor.execute(statement.sql, statement.arguments)
            made += cursor.rowcount if statement.makes_cells else 0
    return made


@dataclass(frozen=True)
class Statement:
    sql: str
    arguments: dict[str, Any]
    makes_cells: bool = True


def making(
    scope: Scope,
    *,
    carrying: Collection[int],
    averaging: Collection[int],
    merged: bool,
    run_id: int,
    stated: Collection[int] = (),
) -> Iterator[Statement]:
    """What makes the leaves and cells of the scope where there are none; some carry levels forward or average them.

    `merged`: there are categories that are merged into others. `stated`: figures of populations, from their source.
    """
    if stated:
        part = _only(scope, stated, ())
        yield Statement(insert_stated(part), part.arguments, makes_cells=False)
    for carried, part in (
        (False, _only(scope, scope.indicators, {*carrying, *stated})),
        (True, _only(scope, carrying, ())),
    ):
        if part.indicators:
            yield Statement(
                insert_leaves(part, carried=carried, merged=merged), part.arguments, makes_cells=False
            )
    yield Statement(weigh_partial_leaves(scope), scope.arguments, makes_cells=False)
    yield Statement(insert_cells(scope), {**scope.arguments, "run": run_id})
    if averaging:
        part = _only(scope, averaging, ())
        yield Statement(insert_averages(part, merged=merged), {**part.arguments, "run": run_id})
        yield Statement(weigh_averages(part), part.arguments, makes_cells=False)


def _only(scope: Scope, wanted: Iterable[int], unwanted: Iterable[int]) -> Scope:
    kept = set(wanted) - set(unwanted)
    keys = None if scope.keys is None else [key for key in scope.keys if key[0] in kept]
    return Scope(sorted(kept), keys, scope.groups)


def _indicators_that(scope: Scope) -> tuple[set[int], set[int], set[int], bool]:
    """Which of the indicators carry levels forward, which average them over time, which are of populations, and if
    any category is merged."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            SELECT v.indicator_id, bool_or(v.carry_periods > 0), bool_or(v.over_time = 'average'),
                   bool_or(v.kind = 'population'), {MERGES}
            FROM measurement_indicatorversion v WHERE v.indicator_id = ANY(%s)
            GROUP BY v.indicator_id, v.initiative_id
            """,
            [list(scope.indicators)],
        )
        rows = cursor.fetchall()
    carrying, averaging, stated = ({row[0] for row in rows if row[place]} for place in (1, 2, 3))
    return carrying, averaging, stated, any(row[4] for row in rows)
