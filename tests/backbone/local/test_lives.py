"""What becomes of the children when the runner ends, in each of the ways it can end."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from backbone.local import servers
from backbone.local.places import digest
from tests.backbone.local.runners import Start, gone

SERVE = """
import sys, time
from pathlib import Path
from backbone.local.process import interruptible, Interrupted
from backbone.local.servers import services
try:
    with interruptible(), services(Path(sys.argv[1]), durable=True, logs=Path(sys.argv[1])) as running:
        print("serving", running.environment["DATABASE_URL"])
        time.sleep(60)
except Interrupted:
    print("unwound")
"""
RUN = ("-m", "backbone.local", "run", "--")
WAIT = (sys.executable, "-c", "print('under way', flush=True); import time; time.sleep(60)")


def test_nothing_outlives_a_killed_runner_and_the_next_start_works(folder: Path, start_runner: Start) -> None:
    first = start_runner("-c", SERVE, str(folder))
    first.says("serving")
    children = first.descendants()
    first.process.kill()

    second = start_runner("-c", SERVE, str(folder))

    assert second.says("serving")
    assert len(children) >= 3  # both servers, and PostgreSQL's own processes
    assert gone(children)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_request_to_stop_ends_both_servers_cleanly(
    number: signal.Signals, folder: Path, start_runner: Start
) -> None:
    runner = start_runner("-c", SERVE, str(folder))
    runner.says("serving")
    children = runner.descendants()

    runner.process.send_signal(number)

    assert runner.says("unwound")
    assert runner.ends() == 0
    assert gone(children, within=0)
    assert "database system is shut down" in (folder / "postgres.log").read_text()


def test_a_command_gets_its_services_and_gives_back_its_exit_code(start_runner: Start) -> None:
    runner = start_runner(*RUN, "sh", "-c", 'echo "addresses $DATABASE_URL $REDIS_URL $CACHE_URL"; exit 7')

    database, broker, cache = runner.says("addresses").split()[1:]

    assert runner.ends() == 7
    assert database.startswith("postgresql://backbone@/backbone?host=/")
    assert broker.startswith("redis+socket:///")
    assert cache.startswith("redis:///")


def test_named_servers_are_used_instead_of_our_own(start_runner: Start) -> None:
    named = {"DATABASE_URL": "postgresql://somewhere/else", "REDIS_URL": "redis://somewhere:6379/0"}

    runner = start_runner(*RUN, "sh", "-c", 'echo "addresses $DATABASE_URL $CACHE_URL"', env=named)

    assert runner.says("addresses") == "addresses postgresql://somewhere/else redis://somewhere:6379/1"


def test_a_command_that_is_told_to_stop_takes_its_servers_and_folder_with_it(
    folder: Path, start_runner: Start
) -> None:
    runner = start_runner(*RUN, *WAIT)
    runner.says("under way")
    made = list(folder.glob("backbone-*"))
    children = runner.descendants()

    runner.process.terminate()

    assert runner.ends() == 128 + signal.SIGTERM
    assert gone(children, within=0)
    assert len(made) == 3  # the folder, and one for the socket of each server
    assert list(folder.glob("backbone-*")) == []


def test_a_command_ends_with_its_killed_runner(start_runner: Start) -> None:
    runner = start_runner(*RUN, *WAIT)
    runner.says("under way")
    children = runner.descendants()

    runner.process.kill()

    assert gone(children)


def test_the_folder_of_a_killed_runner_is_removed_by_the_next_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    left, young, foreign = (folder / f"{servers.TEMPORARY}{name}" for name in ("left", "young", "foreign"))
    for each in (left, young, foreign):
        each.mkdir()
    (left / "lock").touch()
    (young / "lock").touch()
    os.utime(left / "lock", (time.time() - 3600,) * 2)
    (left / "postgres").mkdir()
    sockets = folder / f"backbone-{digest(left / 'postgres')}"
    sockets.mkdir()

    servers._remove_abandoned()

    assert not sockets.exists()
    assert [left.exists(), young.exists(), foreign.exists()] == [False, True, True]


def test_an_unknown_command_is_refused_in_a_sentence() -> None:
    ended = subprocess.run(
        [sys.executable, *RUN, "no-such-program"],
        env=os.environ | {"DATABASE_URL": "postgresql://x/x", "REDIS_URL": "redis://x/0"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert (ended.returncode, ended.stderr) == (
        1,
        "no-such-program cannot be run: No such file or directory.\n",
    )
