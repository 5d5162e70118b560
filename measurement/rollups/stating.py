"""Figures of whole populations on their way to cells: as their source has them, never added up from partners."""

from typing import Final

from measurement.rollups.columns import COLUMNS, KEY, NAMES
from measurement.rollups.scope import Scope

# A figure of a population comes from one source, and the newest that was stated counts.
_STATED: Final = """
    SELECT * FROM (
        SELECT DISTINCT ON (s.indicator_id, s.period_id, s.category_id)
               s.initiative_id, s.indicator_id, s.period_id, NULL::bigint AS organization_id, s.category_id,
               s.version_id, 'reported' AS status, NULL::numeric AS squares, NULL::numeric[] AS levels,
               s.recorded_at AS received_at, 'infinity'::timestamptz AS due_at, s.recorded_at, s.amount, s.base,
               NULL::numeric AS low, NULL::numeric AS high, false AS carried
        FROM measurement_populationfigure s
        ORDER BY s.indicator_id, s.period_id, s.category_id, s.recorded_at DESC, s.id DESC
    ) f
"""
_FROM_STATED: Final = ", ".join(
    "0" if name == "contributors" else made for name, (made, _combined) in COLUMNS.items()
)


def insert_stated(scope: Scope) -> str:
    return f"""
        INSERT INTO measurement_leaf ({KEY}, {NAMES})
        SELECT f.initiative_id, f.indicator_id, f.period_id, NULL::bigint, f.category_id, {_FROM_STATED}
        FROM ({_STATED} WHERE {scope.periods("f", "f.period_id")}) f
        GROUP BY f.initiative_id, f.indicator_id, f.period_id, f.category_id
    """
