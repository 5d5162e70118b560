"""One command with temporary services around it."""

import os
import secrets
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence

from backbone.local.lifeline import tied_to_runner
from backbone.local.process import Interrupted, Refused
from backbone.local.servers import temporary_services

# For what is started by hand and by tests; whatever the caller's environment says comes first.
DEFAULTS = {
    "ALLOWED_HOSTS": "localhost,127.0.0.1",
    "INSECURE_HTTP": "true",
    "STATIC_STORAGE": "django.contrib.staticfiles.storage.StaticFilesStorage",  # needs no collectstatic
}


def run(command: Sequence[str]) -> int:
    """Run a command beside empty, temporary services, and answer its exit code."""
    command = [*command[1:]] if command[:1] == ["--"] else command
    if not command:
        raise Refused("Say which command to run: python -m backbone.local run -- manage.py check")
    secret = {"SECRET_KEY": secrets.token_urlsafe(50)}
    with temporary_services() as running:
        return follow(command, DEFAULTS | secret | os.environ | running.environment)


def follow(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run a command that keeps our terminal, hand on a request to stop, and answer its exit code."""
    if sys.stdin.isatty():
        # The terminal tells the command itself about Ctrl-C; what to do then is the command's affair.
        signal.signal(signal.SIGINT, lambda _number, _frame: None)
    try:
        child = subprocess.Popen(command, env=environment, preexec_fn=tied_to_runner(signal.SIGTERM))  # noqa: PLW1509 - as in process.py
    except OSError as reason:
        raise Refused(f"{command[0]} cannot be run: {reason.strerror}.") from reason
    try:
        code = child.wait()
    except Interrupted as interrupted:
        _end(child, interrupted.number)
        raise
    return code if code >= 0 else 128 - code


def _end(child: subprocess.Popen[bytes], number: int) -> None:
    child.send_signal(number)
    try:
        child.wait(10)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
