"""A PostgreSQL server of a test's own, which can be stopped as a power cut would and started again."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.db import connection, connections

from backbone.local import postgres
from backbone.local.process import Child


class OwnServer:
    """Durable, as in production: what was committed is there after any end."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running = ExitStack()
        self.url, self._child = self._start()

    def _start(self) -> tuple[str, Child]:
        log = self._folder / "postgres.log"
        return self._running.enter_context(postgres.serve(self._folder, durable=True, log=log))

    def start(self) -> None:
        self.url, self._child = self._start()

    def stop_at_once(self) -> None:
        """What `pg_ctl stop -m immediate` does: no farewell, no checkpoint."""
        self._child.process.send_signal(signal.SIGQUIT)
        self._child.process.wait(timeout=20)
        self._running.close()

    def close(self) -> None:
        self._running.close()


@contextmanager
def own_database(folder: Path) -> Iterator[OwnServer]:
    """Let this process work on an empty database of an own server, with all tables made."""
    server = OwnServer(folder)
    settings = connections.settings["default"]
    before = {name: settings[name] for name in ("NAME", "HOST", "USER")}
    try:
        connection.close()
        address = urlsplit(server.url)
        settings.update(NAME=address.path[1:], USER=address.username, HOST=parse_qs(address.query)["host"][0])
        call_command("migrate", verbosity=0)
        yield server
    finally:
        connection.close()
        settings.update(before)
        ContentType.objects.clear_cache()
        server.close()
