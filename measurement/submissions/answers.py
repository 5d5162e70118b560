"""What a report says, cell by cell, and what has to be put right in it."""

from dataclasses import dataclass, field

from measurement.submissions.components import HandedIn
from measurement.submissions.grid import Cell, GridCell
from measurement.submissions.observations import Given


@dataclass(frozen=True)
class Problem:
    """One thing that must be put right, and the field to go to."""

    cell: Cell
    field: str
    sentence: str


@dataclass
class Reading:
    given: dict[Cell, Given] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    handed_in: dict[Cell, HandedIn] = field(default_factory=dict)


def problem_with(cell: GridCell, where: str, sentence: str) -> Problem:
    return Problem(cell.key, f"{cell.name}-{where}", f"{cell.label}: {sentence}")
