"""What networks know of figures, brought in step with the sums of their members: by workers, in set-based SQL.

Decisions. Work starts from what differs, not from a message: a sum that another run has made is copied again. Only
totals of whole initiatives leave their walls, and only of three partners or more; from fewer, somebody could
tell what one of them reported. Figures of other definitions than the one that was agreed on stay out.
"""

from typing import Final

from django.db import connection, transaction

FEWEST_PARTNERS: Final = 3
_AGREED: Final = """
    SELECT m.network_id, m.measure_id, m.member_id, c.run_id, p.start, p."end", p.label,
           CASE WHEN c.contributors BETWEEN 1 AND %(fewest)s - 1 THEN NULL ELSE to_jsonb(c) END AS sums
    FROM measurement_networkmatch m
    JOIN measurement_cell c ON c.indicator_id = m.indicator_number AND c.group_id IS NULL AND c.category_id IS NULL
    JOIN measurement_indicatorversion v ON v.id = c.version_id AND v.number = m.version
    JOIN measurement_reportingperiod p ON p.id = c.period_id
    WHERE m.accepted_at IS NOT NULL AND c.versions = 1
"""
_GONE: Final = f"""
    DELETE FROM measurement_networkcell k WHERE NOT EXISTS (
        SELECT FROM ({_AGREED}) a
        WHERE a.measure_id = k.measure_id AND a.member_id = k.member_id
          AND a.start = k.start AND a."end" = k."end"
    )
"""
_COPIED: Final = f"""
    INSERT INTO measurement_networkcell (network_id, measure_id, member_id, run, start, "end", label, sums)
    SELECT DISTINCT ON (measure_id, member_id, start, "end")
           network_id, measure_id, member_id, run_id, start, "end", label, sums
    FROM ({_AGREED}) a ORDER BY measure_id, member_id, start, "end", (sums ->> 'expected')::int DESC, run_id DESC
    ON CONFLICT (measure_id, member_id, start, "end") DO UPDATE
    SET run = EXCLUDED.run, label = EXCLUDED.label, sums = EXCLUDED.sums
    WHERE measurement_networkcell.run <> EXCLUDED.run
"""


@transaction.atomic
def copy_to_networks() -> int:
    """Bring all networks in step; return how many sums were copied. Needs a worker's sight of all initiatives."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('copy_to_networks'))")
        cursor.execute(_GONE, {"fewest": FEWEST_PARTNERS})
        cursor.execute(_COPIED, {"fewest": FEWEST_PARTNERS})
        return int(cursor.rowcount)
