"""A small curve beside a number: lines with gaps where nothing is known, and a dot where it ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH, HEIGHT, MARGIN = 160, 40, 4


@dataclass(frozen=True)
class Sparkline:
    lines: list[str]  # "x,y x,y" of each stretch without a gap
    alone: list[tuple[str, str]]  # points between two gaps
    last: tuple[str, str] | None
    width: int = WIDTH
    height: int = HEIGHT


def sparkline(values: Sequence[Decimal | None]) -> Sparkline:
    """The curve of the values in pixels; `None` is a gap, never a joined line and never 0."""
    stretches = _stretches(_points(values))
    return Sparkline(
        lines=[" ".join(",".join(point) for point in stretch) for stretch in stretches if len(stretch) > 1],
        alone=[stretch[0] for stretch in stretches if len(stretch) == 1],
        last=stretches[-1][-1] if stretches else None,
    )


def _points(values: Sequence[Decimal | None]) -> list[tuple[str, str] | None]:
    known = [value for value in values if value is not None]
    if not known:
        return []
    low, high = min(known), max(known)
    step = (WIDTH - 2 * MARGIN) / max(len(values) - 1, 1)
    return [
        None if value is None else (_pixel(MARGIN + step * place), _pixel(_height(value, low, high)))
        for place, value in enumerate(values)
    ]


def _height(value: Decimal, low: Decimal, high: Decimal) -> float:
    share = float((value - low) / (high - low)) if high > low else 0.5
    return HEIGHT - MARGIN - share * (HEIGHT - 2 * MARGIN)


def _pixel(place: float) -> str:
    return f"{place:.1f}"


def _stretches(points: Sequence[tuple[str, str] | None]) -> list[list[tuple[str, str]]]:
    stretches: list[list[tuple[str, str]]] = [[]]
    for point in points:
        if point is not None:
            stretches[-1].append(point)
        elif stretches[-1]:
            stretches.append([])
    return [stretch for stretch in stretches if stretch]
