"""A Chromium for the tests that use one."""

import importlib.util
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence

from backbone.local.process import Refused

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ASK_PLAYWRIGHT = """
from playwright.sync_api import sync_playwright
with sync_playwright() as browsers:
    print(browsers.chromium.executable_path)
"""
ADVICE = (
    "No Chromium was found, and none could be installed. Install one so that `chromium` is on PATH "
    "(on Debian: apt-get install chromium), or set CHROMIUM to its path, then try again."
)


def executable() -> str:
    """The path of a Chromium that starts. Where there is none, one is installed."""
    for path in _candidates():
        if _starts(path):
            return path
    raise Refused(ADVICE)


def _candidates() -> Iterator[str]:
    if given := os.environ.get("CHROMIUM"):
        yield given
    yield from _on_path()
    if importlib.util.find_spec("playwright"):
        yield from _of_playwright()
        if _succeeds([sys.executable, "-m", "playwright", "install", "chromium"]):
            yield from _of_playwright()
    if os.geteuid() == 0 and shutil.which("apt-get") and _installed_by_debian():
        yield from _on_path()
        yield from _of_playwright()  # which may have lacked only the system's libraries


def _installed_by_debian() -> bool:
    return _succeeds(["apt-get", "update"]) and _succeeds(["apt-get", "install", "--yes", "chromium"])


def _on_path() -> Iterator[str]:
    for name in NAMES:
        if found := shutil.which(name):
            yield found


def _of_playwright() -> Iterator[str]:
    said = subprocess.run([sys.executable, "-c", ASK_PLAYWRIGHT], capture_output=True, text=True, check=False)
    if said.returncode == 0 and os.path.exists(path := said.stdout.strip()):
        yield path


def _starts(path: str) -> bool:
    """Whether it runs at all: its libraries may be missing."""
    return _succeeds([path, "--version"])


def _succeeds(command: Sequence[str]) -> bool:
    """Run a command whose words go to the error output, since ours is the path."""
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        return subprocess.run(command, stdout=sys.stderr, env=environment, check=False).returncode == 0
    except OSError:
        return False
