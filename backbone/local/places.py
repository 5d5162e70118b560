"""Folders: who holds one, who can reach it, and where sockets and set-aside files go."""

import fcntl
import hashlib
import os
import pwd
import shutil
import stat
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from backbone.local.process import Account, Refused

# Only root can write there, so nobody can prepare a trap under a name that is easy to guess.
SET_ASIDE = Path("/var/lib")
# What Unix allows for the path of a socket (macOS: 104 bytes, with the closing zero).
SOCKET_PATH_LIMIT = 103
LONGEST_SOCKET_NAME = ".s.PGSQL.5432.lock"


@contextmanager
def held(folder: Path) -> Iterator[None]:
    """Make a folder ours while this process lives. The kernel lets go of the lock when we die."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.seek(0)
            raise Refused(f"{folder} is in use: process {lock.read() or '?'} is running on it.") from None
        lock.truncate(0)
        lock.write(str(os.getpid()))
        lock.flush()
        yield


def unprivileged() -> Account | None:
    """Whom PostgreSQL runs as when root starts it; None where we are an ordinary user ourselves."""
    if os.geteuid() != 0:
        return None
    nobody = pwd.getpwnam("nobody")
    return Account(nobody.pw_uid, nobody.pw_gid)


def open_to_all(folder: Path) -> bool:
    """Whether everybody may pass through a folder and all folders above it."""
    path = folder.resolve()
    return all(each.stat().st_mode & stat.S_IXOTH for each in (path, *path.parents) if each.exists())


def digest(path: Path) -> str:
    return hashlib.sha256(f"{os.geteuid()}:{path.resolve()}".encode()).hexdigest()[:16]


def within_reach(folder: Path, account: Account | None) -> Path:
    """The folder itself, or, where `account` cannot come, one set aside for it."""
    if account is None or open_to_all(folder):
        return folder
    place = SET_ASIDE / f"backbone-{digest(folder)}"
    place.mkdir(mode=0o711, exist_ok=True)
    return place


def remove(folder: Path) -> None:
    """Remove a folder, and what lies elsewhere for the servers in it: sockets and what was set aside."""
    for each in (folder, *folder.glob("*/")):
        for root in (SET_ASIDE, *_temporary()):
            shutil.rmtree(root / f"backbone-{digest(each)}", ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def socket_folder(folder: Path, account: Account | None = None) -> Iterator[Path]:
    """A private folder with a short path for the sockets of the server that keeps its files in `folder`."""
    place = _short_place(f"backbone-{digest(folder)}", account)
    place.mkdir(mode=0o700, exist_ok=True)
    ours = {os.geteuid(), account.uid if account else os.geteuid()}
    found = place.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in ours:
        raise Refused(f"{place} belongs to somebody else; remove it, then start again.")
    place.chmod(0o700)
    if account:
        os.chown(place, account.uid, account.gid)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def clear(sockets: Path) -> None:
    """Remove what a killed server left, once it is sure that it has ended."""
    for each in sockets.iterdir():
        each.unlink()


def _short_place(name: str, account: Account | None) -> Path:
    for root in _temporary():
        fits = len(os.fsencode(root / name / LONGEST_SOCKET_NAME)) <= SOCKET_PATH_LIMIT
        if fits and (account is None or open_to_all(root)):
            return root / name
    raise Refused("No temporary folder has a path short enough for a socket; set TMPDIR to a short one.")


def _temporary() -> tuple[Path, Path]:
    return Path(tempfile.gettempdir()), Path("/tmp")  # noqa: S108 - whose a folder in it is, is checked
