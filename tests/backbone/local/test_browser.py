from pathlib import Path

import pytest

from backbone.local import browser
from backbone.local.process import Refused


def install(folder: Path, name: str, *, works: bool = True) -> str:
    path = folder / name
    path.write_text(f"#!/bin/sh\nexit {0 if works else 127}\n")
    path.chmod(0o755)
    return str(path)


@pytest.fixture
def bare_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing on PATH but what a test puts there, nothing of Playwright, and no network."""
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path / "browsers"))
    monkeypatch.setenv("PLAYWRIGHT_DOWNLOAD_HOST", "http://127.0.0.1:9")
    return tmp_path


def test_a_browser_on_the_path_is_taken(bare_machine: Path) -> None:
    installed = install(bare_machine, "google-chrome")

    assert browser.executable() == installed


def test_a_named_browser_comes_first(bare_machine: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(bare_machine, "chromium")
    named = install(bare_machine, "named")
    monkeypatch.setenv("CHROMIUM", named)

    assert browser.executable() == named


def test_a_browser_that_does_not_start_is_passed_over(bare_machine: Path) -> None:
    install(bare_machine, "chromium", works=False)
    installed = install(bare_machine, "chromium-browser")

    assert browser.executable() == installed


def test_without_any_browser_the_refusal_says_what_to_do(
    bare_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(browser, "_of_playwright", lambda: iter(()))

    with pytest.raises(Refused, match="apt-get install chromium"):
        browser.executable()
