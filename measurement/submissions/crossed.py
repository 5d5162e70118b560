"""A cross-table as it stands in a report: lines of figures in rows and columns."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, Protocol, TypeVar

from measurement.indicators.models import Category, Disaggregation
from measurement.submissions.grid import GridCell


class HasCell(Protocol):
    cell: GridCell


L = TypeVar("L", bound=HasCell)


@dataclass
class CrossTable(Generic[L]):
    """Two breakdowns of a measure together: a row a category of the one, a column a category of the other."""

    disaggregation: Disaggregation
    lines: Sequence[L]

    @property
    def heads(self) -> list[str]:
        return [column.name for column in self._margin("column")]

    @property
    def rows(self) -> list[tuple[str, list[L | None]]]:
        """None where a pair of categories is not asked for."""
        cells = {(self._of(line).row_id, self._of(line).column_id): line for line in self.lines}
        columns = self._margin("column")
        return [
            (row.name, [cells.get((row.pk, column.pk)) for column in columns]) for row in self._margin("row")
        ]

    def _margin(self, side: str) -> list[Category]:
        found: set[Category] = {getattr(self._of(line), side) for line in self.lines}
        return sorted(found, key=lambda category: (category.position, category.pk))

    @staticmethod
    def _of(line: HasCell) -> Category:
        if line.cell.category is None:
            raise ValueError("a cross-table is made of categories")
        return line.cell.category
