"""What is wrong with a package, each with the place where to put it right."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from django.utils.translation import gettext as _

MOST: Final = 200


@dataclass(frozen=True)
class Problem:
    """`row` counts as a spreadsheet does: the header is row 1. None where it is about the whole file."""

    file: str
    row: int | None
    column: str
    sentence: str

    def __str__(self) -> str:
        place = self.file
        if self.row is not None:
            place += ", " + _("row %(row)s") % {"row": self.row}
        if self.column:
            place += ", " + _("column “%(column)s”") % {"column": self.column}
        return f"{place}: {self.sentence}"


class Unfit(Exception):
    """The package cannot be loaded as it is, and nothing of it was stored."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = list(problems)
        super().__init__("\n".join(map(str, self.problems)))


class Enough(Exception):
    """So much is wrong that looking further would help nobody."""


@dataclass
class Findings:
    problems: list[Problem] = field(default_factory=list)

    def add(self, file: str, row: int | None, column: str, sentence: str) -> None:
        """Keep a problem. Raises Enough with the two hundredth."""
        self.problems.append(Problem(file, row, column, sentence))
        if len(self.problems) >= MOST:
            raise Enough
