"""Many at once: nobody waits for anybody, nobody's figures are lost, and what is done twice is done once."""

import threading
from collections.abc import Callable, Sequence
from time import monotonic

import pytest
from django.db import Error, connection, transaction
from django.utils.timezone import now

from measurement.rollups import runs
from measurement.rollups.models import Cell, Leaf
from measurement.submissions import workflow
from measurement.submissions.models import DirtyKey, NotAllowed, Observation, Submission
from tests.factories import processes
from tests.factories.waiting import Waiting, waiting

pytestmark = pytest.mark.django_db(transaction=True)


def all_at_once(tasks: Sequence[Callable[[], object]]) -> list[float]:
    """Each in a thread and on a connection of its own, all begun together; how long each took. Raises what they did."""
    together = threading.Barrier(len(tasks))
    took: list[float] = []
    troubles: list[Exception] = []

    def run(task: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            together.wait(timeout=30)
            began = monotonic()
            task()
            took.append(monotonic() - began)
        except (Error, AssertionError, NotAllowed, threading.BrokenBarrierError) as trouble:
            troubles.append(trouble)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[task]) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert troubles == []
    return took


def everything() -> list[list[dict[str, object]]]:
    kept = []
    for table in (Leaf, Cell):
        rows = table.objects.order_by("indicator_id", "period_id", "group_id", "category_id").values()
        kept.append([{k: v for k, v in row.items() if k not in {"id", "run_id"}} for row in rows])
    return kept


def assert_equal_to_rebuilt(made: Waiting) -> None:
    kept = everything()
    runs.rebuild(initiative=made.initiative, at=now())
    assert everything() == kept


def approval(submission: Submission, made: Waiting) -> Callable[[], object]:
    return lambda: workflow.approve(submission=submission, by=made.reviewer, at=now())


def roll_up() -> None:
    runs.roll_up_changed(at=now())


def test_fifty_approvals_of_one_measure_at_once_are_all_in() -> None:
    made = waiting(partners=50, months=1, measures=1)
    roll_up()

    all_at_once([approval(each, made) for each in made.submissions] + [roll_up] * 3)

    roll_up()
    assert Observation.objects.count() == 50
    total = Cell.objects.get(period__code="2023-01", group=None)
    assert (total.received, total.expected) == (50, 50)
    assert not DirtyKey.objects.exists()
    assert_equal_to_rebuilt(made)


def test_a_task_that_runs_twice_or_three_times_at_once_changes_nothing() -> None:
    made = waiting(partners=4, months=3)
    for submission in made.submissions:
        approval(submission, made)()

    all_at_once([roll_up] * 3)
    once = everything()
    all_at_once([roll_up] * 3)
    roll_up()

    assert everything() == once
    assert sum(Leaf.objects.filter(group=None).values_list("received", flat=True)) == 4 * 3 * 3
    assert_equal_to_rebuilt(made)


def test_rebuilding_while_figures_are_approved_and_added_up_loses_none() -> None:
    made = waiting(partners=6, months=4)
    rebuild = [lambda: runs.rebuild(initiative=made.initiative, at=now())] * 2
    all_at_once([*(approval(each, made) for each in made.submissions), *rebuild, roll_up, roll_up])
    roll_up()
    assert sum(Leaf.objects.filter(group=None).values_list("received", flat=True)) == 6 * 4 * 3
    assert_equal_to_rebuilt(made)


def test_no_approval_waits_for_a_roll_up_or_for_another_approval() -> None:
    made = waiting(partners=8, months=1)
    approval(made.submissions[0], made)()
    stuck = threading.Thread(target=all_at_once, args=[[roll_up]])
    with transaction.atomic(), connection.cursor() as cursor:
        # Holds the roll-up up half-way, and an approval of its own open.
        cursor.execute("LOCK TABLE measurement_cell IN SHARE MODE")
        approval(made.submissions[1], made)()
        stuck.start()
        processes.wait_until(somebody_waits)

        all_at_once([impatient(approval(each, made)) for each in made.submissions[2:]])

        assert somebody_waits()
    stuck.join()
    roll_up()
    assert Cell.objects.filter(period__code="2023-01", group=None, received=8).count() == 3
    assert_equal_to_rebuilt(made)


def impatient(task: Callable[[], object]) -> Callable[[], object]:
    """It fails if it has to wait for anybody's lock for a tenth of a second."""

    def run() -> None:
        with connection.cursor() as cursor:
            cursor.execute("SET lock_timeout = '100ms'")
        task()

    return run


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return bool(cursor.fetchone()[0])
