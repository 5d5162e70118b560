"""The descriptor says what the tables are, in the words of the standard."""

import csv
import json
import re
from pathlib import Path
from typing import Any

import pytest

from measurement.datapackage.demo import PACKAGE
from measurement.datapackage.resources import RESOURCES

# Of the tabular data package, version 1: https://specs.frictionlessdata.io/table-schema/
_TYPES = {"string", "number", "integer", "boolean", "date", "datetime"}
_CONSTRAINTS = {"required", "enum", "maxLength"}


@pytest.fixture
def descriptor(package: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((package / "datapackage.json").read_text(encoding="utf-8"))
    return found


def test_the_package_has_a_name_and_a_profile(descriptor: dict[str, Any]) -> None:
    assert descriptor["profile"] == "tabular-data-package"
    assert re.fullmatch(r"[-a-z0-9._/]+", descriptor["name"])
    assert descriptor["sources"] == [{"title": "made up"}]


def test_each_resource_is_a_table_with_a_schema(descriptor: dict[str, Any], package: Path) -> None:
    assert len(descriptor["resources"]) >= 19
    for resource in descriptor["resources"]:
        assert resource["profile"] == "tabular-data-resource"
        with (package / resource["path"]).open(encoding="utf-8", newline="") as lines:
            header = next(csv.reader(lines))
        assert [field["name"] for field in resource["schema"]["fields"]] == header


def test_each_field_has_a_type_and_constraints_of_the_standard(descriptor: dict[str, Any]) -> None:
    for resource in descriptor["resources"]:
        for field in resource["schema"]["fields"]:
            assert field["type"] in _TYPES
            assert set(field["constraints"]) <= _CONSTRAINTS


def test_keys_name_fields_that_are_there(descriptor: dict[str, Any]) -> None:
    fields = {it["name"]: {f["name"] for f in it["schema"]["fields"]} for it in descriptor["resources"]}
    for resource in descriptor["resources"]:
        assert set(resource["schema"]["primaryKey"]) <= fields[resource["name"]]
        for key in resource["schema"]["foreignKeys"]:
            reference = key["reference"]
            assert set(key["fields"]) <= fields[resource["name"]]
            assert set(reference["fields"]) <= fields[reference["resource"]]
            assert len(reference["fields"]) == len(key["fields"])


def test_each_foreign_key_names_the_key_of_the_other_table() -> None:
    keys = {resource.name: resource.key for resource in RESOURCES}
    for resource in RESOURCES:
        for key in resource.foreign_keys:
            assert key.reference == keys[key.resource]


def test_every_table_is_told_of_in_the_readme() -> None:
    text = (PACKAGE.parents[1] / "README.md").read_text(encoding="utf-8")
    for resource in RESOURCES:
        assert f"`{resource.name}`" in text
