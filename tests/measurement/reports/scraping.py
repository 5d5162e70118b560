"""Somebody who fetches everything there is of a release, and tries to work out what it hides."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from django.test import Client
from openpyxl import load_workbook
from pypdf import PdfReader
from scipy.optimize import Bounds, LinearConstraint, milp

Spot = tuple[int, str, str]  # number of the release, place, category; empty for all
_LINK = re.compile(r'(?:href|src|action)="([^"#]+)"')
_NUMBER_COLUMNS = (
    *("value", "amount", "base", "low", "high", "interval_low", "interval_high"),
    *("OBS_VALUE", "LOW", "HIGH"),
)
_MOST = 10_000_000.0  # more than any count here


def body_of(answer: Any) -> bytes:
    return bytes(b"".join(answer.streaming_content) if answer.streaming else answer.content)


@dataclass
class Loot:
    """What one reader has fetched: bodies and headers by address, and every number that is told of a figure."""

    bodies: dict[str, bytes] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)

    def texts(self) -> Iterator[tuple[str, str]]:
        for url, content in self.bodies.items():
            yield url, "\n".join(readable(content))
            yield f"{url} (headers)", self.headers[url]

    def told(self) -> dict[Spot, set[float]]:
        found: dict[Spot, set[float]] = {}
        for url, content in self.bodies.items():
            number = int(url.split("/releases/")[1].split("/")[0])
            for place, category, values in figures_in(url, content):
                found.setdefault((number, place, category), set()).update(values)
        return found


def fetch_all(client: Client, starts: Iterable[str], within: str) -> Loot:
    """Everything that can be reached from there by links that stay within."""
    loot, waiting, seen = Loot(), list(starts), set()
    while waiting:
        url = waiting.pop()
        if url in seen:
            continue
        seen.add(url)
        answer = client.get(url)
        if answer.status_code != 200:
            continue
        loot.bodies[url] = body_of(answer)
        loot.headers[url] = str(sorted(answer.headers.items()))
        if "html" in answer.headers["Content-Type"]:
            links = _LINK.findall(loot.bodies[url].decode())
            waiting += [link for link in links if link.startswith(within)]
    return loot


def readable(content: bytes) -> Iterator[str]:
    if content.startswith(b"%PDF"):
        yield from (page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    elif content.startswith(b"PK"):
        archive = zipfile.ZipFile(io.BytesIO(content))
        yield from (archive.read(name).decode() for name in archive.namelist())
    else:
        yield content.decode()


def figures_in(url: str, content: bytes) -> Iterator[tuple[str, str, set[float]]]:
    """Place, category, and every number in the line of the figure."""
    reader = next((read for end, read in _READERS.items() if url.endswith(f"/{end}/")), None)
    for row in reader(content) if reader else ():
        place, category = (
            row.get("place", row.get("AREA_NAME")),
            row.get("category", row.get("CATEGORY_NAME")),
        )
        values = (row.get(name) for name in _NUMBER_COLUMNS)
        yield place or "", category or "", {float(each) for each in values if each not in {None, "", "[c]"}}


def _lines(content: bytes) -> list[Mapping[str, Any]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def _of_archive(content: bytes) -> list[Mapping[str, Any]]:
    return _lines(zipfile.ZipFile(io.BytesIO(content)).read("figures.csv"))


def _of_json(content: bytes) -> list[Mapping[str, Any]]:
    return [each for measure in json.loads(content)["measures"] for each in measure["figures"]]


def _of_workbook(content: bytes) -> list[Mapping[str, Any]]:
    header, *rows = load_workbook(io.BytesIO(content))["Figures"].iter_rows(values_only=True)
    return [dict(zip(map(str, header), row, strict=True)) for row in rows]


def _linked(content: bytes) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = []
    for node in json.loads(content)["@graph"]:
        if node["@type"] == "cids:IndicatorReport":
            words = set(node["org:hasName"].split(", "))
            rows.append(
                {
                    "place": next(iter(words & {"East", "North", "West"}), ""),
                    "category": next(iter(words & {"Girls", "Boys"}), ""),
                    "value": node["i72:value"]["i72:hasNumericalValue"],
                }
            )
    return rows


_READERS: dict[str, Callable[[bytes], list[Mapping[str, Any]]]] = {
    "csv": _lines,
    "sdmx": _lines,
    "datapackage": _of_archive,
    "json": _of_json,
    "xlsx": _of_workbook,
    "cids": _linked,
}


@dataclass
class Solver:
    """Counts of people that add up: categories to places, places to the whole. `least`: what is known to be in it.

    `changes`: by how much somebody knows that a figure is another one in the second release.
    """

    known: Mapping[Spot, float]
    spots: list[Spot]
    least: Mapping[Spot, float] = field(default_factory=dict)
    changes: Mapping[tuple[Spot, Spot], float] = field(default_factory=dict)

    def span(self, spot: Spot) -> tuple[float, float]:
        return self._end(spot, 1), self._end(spot, -1)

    def _end(self, spot: Spot, sign: int) -> float:
        goal = np.zeros(len(self.spots))
        goal[self.spots.index(spot)] = sign
        matrix, right = self._relations()
        low = [self.known.get(each, max(1.0, self.least.get(each, 0.0))) for each in self.spots]
        high = [self.known.get(each, _MOST) for each in self.spots]
        answer = milp(
            goal,
            constraints=LinearConstraint(matrix, right, right),
            bounds=Bounds(low, high),
            integrality=np.ones(len(goal)),
        )
        assert answer.status == 0, answer.message
        return float(sign * round(answer.fun))

    def _relations(self) -> tuple[Any, Any]:
        rows, right = [], []
        for whole, parts in self._sums():
            row = np.zeros(len(self.spots))
            row[self.spots.index(whole)] = -1
            for part in parts:
                row[self.spots.index(part)] = 1
            rows.append(row)
            right.append(0.0)
        for (first, second), change in self.changes.items():
            row = np.zeros(len(self.spots))
            row[self.spots.index(second)], row[self.spots.index(first)] = 1, -1
            rows.append(row)
            right.append(change)
        return np.array(rows), np.array(right)

    def _sums(self) -> Iterator[tuple[Spot, list[Spot]]]:
        releases = sorted({spot[0] for spot in self.spots})
        places = sorted({spot[1] for spot in self.spots} - {""})
        categories = sorted({spot[2] for spot in self.spots} - {""})
        for number in releases:
            for place in (*places, ""):
                yield (number, place, ""), [(number, place, category) for category in categories]
            for category in (*categories, ""):
                yield (number, "", category), [(number, place, category) for place in places]
