"""Real background workers over the test's own database, for tests that must not pretend."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from urllib.parse import SplitResult, urlsplit

from django.db import connection


def own_environment() -> dict[str, str]:
    """The environment in which a process of ours works on this test's database and on a broker of its own."""
    database = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}")
    number = 2 + int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    broker = os.environ["REDIS_URL"].replace("virtual_host=0", f"virtual_host={number}")
    return {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "backbone.settings",
        "SECRET_KEY": "of tests only",
        "DATABASE_URL": _address(database),
        "REDIS_URL": broker,
        "EMAIL_URL": "dummymail://",
        "LOG_LEVEL": "ERROR",
    }


def _address(database: SplitResult) -> str:
    return f"{database.scheme}://{database.netloc}{database.path}?{database.query}"


def start_worker(environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """A Celery worker in a process group of its own, so that killing it kills its children too."""
    return subprocess.Popen(
        [sys.executable, "-m", "celery", "-A", "backbone", "worker", "-c", "1", "-Q", "hints,mail", "-l", "ERROR"],
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
