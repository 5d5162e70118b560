"""Curves to draw, and a way to look into what was drawn."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from xml.etree import ElementTree as ET

from measurement.charts.series import Curve, LineChart, Point

SVG = "{http://www.w3.org/2000/svg}"


class Drawing:
    """A picture that was parsed as XML, which fails if it is not well formed."""

    def __init__(self, text: str) -> None:
        self.root = ET.fromstring(text)

    def all(self, tag: str, klass: str = "") -> list[ET.Element]:
        return [each for each in self.root.iter(f"{SVG}{tag}") if not klass or each.get("class") == klass]

    def texts(self) -> list[str]:
        return [each.text or "" for each in self.all("text")]

    def names(self) -> set[str]:
        """Every tag and attribute name in it."""
        elements = list(self.root.iter())
        tags = {each.tag.removeprefix(SVG) for each in elements}
        return tags | {attribute for each in elements for attribute in each.attrib}


def year(number: int, value: str | None, *, partial: bool = False) -> Point:
    known = None if value is None else Decimal(value)
    return Point(str(number), date(number, 1, 1), date(number, 12, 31), known, partial=partial)


def yearly(values: Sequence[str | None], *, first: int = 2019) -> tuple[Point, ...]:
    return tuple(year(first + index, value) for index, value in enumerate(values))


def chart_of(points: tuple[Point, ...], *, unit: str = "%", decimals: int = 0) -> LineChart:
    return LineChart(title="Up from 52 to 57 %", curve=Curve("Reading", points, unit, decimals))


READING = chart_of(yearly(["52", "51", None, "53", "54", "56", "57"]))
