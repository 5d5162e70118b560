"""Finds room for labels: the first of several places that covers nothing, most important label first."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Literal

from measurement.charts import lettering

Anchor = Literal["start", "middle", "end"]


@dataclass(frozen=True, slots=True)
class Box:
    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: "Box") -> float:
        wide = min(self.right, other.right) - max(self.left, other.left)
        high = min(self.bottom, other.bottom) - max(self.top, other.top)
        return wide * high if wide > 0 and high > 0 else 0.0

    def outside(self, other: "Box") -> float:
        area = (self.right - self.left) * (self.bottom - self.top)
        return area - self.overlap(other)


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a line of text may stand: the anchor's x, the y of its baseline."""

    x: float
    y: float
    anchor: Anchor = "start"

    def box(self, text: str, size: float) -> Box:
        width = lettering.width_of(text, size)
        left = {"start": self.x, "middle": self.x - width / 2, "end": self.x - width}[self.anchor]
        return Box(left - 2, self.y - size * 0.85, left + width + 2, self.y + size * 0.3)


@dataclass
class Room:
    """A picture's free space. What was placed is taken."""

    bounds: Box
    taken: list[Box] = field(default_factory=list)

    def take(self, boxes: Iterable[Box]) -> None:
        self.taken.extend(boxes)

    def take_line(self, points: Sequence[tuple[float, float]], *, thick: float = 4.0) -> None:
        """Keep labels off a line, by small boxes along it."""
        for (x0, y0), (x1, y1) in pairwise(points):
            count = max(int(max(abs(x1 - x0), abs(y1 - y0)) / 6), 1)
            for step in range(count + 1):
                x, y = x0 + (x1 - x0) * step / count, y0 + (y1 - y0) * step / count
                self.taken.append(Box(x - thick / 2, y - thick / 2, x + thick / 2, y + thick / 2))

    def place(self, text: str, size: float, spots: Sequence[Spot]) -> Spot:
        """The first spot that covers nothing, or the one that covers least; it is taken from then on."""
        best = min(spots, key=lambda spot: (self._cost(spot.box(text, size)), spots.index(spot)))
        self.taken.append(best.box(text, size))
        return best

    def _cost(self, box: Box) -> float:
        """Leaving the picture is worse than covering something, because the text would be cut off."""
        return round(sum(box.overlap(each) for each in self.taken) + 20 * box.outside(self.bounds), 3)
