"""`make demo`: everything on one machine, with its data in one folder."""

import os
import secrets
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from backbone.local.lifeline import tied_to_runner
from backbone.local.places import held, remove
from backbone.local.process import Interrupted, Refused
from backbone.local.programs import Program, finish, running, wait_until_ready, watch
from backbone.local.servers import services

PROJECT = Path(__file__).resolve().parents[2]
FOLDER = PROJECT / "var" / "demo"
LOGS = FOLDER / "log"
HOST = "127.0.0.1"
READY_WITHIN = 60.0
QUEUES = "hints,imports,reports,mail,celery"


def run() -> int:
    """Start everything, say the address, and stay until somebody stops it or one of the parts ends."""
    try:
        with held(FOLDER):
            _forget_logs()
            say("Starting PostgreSQL and the Redis-protocol server …")
            with services(FOLDER, durable=True, logs=LOGS) as servers:
                port = free_port(int(os.environ.get("PORT", "8000")))
                environment = os.environ | servers.environment | settings(port)
                sign_ins = _prepare(environment)
                say("Starting the web server, the worker and the clock …")
                with running(_programs(port), environment=environment, folder=PROJECT, logs=LOGS) as children:
                    watched = [*servers.children, *children]
                    wait_until_ready(f"http://{HOST}:{port}/readyz", children=watched, within=READY_WITHIN)
                    say(f"\n{sign_ins}\nReady: http://localhost:{port}")
                    say(f"Ctrl-C stops everything. Logs: {LOGS}. Mail: {FOLDER / 'mail'}")
                    watch(watched)
    except Interrupted:
        say("Stopped. `make demo` goes on with the same data; `make reset-demo` removes it.")
    return 0


def reset() -> int:
    """Remove all data of the demo. Refuses while it runs."""
    with held(FOLDER):
        remove(FOLDER)
    say("The data of the demo is removed.")
    return 0


def settings(port: int) -> dict[str, str]:
    """What the project reads from its environment, apart from the addresses of the servers."""
    mail = FOLDER / "mail"
    mail.mkdir(exist_ok=True)
    return {
        "SECRET_KEY": secret_key(FOLDER / "secret"),
        "DEMO": "true",
        "DEBUG": "false",
        "INSECURE_HTTP": "true",
        "ALLOWED_HOSTS": f"localhost,{HOST}",
        "SITE_ADDRESS": f"http://localhost:{port}",
        "EMAIL_URL": f"filemail:///{mail}",
        "EMAIL_FILE_PATH": str(mail),
        "STATIC_ROOT": str(FOLDER / "static"),
        # As in production, but not compressed, which takes most of a start and saves nothing on one machine.
        "STATIC_STORAGE": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
        "PYTHONUNBUFFERED": "1",
    }


def secret_key(path: Path) -> str:
    """A key made at the first start and kept, so that people stay signed in. Only we may read it."""
    if not path.exists():
        fresh = path.with_suffix(".new")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50))
        fresh.rename(path)
    return path.read_text()


def free_port(wanted: int) -> int:
    """The port itself, or the next one that nobody listens on."""
    for port in range(wanted, min(wanted + 100, 65536)):
        with socket.socket() as attempt:
            attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                attempt.bind((HOST, port))
            except OSError:
                continue
            return port
    raise Refused(f"No port from {wanted} on is free; set PORT to another one.")


def say(sentence: str) -> None:
    print(sentence, flush=True)


def _prepare(environment: Mapping[str, str]) -> str:
    """Migrate and load; answers who can sign in."""
    for name, *options in (("migrate",), ("collectstatic", "--noinput")):
        command = [sys.executable, "manage.py", name, *options]
        program = Program(name, command, signal.SIGTERM)
        finish(program, environment=environment, folder=PROJECT, logs=LOGS)
    return _load(environment)


def _load(environment: Mapping[str, str]) -> str:
    """Load the demo, or find it loaded. How far it is stands on our own screen; it answers who can sign in."""
    loader = subprocess.Popen(
        [sys.executable, "manage.py", "load_demo"],
        env={**environment, "LOG_LEVEL": "WARNING"},
        cwd=PROJECT,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=tied_to_runner(signal.SIGTERM),  # noqa: PLW1509 - as in process.py
    )
    sign_ins = ""
    try:
        sign_ins = loader.communicate()[0]
    finally:
        loader.kill()
    if loader.returncode != 0:
        raise Refused("The demo could not be loaded; the reason stands above.")
    return sign_ins


def _programs(port: int) -> list[Program]:
    python = (sys.executable, "-m")
    celery = (*python, "celery", "--app", "backbone")
    schedule = ("--schedule", FOLDER / "schedule", "--pidfile", "")
    web = (*python, "gunicorn", "--config", "python:backbone.gunicorn", "--graceful-timeout", "4")
    return [
        Program("web", (*web, "--bind", f"{HOST}:{port}"), signal.SIGQUIT),
        # The processes of the worker end with it; it asks the kernel for that itself.
        Program("worker", (*celery, "worker", "--concurrency", "2", "--queues", QUEUES), signal.SIGKILL),
        Program("beat", (*celery, "beat", *schedule), signal.SIGKILL),
    ]


def _forget_logs() -> None:
    for log in LOGS.glob("*.log"):
        log.unlink()
