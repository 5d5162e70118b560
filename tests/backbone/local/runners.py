import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path


class Runner:
    """A runner in a process of its own, and what it started."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process

    def says(self, word: str) -> str:
        """The first line of its output that holds a word."""
        assert self.process.stdout is not None
        heard = []
        for line in self.process.stdout:
            heard.append(line)
            if word in line:
                return line.strip()
        raise AssertionError(f"never said {word!r}, but: {''.join(heard)}")

    def descendants(self) -> set[int]:
        return descendants(self.process.pid)

    def ends(self, within: float = 10) -> int:
        return self.process.wait(within)


def descendants(pid: int) -> set[int]:
    found: set[int] = set()
    for listed in Path(f"/proc/{pid}/task").glob("*/children"):
        with suppress(OSError):
            for child in map(int, listed.read_text().split()):
                found |= {child} | descendants(child)
    return found


def still_running(pids: set[int]) -> set[int]:
    """Those that are neither gone nor only waiting to be counted as gone."""
    return {pid for pid in pids if _state(pid) not in {"", "Z", "X"}}


def _state(pid: int) -> str:
    with suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return ""


def gone(pids: set[int], within: float = 10) -> bool:
    end = time.monotonic() + within
    while still_running(pids) and time.monotonic() < end:
        time.sleep(0.05)
    return not still_running(pids)


Start = Callable[..., Runner]
