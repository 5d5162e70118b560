"""The templates that come with the product: packages with everything but partners, periods and figures.

Their days stand for no day in particular: measures count from 2000-01-01 and the draft of the agenda is from then.
`beginning` puts the days of the initiative in their place.
"""

import csv
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from measurement.datapackage import descriptor
from measurement.datapackage.columns import Value
from measurement.datapackage.resources import RESOURCES
from measurement.datapackage.shapes import Resource

FOLDER: Final = Path(descriptor.__file__).parent / "packages" / "templates"
CODES: Final = ("cradle-to-career", "childhood-obesity", "stop-bullying", "customer-centricity")

Tables = dict[str, list[dict[str, Value]]]


@dataclass(frozen=True)
class Template:
    code: str
    name: str
    summary: str

    @property
    def place(self) -> Path:
        return FOLDER / self.code

    def tables(self) -> Tables:
        """Its rows by table, each value by its column; tables without a row are not in it."""
        found = {resource.name: _rows(self.place, resource) for resource in RESOURCES}
        return {name: rows for name, rows in found.items() if rows}


def offered() -> list[Template]:
    return [_described(code) for code in CODES]


def _described(code: str) -> Template:
    described = json.loads((FOLDER / code / descriptor.FILE).read_text(encoding="utf-8"))
    return Template(code, described["title"], described["description"])


def _rows(place: Path, resource: Resource) -> list[dict[str, Value]]:
    path = place / resource.path
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return [
            {column.name: column.read(row[column.name]) for column in resource.columns}
            for row in csv.DictReader(lines)
        ]
