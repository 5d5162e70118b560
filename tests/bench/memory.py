"""What each process keeps in memory after some work."""

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from tempfile import gettempdir
from time import sleep

from tests.bench.lines import Line


def lines() -> Iterator[Line]:
    port = _free_port()
    celery = [sys.executable, "-m", "celery", "-q", "-A", "backbone"]
    commands = {
        "web": [
            sys.executable,
            "-m",
            "gunicorn",
            "backbone.wsgi",
            "-b",
            f"127.0.0.1:{port}",
            "-w",
            "1",
            "--threads",
            "4",
        ],
        "worker": [*celery, "worker", "-c", "1", "-Q", "hints,mail", "-l", "ERROR"],
        "beat": [*celery, "beat", "-l", "ERROR", "-s", str(Path(gettempdir()) / f"beat-{os.getpid()}")],
    }
    running = {
        name: subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for name, command in commands.items()
    }
    try:
        _ask(port)
        sleep(3)
        for name, process in running.items():
            for place, pid in enumerate(_family(process.pid)):
                part = f"{name}, {'main' if place == 0 else 'child'} process: memory of its own"
                yield Line(part, _private_mib(pid), "MiB")
    finally:
        for process in running.values():
            process.terminate()
        for process in running.values():
            process.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def _ask(port: int) -> None:
    for _ in range(100):
        try:
            for _again in range(20):
                urllib.request.urlopen(f"http://127.0.0.1:{port}/accounts/login/", timeout=5).read()
            return
        except OSError:
            sleep(0.2)


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *map(int, children)]


def _private_mib(pid: int) -> float:
    """What would be freed if the process ended."""
    fields = dict(line.split(":") for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()[1:])
    kib = sum(int(fields[name].split()[0]) for name in ("Private_Clean", "Private_Dirty"))
    return kib / 1024
