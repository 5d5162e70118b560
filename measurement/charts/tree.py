"""A tree as a picture, top to bottom and left to right: a box for each node, a line from each to the one above.

The columns are the levels. A node stands at the height of the middle of what is under it, so no two boxes meet.
"""

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final
from xml.etree import ElementTree as ET

from django.utils.safestring import SafeString

from measurement.charts import look, svg
from measurement.charts.lettering import shortened

BOX_WIDTH: Final = 250.0
BOX_HEIGHT: Final = 100.0
_GAP_X: Final = 56.0
_GAP_Y: Final = 14.0
_EDGE: Final = 8.0
_PADDING: Final = 12.0
_LINES: Final = 3


@dataclass(frozen=True)
class Box:
    """`sign` and `words` say how it stands, in `colour`; `note` what is not drawn under it."""

    name: str
    kind: str
    url: str
    sign: str
    words: str
    colour: str
    note: str = ""
    children: tuple["Box", ...] = ()


@dataclass(frozen=True)
class Placed:
    box: Box
    x: float
    y: float
    children: tuple["Placed", ...]

    @property
    def middle(self) -> float:
        return self.y + BOX_HEIGHT / 2


def place(boxes: Sequence[Box]) -> list[Placed]:
    """Where each box stands; nothing overlaps."""
    found, top = [], _EDGE
    for box in boxes:
        placed, top = _place(box, level=0, top=top)
        found.append(placed)
    return found


def _place(box: Box, *, level: int, top: float) -> tuple[Placed, float]:
    """The box with what is under it, and where the next one may begin."""
    children, below = [], top
    for child in box.children:
        placed, below = _place(child, level=level + 1, top=below)
        children.append(placed)
    middle = (children[0].middle + children[-1].middle) / 2 if children else top + BOX_HEIGHT / 2
    x = _EDGE + level * (BOX_WIDTH + _GAP_X)
    bottom = max(below, top + BOX_HEIGHT + _GAP_Y)
    return Placed(box, x, middle - BOX_HEIGHT / 2, tuple(children)), bottom


def tree_svg(boxes: Sequence[Box], *, title: str, description: str, element_id: str) -> SafeString:
    """Draw the tree; each box is a link. In a page, CSS may make it as large as one likes."""
    placed = place(boxes)
    everything = list(_all(placed))
    width = max((each.x for each in everything), default=0) + BOX_WIDTH + _EDGE
    height = max((each.y for each in everything), default=0) + BOX_HEIGHT + _EDGE
    root = svg.drawing(
        element_id=element_id,
        title=title,
        description=description,
        width=width,
        height=height,
        klass="strategy-map",
    )
    root.set("role", "group")  # of links: an "img" would hide them
    for each in everything:
        for child in each.children:
            _line(root, each, child)
    for each in everything:
        _draw(root, each)
    return svg.written(root)


def _all(placed: Sequence[Placed]) -> Iterator[Placed]:
    for each in placed:
        yield each
        yield from _all(each.children)


def _line(root: ET.Element, above: Placed, below: Placed) -> None:
    start, end = above.x + BOX_WIDTH, below.x
    half = (start + end) / 2
    corners = [(start, above.middle), (half, above.middle), (half, below.middle), (end, below.middle)]
    svg.track(root, corners, colour=look.AXIS, wide=1.2)


def _draw(root: ET.Element, placed: Placed) -> None:
    box, left = placed.box, placed.x + _PADDING
    link = svg.add(root, "a", href=box.url, klass="map-node")
    svg.add(link, "title", f"{box.kind}: {box.name}. {box.words}")
    svg.add(
        link,
        "rect",
        x=placed.x,
        y=placed.y,
        width=BOX_WIDTH,
        height=BOX_HEIGHT,
        rx=4,
        fill=look.PAPER,
        stroke=look.AXIS,
    )
    kind = f"{box.kind} · {box.note}" if box.note else box.kind
    svg.lettering(link, kind, x=left, y=placed.y + 17, size=11)
    for row, line in enumerate(_lines(box.name)):
        svg.lettering(
            link, line, x=left, y=placed.y + 34 + row * 16, size=look.TEXT, colour=look.INK, weight=600
        )
    words = shortened(f"{box.sign} {box.words}", look.SMALL, BOX_WIDTH - 2 * _PADDING)
    svg.lettering(link, words, x=left, y=placed.y + BOX_HEIGHT - 10, colour=box.colour, weight=600)


def _lines(name: str) -> list[str]:
    """At most so many lines, the last one cut where there is more."""
    room = BOX_WIDTH - 2 * _PADDING
    lines = textwrap.wrap(svg.clean(name), 32) or [" "]
    kept = lines[:_LINES]
    if len(lines) > _LINES:
        kept[-1] = f"{kept[-1]}…"
    return [shortened(line, look.TEXT, room) for line in kept]
