import socket
import stat
import subprocess
import sys
from pathlib import Path

import environ
import pytest

from backbone.local import __main__ as entrance
from backbone.local import demo
from backbone.local.places import held


@pytest.fixture
def demo_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    place = folder / "demo"
    place.mkdir()
    monkeypatch.setattr(demo, "FOLDER", place)
    return place


def test_the_secret_is_made_once_and_only_we_may_read_it(tmp_path: Path) -> None:
    secret = demo.secret_key(tmp_path / "secret")

    assert len(secret) >= 50
    assert demo.secret_key(tmp_path / "secret") == secret
    assert stat.S_IMODE((tmp_path / "secret").stat().st_mode) == 0o600


def test_a_port_in_use_gives_way_to_the_next_one() -> None:
    with socket.socket() as taken:
        taken.bind((demo.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]

        assert port < demo.free_port(port) <= port + 100


def test_mail_goes_into_the_folder_of_the_demo(demo_folder: Path) -> None:
    settings = demo.settings(8000)

    mail = environ.Env.email_url_config(settings["EMAIL_URL"])

    assert mail["EMAIL_FILE_PATH"] == settings["EMAIL_FILE_PATH"] == str(demo_folder / "mail")
    assert mail["EMAIL_BACKEND"] == "django.core.mail.backends.filebased.EmailBackend"


def test_reset_removes_the_data(demo_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (demo_folder / "mail").mkdir()

    assert entrance.main(["reset-demo"]) == 0
    assert not demo_folder.exists()
    assert "removed" in capsys.readouterr().out


def test_reset_is_refused_while_the_demo_runs(demo_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with held(demo_folder):
        assert entrance.main(["reset-demo"]) == 1

    assert demo_folder.exists()
    assert "is in use" in capsys.readouterr().err


def test_a_start_is_refused_while_the_demo_runs(
    demo_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with held(demo_folder):
        assert entrance.main(["demo"]) == 1

    assert "is in use" in capsys.readouterr().err


def test_the_commands_are_explained() -> None:
    said = subprocess.run(
        [sys.executable, "-m", "backbone.local", "--help"], capture_output=True, text=True, check=True
    ).stdout

    assert all(name in said for name in ("demo", "reset-demo", "run", "browser"))
