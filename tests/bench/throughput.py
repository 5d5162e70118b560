"""How many approvals a second come through to their figures, with one, two and four processes at it."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from time import perf_counter, sleep
from typing import Any

from django.db import connection, connections
from django.utils.timezone import now

from backbone.access.permissions import Role, Side
from measurement.rollups import runs
from measurement.submissions import workflow
from measurement.submissions.models import CurrentFigure, DirtyKey, Key, Submission
from tests.bench.lines import Line
from tests.factories import measuring, people

PARTNERS = 60
MEASURES = 20
QUARTERS = {1: "2026-Q1", 2: "2026-Q2", 4: "2026-Q3"}  # by how many processes
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


def lines() -> Iterator[Line]:
    _handed_in()
    for processes, quarter in QUARTERS.items():
        name = f"approvals a second with {processes} at it, each of {MEASURES} figures"
        shares = _shares(quarter, processes)
        taken, waits = _all_at_once([partial(_approve, share) for share in shares])
        yield Line(f"{name}: approved and added up", PARTNERS / taken, "a second")
        yield Line("the same: how often somebody was seen to wait for a lock", waits, "times")
        _mark_again(quarter)
        taken, _waits = _all_at_once([_add_up] * processes)
        yield Line(f"{name}: added up when they had queued", PARTNERS / taken, "a second")


def _handed_in() -> None:
    """Every partner has handed in every quarter, and nothing is approved."""
    made = people.initiative("throughput")
    office = people.organization("Office of throughput", made, Side.BACKBONE)
    people.member("Reviewer of throughput", office, Role.DATA_MANAGER)
    partners = [people.organization(f"Throughput {number}", made) for number in range(PARTNERS)]
    for partner in partners:
        people.member(f"Reporter of {partner}", partner, Role.REPORTER)
    calendar = measuring.calendar(made)
    for number in range(MEASURES):
        measuring.assign(measuring.indicator(made, f"m{number}"), partners, calendar)
    answers: dict[str, Any] = {f"m{number}": number + 1 for number in range(MEASURES)}
    for quarter in QUARTERS.values():
        measuring.open_(made, quarter)
        for partner in partners:
            measuring.hand_in(partner, quarter, **answers)
    runs.roll_up_changed(at=now())


def _shares(quarter: str, processes: int) -> list[list[Submission]]:
    waiting = list(Submission.objects.filter(expected_report__period__code=quarter, status="submitted"))
    return [waiting[place::processes] for place in range(processes)]


def _approve(share: list[Submission]) -> None:
    reviewer = measuring.reviewer(share[0].initiative)
    for submission in share:
        workflow.approve(submission=submission, by=reviewer, at=now())
        runs.roll_up_changed(at=now())
    _add_up()


def _mark_again(quarter: str) -> None:
    """What all the approvals of the quarter leave behind."""
    for figure in CurrentFigure.objects.filter(period__code=quarter):
        key = Key(figure.indicator_id, figure.period_id, figure.organization_id)
        DirtyKey.objects.mark(figure.initiative_id, [key], at=now())


def _add_up() -> None:
    while DirtyKey.objects.waiting().exists():
        runs.roll_up_changed(at=now())


def _all_at_once(work: list[Callable[[], None]]) -> tuple[float, int]:
    """Seconds until the last process is done, and how often a lock was waited for."""
    connections.close_all()
    began = perf_counter()
    waits = _watched([_started(each) for each in work])
    return perf_counter() - began, waits


def _started(work: Callable[[], None]) -> int:
    """A process of its own, which ends without tidying up after its parent."""
    pid = os.fork()
    if pid == 0:
        work()
        os._exit(0)
    return pid


def _watched(children: list[int]) -> int:
    waits, left = 0, set(children)
    with connection.cursor() as cursor:
        while left:
            left = {pid for pid in left if os.waitpid(pid, os.WNOHANG) == (0, 0)}
            cursor.execute(_WAITING)
            waits += cursor.fetchone()[0]
            sleep(0.02)
    return waits
