"""When sums are made: soon after figures have moved, or all over again.

Decisions. The rows of `DirtyKey` say what has moved; they are removed in the transaction that makes the sums, so a
worker that dies leaves them for the next, and running twice is the same as once. One indicator is in the
hands of one worker at a time (an advisory lock that ends with the transaction): two workers never write the
same cell from different moments, and nobody who approves ever waits. Keys are claimed before the figures are
read, so a figure that arrives in between leaves its own key behind.
"""

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from itertools import groupby

import structlog
from django.db import Error, connection, transaction
from django.db.models import Count

from initiatives.charter.models import Change, GroupMember, Initiative
from measurement.rollups.models import Cell, Leaf, RollUpRun
from measurement.rollups.sums import Scope, recompute, with_those_carried_into
from measurement.submissions.models import CurrentFigure, DirtyKey, Key

log = structlog.get_logger(__name__)

_LOCK = 7_301_947  # the class of our advisory locks; the second number is the indicator
_INDICATORS_AT_ONCE = 50
_PARKED_AFTER = 3


def roll_up_changed(*, at: datetime) -> int:
    """Make the sums of everything that has moved, until nothing is left; return how many keys."""
    claim_changes(at=at)
    done = 0
    while keys := _claim_and_sum(at=at):
        done += keys
    return done


def _claim_and_sum(*, at: datetime) -> int:
    try:
        return _one_run(at=at, at_once=_INDICATORS_AT_ONCE)
    except Error:
        log.exception("roll_up_failed")
        return _one_by_one(at=at)


def _one_by_one(*, at: datetime) -> int:
    """Something in a run of many failed: find what, and let the rest through."""
    waiting = DirtyKey.objects.waiting().values_list("indicator_id", flat=True).distinct()
    done = 0
    for indicator in list(waiting):
        try:
            done += _one_run(at=at, at_once=1, indicator=indicator)
        except Error as trouble:
            _note_trouble(indicator, str(trouble), at=at)
    return done


def _note_trouble(indicator: int, trouble: str, *, at: datetime) -> None:
    """Try again later, and park what fails every time: it must hold up nobody, and staff must see it."""
    waiting = DirtyKey.objects.waiting().filter(indicator_id=indicator)
    for key in waiting:
        key.attempts += 1
        key.trouble = trouble[:2000]
        key.parked_at = at if key.attempts >= _PARKED_AFTER else None
        key.save(update_fields=["attempts", "trouble", "parked_at"])


@transaction.atomic
def _one_run(*, at: datetime, at_once: int, indicator: int | None = None) -> int:
    claimed = _claim(_lock(at_once, indicator))
    for initiative_id, rows in groupby(claimed, key=lambda row: row[0]):
        _sum(initiative_id, [key for _initiative, key in rows], at=at)
    return len(claimed)


def _lock(at_once: int, indicator: int | None) -> list[int]:
    """Take indicators with waiting keys that no other worker has in hand, for the rest of the transaction."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH waiting AS MATERIALIZED (
                SELECT DISTINCT indicator_id FROM measurement_dirtykey
                WHERE parked_at IS NULL AND (%(only)s::bigint IS NULL OR indicator_id = %(only)s)
                ORDER BY indicator_id LIMIT %(most)s
            )
            SELECT indicator_id FROM waiting WHERE pg_try_advisory_xact_lock(%(lock)s, indicator_id::int)
            """,
            {"only": indicator, "most": at_once, "lock": _LOCK},
        )
        return [row[0] for row in cursor.fetchall()]


def _claim(indicators: list[int]) -> list[tuple[int, Key]]:
    """Remove the waiting keys of the locked indicators and return them by initiative."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            DELETE FROM measurement_dirtykey WHERE parked_at IS NULL AND indicator_id = ANY(%s)
            RETURNING initiative_id, indicator_id, period_id, organization_id
            """,
            [indicators],
        )
        rows = cursor.fetchall()
    return sorted(((row[0], Key(*row[1:])) for row in rows), key=lambda row: row[0])


def _sum(initiative_id: int, claimed: Iterable[Key], *, at: datetime) -> None:
    keys = with_those_carried_into(claimed)
    pairs = sorted({(key.indicator_id, key.period_id) for key in keys})
    run = RollUpRun.objects.create(
        initiative_id=initiative_id, why=RollUpRun.Why.CHANGED, started_at=at, total=len(pairs)
    )
    scope = Scope(sorted({indicator for indicator, _period in pairs}), pairs, _groups_of(initiative_id, keys))
    run.cells = recompute(scope, run_id=run.pk)
    _finish(run, at=at)


def _groups_of(initiative_id: int, keys: list[Key]) -> list[int] | None:
    """The groups that the partners of the keys are in; None for all."""
    organizations = {key.organization_id for key in keys if key.organization_id is not None}
    if any(key.organization_id is None for key in keys):
        return None
    members = GroupMember.objects.filter(initiative_id=initiative_id, organization_id__in=organizations)
    return sorted(set(members.values_list("group_id", flat=True)))


def _finish(run: RollUpRun, *, at: datetime) -> None:
    run.done, run.finished_at = run.total, at
    run.save(update_fields=["cells", "done", "finished_at"])


@transaction.atomic
def claim_changes(*, at: datetime) -> None:
    """A partner joined, left or changed group: all its figures have to be added up again."""
    rows = list(Change.objects.select_for_update(skip_locked=True).order_by("pk"))
    for row in rows:
        keys = CurrentFigure.objects.filter(
            initiative_id=row.initiative_id, organization_id=row.organization_id
        ).values_list("indicator_id", "period_id")
        DirtyKey.objects.mark(
            row.initiative_id, (Key(indicator, period, None) for indicator, period in keys.distinct()), at=at
        )
    Change.objects.filter(pk__in=[row.pk for row in rows]).delete()


def rebuild(
    *, initiative: Initiative, at: datetime, progress: Callable[[RollUpRun], None] = lambda _run: None
) -> RollUpRun:
    """Make every cell of the initiative anew, some indicators at a time, and tell how far it has come."""
    indicators = list(
        CurrentFigure.objects.filter(initiative=initiative)
        .values("indicator_id")
        .annotate(figures=Count("pk"))
        .order_by("indicator_id")
        .values_list("indicator_id", flat=True)
    )
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


@transaction.atomic
def _rebuild_batch(run: RollUpRun, indicators: list[int]) -> None:
    with connection.cursor() as cursor:
        for indicator in indicators:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, indicator])
    DirtyKey.objects.filter(indicator_id__in=indicators).delete()
    run.cells += recompute(Scope(indicators), run_id=run.pk)
    run.done += len(indicators)
    run.save(update_fields=["cells", "done"])


def _batches(indicators: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(indicators), 20):
        yield indicators[start : start + 20]


@transaction.atomic
def _forget_what_is_no_longer_measured(initiative: Initiative, indicators: list[int]) -> None:
    for table in (Leaf, Cell):
        table.objects.filter(initiative=initiative).exclude(indicator_id__in=indicators).delete()
