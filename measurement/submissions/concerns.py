"""What a reviewer writes about single figures when a report goes back: read from the form of the desk."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from measurement.submissions.answers import Problem, problem_with
from measurement.submissions.grid import Cell, Grid

LONGEST = 2000


@dataclass
class Concerns:
    """`typed` is everything that was written, so that nothing is lost; `said` what of it can be kept."""

    typed: dict[Cell, str] = field(default_factory=dict)
    said: dict[Cell, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_concerns(sent: Mapping[str, str], grid: Grid) -> Concerns:
    """Only about the report's own figures."""
    found = Concerns()
    for cell in grid.cells:
        words = str(sent.get(f"{cell.name}-message", "")).replace("\r\n", "\n").strip()
        if not words:
            continue
        found.typed[cell.key] = words
        if "\0" in words:
            sentence = _("The text holds a character that cannot be stored. Type it again, without copying.")
            found.problems.append(problem_with(cell, "message", sentence))
        elif len(words) > LONGEST:
            sentence = _("Shorten the text to %(limit)d characters: it has %(now)d.")
            sentence %= {"limit": LONGEST, "now": len(words)}
            found.problems.append(problem_with(cell, "message", sentence))
        else:
            found.said[cell.key] = words
    return found
