import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import pytest

from backbone.local import places
from tests.backbone.local.runners import Runner, Start

PROJECT = Path(__file__).resolve().parents[3]
SERVED = ("DATABASE_URL", "REDIS_URL", "CACHE_URL")


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder that the user PostgreSQL runs as can reach, which pytest's own does not allow."""
    place = Path(tempfile.mkdtemp(prefix="backbone-test-"))
    place.chmod(0o711)
    yield place
    places.remove(place)


@pytest.fixture
def start_runner(folder: Path) -> Iterator[Start]:
    """Starts Python programs, and leaves none of them behind whatever a test does."""
    runners: list[Runner] = []

    def start(*words: str, env: Mapping[str, str] | None = None) -> Runner:
        kept = {name: value for name, value in os.environ.items() if name not in SERVED}
        process = subprocess.Popen(
            [sys.executable, *words],
            cwd=PROJECT,
            env=kept | {"PYTHONUNBUFFERED": "1", "TMPDIR": str(folder)} | dict(env or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        runners.append(Runner(process))
        return runners[-1]

    yield start
    for runner in runners:
        left = runner.descendants()
        runner.process.kill()
        runner.process.communicate()
        for pid in left:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
