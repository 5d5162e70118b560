"""The layout, sizes and names that architecture.md and style.md ask for."""

import ast
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("backbone", "initiatives", "measurement")
ALLOWED_AT_THE_TOP = {
    "manage.py", "backbone", "initiatives", "measurement", "templates", "static", "tests", "pyproject.toml",
    "docker-compose.yml", "README.md", "Makefile", "Dockerfile", "requirements", "docs", "CHANGELOG.md", "LICENSE",
    "var",
}  # fmt: skip
JUNK_DRAWERS = {"utils", "helpers", "common", "misc", "services", "signals"}
MOST_LINES = 400
MOST_LINES_OF_A_VIEW = 25
MOST_LINES_OF_A_TASK = 10
MOST_LINES_OF_A_TEMPLATE = 150


def modules() -> Iterator[Path]:
    for package in PACKAGES:
        yield from (path for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts)


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            yield node


def length(function: ast.FunctionDef) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def test_only_known_things_stand_at_the_top() -> None:
    found = {
        path.name for path in ROOT.iterdir() if not path.name.startswith(".") and path.name != "__pycache__"
    }
    assert found <= ALLOWED_AT_THE_TOP


def test_no_module_is_a_junk_drawer() -> None:
    assert [named(path) for path in modules() if path.stem in JUNK_DRAWERS] == []


def test_no_module_is_too_long() -> None:
    long = {named(path): len(path.read_text().splitlines()) for path in modules()}
    assert {name: lines for name, lines in long.items() if lines > MOST_LINES} == {}


def test_no_view_is_too_long() -> None:
    long = {
        f"{named(path)}: {function.name}": length(function)
        for path in modules()
        if "views" in path.stem
        for function in functions(path)
        if length(function) > MOST_LINES_OF_A_VIEW
    }
    assert long == {}


def test_tasks_are_doors() -> None:
    long = {
        f"{named(path)}: {function.name}": length(function)
        for path in modules()
        if path.stem == "tasks"
        for function in functions(path)
        if length(function) > MOST_LINES_OF_A_TASK
    }
    assert long == {}


def test_no_template_is_too_long() -> None:
    long = {
        named(path): lines
        for path in (ROOT / "templates").rglob("*.*")
        if (lines := len(path.read_text().splitlines())) > MOST_LINES_OF_A_TEMPLATE
    }
    assert long == {}


def test_imports_stand_at_the_top_of_their_file() -> None:
    late = [
        f"{named(path)}:{node.lineno}"
        for path in modules()
        for function in functions(path)
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert late == []


def test_a_slice_has_no_package_inside() -> None:
    slices = [
        path for app in ("initiatives", "measurement") for path in (ROOT / app).iterdir() if path.is_dir()
    ]
    inner = [
        named(path)
        for each in slices
        if each.name not in {"management", "migrations"}
        for path in each.iterdir()
        if (path / "__init__.py").exists()
    ]
    assert inner == []


@pytest.mark.parametrize("slice_", ["initiatives", "measurement"])
def test_templates_mirror_the_slices(slice_: str) -> None:
    rooms = {path.name for path in (ROOT / slice_).iterdir() if path.is_dir()}
    assert {path.name for path in (ROOT / "templates" / slice_).iterdir() if path.is_dir()} <= rooms


def test_pages_carry_no_inline_script_style_or_handler() -> None:
    told = []
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text().lower()
        told += [
            f"{named(path)}: {bad}"
            for bad in (
                " style=",
                "<style",
                "<script>",
                " onclick=",
                " onchange=",
                " onsubmit=",
                "javascript:",
            )
            if bad in text
        ]
    assert told == []


def test_psycopg_3_is_not_installed() -> None:
    """Django would silently prefer it to psycopg2."""
    assert find_spec("psycopg") is None
