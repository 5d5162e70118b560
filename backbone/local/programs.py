"""The programs that make up the product: started together, watched, stopped together."""

import signal
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import NoReturn

from backbone.local.process import Child, Refused, last_lines, start, stop, until

STOPPED_WITHIN = 6.0


@dataclass(frozen=True)
class Program:
    """What runs until somebody stops it. `death_signal` is what it gets when the runner is killed."""

    name: str
    command: Sequence[str | Path]
    death_signal: signal.Signals


@contextmanager
def running(
    programs: Sequence[Program], *, environment: Mapping[str, str], folder: Path, logs: Path
) -> Iterator[list[Child]]:
    """Start programs in `folder`; on the way out stop all of them at once."""
    children: list[Child] = []
    try:
        for each in programs:
            log = logs / f"{each.name}.log"
            children.append(
                start(each.command, log=log, env=environment, cwd=folder, death_signal=each.death_signal)
            )
        yield children
    finally:
        for child in children:
            if not child.has_ended:
                child.process.terminate()
        for child in children:
            stop(child, by=signal.SIGTERM, within=STOPPED_WITHIN)


def finish(program: Program, *, environment: Mapping[str, str], folder: Path, logs: Path) -> None:
    """Run one program to its end, and refuse to go on if it failed."""
    with running([program], environment=environment, folder=folder, logs=logs) as (child,):
        if child.process.wait() != 0:
            raise Refused(f"`{program.name}` failed:\n{last_lines(child.log)}")


def wait_until_ready(address: str, *, children: Sequence[Child], within: float) -> None:
    for _ in until(within, every=0.1):
        _check(children)
        if _is_ready(address):
            return
    raise Refused(f"{address} was not ready after {within:.0f} seconds; see the logs.")


def watch(children: Sequence[Child]) -> NoReturn:
    """Stay until one of them ends, which none of them should."""
    while True:
        _check(children)
        time.sleep(0.3)


def _check(children: Sequence[Child]) -> None:
    for child in children:
        if child.has_ended:
            raise Refused(
                f"`{child.name}` ended unexpectedly with code {child.process.returncode}, so everything was "
                f"stopped. The end of {child.log}:\n{last_lines(child.log)}"
            )


def _is_ready(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own address
            return bool(answer.status == HTTPStatus.OK)
    except (OSError, urllib.error.URLError):
        return False
