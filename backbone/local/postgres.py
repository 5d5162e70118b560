"""A PostgreSQL server of our own, for as long as a block of code runs."""

import os
import shutil
import signal
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg2

from backbone.local import binaries
from backbone.local.places import clear, held, socket_folder, unprivileged, within_reach
from backbone.local.process import Account, Child, Refused, is_alive, last_lines, start, stop, until

DATABASE = "backbone"
# Who owns the database and connects to it: an ordinary user, so that row-level security holds. Tests make databases.
OWNER = "backbone"
PORT = 5432  # of no network: it only names the socket
# Letters beyond ASCII have lower case, and rows sort alike everywhere. The wheel knows no other collation.
LOCALE = "en_US.UTF-8" if sys.platform == "darwin" else "C.UTF-8"
# What a power cut would destroy need not survive one: test databases are thrown away.
THROWAWAY = (
    "fsync=off",
    "synchronous_commit=off",
    "full_page_writes=off",
    "wal_level=minimal",
    "max_wal_senders=0",
)
READY_WITHIN = 60.0
STOPPED_WITHIN = 6.0


@contextmanager
def embedded_postgres(folder: Path, *, durable: bool) -> Iterator[str]:
    """Serve the files in `folder`, made if they are missing; yields the URL of a database."""
    with serve(folder, durable=durable, log=folder / "postgres.log") as (url, _):
        yield url


@contextmanager
def serve(folder: Path, *, durable: bool, log: Path) -> Iterator[tuple[str, Child]]:
    """The same for who watches the server: yields the URL and the process."""
    folder = folder.resolve()
    account = unprivileged()
    with held(folder), socket_folder(folder, account) as sockets:
        data = within_reach(folder, account) / "data"
        _wait_for_leftover(data)
        clear(sockets)
        programs = binaries.postgres(major=_written_by(data), account=account)
        _check_owner(data, account)
        if not data.exists():
            _initialise(programs, data, account=account, log=log)
        server = start(
            [programs / "postgres", "-D", data, *_options(sockets, durable=durable)],
            log=log,
            env=_environment(),
            cwd=Path("/"),
            account=account,
            death_signal=signal.SIGINT,  # which PostgreSQL calls a fast shutdown
        )
        try:
            _wait_until_ready(server, sockets)
            _create_database(sockets, durable=durable)
            yield f"postgresql://{OWNER}@/{DATABASE}?host={sockets}", server
        finally:
            stop(server, by=signal.SIGINT, within=STOPPED_WITHIN)


def _options(sockets: Path, *, durable: bool) -> Iterator[str]:
    settings = [
        "listen_addresses=",
        f"port={PORT}",
        f"unix_socket_directories={sockets}",
        "timezone=UTC",
        "log_timezone=UTC",
        "max_connections=100",
    ]
    for setting in (*settings, *(() if durable else THROWAWAY)):
        yield from ("-c", setting)


def _environment() -> dict[str, str]:
    """Ours without what would change the server's port, files or language."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "LC_", "LANG"))}
    return kept | {"LC_ALL": "C"}


def _written_by(data: Path) -> int | None:
    try:
        return int((data / "PG_VERSION").read_text())
    except FileNotFoundError:
        return None


def _check_owner(data: Path, account: Account | None) -> None:
    expected = account.uid if account else os.geteuid()
    if data.exists() and data.stat().st_uid != expected:
        raise Refused(f"{data} was made by another user; start as that user, or remove it.")


def _initialise(programs: Path, data: Path, *, account: Account | None, log: Path) -> None:
    """Write an empty cluster beside its place and move it there, so that half of one is never started."""
    fresh = data.with_name("data.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    if account:
        os.chown(fresh, account.uid, account.gid)
    command: list[str | Path] = [
        *(programs / "initdb", "-D", fresh, "--username=postgres", "--auth=trust", "--encoding=UTF8"),
        *(f"--locale={LOCALE}", "--locale-provider=libc", "--no-sync", "--no-instructions"),
    ]
    initdb = start(command, log=log, env=_environment(), cwd=Path("/"), account=account)
    try:
        if initdb.process.wait() != 0:
            raise Refused(f"PostgreSQL could not prepare {data}:\n{last_lines(log)}")
    finally:
        stop(initdb, by=signal.SIGTERM, within=1)
    fresh.rename(data)


def _wait_for_leftover(data: Path) -> None:
    """Give the server of a runner that was killed the time to end; clear its mark where it could not."""
    mark = data / "postmaster.pid"
    pid = None
    for _ in until(STOPPED_WITHIN + 4):
        pid = _marked(mark)
        if pid is None or not is_alive(pid):
            return  # an old mark of a dead process is PostgreSQL's to judge
        if not _serves(pid, data):
            mark.unlink(missing_ok=True)  # the number went to a stranger, which PostgreSQL could not know
            return
    raise Refused(f"A PostgreSQL server that we did not start (process {pid}) serves {data}; stop it first.")


def _marked(mark: Path) -> int | None:
    try:
        return int(mark.read_text().split()[0])
    except (FileNotFoundError, ValueError, IndexError):
        return None


def _serves(pid: int, data: Path) -> bool:
    """Whether a process is the server of `data`: it stands in that folder. Without /proc we assume so."""
    if sys.platform != "linux":
        return True
    try:
        return Path(f"/proc/{pid}/cwd").readlink() == data.resolve()
    except OSError:
        return False


def _wait_until_ready(server: Child, sockets: Path) -> None:
    for _ in until(READY_WITHIN):
        if server.has_ended:
            raise Refused(f"PostgreSQL ended while it was starting:\n{last_lines(server.log)}")
        try:
            _connect(sockets).close()
        except psycopg2.OperationalError:
            continue
        return
    raise Refused(f"PostgreSQL was not ready in time:\n{last_lines(server.log)}")


def _connect(sockets: Path) -> psycopg2.extensions.connection:
    return psycopg2.connect(host=str(sockets), port=PORT, user="postgres", dbname="postgres")


def _create_database(sockets: Path, *, durable: bool) -> None:
    with closing(_connect(sockets)) as connection:
        connection.autocommit = True  # a database is not made within a transaction
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = %s", [DATABASE])
            owner = cursor.fetchone()
            if owner and owner[0] != OWNER:
                raise Refused(
                    f"The database belongs to {owner[0]}, as earlier versions made it, and has to belong to {OWNER}."
                    " Begin anew with `make reset-demo`."
                )
            if not owner:
                cursor.execute(f"DROP ROLE IF EXISTS {OWNER}")  # of a start that was interrupted here
                cursor.execute(f"CREATE ROLE {OWNER} LOGIN CREATEDB NOSUPERUSER NOBYPASSRLS")
                cursor.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
            if not durable:  # where many rows are made at once, without the checks that they do not need
                cursor.execute(f"GRANT SET ON PARAMETER session_replication_role TO {OWNER}")
