"""Where the bars of a timeline stand, in whole pixels. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

LEFT: Final = 260  # room for the names
ROW: Final = 34
TOP: Final = 34
WIDTH: Final = 1000
_LEAST: Final = 4  # a bar of one day is still seen
_MOST_MARKS: Final = 12
_DAY_NAME: Final = 60  # room for the name of a month


@dataclass(frozen=True)
class Span:
    """What is drawn of one action: days both counted in, the days of its steps with whether each is done."""

    name: str
    first: date
    last: date
    state: str
    steps: Sequence[tuple[date, bool]] = ()


@dataclass(frozen=True)
class Step:
    x: int
    done: bool


@dataclass(frozen=True)
class Bar:
    span: Span
    name: str  # cut to its room
    y: int
    x: int
    width: int
    steps: list[Step]

    @property
    def middle(self) -> int:
        return self.y + ROW // 2


@dataclass(frozen=True)
class Mark:
    """The beginning of a month, a quarter or a year."""

    x: int
    day: date


@dataclass(frozen=True)
class Timeline:
    bars: list[Bar]
    marks: list[Mark]
    today: int | None
    width: int
    height: int


def lay_out(spans: Sequence[Span], today: date) -> Timeline:
    """One row an action, in the order given. Today is marked where it lies within."""
    first = min((each.first for each in spans), default=today).replace(day=1)
    last = max((each.last for each in spans), default=today)
    days = max((last - first).days + 1, 28)

    def x(day: date) -> int:
        within = min(max((day - first).days, 0), days)
        return LEFT + within * (WIDTH - LEFT - 10) // days

    bars = [
        Bar(
            span=each,
            name=_cut(each.name),
            y=TOP + row * ROW,
            x=x(each.first),
            width=max(x(each.last + timedelta(days=1)) - x(each.first), _LEAST),
            steps=[Step(x(day), done) for day, done in each.steps],
        )
        for row, each in enumerate(spans)
    ]
    return Timeline(
        bars=bars,
        marks=[
            Mark(x(day), day)
            for day in _beginnings(first, first + timedelta(days=days))
            if x(day) <= WIDTH - _DAY_NAME
        ],
        today=x(today) if first <= today <= first + timedelta(days=days) else None,
        width=WIDTH,
        height=TOP + len(spans) * ROW + 8,
    )


def _beginnings(first: date, last: date) -> list[date]:
    """Beginnings of months, as few apart as keeps their names apart; at most a dozen or so."""
    months = (last.year - first.year) * 12 + last.month - first.month + 1
    step = next((each for each in (1, 2, 3, 6, 12) if months / each <= _MOST_MARKS), 12 * (months // 144 + 1))
    found = []
    for number in range(0, months, step):
        year, month = divmod(first.month - 1 + number, 12)
        found.append(date(first.year + year, month + 1, 1))
    return found


def _cut(name: str, most: int = 36) -> str:
    return name if len(name) <= most else f"{name[: most - 1].rstrip()}…"
