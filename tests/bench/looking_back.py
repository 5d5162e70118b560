"""A measure as it was at a past moment, beside the same measure added up anew from its current figures."""

from collections.abc import Iterator
from datetime import UTC, datetime

from django.db import connection, transaction
from django.utils.timezone import now

from measurement.rollups import as_of, runs
from measurement.rollups.scope import Scope
from measurement.rollups.sums import recompute
from tests.bench.lines import Line, seconds
from tests.bench.many import Many, initiative_of

_CORRECTED = datetime(2030, 1, 1, tzinfo=UTC)
_BEFORE, _AFTER = datetime(2029, 1, 1, tzinfo=UTC), datetime(2031, 1, 1, tzinfo=UTC)


def lines() -> Iterator[Line]:
    many = initiative_of("back", partners=100, indicators=100, months=100)
    runs.rebuild(initiative=many.initiative, at=now())
    _correct_everything_of(many)
    anew = seconds(lambda: _anew(many), times=5)
    for what, then in (("every figure corrected since", _BEFORE), ("nothing recorded since", _AFTER)):
        taken = seconds(lambda then=then: _as_of(many, then), times=5)  # type: ignore[misc]
        yield Line(f"as of a past moment, {what}, 1,000,000 observations", taken * 1000, "ms", anew * 1000, 3)


def _anew(many: Many) -> None:
    with transaction.atomic():
        recompute(Scope([many.indicators[0].pk]), run_id=0)
        transaction.set_rollback(True)


def _as_of(many: Many, then: datetime) -> None:
    with as_of.as_it_was(many.initiative, many.indicators[0].code, then):
        pass


@transaction.atomic
def _correct_everything_of(many: Many) -> None:
    """Each of the measure's 10,000 figures has a second observation, so each has to be looked up in the history."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # as in many.py
        cursor.execute(
            """
            WITH corrected AS (
                INSERT INTO measurement_observation
                    (initiative_id, submission_id, indicator_id, version_id, organization_id, period_id, status,
                     amount, base, text, derived, received_at, recorded_at, supersedes_id, reason, note)
                SELECT initiative_id, submission_id, indicator_id, version_id, organization_id, period_id, status,
                       amount + 1, base, '', false, received_at, %(at)s, id, 'Counted again.', ''
                FROM measurement_observation WHERE indicator_id = %(indicator)s
                RETURNING id, supersedes_id, amount
            )
            UPDATE measurement_currentfigure f
            SET observation_id = c.id, amount = c.amount, recorded_at = %(at)s
            FROM corrected c WHERE f.observation_id = c.supersedes_id
            """,
            {"indicator": many.indicators[0].pk, "at": _CORRECTED},
        )
        cursor.execute("ANALYZE measurement_observation, measurement_currentfigure")
