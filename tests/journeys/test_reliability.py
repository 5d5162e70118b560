"""Nothing is lost and nothing doubled: approvals go on while workers are killed and the database loses its power."""

import os
import signal
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic, sleep
from typing import Self

import pytest
from django.db import Error, connection
from django.utils.timezone import now
from pytest_django.plugin import DjangoDbBlocker

from backbone.accounts.models import User
from backbone.celery import hint
from measurement.rollups import runs
from measurement.rollups.models import Cell, Leaf
from measurement.submissions import workflow
from measurement.submissions.models import DirtyKey, NotAllowed, Observation, Submission
from tests.factories import processes
from tests.factories.servers import OwnServer, own_database
from tests.factories.waiting import Waiting, waiting

ROLL_UP = "measurement.roll_up_changed"
PIECE = 4  # reports


class Approvers:
    """People who approve one report after the other, and press again when it failed."""

    def __init__(self, submissions: Iterable[Submission], by: User, people: int = 3) -> None:
        self._left: SimpleQueue[Submission] = SimpleQueue()
        for submission in submissions:
            self._left.put(submission)
        self._by = by
        self._allowed = threading.Semaphore(0)
        self._threads = [threading.Thread(target=self._work) for _ in range(people)]
        self.approved = 0
        self.pressed_again = 0

    def __enter__(self) -> Self:
        for thread in self._threads:
            thread.start()
        return self

    def allow(self, reports: int) -> None:
        """So many more: trouble has to come in between, however fast they are."""
        self._allowed.release(reports)

    def __exit__(self, *_: object) -> None:
        self.finish()

    def finish(self) -> None:
        self.allow(self._left.qsize() + len(self._threads))
        for thread in self._threads:
            thread.join(timeout=300)

    def _work(self) -> None:
        while self._allowed.acquire():
            try:
                submission = self._left.get_nowait()
            except Empty:
                connection.close()
                return
            while not self._approve(submission):
                self.pressed_again += 1
                connection.close()
                sleep(0.1)
            self.approved += 1

    def _approve(self, submission: Submission) -> bool:
        try:
            workflow.approve(submission=submission, by=self._by, at=now())
        except NotAllowed:
            return True  # it was approved, and only the answer got lost
        except Error:
            return False
        return True


class Workers:
    """Three workers at any time, of which one is killed now and then."""

    def __init__(self, nursery: processes.Nursery) -> None:
        self._nursery = nursery
        self._started = 0
        self._groups: dict[str, int] = {}
        self.caught_at_work = 0
        for _ in range(3):
            self._start()

    def _start(self) -> None:
        name = f"worker-{self._started}"
        self._started += 1
        self._groups[name] = self._nursery.start(name)

    def kill_one(self, work: Iterable[None]) -> None:
        """One that is adding up at this moment, with so many pieces of work to catch it at; another takes its place."""
        at_work = next((name for _ in work if (name := self._at_work(within=0.5))), "")
        self.caught_at_work += bool(at_work)
        os.killpg(self._groups.pop(at_work or next(iter(self._groups))), signal.SIGKILL)
        self._start()

    def _at_work(self, *, within: float) -> str:
        deadline = monotonic() + within
        while monotonic() < deadline:
            with connection.cursor() as cursor:
                cursor.execute(
                    "SELECT application_name FROM pg_locks JOIN pg_stat_activity USING (pid)"
                    " WHERE locktype = 'advisory' AND granted AND application_name = ANY(%s)",
                    [list(self._groups)],
                )
                row = cursor.fetchone()
            if row:
                return str(row[0])
            sleep(0.002)
        return ""


def everything() -> list[list[dict[str, object]]]:
    kept = []
    for table in (Leaf, Cell):
        rows = table.objects.order_by("indicator_id", "period_id", "group_id", "category_id").values()
        kept.append([{k: v for k, v in row.items() if k not in {"id", "run_id"}} for row in rows])
    return kept


def go_through_it(folder: Path, *, partners: int, months: int, kills: int) -> None:
    with own_database(folder) as server:
        made = waiting(partners=partners, months=months)
        environment = processes.own_environment(database=server.url)
        with (
            processes.nursery(environment) as nursery,
            processes.hints_through(environment["REDIS_URL"]),
            Approvers(made.submissions, made.reviewer) as approvers,
        ):
            workers = Workers(nursery)
            _make_trouble(server, workers, approvers, kills=kills, reports=len(made.submissions))
            approvers.finish()
            processes.wait_until(_nothing_waits, seconds=60)
        assert workers.caught_at_work >= kills // 2
        _all_there_once(made)


def _make_trouble(
    server: OwnServer, workers: Workers, approvers: Approvers, *, kills: int, reports: int
) -> None:
    """Spread over the approvals: a kill in each share of them, and half-way the database."""
    for number in range(kills):
        if number == kills // 2:
            approvers.allow(PIECE)
            server.stop_at_once()
            processes.wait_until(lambda: approvers.pressed_again > 0)
            server.start()
            connection.close()
        workers.kill_one(_pieces(approvers, reports // kills // PIECE))


def _pieces(approvers: Approvers, number: int) -> Iterator[None]:
    for _ in range(number):
        approvers.allow(PIECE)
        yield


def _nothing_waits() -> bool:
    """Asks the workers once more, as the clock does every few seconds."""
    hint(ROLL_UP)
    sleep(0.2)
    return not DirtyKey.objects.exists()


def _all_there_once(made: Waiting) -> None:
    figures = 3 * len(made.submissions)
    assert set(Submission.objects.values_list("status", flat=True)) == {Submission.Status.APPROVED}
    assert Observation.objects.count() == figures
    assert sum(Leaf.objects.filter(group=None, category=None).values_list("received", flat=True)) == figures
    kept = everything()
    runs.rebuild(initiative=made.initiative, at=now())
    assert everything() == kept


@pytest.mark.timeout(300)
def test_approvals_through_kills_of_workers_and_a_power_cut_of_the_database_end_right(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock():
        go_through_it(tmp_path, partners=20, months=6, kills=6)


@pytest.mark.proof
@pytest.mark.timeout(900)
def test_six_hundred_approvals_through_twenty_five_kills_and_a_power_cut_end_right(
    tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> None:
    with django_db_blocker.unblock():
        go_through_it(tmp_path, partners=50, months=12, kills=25)
