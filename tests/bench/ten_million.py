"""Ten million observations: 1,000 partners, 100 measures, 100 months. Only when asked for: it takes long.

make bench ARGS=ten_million
"""

import resource
from collections.abc import Iterator

from django.db import connection, transaction
from django.utils.timezone import now

from measurement.rollups import as_of, runs
from measurement.rollups.models import RollUpRun
from measurement.rollups.scope import Scope
from measurement.rollups.sums import recompute
from measurement.submissions.models import DirtyKey, Key
from tests.bench.adding_up import BARE, bare
from tests.bench.lines import Line, seconds
from tests.bench.many import Many, initiative_of

MEASURES_OF_A_REPORT = 20
CATEGORIES = 8


def lines() -> Iterator[Line]:
    report = initiative_of(
        "report", partners=50, indicators=MEASURES_OF_A_REPORT, months=12, categories=CATEGORIES
    )
    runs.rebuild(initiative=report.initiative, at=now())
    first = _one_approval(report)
    yield Line(
        "one approval, 20 figures by 8 categories, 50 partners",
        first,
        "ms",
        goal=15,
        judged_by="value",
    )
    runs.rebuild(initiative=_others("million", 100).initiative, at=now())
    yield Line("the same, 10⁶ rows in the tables", _one_approval(report), "ms", first, 1.2)
    large = _others("ten", 1000)
    yield from _rebuilding(large)
    yield Line("one approval: 10⁷ rows in the tables", _one_approval(report), "ms", first, 1.2)
    yield Line(
        "one approval, 20 figures, 1,000 partners", _one_approval(large), "ms", goal=200, judged_by="value"
    )
    yield from _looking_back(large)


def _others(slug: str, partners: int) -> Many:
    many = initiative_of(slug, partners=partners, indicators=100, months=100, groups=50)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return many


def _one_approval(many: Many) -> float:
    """Milliseconds from the marks that an approval leaves to fresh cells on all ladders."""
    period = many.calendar.periods.order_by("-start")[1]
    measures = many.indicators[:MEASURES_OF_A_REPORT]
    keys = [Key(each.pk, period.pk, many.partners[0].pk) for each in measures]

    def work() -> None:
        DirtyKey.objects.mark(many.initiative.pk, keys, at=now())
        runs.roll_up_changed(at=now())

    work()
    return seconds(work, times=20) * 1000


def _rebuilding(many: Many) -> Iterator[Line]:
    told: list[int] = []
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    def progress(run: RollUpRun) -> None:
        told.append(run.done)

    taken = seconds(lambda: runs.rebuild(initiative=many.initiative, at=now(), progress=progress), times=2)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    yield Line(
        "full rebuild of 10,000,000 figures, all ladders", taken, "s", seconds(lambda: bare(BARE, many)), 1.5
    )
    yield Line("the same: what the worker's memory has grown by", grown, "MiB", goal=32, judged_by="value")
    yield Line("the same: how often it said how far it is", len(told) / 2, "times")


def _looking_back(many: Many) -> Iterator[Line]:
    indicator = many.indicators[0]

    def anew() -> None:
        with transaction.atomic():
            recompute(Scope([indicator.pk]), run_id=0)
            transaction.set_rollback(True)

    def then() -> None:
        with as_of.as_it_was(many.initiative, indicator.code, now()):
            pass

    beside = seconds(anew, times=3) * 1000
    yield Line(
        "as of a past moment, one measure of 100,000 figures", seconds(then, times=3) * 1000, "ms", beside, 3
    )
