"""Real background workers over the test's own database, for tests that must not pretend."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from unittest.mock import patch
from urllib.parse import SplitResult, urlsplit

from django.db import connection

from backbone import celery

CELERY = (sys.executable, "-m", "celery", "-A", "backbone")


def own_environment(
    *, database: str = "", broker: str = "", settings: str = "backbone.settings"
) -> dict[str, str]:
    """The environment in which a process of ours works on this test's database and on a broker of its own."""
    this_test = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    number = 2 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": settings,
        "SECRET_KEY": "of tests only",
        "DATABASE_URL": database or _address(this_test),
        "REDIS_URL": broker or os.environ["REDIS_URL"].replace("virtual_host=0", f"virtual_host={number}"),
        "EMAIL_URL": "dummymail://",
        "LOG_LEVEL": "ERROR",
    }


def _address(database: SplitResult) -> str:
    return f"{database.scheme}://{database.netloc}{database.path}?{database.query}"


def start_worker(environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """A Celery worker in a process group of its own, so that killing it kills its children too."""
    return subprocess.Popen(
        [
            sys.executable,
            "-m",
            "celery",
            "-A",
            "backbone",
            "worker",
            "-c",
            "1",
            "-Q",
            "hints,mail",
            "-l",
            "ERROR",
        ],
        env=dict(environment),
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )


def kill(process: subprocess.Popen[bytes]) -> None:
    """As a power cut would."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=10)


@contextmanager
def worker(environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    process = start_worker(environment)
    try:
        yield process
    finally:
        if process.poll() is None:
            kill(process)


class Nursery:
    """Starts workers in a moment, each in a process group of its own (see nursery.py)."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.factories.nursery"],
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, name: str) -> int:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{name}\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def close(self) -> None:
        self._process.communicate(timeout=20)


@contextmanager
def nursery(environment: Mapping[str, str]) -> Iterator[Nursery]:
    made = Nursery(environment)
    try:
        yield made
    finally:
        made.close()


@contextmanager
def beat(environment: Mapping[str, str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """The clock that sends what the schedule asks for."""
    process = subprocess.Popen(
        [*CELERY, "beat", "-l", "CRITICAL", "--pidfile", "", "--schedule", str(folder / "schedule")],
        env=dict(environment),
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            kill(process)


@contextmanager
def hints_through(broker: str) -> Iterator[None]:
    """Let this process send its hints to that broker, as a web process does."""
    way = celery.app.connection_for_write(url=broker, transport_options=celery.IMPATIENT).Pool(limit=16)
    with patch.object(celery, "connections", lambda: way):
        celery.Silence.until = 0.0
        yield
    celery.Silence.until = 0.0
    way.force_close_all()


def hint_from_outside(task: str, environment: Mapping[str, str]) -> None:
    """What the schedule does every few seconds."""
    subprocess.run(
        [sys.executable, "-m", "celery", "-q", "-A", "backbone", "call", task],
        env=dict(environment),
        stdout=subprocess.DEVNULL,
        check=True,
    )


def wait_until(true: Callable[[], bool], *, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.05)
