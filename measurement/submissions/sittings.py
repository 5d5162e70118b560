"""Who has a report open, and how long its measures take: active time between saves, pauses left out.

What is measured here (`TimeSpent`, by report and measure) is what the burden of a report is told from.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from math import ceil

from django.db import connection, transaction
from django.db.models import Avg

from backbone.accounts.models import User
from measurement.submissions.entry_models import Sitting, TimeSpent
from measurement.submissions.grid import Grid
from measurement.submissions.models import Submission

PAUSE = timedelta(minutes=5)  # whoever has not done anything for longer was doing something else
_HANDED_IN = (Submission.Status.SUBMITTED, Submission.Status.APPROVED)


def seen(*, submission: Submission, by: User, at: datetime) -> list[Sitting]:
    """Somebody looks at the form; return who else has it open. After a pause a sitting begins anew."""
    sittings = list(
        Sitting.objects.filter(submission=submission).select_related("person").order_by("began_at", "pk")
    )
    mine = next((sitting for sitting in sittings if sitting.person_id == by.pk), None)
    if mine is None or at - mine.seen_at > PAUSE:
        _begin(submission, by, at)
    elif at - mine.seen_at > timedelta(seconds=20):
        Sitting.objects.filter(pk=mine.pk).update(seen_at=at)
    return [each for each in sittings if each.person_id != by.pk and at - each.seen_at <= PAUSE]


def _begin(submission: Submission, by: User, at: datetime) -> None:
    Sitting.objects.update_or_create(
        submission=submission,
        person=by,
        defaults={
            "initiative_id": submission.initiative_id,
            "began_at": at,
            "seen_at": at,
            "active_at": at,
        },
    )


@transaction.atomic
def worked(*, submission: Submission, indicators: Collection[int], by: User, at: datetime) -> None:
    """Something was saved: the time since the last save is put down to the measures that changed."""
    mine = Sitting.objects.select_for_update(no_key=True).filter(submission=submission, person=by).first()
    if mine is None or at - mine.active_at > PAUSE:
        _begin(submission, by, at)
        return
    if not indicators:
        return
    gap = max(at - mine.active_at, timedelta(0))
    mine.seen_at = mine.active_at = at
    mine.save(update_fields=["seen_at", "active_at"])
    _add(submission, sorted(indicators), round(gap.total_seconds() / len(indicators)))


def _add(submission: Submission, indicators: list[int], seconds: int) -> None:
    if not seconds:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            """
            INSERT INTO measurement_timespent (initiative_id, submission_id, indicator_id, seconds)
            SELECT %s, %s, indicator_id, %s FROM unnest(%s::bigint[]) asked(indicator_id)
            ON CONFLICT (submission_id, indicator_id)
            DO UPDATE SET seconds = measurement_timespent.seconds + EXCLUDED.seconds
            """,
            [submission.initiative_id, submission.pk, seconds, indicators],
        )


def minutes_left(submission: Submission, grid: Grid) -> int | None:
    """How long what is still open takes, by what it has taken others and before; None where nobody knows."""
    open_cells = {
        row.version.indicator_id: sum(not (cell.is_answered or cell.may_be_blank) for cell in row.cells)
        for row in grid.rows
    }
    if not any(open_cells.values()):
        return None
    rows = (
        TimeSpent.objects.filter(indicator_id__in=open_cells, submission__status__in=_HANDED_IN)
        .exclude(submission=submission)
        .values_list("indicator_id")
        .annotate(seconds=Avg("seconds"))
    )
    asked = {row.version.indicator_id: sum(not c.may_be_blank for c in row.cells) for row in grid.rows}
    paces = {indicator: float(seconds) / (asked[indicator] or 1) for indicator, seconds in rows}
    if not paces:
        return None
    usual = sum(paces.values()) / len(paces)
    return ceil(sum(count * paces.get(indicator, usual) for indicator, count in open_cells.items()) / 60)
