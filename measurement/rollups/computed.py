"""Measures that are computed from others: from their rolled-up figures of the same period, group and category.

Decisions. Nothing is kept of them: they are computed when they are read, from cells that are, so they can never be
behind. One is partial when anything in it is, and not known where anything in it is not known.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from copy import copy
from typing import Final

from measurement.indicators.expressions import evaluate, operands
from measurement.rollups.figures import Figure, Known, tree_of
from measurement.rollups.kinds import Standing
from measurement.rollups.models import Cell

_Place = tuple[int, int | None, int | None]
_ADDED: Final = (
    *("expected", "received", "on_time", "missing", "not_applicable", "not_collected", "withheld"),
    *("estimated", "provisional", "included_elsewhere", "carried"),
)
_WORST_FIRST: Final = (Standing.PARTIAL, Standing.PROVISIONAL, Standing.FINAL)


def computed(what: Known, figures: Iterable[Figure], *, of: int | None = None) -> list[Figure]:
    """The figures of one computed measure, or of all that are at hand, from those of their operands."""
    wanted = what.derived if of is None else [of]
    if not wanted:
        return []
    places: dict[_Place, dict[int, Figure]] = defaultdict(dict)
    for figure in figures:
        cell = figure.cell
        places[cell.period_id, cell.group_id, cell.category_id][cell.indicator_id] = figure
    made = (_figure(what, each, there) for each in wanted for there in places.values())
    return [figure for figure in made if figure is not None]


def _figure(what: Known, indicator_id: int, there: Mapping[int, Figure]) -> Figure | None:
    """None where nothing that it is computed from is known here at all."""
    anything = next(iter(there.values()))
    version = what.definition(indicator_id, anything.period.start)
    tree = tree_of(version.expression)
    parts: dict[str, Figure] = {}
    for code in sorted(operands(tree)):
        found = _operand(what, what.codes.get(code, 0), there)
        if found is not None:
            parts[code] = found
    if not parts:
        return None
    value = evaluate(tree, {code: part.shown for code, part in parts.items()})
    cell = _cell([part.cell for part in parts.values()])
    cell.indicator_id, cell.version_id = indicator_id, version.pk
    cell.amount, cell.figures = value, int(value is not None)
    return Figure(
        cell,
        anything.period,
        version,
        _standing(parts, is_whole=parts.keys() == operands(tree)),
        reported=all(part.reported for part in parts.values()),
        too_few_partners=any(part.too_few_partners for part in parts.values()),
        operands=parts,
    )


def _operand(what: Known, indicator_id: int, there: Mapping[int, Figure]) -> Figure | None:
    return _figure(what, indicator_id, there) if what.computes(indicator_id) else there.get(indicator_id)


def _cell(cells: list[Cell]) -> Cell:
    """The counts of all operands together; whose group and category they are."""
    made = copy(cells[0])
    made.pk = None
    for name in (
        "amount",
        "base",
        "squares",
        "based",
        "levels",
        "withheld_low",
        "withheld_high",
        "lowest",
        "highest",
    ):
        setattr(made, name, None)
    made.zeros = made.without_cases = 0
    for name in _ADDED:
        setattr(made, name, sum(getattr(cell, name) for cell in cells))
    made.contributors = min(cell.contributors for cell in cells)
    made.versions = max(cell.versions for cell in cells)
    made.recorded_at = max((cell.recorded_at for cell in cells if cell.recorded_at), default=None)
    return made


def _standing(parts: Mapping[str, Figure], *, is_whole: bool) -> Standing:
    standings = {part.standing for part in parts.values()}
    if standings == {Standing.NOTHING}:
        return Standing.NOTHING
    if not is_whole or Standing.NOTHING in standings:
        return Standing.PARTIAL
    return next(each for each in _WORST_FIRST if each in standings)
