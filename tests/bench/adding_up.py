"""Roll-up: a full rebuild beside the bare statement, and one key in a small and in a large history."""

from collections.abc import Iterator

from django.db import connection
from django.utils.timezone import now

from measurement.rollups import runs
from measurement.submissions.models import DirtyKey, Key
from tests.bench.lines import Line, seconds
from tests.bench.many import Many, initiative_of

# The same cells without locks, runs, carried levels, averages and marks: sums and counts of every ladder. Every column
# that a cell keeps is made. SOURCE and VOLUME: the figures, and what one weighs.
_BARE = """
    INSERT INTO bare
        (run_id, initiative_id, indicator_id, period_id, group_id, category_id, version_id, amount, base, squares,
         based, volume, volume_in, levels, withheld_low, withheld_high, lowest, highest, figures, contributors,
         expected, received, on_time, missing, zeros, without_cases, not_applicable, not_collected, withheld,
         estimated, provisional, included_elsewhere, carried, versions, recorded_at)
    SELECT 1, f.initiative_id, f.indicator_id, pp.whole_id, f.group_id, f.category_id, max(version_id),
           sum(amount), sum(base), sum(squares), sum(amount) FILTER (WHERE base IS NOT NULL),
           sum(VOLUME) FILTER (WHERE f.category_id IS NULL),
           sum(VOLUME) FILTER (WHERE f.category_id IS NULL AND status <> 'missing'), measurement_sum_levels(levels),
           sum(low), sum(high), min(amount), max(amount), count(amount), count(coalesce(amount, low)),
           count(*) FILTER (WHERE status IN ('reported', 'missing', 'withheld', 'estimated')),
           count(*) FILTER (WHERE status IN ('reported', 'withheld', 'estimated')),
           count(*) FILTER (WHERE status = 'reported' AND received_at < due_at),
           count(*) FILTER (WHERE status = 'missing'), count(*) FILTER (WHERE amount = 0),
           count(*) FILTER (WHERE base = 0), count(*) FILTER (WHERE status = 'not_applicable'),
           count(*) FILTER (WHERE status = 'not_collected'), count(*) FILTER (WHERE status = 'withheld'),
           count(*) FILTER (WHERE status = 'estimated'), count(*) FILTER (WHERE status = 'provisional'),
           count(*) FILTER (WHERE status = 'included_elsewhere'), 0, 1, max(recorded_at)
    FROM (
        SELECT NULL::bigint AS group_id, c.* FROM SOURCE c WHERE initiative_id = %(initiative)s
        UNION ALL
        SELECT m.group_id, c.* FROM SOURCE c
        JOIN measurement_reportingperiod p ON p.id = c.period_id
        JOIN initiatives_groupmember m ON m.organization_id = c.organization_id AND m.initiative_id = c.initiative_id
         AND (m.joined_on IS NULL OR m.joined_on <= p."end") AND (m.left_on IS NULL OR m.left_on > p."end")
        WHERE c.initiative_id = %(initiative)s
    ) f
    JOIN measurement_periodpart pp ON pp.part_id = f.period_id
    GROUP BY f.initiative_id, f.indicator_id, pp.whole_id, f.group_id, f.category_id
"""
BARE = _BARE.replace("SOURCE", "measurement_currentfigure").replace("VOLUME", "abs(coalesce(base, amount))")
# The same where a partner is missing everywhere: each figure weighs what the partner gave last before it. (In groups
# that are complete a cell weighs what was handed in; it takes as long to read the one as the other.)
BARE_VOLUMES = """
    WITH weighed AS MATERIALIZED (
        SELECT k.*, max(ARRAY[q.ordinal, abs(coalesce(k.base, k.amount))]) FILTER (WHERE k.amount IS NOT NULL)
               OVER (PARTITION BY k.indicator_id, k.organization_id, k.category_id ORDER BY q.ordinal
                     ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS past
        FROM measurement_currentfigure k JOIN measurement_reportingperiod q ON q.id = k.period_id
        WHERE k.initiative_id = %(initiative)s
    )
""" + _BARE.replace("VOLUME", "coalesce(past[2], abs(coalesce(base, amount)))").replace("SOURCE", "weighed")
_BARE_TOTALS = """
    INSERT INTO bare
        (run_id, initiative_id, indicator_id, period_id, category_id, version_id, amount, base, figures, expected,
         received, on_time, missing, zeros, without_cases, not_applicable, not_collected, withheld, estimated,
         provisional, included_elsewhere, carried, versions)
    SELECT 1, initiative_id, indicator_id, period_id, category_id, max(version_id), sum(amount), sum(base),
           count(amount), count(*), count(*), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1
    FROM measurement_currentfigure WHERE initiative_id = %(initiative)s
    GROUP BY initiative_id, indicator_id, period_id, category_id
"""


def lines() -> Iterator[Line]:
    small = initiative_of("small", partners=10, indicators=10, months=100)
    runs.rebuild(initiative=small.initiative, at=now())
    one_key_small = _one_key(small)
    large = initiative_of("large", partners=100, indicators=100, months=100)
    rebuilding = seconds(lambda: runs.rebuild(initiative=large.initiative, at=now()), times=2)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    beside = seconds(lambda: bare(BARE, large), times=2)
    yield Line("full rebuild of 1,000,000 figures, beside the bare statement", rebuilding, "s", beside, 1.5)
    yield Line(
        "the same, beside a bare GROUP BY of totals only",
        rebuilding,
        "s",
        seconds(lambda: bare(_BARE_TOTALS, large)),
    )
    few = initiative_of("few", partners=10, indicators=10, months=100)
    runs.rebuild(initiative=few.initiative, at=now())
    yield Line(
        "one key, 10 partners: 1,000,000 figures in the table beside 10,000",
        _one_key(few) * 1000,
        "ms",
        one_key_small * 1000,
        1.2,
    )
    yield Line("one key with 100 partners in 10 groups, 1,000,000 figures", _one_key(large) * 1000, "ms")
    _leave_out_one_partner(large)
    yield Line(
        "full rebuild where no period is complete, beside its bare statement",
        seconds(lambda: runs.rebuild(initiative=large.initiative, at=now()), times=2),
        "s",
        seconds(lambda: bare(BARE_VOLUMES, large), times=2),
        1.5,
    )


def _leave_out_one_partner(many: Many) -> None:
    """Of every measure and month but the first, so that the volume of the one that is missing is known."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE measurement_currentfigure f SET status = 'missing', amount = NULL, base = NULL
            FROM measurement_reportingperiod p
            WHERE p.id = f.period_id AND f.organization_id = %s AND p.start > '2018-01-31'
            """,
            [many.partners[0].pk],
        )
        cursor.execute("VACUUM ANALYZE measurement_currentfigure")


def bare(statement: str, many: Many) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bare")
        cursor.execute("CREATE TABLE bare (LIKE measurement_cell INCLUDING ALL)")
        cursor.execute("SET work_mem = '256MB'")
        cursor.execute(statement, {"initiative": many.initiative.pk})
        cursor.execute("RESET work_mem")


def _one_key(many: Many) -> float:
    period = many.calendar.periods.order_by("-start")[1]
    indicator, partner = many.indicators[0], many.partners[0]

    def work() -> None:
        DirtyKey.objects.mark(many.initiative.pk, [Key(indicator.pk, period.pk, partner.pk)], at=now())
        runs.roll_up_changed(at=now())

    work()
    return seconds(work, times=30)
