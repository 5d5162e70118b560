"""A real browser before a real server and a real worker, on the test's own database."""

import os
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import global_settings
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, ViewportSize, expect
from pytest_django import Settings

from tests.factories import processes
from tests.factories.people import PASSWORD

# Playwright keeps an event loop running in this process, in which Django would refuse to ask the database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
expect.set_options(timeout=15_000)
WIDE: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture(autouse=True)
def passwords_that_the_server_knows(settings: Settings) -> None:
    """The quick and weak hashing of other tests is unknown to the settings that are shipped."""
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS


@pytest.fixture(scope="session")
def browser(playwright: Playwright) -> Iterator[Browser]:
    path = os.environ.get("CHROMIUM")
    if not path:
        pytest.fail("No browser: run the tests with `make test`, or set CHROMIUM to the path of a Chromium.")
    opened = playwright.chromium.launch(executable_path=path, args=list(QUIET))
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def static_root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("static")
    environment = {**os.environ, "DJANGO_SETTINGS_MODULE": "backbone.settings", "STATIC_ROOT": str(folder)}
    command = [sys.executable, "manage.py", "collectstatic", "--noinput", "-v", "0"]
    subprocess.run(command, env=environment, check=True)
    return folder


@pytest.fixture
def site(transactional_db: None, static_root: Path) -> Iterator[str]:
    """The address of a web server with a worker beside it."""
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        port = asked.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    environment = {
        **processes.own_environment(),
        "STATIC_ROOT": str(static_root),
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_ADDRESS": address,
        "INSECURE_HTTP": "true",
    }
    web = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "-c",
            "backbone/gunicorn.py",
            "backbone.wsgi",
            "-b",
            f"127.0.0.1:{port}",
        ],
        env=environment,
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        with processes.worker(environment):
            processes.wait_until(lambda: _answers(address))
            yield address
    finally:
        processes.kill(web)


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(f"{address}/livez", timeout=1) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


@pytest.fixture
def new_window(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """A window of its own, as of another person at another machine. What goes wrong in the console fails the test."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def open_(*, phone: bool = False, javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=site, viewport=PHONE if phone else WIDE, java_script_enabled=javascript
        )
        contexts.append(context)
        page = context.new_page()
        page.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.set_default_timeout(15_000)
        return page

    yield open_
    for context in contexts:
        context.close()
    unexpected = [each for each in complaints if "status of 4" not in each]  # answers 409 and 422 are meant
    assert unexpected == []


def sign_in(page: Page, email: str) -> None:
    page.goto("/")
    page.locator("input[name=login]").fill(email)
    page.locator("input[type=password]").fill(PASSWORD)
    page.locator("main button[type=submit]").first.click()
    page.wait_for_url("**/i/**")
