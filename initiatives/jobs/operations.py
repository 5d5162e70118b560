"""What happens to a run: it starts, tells how far it is, ends in one of three ways, or is taken up again."""

from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from backbone.accounts.models import User
from backbone.celery import hint
from initiatives.charter.models import Initiative
from initiatives.jobs.models import JobRun

State = JobRun.State

SILENT_AFTER: Final = timedelta(seconds=60)  # without a sign of life for so long, its worker counts as dead
MOST_ATTEMPTS: Final = 3


class Cancelled(Exception):
    """Somebody asked that this work be stopped."""


class Lost(Exception):
    """This worker was taken for dead, and the run is in other hands or over."""


class Failed(Exception):
    """The work cannot be done; the text says why to the person who started it."""


@transaction.atomic
def start(
    *,
    initiative: Initiative,
    kind: str,
    title: str,
    parameters: dict[str, Any] | None = None,
    by: User | None,
    at: datetime,
) -> JobRun:
    """Leave a run for the task that is called `kind`; it begins after commit."""
    run = JobRun.objects.create(
        initiative=initiative,
        kind=kind,
        title=title[:300],
        parameters=parameters or {},
        started_by=by,
        created_at=at,
    )
    hint(kind)
    return run


@transaction.atomic
def claim(*, kind: str, at: datetime) -> JobRun | None:
    """The oldest run of that kind which nobody has in hand: from now on the caller has."""
    run = (
        JobRun.objects.select_for_update(skip_locked=True, of=("self",))
        .select_related("initiative", "started_by")
        .filter(kind=kind, state=State.WAITING)
        .order_by("pk")
        .first()
    )
    if run is None:
        return None
    run.state, run.started_at, run.heartbeat_at = State.RUNNING, at, at
    run.attempts += 1
    run.done, run.message = 0, ""
    run.save()
    return run


def progress(
    *, run: JobRun, done: int, total: int | None = None, message: str | None = None, at: datetime
) -> None:
    """Tell how far it is. Raises Cancelled or Lost where there is no point in going on."""
    run.done = done
    run.total = run.total if total is None else total
    run.message = run.message if message is None else message
    told = _mine(run).update(done=run.done, total=run.total, message=run.message, heartbeat_at=at)
    if not told:
        raise Lost
    if _mine(run).filter(cancel_asked_at__isnull=False).exists():
        raise Cancelled


@transaction.atomic
def finish(*, run: JobRun, message: str = "", result: str = "", at: datetime) -> None:
    """It is done: called in the transaction of what the work has made, which Cancelled and Lost undo.

    `result` is the path of the page where people see what came of it.
    """
    held = _mine(run).select_for_update().first()
    if held is None:
        raise Lost
    if held.cancel_asked_at:
        raise Cancelled
    done = max(run.total, run.done)
    _end(run, State.DONE, at=at, done=done, total=done, message=message, result=result)


@transaction.atomic
def fail(*, run: JobRun, sentence: str, at: datetime) -> None:
    _end(run, State.FAILED, at=at, message=sentence)


@transaction.atomic
def stop(*, run: JobRun, at: datetime) -> None:
    """The worker has stopped because somebody asked for it."""
    _end(run, State.CANCELLED, at=at, message="")


@transaction.atomic
def ask_to_cancel(*, run: JobRun, by: User, at: datetime) -> JobRun:
    """What waits is stopped at once; what is under way stops at its next step. What is over stays as it is."""
    held = JobRun.objects.select_for_update(of=("self",)).select_related("initiative").get(pk=run.pk)
    if held.state == State.WAITING:
        held.state, held.finished_at = State.CANCELLED, at
    if held.is_under_way or held.state == State.CANCELLED:
        held.cancel_asked_at = held.cancel_asked_at or at
    held.save(update_fields=["state", "finished_at", "cancel_asked_at"])
    return held


@transaction.atomic
def put_back(*, run: JobRun) -> None:
    """Something outside of the work is in the way, such as a database that is gone: another try will come."""
    _mine(run).update(state=State.WAITING, heartbeat_at=None)


@transaction.atomic
def sweep(*, at: datetime) -> int:
    """Put back the runs of dead workers, give up what died again and again, ask for all that waits."""
    silent = JobRun.objects.filter(state=State.RUNNING, heartbeat_at__lt=at - SILENT_AFTER)
    silent.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=State.FAILED,
        finished_at=at,
        message=_("The work was begun several times and never came to its end."),
    )
    found = silent.update(state=State.WAITING, heartbeat_at=None, done=0)
    waiting = JobRun.objects.filter(state=State.WAITING)
    for kind in waiting.order_by("kind").values_list("kind", flat=True).distinct():
        hint(kind)
    return found


def _mine(run: JobRun) -> Any:
    return JobRun.objects.filter(pk=run.pk, attempts=run.attempts, state=State.RUNNING)


def _end(run: JobRun, state: JobRun.State, *, at: datetime, **fields: Any) -> None:
    if not _mine(run).update(state=state, finished_at=at, **fields):
        raise Lost
    run.refresh_from_db(fields=["state", "finished_at", "done", "total", "message", "result"])
