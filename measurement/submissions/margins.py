"""What of a report has to fit together: the total with each breakdown, and a cross-table with both its margins."""

from collections.abc import Iterator
from dataclasses import dataclass

from measurement.indicators.models import Disaggregation
from measurement.submissions.grid import ADDED_UP, GridCell, GridRow

AddsUp = Disaggregation.AddsUp


@dataclass(frozen=True)
class Sum:
    """A figure and its parts. `rule`: how the parts make it. `unknown`: the part that takes what is left.

    `name`: of the breakdown, where there are several.
    """

    whole: GridCell
    parts: list[GridCell]
    rule: str
    unknown: GridCell | None
    is_of_total: bool = True
    name: str = ""


def sums_of(row: GridRow) -> Iterator[Sum]:
    """Every sum that has to be right, a breakdown's before those of the cross-tables that it is a margin of."""
    if row.total.kind not in ADDED_UP:
        return
    crossed, several = [], len(row.breakdowns) > 1
    for disaggregation, cells in row.breakdowns.items():
        if disaggregation.is_cross_table:
            crossed.append((disaggregation, cells))
        else:
            unknown = next((cell for cell in cells if cell.category and cell.category.is_unknown), None)
            name = disaggregation.name if several else ""
            yield Sum(row.total, cells, disaggregation.adds_up, unknown, name=name)
    for disaggregation, cells in crossed:
        yield from _crossed(row, disaggregation, cells)


def _crossed(row: GridRow, table: Disaggregation, cells: list[GridCell]) -> Iterator[Sum]:
    """Each row of the table against its margin, and each column; without margins all cells against the total."""
    rules = {each.pk: each.adds_up for each in row.breakdowns}
    if table.rows_id not in rules or table.columns_id not in rules:
        yield Sum(row.total, cells, table.adds_up, None)
        return
    margins = {cell.figure.category_id: cell for cell in row.cells if cell.category}
    for side, rule in (("row", rules[table.columns_id]), ("column", rules[table.rows_id])):
        lines: dict[int, list[GridCell]] = {}
        for cell in cells:
            lines.setdefault(getattr(cell.category, f"{side}_id"), []).append(cell)
        other = "column" if side == "row" else "row"
        for margin, parts in lines.items():
            if margin in margins:
                unknown = next((c for c in parts if getattr(c.category, other).is_unknown), None)
                yield Sum(margins[margin], parts, rule, unknown, is_of_total=False, name=table.name)
