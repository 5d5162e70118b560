"""The files of a release: all of it, nothing else, and the same for everybody who may read it."""

import csv
import io
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from zipfile import ZipFile

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now
from openpyxl import load_workbook

from backbone.access.permissions import Role, Side
from backbone.accounts.models import User
from measurement.releases import operations
from measurement.releases.selectors import SYMBOL, hidden_phrase
from measurement.reports.columns import COLUMNS
from measurement.reports.formats import FORMS, made
from tests.factories import people
from tests.measurement.releases.conftest import Build, Scene
from tests.measurement.releases.test_releases import MANY
from tests.measurement.reports.conftest import Published

NUMBERS = [column.name for column in COLUMNS if column.type == "number"]


def rows(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def url(published: Published, form: str = "") -> str:
    where: list[Any] = [published.scene.initiative.slug, published.release.number]
    if form:
        return reverse("measurement:reports:file", args=[*where, form])
    return reverse("measurement:reports:files", args=where)


def test_the_table_has_a_line_for_every_figure_and_no_number_for_a_hidden_one(published: Published) -> None:
    table = rows(made(published.release, FORMS["csv"]))

    assert len(table) == 12
    hidden = [row for row in table if row["state"] == "hidden"]
    assert len(hidden) == 12 - published.shown > 0
    for row in hidden:
        assert {row[name] for name in NUMBERS} == {""}
        assert (row["shown_as"], row["note"], row["status_code"]) == (SYMBOL, hidden_phrase(), "Q")
    (whole,) = [row for row in table if not row["place"] and not row["category"]]
    assert Decimal(whole["value"]) == sum(girls + boys for girls, boys in _reported().values())


def _reported() -> dict[str, tuple[int, int]]:
    from_east = {"East 1": (2, 22), "East 2": (1, 18), "East 3": (1, 40)}
    return {**MANY, **from_east}


def test_every_file_says_as_of_when_which_one_and_on_which_terms(published: Published) -> None:
    for form in FORMS:
        text = _words_of(form, made(published.release, FORMS[form]))

        assert "CC BY 4.0" in text, form
        assert published.release.hash in text, form


def _words_of(form: str, content: bytes) -> str:
    if form == "datapackage":
        with ZipFile(io.BytesIO(content)) as archive:
            return "\n".join(archive.read(name).decode() for name in archive.namelist())
    if form != "xlsx":
        return content.decode()
    book = load_workbook(io.BytesIO(content))
    return "\n".join(str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row)


def test_the_workbook_has_numbers_days_and_a_dictionary_and_no_formula(published: Published) -> None:
    book = load_workbook(io.BytesIO(made(published.release, FORMS["xlsx"])))

    figures = book["Figures"]
    header, *lines = list(figures.iter_rows(values_only=True))
    by_name = [dict(zip(header, line, strict=True)) for line in lines]
    for row in by_name:
        assert row["value"] == SYMBOL if row["state"] == "hidden" else isinstance(row["value"], int | float)
        assert row["period_start"].isoformat() == "2026-01-01T00:00:00"
    assert [row[0].value for row in book["Dictionary"].iter_rows(min_row=2)] == [
        column.name for column in COLUMNS
    ]
    kinds = {cell.data_type for sheet in book for row in sheet.iter_rows() for cell in row}
    assert "f" not in kinds
    assert published.scene.initiative.name in [
        cell.value for row in book["About"].iter_rows() for cell in row
    ]


def test_no_cell_of_the_table_begins_as_a_formula(published: Published) -> None:
    published.scene.initiative.licence = "=1+1"
    published.release.initiative = published.scene.initiative

    table = rows(made(published.release, FORMS["csv"]))

    assert {row["licence"] for row in table} == {"'=1+1"}


def test_json_tells_the_same_as_the_table(published: Published) -> None:
    told = json.loads(made(published.release, FORMS["json"]))

    figures = told["measures"][0]["figures"]
    table = rows(made(published.release, FORMS["csv"]))
    assert [each["value"] or "" for each in figures] == [row["value"] for row in table]
    assert [each["state"] for each in figures] == [row["state"] for row in table]
    assert told["release"]["number"] == published.release.number


def test_the_same_release_gives_the_same_bytes(published: Published) -> None:
    for form in FORMS.values():
        assert made(published.release, form) == made(published.release, form), form.code


def test_a_file_is_saved_and_not_sent_again_to_who_has_it(
    published: Published, as_: Callable[[User], Client], data_manager: User
) -> None:
    client = as_(data_manager)

    for form in FORMS.values():
        answer = client.get(url(published, form.code))

        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert form.suffix in answer.headers["Content-Disposition"]
        again = client.get(url(published, form.code), headers={"If-None-Match": answer.headers["ETag"]})
        assert (again.status_code, again.content) == (304, b"")


def test_the_page_leads_to_every_file(
    published: Published, as_: Callable[[User], Client], data_manager: User
) -> None:
    page = as_(data_manager).get(url(published)).content.decode()

    for form in FORMS:
        assert f'href="{url(published, form)}"' in page
    assert published.release.hash in page


@pytest.mark.parametrize(
    ("audience", "readers"),
    [
        ("public", {"staff", "partner", "funder"}),
        ("funder", {"staff", "funder"}),
        ("partners", {"staff", "partner"}),
    ],
)
def test_only_its_readers_get_a_release(
    scene: Scene,
    build: Build,
    as_: Callable[[User], Client],
    data_manager: User,
    audience: str,
    readers: set[str],
) -> None:
    scene.report("2026-Q1", MANY)
    release = operations.publish(release=build("2026-Q1", audience=audience), by=data_manager, at=now())
    givers = people.organization("Lake Fund", scene.initiative, Side.FUNDER)
    cast = {
        "staff": data_manager,
        "partner": User.objects.get(name="Reporter East 1"),
        "funder": people.member("Fay of the fund", givers, Role.FUNDER_VIEWER),
        "stranger": people.person("Somebody"),
    }
    here = Published(scene, release)

    got_in = {who for who, person in cast.items() if as_(person).get(url(here, "csv")).status_code == 200}

    assert got_in == readers
    assert as_(cast["stranger"]).get(url(here)).status_code == 404
    assert Client().get(url(here, "csv")).status_code == 302


def test_what_is_not_published_or_withdrawn_is_there_for_staff_alone(
    scene: Scene, build: Build, as_: Callable[[User], Client], data_manager: User
) -> None:
    scene.report("2026-Q1", MANY)
    here = Published(scene, build("2026-Q1"))
    partner = as_(User.objects.get(name="Reporter East 1"))

    assert as_(data_manager).get(url(here, "csv")).status_code == 200
    assert partner.get(url(here, "csv")).status_code == 404
    operations.publish(release=here.release, by=data_manager, at=now())
    assert partner.get(url(here, "csv")).status_code == 200
    operations.withdraw(release=here.release, because="It was wrong.", by=data_manager, at=now())
    assert partner.get(url(here, "csv")).status_code == 404


def test_other_files_are_not_there(
    published: Published, as_: Callable[[User], Client], data_manager: User
) -> None:
    client = as_(data_manager)

    for form in ("exe", "csv2", "constructor", "x" * 5000):
        assert client.get(url(published, form)).status_code == 404
