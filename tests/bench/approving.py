"""From an approval to the figure that people see, with a real worker, while fifty are approved at once."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter, sleep
from typing import Any

from django.db import connection
from django.utils.timezone import now

from backbone.access.permissions import Role, Side
from backbone.celery import hint
from initiatives.charter.models import Initiative, PartnerGroup
from initiatives.directory import grouping
from initiatives.directory import operations as directory
from initiatives.partners.models import Organization
from measurement.indicators.kinds import Kind
from measurement.rollups.models import Cell
from measurement.submissions import workflow
from measurement.submissions.models import DirtyKey, Submission
from tests.bench.lines import Line
from tests.factories import measuring, people

PARTNERS = 50
MEASURES = 5


def lines() -> Iterator[Line]:
    initiative = _initiative()
    with worker():
        _settle()
        waiting = list(Submission.objects.in_initiative(initiative).with_names())
        clicked, committed, seen = _approve_all(waiting)
    from_click = sorted(seen[pk] - clicked[pk] for pk in seen)
    from_commit = sorted(max(seen[pk] - committed[pk], 0) for pk in seen)
    at_95 = int(len(from_click) * 0.95) - 1
    name = f"{PARTNERS} approvals at once: 95th percentile"
    yield Line(f"{name} from click to figure", from_click[at_95], "s", goal=1, judged_by="value")
    yield Line(f"{name} from commit to figure", from_commit[at_95], "s", goal=1, judged_by="value")
    yield Line("the same, in the middle, from click", from_click[len(from_click) // 2], "s")


def _initiative() -> Initiative:
    made = people.initiative("approving")
    office = people.organization("Office", made, Side.BACKBONE)
    people.member("Reviewer", office, Role.DATA_MANAGER)
    reporter = people.person("Reporter of all")
    partners = [_partner(made, number) for number in range(PARTNERS)]
    for partner in partners:
        directory.join(person=reporter, organization=partner, role=Role.REPORTER, by=None, at=now())
    calendar = measuring.calendar(made)
    for number in range(MEASURES):
        measuring.assign(measuring.indicator(made, f"m{number}", Kind.FLOW), partners, calendar)
    measuring.open_(made, "2026-Q1")
    answers: dict[str, Any] = {f"m{number}": number + 1 for number in range(MEASURES)}
    for partner in partners:
        measuring.hand_in(partner, "2026-Q1", **answers)
    return made


def _partner(made: Initiative, number: int) -> Organization:
    """Alone in a group, so that the group's figure tells when this partner's approval has arrived."""
    partner = people.organization(f"Partner {number}", made)
    group = PartnerGroup.objects.create(initiative=made, code=f"g{number}", name=f"Group {number}")
    grouping.put_into_group(group=group, organization=partner, by=None, at=now())
    return partner


@contextmanager
def worker() -> Iterator[None]:
    command = [
        sys.executable,
        "-m",
        "celery",
        "-A",
        "backbone",
        "worker",
        "-c",
        "2",
        "-Q",
        "hints",
        "-l",
        "ERROR",
    ]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def _settle() -> None:
    """Until the worker has added up what opening the period marked."""
    hint("measurement.roll_up_changed")
    while DirtyKey.objects.exists():
        sleep(0.1)


def _approve_all(waiting: list[Submission]) -> tuple[dict[int, float], dict[int, float], dict[int, float]]:
    reviewer = measuring.reviewer(waiting[0].initiative)
    clicked: dict[int, float] = {}
    committed: dict[int, float] = {}
    together = threading.Barrier(len(waiting))

    def approve(submission: Submission) -> None:
        partner = submission.expected_report.organization_id
        connection.ensure_connection()
        together.wait()
        clicked[partner] = perf_counter()
        workflow.approve(submission=submission, by=reviewer, at=now())
        committed[partner] = perf_counter()
        connection.close()

    threads = [threading.Thread(target=approve, args=[submission]) for submission in waiting]
    for thread in threads:
        thread.start()
    seen = _watch(len(waiting))
    for thread in threads:
        thread.join()
    return clicked, committed, seen


def _watch(partners: int) -> dict[int, float]:
    """When the figures of each partner's group were there, looking a hundred times a second."""
    seen: dict[int, float] = {}
    give_up = perf_counter() + 60
    while len(seen) < partners and perf_counter() < give_up:
        ready = (
            Cell.objects.filter(group__isnull=False, received__gt=0, indicator__code=f"m{MEASURES - 1}")
            .values_list("group__members__organization_id", flat=True)
            .distinct()
        )
        for partner in ready:
            seen.setdefault(partner, perf_counter())
        sleep(0.01)
    return seen
