"""A Redis-protocol server of our own, for as long as a block of code runs."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from backbone.local import binaries
from backbone.local.places import clear, held, socket_folder
from backbone.local.process import Child, Refused, last_lines, start, stop, until

READY_WITHIN = 20.0
# Losing all of it costs delay and never a figure, so nothing is written to disk.
SETTINGS = ("--port", "0", "--unixsocketperm", "700", "--save", "", "--appendonly", "no", "--daemonize", "no")


@contextmanager
def embedded_valkey(folder: Path) -> Iterator[str]:
    """Serve from `folder`; yields the path of the socket."""
    with serve(folder, log=folder / "valkey.log") as (path, _):
        yield path


@contextmanager
def serve(folder: Path, *, log: Path) -> Iterator[tuple[str, Child]]:
    """The same for who watches the server: yields the path and the process."""
    folder = folder.resolve()
    with held(folder), socket_folder(folder) as sockets:
        path = sockets / "valkey.sock"
        _wait_for_leftover(path)
        clear(sockets)
        command: list[str | Path] = [binaries.valkey(), *SETTINGS, "--unixsocket", path, "--dir", folder]
        server = start(command, log=log)
        try:
            _wait_until_ready(server, path)
            yield str(path), server
        finally:
            stop(server, by=signal.SIGTERM, within=3)


def broker_url(path: str) -> str:
    """For Celery."""
    return f"redis+socket://{path}?virtual_host=0"


def cache_url(path: str) -> str:
    """For django-environ. A database of its own, since clearing a cache empties all of it."""
    return f"redis://{path}?db=1"


def _wait_for_leftover(path: Path) -> None:
    for _ in until(5):
        if not _answers(path):
            return
    raise Refused(f"A server that we did not start answers on {path}; stop it first.")


def _wait_until_ready(server: Child, path: Path) -> None:
    for _ in until(READY_WITHIN):
        if server.has_ended:
            raise Refused(f"The Redis-protocol server ended while it was starting:\n{last_lines(server.log)}")
        if _answers(path):
            return
    raise Refused(f"The Redis-protocol server did not answer in time:\n{last_lines(server.log)}")


def _answers(path: Path) -> bool:
    once = Retry(NoBackoff(), 0)
    with redis.Redis(unix_socket_path=str(path), socket_timeout=2, retry=once) as client:
        try:
            return bool(client.ping())
        except redis.RedisError:
            return False
