"""The two servers together, and what the project has to be told about them."""

import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from backbone.local import postgres, valkey
from backbone.local.places import held, remove
from backbone.local.process import Child, Refused

TEMPORARY = "backbone-run-"
JUST_MADE = 60.0  # seconds


@dataclass(frozen=True)
class Services:
    environment: dict[str, str]
    children: list[Child]


@contextmanager
def services(folder: Path, *, durable: bool, logs: Path) -> Iterator[Services]:
    """PostgreSQL and Redis: those that the environment names, else our own with their files in `folder`."""
    with ExitStack() as stack:
        children = []
        database = os.environ.get("DATABASE_URL")
        broker = os.environ.get("REDIS_URL")
        if not database:
            serving = postgres.serve(folder / "postgres", durable=durable, log=logs / "postgres.log")
            database, child = stack.enter_context(serving)
            children.append(child)
        if broker:
            cache = os.environ.get("CACHE_URL") or urlsplit(broker)._replace(path="/1").geturl()
        else:
            path, child = stack.enter_context(valkey.serve(folder / "valkey", log=logs / "valkey.log"))
            broker, cache = valkey.broker_url(path), valkey.cache_url(path)
            children.append(child)
        yield Services({"DATABASE_URL": database, "REDIS_URL": broker, "CACHE_URL": cache}, children)


@contextmanager
def temporary_services() -> Iterator[Services]:
    """Services that keep nothing, in a folder that is removed afterwards, or by the next runner."""
    _remove_abandoned()
    folder = Path(tempfile.mkdtemp(prefix=TEMPORARY))
    folder.chmod(0o711)  # so that the user PostgreSQL runs as can pass through
    try:
        with held(folder), services(folder, durable=False, logs=folder / "log") as running:
            yield running
    finally:
        remove(folder)


def _remove_abandoned() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{TEMPORARY}*/"):
        with suppress(FileNotFoundError):
            lock = (folder / "lock").lstat()
            if lock.st_uid == os.geteuid() and time.time() - lock.st_mtime > JUST_MADE:
                with suppress(Refused), held(folder):
                    remove(folder)
