"""Starting, watching and stopping processes."""

import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from types import FrameType

from backbone.local.lifeline import tied_to_runner

STOPPING = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)


class Refused(Exception):
    """Why nothing could be started, as a sentence for the person who typed the command."""


class Interrupted(BaseException):
    """Somebody asked the runner to stop. Not an Exception, so that nothing swallows it by accident."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@dataclass(frozen=True)
class Account:
    """A user of the system."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Child:
    """A process that we started, and the file it writes to."""

    process: subprocess.Popen[bytes]
    log: Path

    @property
    def name(self) -> str:
        return self.log.stem

    @property
    def has_ended(self) -> bool:
        return self.process.poll() is not None


def start(
    command: Sequence[str | Path],
    *,
    log: Path,
    env: Mapping[str, str] | None = None,
    cwd: Path | None = None,
    account: Account | None = None,
    death_signal: signal.Signals = signal.SIGTERM,
) -> Child:
    """Start a child in its own session, out of reach of Ctrl-C: the runner decides the order of stopping."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as output:
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=env,
            cwd=cwd,
            start_new_session=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            preexec_fn=tied_to_runner(death_signal),  # noqa: PLW1509 - started from the only thread
        )
    return Child(process, log)


def stop(child: Child, *, by: signal.Signals, within: float) -> None:
    """Ask a child to end; after `within` seconds end it and its session by force."""
    process = child.process
    if not child.has_ended:
        process.send_signal(by)
        with suppress(subprocess.TimeoutExpired):
            process.wait(within)
    with suppress(ProcessLookupError, PermissionError):  # nobody of the session is left
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def until(deadline: float, *, every: float = 0.02) -> Iterator[None]:
    """Turns of a waiting loop, the first at once, for `deadline` seconds."""
    end = time.monotonic() + deadline
    yield
    while time.monotonic() < end:
        time.sleep(every)
        yield


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def last_lines(log: Path, count: int = 15) -> str:
    """The end of a log, each line with the log's name in front."""
    lines = log.read_text(errors="replace").splitlines()[-count:] if log.exists() else []
    return "\n".join(f"  {log.stem} | {line}" for line in lines)


@contextmanager
def interruptible() -> Iterator[None]:
    """Let SIGTERM, SIGHUP and Ctrl-C unwind the runner once; while it unwinds, more of them do nothing."""

    def unwind(number: int, _frame: FrameType | None) -> None:
        for each in STOPPING:
            signal.signal(each, signal.SIG_IGN)
        raise Interrupted(number)

    # What the caller ignores stays ignored: that is how nohup and background jobs work.
    heard = [each for each in STOPPING if signal.getsignal(each) is not signal.SIG_IGN]
    before = {each: signal.signal(each, unwind) for each in heard}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
