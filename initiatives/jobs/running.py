"""How a worker does runs: claims one after the other, shows that it lives, and says how each has ended."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic

import structlog
from django.db import Error, InterfaceError, OperationalError, connection
from django.utils.timezone import now
from django.utils.translation import gettext as _

from initiatives.jobs import operations
from initiatives.jobs.models import JobRun
from initiatives.jobs.operations import Cancelled, Failed, Lost

log = structlog.get_logger(__name__)

_TOLD_EVERY = 0.5  # seconds
_BEAT_EVERY = 10.0  # seconds


class Work:
    """A run in the hands of this worker."""

    def __init__(self, run: JobRun) -> None:
        self.run = run
        self._told = 0.0

    def progress(self, done: int, total: int | None = None, message: str | None = None) -> None:
        """How far it is; outside of transactions, so that others see it. Raises what ends the work early.

        May be called for every row: what comes too fast after the last is not told.
        """
        if total is None and message is None and monotonic() - self._told < _TOLD_EVERY:
            return
        self._told = monotonic()
        operations.progress(run=self.run, done=done, total=total, message=message, at=now())

    def finish(self, *, message: str = "", result: str = "") -> None:
        """In the transaction of what was made, so that a run which is done twice makes it once."""
        operations.finish(run=self.run, message=message, result=result, at=now())


def work_off(kind: str, do: Callable[[Work], None]) -> int:
    """Do every waiting run of the kind, each once; return how many.

    `do` raises Failed with a sentence for people where the work cannot be done, and lets other exceptions pass.
    """
    done = 0
    while run := operations.claim(kind=kind, at=now()):
        with _showing_life(run):
            if not _carry_out(Work(run), do):
                break
        done += 1
    return done


def _carry_out(work: Work, do: Callable[[Work], None]) -> bool:
    """Whether it is over, one way or another."""
    run = work.run
    try:
        do(work)
        if run.state == JobRun.State.RUNNING:
            work.finish()
    except Cancelled:
        operations.stop(run=run, at=now())
    except Lost:
        log.warning("job_lost", kind=run.kind, run=run.pk)
    except Failed as reason:
        operations.fail(run=run, sentence=str(reason), at=now())
    except (OperationalError, InterfaceError):
        log.warning("job_put_back", kind=run.kind, run=run.pk, exc_info=True)
        return _after_trouble(run)
    except Exception:  # one run that cannot be done must not keep the others waiting
        log.exception("job_failed", kind=run.kind, run=run.pk)
        sentence = _(
            "Something went wrong on our side, and nothing was changed. Please try again, or tell us."
        )
        operations.fail(run=run, sentence=sentence, at=now())
    return True


def _after_trouble(run: JobRun) -> bool:
    """What failed for a reason outside of the work is tried again later, a few times."""
    if not connection.in_atomic_block:
        connection.close_if_unusable_or_obsolete()
    if run.attempts < operations.MOST_ATTEMPTS:
        operations.put_back(run=run)
        return False
    sentence = _("The database could not be reached several times. Please try again later.")
    operations.fail(run=run, sentence=sentence, at=now())
    return True


@contextmanager
def _showing_life(run: JobRun) -> Iterator[None]:
    """Signs of life from beside the work, however long one step of it takes."""
    over = Event()
    beating = Thread(target=_beat, args=(run.pk, run.attempts, over), daemon=True)
    beating.start()
    try:
        yield
    finally:
        over.set()
        beating.join()


def _beat(pk: int, attempts: int, over: Event) -> None:
    while not over.wait(_BEAT_EVERY):
        try:
            mine = JobRun.objects.filter(pk=pk, attempts=attempts, state=JobRun.State.RUNNING)
            mine.update(heartbeat_at=now())
        except Error:
            log.warning("job_heartbeat_lost", run=pk, exc_info=True)
        finally:
            connection.close()
