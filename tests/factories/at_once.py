"""Several people who do something at the same moment."""

import threading
from collections.abc import Callable, Sequence

from django.db import connection


def all_at_once(tasks: Sequence[Callable[[], object]]) -> None:
    """Each in a thread and on a connection of its own, all begun together. Raises the first thing that went wrong."""
    together = threading.Barrier(len(tasks))
    troubles: list[BaseException] = []

    def run(task: Callable[[], object]) -> None:
        try:
            connection.ensure_connection()
            together.wait(timeout=30)
            task()
        except Exception as trouble:  # noqa: BLE001 - it is raised again below
            troubles.append(trouble)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=[task]) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if troubles:
        raise troubles[0]
