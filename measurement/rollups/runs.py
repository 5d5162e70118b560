"""When sums are made: soon after figures have moved, or all over again.

Decisions. The rows of `DirtyKey` say what has moved; they are removed in the transaction that makes the sums, so a
worker that dies leaves them for the next, and running twice is the same as once. One indicator is in the
hands of one worker at a time (see locks.py): two workers never write the same cell from different moments, and
nobody who approves ever waits. Keys are claimed before the figures are read, so a figure that arrives in between
leaves its own key behind.

What fails is tried alone, first the indicator and then each of its periods, so that it holds up nobody else. It
is tried again later, and parked when it has failed every time; figures that move there afterwards try it anew. What
failed for a reason outside of the figures (no connection, a deadlock, a lock not got) just stays where it is.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any, Final

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Case, F, Q, Value, When

from backbone.accounts.models import User
from backbone.audit import trail
from backbone.celery import hint
from initiatives.charter.models import GroupMember, Initiative
from measurement.indicators.models import Indicator
from measurement.rollups import locks
from measurement.rollups.changes import claim_changes
from measurement.rollups.models import Cell, Leaf, RollUpRun
from measurement.rollups.scope import Scope, with_those_carried_into
from measurement.rollups.sums import recompute
from measurement.rollups.volumes import with_those_weighed_by
from measurement.stated.models import PopulationFigure
from measurement.submissions.models import CurrentFigure, DirtyKey, Key

log = structlog.get_logger(__name__)

# How long after it was marked a key is tried for the first, second and third time; then it is parked.
TRIES_AFTER: Final = (timedelta(), timedelta(minutes=1), timedelta(minutes=10))

_INDICATORS_AT_ONCE: Final = 50
_OUTSIDE: Final = (OperationalError, InterfaceError)
_DUE: Final = """
    k.parked_at IS NULL AND (k.attempts = 0 OR k.marked_at <= %(at)s - (%(tries)s::interval[])[k.attempts + 1])
    AND (%(indicator)s::bigint IS NULL OR k.indicator_id = %(indicator)s)
    AND (%(period)s::bigint IS NULL OR k.period_id = %(period)s)
"""


def roll_up_changed(*, at: datetime) -> int:
    """Make the sums of everything that has moved, until nothing is left; return how many keys."""
    claim_changes(at=at)
    done = 0
    while keys := _some(at=at):
        done += keys
    return done


def _some(*, at: datetime) -> int:
    done, trouble = _try(at=at)
    return _one_by_one(at=at) if trouble else done


def _one_by_one(*, at: datetime) -> int:
    """Something in a run of many failed: find what, and let the rest through."""
    done = 0
    for indicator, pairs in groupby(_due_pairs(at=at), key=lambda pair: pair[0]):
        keys, trouble = _try(at=at, indicator=indicator)
        done += keys
        if trouble:
            done += sum(_period_alone(indicator, period, at=at) for _indicator, period in pairs)
    return done


def _period_alone(indicator: int, period: int, *, at: datetime) -> int:
    done, trouble = _try(at=at, indicator=indicator, period=period)
    if trouble and not isinstance(trouble, _OUTSIDE):
        _note_trouble(indicator, period, str(trouble), at=at)
    return done


def _try(
    *, at: datetime, indicator: int | None = None, period: int | None = None
) -> tuple[int, Exception | None]:
    """One run: how many keys it did, or what stopped it."""
    try:
        return _one_run(at=at, indicator=indicator, period=period), None
    except SoftTimeLimitExceeded:  # says nothing about the figures, and the worker has to stop
        raise
    except Exception as trouble:  # whatever is wrong with one key must not hold up the others
        log.warning("roll_up_failed", indicator=indicator, period=period, exc_info=True)
        if not connection.in_atomic_block:
            connection.close_if_unusable_or_obsolete()
        return 0, trouble


def _note_trouble(indicator: int, period: int, trouble: str, *, at: datetime) -> None:
    """Try again later, and park what fails every time: staff must see it."""
    waiting = DirtyKey.objects.waiting().filter(indicator_id=indicator, period_id=period)
    waiting.update(
        attempts=F("attempts") + 1,
        trouble=trouble.replace("\0", "")[:2000],
        parked_at=Case(When(attempts__gte=len(TRIES_AFTER) - 1, then=Value(at))),
    )
    if DirtyKey.objects.filter(indicator_id=indicator, period_id=period, parked_at=at).exists():
        log.error("roll_up_parked", indicator=indicator, period=period, trouble=trouble)


@transaction.atomic
def retry_parked(
    *, initiative: Initiative, indicator: Indicator | None = None, by: User | None, at: datetime
) -> int:
    """Try again what is parked or waits for its next try, of one indicator or of all; return how many keys."""
    stuck = DirtyKey.objects.filter(Q(parked_at__isnull=False) | Q(attempts__gt=0), initiative=initiative)
    if indicator:
        stuck = stuck.filter(indicator=indicator)
    keys = stuck.update(attempts=0, parked_at=None, trouble="", marked_at=at)
    if keys:
        trail.record("sums.retried", about=indicator or initiative, by=by, at=at, details={"keys": keys})
        hint("measurement.roll_up_changed")
    return keys


@transaction.atomic
def _one_run(*, at: datetime, indicator: int | None, period: int | None) -> int:
    wanted = {"at": at, "tries": list(TRIES_AFTER), "indicator": indicator, "period": period}
    claimed = _claim(_lock(wanted), wanted)
    for initiative_id, rows in groupby(claimed, key=lambda row: row[0]):
        _sum(initiative_id, [key for _initiative, key in rows], at=at)
    return len(claimed)


def _due_pairs(*, at: datetime) -> list[tuple[int, int]]:
    wanted: dict[str, Any] = {"at": at, "tries": list(TRIES_AFTER), "indicator": None, "period": None}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT indicator_id, period_id FROM measurement_dirtykey k WHERE {_DUE} ORDER BY 1, 2",
            wanted,
        )
        pairs: list[tuple[int, int]] = cursor.fetchall()
    return pairs


def _lock(wanted: dict[str, Any]) -> list[int]:
    """Take indicators with due keys that no other worker has in hand, for the rest of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH due AS MATERIALIZED (
                SELECT DISTINCT indicator_id FROM measurement_dirtykey k WHERE {_DUE} ORDER BY indicator_id
            )
            SELECT indicator_id FROM due WHERE pg_try_advisory_xact_lock({locks.number_of("indicator_id")})
            LIMIT {_INDICATORS_AT_ONCE}
            """,
            wanted,
        )
        return [row[0] for row in cursor.fetchall()]


def _claim(indicators: list[int], wanted: dict[str, Any]) -> list[tuple[int, Key]]:
    """Remove the due keys of the locked indicators and return them by initiative.

    What is parked or waits for its next try about the same figures goes along: its sums are made too.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            WITH due AS (
                SELECT DISTINCT indicator_id, period_id FROM measurement_dirtykey k
                WHERE indicator_id = ANY(%(locked)s) AND {_DUE}
            )
            DELETE FROM measurement_dirtykey k USING due
            WHERE k.indicator_id = due.indicator_id AND k.period_id = due.period_id
            RETURNING k.initiative_id, k.indicator_id, k.period_id, k.organization_id
            """,
            {**wanted, "locked": indicators},
        )
        rows = cursor.fetchall()
    return sorted(((row[0], Key(*row[1:])) for row in rows), key=lambda row: row[0])


def _sum(initiative_id: int, claimed: Iterable[Key], *, at: datetime) -> None:
    keys = with_those_weighed_by(with_those_carried_into(claimed))
    pairs = sorted({(key.indicator_id, key.period_id) for key in keys})
    run = RollUpRun.objects.create(
        initiative_id=initiative_id, why=RollUpRun.Why.CHANGED, started_at=at, total=len(pairs)
    )
    scope = Scope(sorted({indicator for indicator, _period in pairs}), pairs, _groups_of(initiative_id, keys))
    run.cells = recompute(scope, run_id=run.pk)
    _finish(run, at=at)


def _groups_of(initiative_id: int, keys: list[Key]) -> list[int] | None:
    """The groups that the partners of the keys are in at any time; None for all."""
    organizations = {key.organization_id for key in keys if key.organization_id is not None}
    if any(key.organization_id is None for key in keys):
        return None
    members = GroupMember.objects.standing().filter(
        initiative_id=initiative_id, organization_id__in=organizations
    )
    return sorted(set(members.values_list("group_id", flat=True)))


def _finish(run: RollUpRun, *, at: datetime) -> None:
    run.done, run.finished_at = run.total, at
    run.save(update_fields=["cells", "done", "finished_at"])


def rebuild(
    *, initiative: Initiative, at: datetime, progress: Callable[[RollUpRun], None] = lambda _run: None
) -> RollUpRun:
    """Make every cell of the initiative anew, some indicators at a time, and tell how far it has come."""
    indicators = measured_in(initiative)
    run = RollUpRun.objects.create(
        initiative=initiative, why=RollUpRun.Why.REBUILT, started_at=at, total=len(indicators)
    )
    _forget_what_is_no_longer_measured(initiative, indicators)
    for batch in _batches(indicators):
        _rebuild_batch(run, batch)
        progress(run)
    run.finished_at = at
    run.save(update_fields=["finished_at"])
    return run


def measured_in(initiative: Initiative) -> list[int]:
    """The indicators of which there are figures: of partners, or of a source."""
    asked = CurrentFigure.objects.filter(initiative=initiative).values_list("indicator_id")
    stated = PopulationFigure.objects.filter(initiative=initiative).order_by().values_list("indicator_id")
    return sorted(row[0] for row in asked.union(stated))


@transaction.atomic
def _rebuild_batch(run: RollUpRun, indicators: list[int]) -> None:
    locks.wait_for(indicators)
    DirtyKey.objects.filter(indicator_id__in=indicators).delete()
    run.cells += recompute(Scope(indicators), run_id=run.pk)
    run.done += len(indicators)
    run.save(update_fields=["cells", "done"])


def _batches(indicators: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(indicators), 20):
        yield indicators[start : start + 20]


@transaction.atomic
def _forget_what_is_no_longer_measured(initiative: Initiative, indicators: list[int]) -> None:
    left = set(Leaf.objects.filter(initiative=initiative).values_list("indicator_id", flat=True).distinct())
    left |= set(Cell.objects.filter(initiative=initiative).values_list("indicator_id", flat=True).distinct())
    gone = left - set(indicators)
    locks.wait_for(gone)
    # Asked again within the lock: figures may have come since, and their sums would not be made a second time.
    gone -= set(measured_in(initiative))
    for table in (Leaf, Cell):
        table.objects.filter(indicator_id__in=gone).delete()
