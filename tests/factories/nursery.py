"""Grows real Celery workers quickly: everything is imported once, and each worker is a fork in a group of its own.

Reads names from its input, one a line, and answers with the process number of the worker that it started. When its
input ends, so do all of them.
"""

import os
import signal
import sys
from contextlib import suppress

import django

from backbone.celery import app

QUIETLY = ("--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "ERROR")


def main() -> None:
    django.setup()
    app.loader.import_default_modules()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody here waits for them
    workers = []
    for line in sys.stdin:
        workers.append(_start(line.strip()))
        sys.stdout.write(f"{workers[-1]}\n")
        sys.stdout.flush()
    for worker in workers:
        with suppress(ProcessLookupError):
            os.killpg(worker, signal.SIGKILL)


def _start(name: str) -> int:
    pid = os.fork()
    if pid:
        with suppress(PermissionError, ProcessLookupError):
            os.setpgid(pid, pid)  # here too, so that the group is there whoever comes first
        return pid
    with suppress(PermissionError):
        os.setpgid(0, 0)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    os.environ["PGAPPNAME"] = name  # so that it is known in the database
    try:
        app.worker_main(["worker", "-n", f"{name}@test", "-c", "1", "-Q", "hints,mail", *QUIETLY])
    finally:
        os._exit(0)


if __name__ == "__main__":
    main()
