import signal
import sys
import time
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest

from backbone.local import programs
from backbone.local.process import Refused
from backbone.local.programs import Program


def program(name: str, code: str) -> Program:
    return Program(name, (sys.executable, "-uc", code), signal.SIGKILL)


STAYING = program("staying", "import time; time.sleep(60)")
DEAF = program(
    "deaf",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('deaf'); time.sleep(60)",
)
DEATH = r"`failing` ended unexpectedly with code 4.*\n.*failing \| out of paper"
FAILING = program("failing", "import sys; print('out of paper'); sys.exit(4)")


def wait_for(log: Path, word: str) -> None:
    end = time.monotonic() + 10
    while word not in (log.read_text() if log.exists() else ""):
        assert time.monotonic() < end, f"{log} never said {word}"
        time.sleep(0.02)


def test_the_death_of_one_program_is_told_and_stops_the_others(tmp_path: Path) -> None:
    together = programs.running([STAYING, FAILING], environment={}, folder=tmp_path, logs=tmp_path)
    with together as children, pytest.raises(Refused, match=DEATH):
        programs.watch(children)

    assert [child.process.returncode for child in children] == [-signal.SIGTERM, 4]


def test_a_program_that_does_not_listen_is_ended_by_force(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(programs, "STOPPED_WITHIN", 0.3)
    with programs.running([DEAF], environment={}, folder=tmp_path, logs=tmp_path) as children:
        wait_for(tmp_path / "deaf.log", "deaf")

    assert children[0].process.returncode == -signal.SIGKILL


def test_a_step_that_fails_says_why(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"`failing` failed:\n  failing \| out of paper"):
        programs.finish(FAILING, environment={}, folder=tmp_path, logs=tmp_path)


def test_waiting_ends_when_the_address_answers_and_not_before(tmp_path: Path) -> None:
    asked: list[str] = []

    class SecondTime(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200 if len(asked) > 1 else 503)
            self.end_headers()

        def log_message(self, *_words: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), SecondTime) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        programs.wait_until_ready(f"http://127.0.0.1:{server.server_port}/readyz", children=[], within=5)
        server.shutdown()

    assert asked == ["/readyz", "/readyz"]


def test_waiting_ends_when_a_program_dies(tmp_path: Path) -> None:
    with (
        pytest.raises(Refused, match="`failing` ended unexpectedly"),
        programs.running([FAILING], environment={}, folder=tmp_path, logs=tmp_path) as children,
    ):
        programs.wait_until_ready("http://127.0.0.1:9/", children=children, within=20)
