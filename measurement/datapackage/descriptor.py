"""datapackage.json: what the tables of a package are, in the words of the Data Package standard 1."""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from measurement.datapackage.columns import Column
from measurement.datapackage.problems import Problem
from measurement.datapackage.resources import RESOURCES
from measurement.datapackage.shapes import Resource

FILE: Final = "datapackage.json"
FORMAT: Final = 1
MOST_BYTES: Final = 1_000_000


def written(facts: Mapping[str, str], resources: Iterable[Resource]) -> bytes:
    """The descriptor of an initiative with these tables: the same for the same facts, byte for byte."""
    content: dict[str, Any] = {
        "profile": "tabular-data-package",
        "name": facts["slug"].lower(),
        "title": facts["name"],
        "description": facts["summary"],
        "backbone_format": FORMAT,
        "resources": [_resource(resource) for resource in resources],
    }
    if facts["source_note"]:
        content["sources"] = [{"title": facts["source_note"]}]
    return (json.dumps(content, ensure_ascii=False, indent=2) + "\n").encode()


def _resource(resource: Resource) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": resource.name,
        "path": resource.path,
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"lineTerminator": "\n"},
        "schema": {
            "fields": [_field(column) for column in resource.columns],
            "primaryKey": list(resource.key),
            "foreignKeys": [
                {
                    "fields": list(key.fields),
                    "reference": {"resource": key.resource, "fields": list(key.reference)},
                }
                for key in resource.foreign_keys
            ],
        },
    }


def _field(column: Column) -> dict[str, Any]:
    constraints: dict[str, Any] = {"required": True} if column.required else {}
    if column.enum:
        constraints["enum"] = list(column.enum)
    if column.longest and column.type == "string":
        constraints["maxLength"] = column.longest
    # The default format of a moment has no fractions of a second; ours may.
    form = {"format": "any"} if column.type == "datetime" else {}
    return {"name": column.name, "type": column.type, **form, "constraints": constraints}


def paths(content: bytes) -> tuple[dict[str, str], list[Problem]]:
    """Where each table stands, by its name, and what is wrong with the descriptor."""
    try:
        described = json.loads(content)
        found = {str(each["name"]): each["path"] for each in described["resources"]}
    except (ValueError, TypeError, KeyError, RecursionError):
        return {}, [Problem(FILE, None, "", _("This is not the description of a data package."))]
    if described.get("backbone_format") != FORMAT:
        sentence = _("“backbone_format” has to be %(format)s: this is the package of an initiative.")
        return {}, [Problem(FILE, None, "", sentence % {"format": FORMAT})]
    return found, [*_unfit_paths(found), *_unfit_names(found)]


def _unfit_paths(found: Mapping[str, Any]) -> Iterable[Problem]:
    for name, path in found.items():
        if not isinstance(path, str):
            yield Problem(FILE, None, "", _("The path of “%(name)s” has to be one text.") % {"name": name})


def _unfit_names(found: Mapping[str, Any]) -> Iterable[Problem]:
    known = {resource.name for resource in RESOURCES}
    needed = {resource.name for resource in RESOURCES if not resource.optional}
    for name in sorted(set(found) - known):
        yield Problem(FILE, None, "", _("“%(name)s” is not a table that we know.") % {"name": name})
    for name in sorted(needed - set(found)):
        yield Problem(FILE, None, "", _("The table “%(name)s” is missing.") % {"name": name})
