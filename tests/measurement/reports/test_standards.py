"""Files that follow a standard, checked by the standard's own validator, or by its rules."""

import csv
import io
import json
import zipfile
from datetime import date
from pathlib import Path

import pyshacl
import pytest
from frictionless import Package
from rdflib import Graph, Namespace

from measurement.reports.formats import FORMS, made
from measurement.reports.sdmx import HEADER, TOTAL, Codes, time_period
from tests.measurement.reports.conftest import Published
from tests.measurement.reports.shapes import BASIC_TIER

# rdflib's own parser of JSON-LD still uses what rdflib has given up.
pytestmark = pytest.mark.filterwarnings(
    "ignore:.*ConjunctiveGraph:DeprecationWarning", "ignore:Dataset.:DeprecationWarning"
)

I72 = Namespace("http://ontology.eil.utoronto.ca/ISO21972/iso21972#")
CIDS = Namespace("https://ontology.commonapproach.org/cids#")


def test_frictionless_finds_nothing_wrong_with_the_data_package(published: Published, tmp_path: Path) -> None:
    archive = zipfile.ZipFile(io.BytesIO(made(published.release, FORMS["datapackage"])))
    archive.extractall(tmp_path)

    package = Package(str(tmp_path / "datapackage.json"))
    checked = package.validate()

    assert checked.valid, checked.flatten(["type", "message"])
    assert package.to_descriptor()["licenses"] == [{"name": "CC-BY-4.0", "title": "CC BY 4.0"}]
    assert package.to_descriptor()["id"] == published.release.hash


def test_frictionless_would_find_a_wrong_number(published: Published, tmp_path: Path) -> None:
    zipfile.ZipFile(io.BytesIO(made(published.release, FORMS["datapackage"]))).extractall(tmp_path)
    figures = tmp_path / "figures.csv"
    figures.write_bytes(figures.read_bytes().replace(b"2026-01-01", b"January", 1))

    assert not Package(str(tmp_path / "datapackage.json")).validate().valid


def graph(content: bytes) -> Graph:
    return Graph().parse(data=content.decode(), format="json-ld")


def test_linked_data_fits_the_shapes_of_the_basic_tier(published: Published) -> None:
    told = graph(made(published.release, FORMS["cids"]))

    fits, _graph, text = pyshacl.validate(told, shacl_graph=Graph().parse(data=BASIC_TIER, format="turtle"))

    assert fits, text
    assert len(list(told.subject_objects(I72.hasNumericalValue))) == published.shown
    assert len(set(told.subjects(CIDS.forIndicator))) == published.shown


def test_the_shapes_would_find_what_is_missing(published: Published) -> None:
    shapes = Graph().parse(data=BASIC_TIER, format="turtle")
    whole = json.loads(made(published.release, FORMS["cids"]))

    for lost in (
        "cids:forIndicator",
        "i72:value",
        "prov:startedAtTime",
        "org:hasName",
        "cids:unitDescription",
    ):
        nodes = [{key: value for key, value in node.items() if key != lost} for node in whole["@graph"]]
        fits, *_rest = pyshacl.validate(
            graph(json.dumps({**whole, "@graph": nodes}).encode()), shacl_graph=shapes
        )
        assert not fits, lost


def test_sdmx_has_codes_only_one_line_a_figure_and_q_for_what_is_hidden(published: Published) -> None:
    header, *lines = list(csv.reader(io.StringIO(made(published.release, FORMS["sdmx"]).decode())))
    table = [dict(zip(header, line, strict=True)) for line in lines]

    assert tuple(header) == HEADER
    assert header[:3] == ["STRUCTURE", "STRUCTURE_ID", "ACTION"]
    assert {row["STRUCTURE_ID"] for row in table} == {"CRADLE:RELEASE(1.0.0)"}
    assert {row["TIME_PERIOD"] for row in table} == {"2026-Q1"}
    assert {row["REF_AREA"] for row in table} == {TOTAL, "EAST", "NORTH", "WEST"}
    keys = [tuple(row[name] for name in header[3:8]) for row in table]
    assert len(keys) == len(set(keys)) == 12
    assert {row["OBS_STATUS"] for row in table if not row["OBS_VALUE"]} == {"Q"}
    assert {row["OBS_STATUS"] for row in table if row["OBS_VALUE"]} == {"A"}


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        ("2026-01-01", "2026-12-31", "2026"),
        ("2026-04-01", "2026-06-30", "2026-Q2"),
        ("2026-07-01", "2026-12-31", "2026-S2"),
        ("2024-02-01", "2024-02-29", "2024-02"),
        ("2025-09-01", "2026-08-31", "2025-09-01/P12M"),
        ("2026-02-01", "2026-04-30", "2026-02-01/P3M"),
        ("2026-01-05", "2026-01-11", "2026-01-05/P7D"),
    ],
)
def test_periods_are_told_as_the_standard_tells_them(start: str, end: str, code: str) -> None:
    assert time_period(date.fromisoformat(start), date.fromisoformat(end)) == code


def test_two_things_of_one_name_have_two_codes() -> None:
    codes = Codes()

    assert [codes.of(1, "Östlich"), codes.of(2, "Ostlich"), codes.of(1, "Östlich")] == [
        "OSTLICH",
        "OSTLICH_2",
        "OSTLICH",
    ]
    assert codes.of(3, "東") == "X"
    assert codes.of(4, "_T") == "T"
