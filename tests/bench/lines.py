import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from time import perf_counter
from typing import Any


@dataclass(frozen=True)
class Line:
    """`goal` is the most that `judged_by` ("ratio" or "value") may be; None where there is none."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    goal: float | None = None
    judged_by: str = "ratio"

    @property
    def ratio(self) -> float | None:
        return self.value / self.floor if self.floor else None

    @property
    def met(self) -> bool | None:
        judged = self.ratio if self.judged_by == "ratio" else self.value
        return None if self.goal is None or judged is None else judged <= self.goal

    def __str__(self) -> str:
        floor = f"{self.floor:>10.3f}" if self.floor is not None else " " * 10
        ratio = f"{self.ratio:>7.2f}x" if self.ratio is not None else " " * 8
        goal = (
            f"goal {self.goal:g}{'x' if self.judged_by == 'ratio' else ' ' + self.unit}" if self.goal else ""
        )
        verdict = {True: "met", False: "NOT MET", None: ""}[self.met]
        return f"{self.name:<66}{self.value:>10.3f} {self.unit:<8}{floor} {ratio}  {goal:<12} {verdict}"

    def as_json(self) -> dict[str, Any]:
        told = asdict(self)
        told.pop("judged_by")
        return {**told, "ratio": self.ratio, "met": self.met}


def seconds(work: Callable[[], object], *, times: int = 1) -> float:
    """The best of several times: what the work takes when nothing else is in the way."""
    taken = []
    for _ in range(times):
        start = perf_counter()
        work()
        taken.append(perf_counter() - start)
    return min(taken)


def write(lines: list[Line], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps([line.as_json() for line in lines], indent=2) + "\n")
