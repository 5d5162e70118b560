"""What is shipped fits together: the lists of packages, the image, and the services beside it."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).resolve().parents[3]
SETS = {"base": [], "local": ["local"], "dev": ["local", "dev"]}
PINNED = re.compile(
    r"^(?P<name>[a-z0-9._-]+)(?:\[.*\])?==(?P<version>[^ \\]+)(?P<rest>.*(?:\n .*)*)", re.MULTILINE
)


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    found: dict[str, Any] = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
    return found


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((PROJECT / "docker-compose.yml").read_text())
    return found


def asked(project: dict[str, Any], extras: list[str]) -> dict[str, Requirement]:
    words = [
        *project["dependencies"],
        *(each for extra in extras for each in project["optional-dependencies"][extra]),
    ]
    return {canonicalize_name(each.name): each for each in map(Requirement, words)}


@pytest.mark.parametrize("name", SETS)
def test_each_list_pins_what_the_project_asks_for_and_nothing_it_forgot(
    name: str, project: dict[str, Any]
) -> None:
    wanted = asked(project, SETS[name])
    pins = list(PINNED.finditer((PROJECT / "requirements" / f"{name}.txt").read_text()))
    direct = {pin["name"]: pin["version"] for pin in pins if "backbone (pyproject.toml)" in pin["rest"]}

    assert direct.keys() == wanted.keys()
    assert [each for each, version in direct.items() if version not in wanted[each].specifier] == []
    assert [pin["name"] for pin in pins if "--hash=sha256:" not in pin["rest"]] == []


@pytest.mark.parametrize("name", SETS)
def test_only_one_postgresql_driver_is_installed(name: str) -> None:
    pins = {pin["name"] for pin in PINNED.finditer((PROJECT / "requirements" / f"{name}.txt").read_text())}

    assert "psycopg2-binary" in pins
    assert pins.isdisjoint({"psycopg", "psycopg-binary", "psycopg-c"})


@pytest.mark.parametrize("name", SETS)
def test_no_list_names_a_registry(name: str) -> None:
    assert "://" not in (PROJECT / "requirements" / f"{name}.txt").read_text()


def test_every_package_says_where_it_is_used() -> None:
    lines = (PROJECT / "pyproject.toml").read_text().partition("[tool.")[0].splitlines()
    packages = [line for line in lines if line.startswith('    "')]

    assert [line for line in packages if not re.search(r'",\s+# \S', line)] == []


def test_services_wait_for_what_they_need(compose: dict[str, Any]) -> None:
    for name in ("web", "worker", "beat"):
        conditions = {key: each["condition"] for key, each in compose["services"][name]["depends_on"].items()}
        assert conditions == {
            "migrate": "service_completed_successfully",
            "postgres": "service_healthy",
            "redis": "service_healthy",
        }
    for name in ("postgres", "redis"):
        assert compose["services"][name]["healthcheck"]["test"]
    # Only its network tells that it is ready: while it is being set up, it answers on its socket.
    assert "--host" in compose["services"]["postgres"]["healthcheck"]["test"]
    used = {
        volume.split(":")[0] for each in compose["services"].values() for volume in each.get("volumes", [])
    }
    assert used == compose["volumes"].keys()


def test_the_database_belongs_to_an_ordinary_user_and_its_administrator_has_no_password(
    compose: dict[str, Any],
) -> None:
    (script,) = compose["services"]["postgres"]["configs"]
    made = compose["configs"][script["source"]]["content"]

    assert script["target"].startswith("/docker-entrypoint-initdb.d/")
    assert "CREATE ROLE backbone LOGIN NOSUPERUSER NOBYPASSRLS" in made
    assert "CREATE DATABASE backbone OWNER backbone" in made
    assert "ALTER ROLE postgres PASSWORD NULL" in made
    assert "POSTGRES_USER" not in compose["services"]["postgres"]["environment"]


def test_secrets_come_from_the_environment_and_their_absence_is_told() -> None:
    text = (PROJECT / "docker-compose.yml").read_text()

    for name in ("SECRET_KEY", "POSTGRES_PASSWORD", "ALLOWED_HOSTS", "EMAIL_URL"):
        assert re.search(rf"\$\{{{name}:\?Set {name} to [^}}]+\}}", text), name
        assert not re.search(rf"\$\{{{name}:?-", text), name


def test_the_example_explains_every_value_that_the_services_need() -> None:
    asked_for = set(re.findall(r"\$\{(\w+)", (PROJECT / "docker-compose.yml").read_text()))
    explained = set(re.findall(r"^#? ?([A-Z_]+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE))

    assert asked_for - explained == {"VERSION"}


def test_the_example_explains_every_value_that_the_settings_read() -> None:
    read = set(
        re.findall(r'env(?:\.\w+)?\(\s*"([A-Z_]+)"', (PROJECT / "backbone" / "settings.py").read_text())
    )
    explained = set(re.findall(r"^#? ?([A-Z_]+)=", (PROJECT / ".env.example").read_text(), re.MULTILINE))

    assert read - explained == set()


def test_the_worker_serves_every_queue_that_the_settings_name(compose: dict[str, Any]) -> None:
    command = compose["services"]["worker"]["command"]
    served = set(command[command.index("--queues") + 1].split(","))
    named = set(re.findall(r'"queue": "(\w+)"', (PROJECT / "backbone" / "settings.py").read_text()))

    assert named <= served


def test_the_image_holds_what_it_needs_runs_as_nobody_special_and_no_secret_is_sent_to_it() -> None:
    image = (PROJECT / "Dockerfile").read_text()
    sent = (PROJECT / ".dockerignore").read_text().splitlines()

    assert "--require-hashes" in image
    assert image.index("USER backbone") < image.index('CMD ["gunicorn"')
    assert sent[1] == "*"
    kept = [line[1:] for line in sent if line.startswith("!")]
    assert all((PROJECT / each).exists() for each in kept)
    assert not any(each.startswith((".env", "var", ".git")) for each in kept)
