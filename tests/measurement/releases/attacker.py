"""Somebody who wants to know: tries to work out hidden numbers from a table with a pattern, in another way than
the code under test. All cells are unknowns here, and what is shown is fixed by its limits."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp

from measurement.releases.cube import Cell, Cube, Key, Standing

_ANYTHING = 100_000.0  # more than any number in these tables


@dataclass(frozen=True)
class Told:
    """A hidden count that somebody can tell too well: exactly, or that it is below k."""

    key: Key
    reader: str
    low: float
    high: float


class Attacker:
    def __init__(self, cube: Cube, hidden: Iterable[Key]) -> None:
        self.cube, self.hidden = cube, frozenset(hidden)
        self.column = {cell.key: number for number, cell in enumerate(cube.cells)}
        known = [each for each in cube.relations if each.given is None or each.given not in self.hidden]
        self.matrix = np.zeros((len(known), len(cube.cells)))
        for line, relation in enumerate(known):
            for key, factor in relation.terms:
                self.matrix[line, self.column[key]] += factor
        self.low = np.array([-np.inf if r.low is None else float(r.low) for r in known])
        self.high = np.array([np.inf if r.high is None else float(r.high) for r in known])

    def readers(self) -> list[str]:
        """The public, and whoever knows a part of something that cannot be seen."""
        unseen = [cell for cell in self.cube.cells if not self.is_seen(cell)]
        return ["", *sorted({reader for cell in unseen for reader in cell.own})]

    def is_seen(self, cell: Cell) -> bool:
        return cell.standing is Standing.PUBLIC or (
            cell.standing is Standing.OFFERED and cell.key not in self.hidden
        )

    def least(self, cell: Cell, reader: str) -> float:
        """Hidden counts of people by enough partners are not 0 where zeros are always shown."""
        rule = cell.rule
        told = cell.standing is Standing.OFFERED and rule.people and rule.zeros_shown and not rule.sensitive
        some = told and cell.contributors >= rule.fewest
        return max(float(cell.own.get(reader, 0)), 1.0 if some else 0.0)

    def limits(self, reader: str) -> tuple[Any, Any]:
        low, high = [], []
        for cell in self.cube.cells:
            if self.is_seen(cell) or self.is_own(cell, reader):
                low.append(float(cell.value))
                high.append(float(cell.value))
            else:
                low.append(self.least(cell, reader))
                high.append(_ANYTHING)
        return np.array(low), np.array(high)

    def is_own(self, cell: Cell, reader: str) -> bool:
        return cell.contributors == 1 and reader in cell.own

    def is_all_own(self, cell: Cell, reader: str) -> bool:
        """Nobody else counted anybody there, which is no secret where zeros are shown."""
        alone = cell.own.get(reader) == cell.value
        return self.is_own(cell, reader) or (alone and cell.rule.zeros_shown and not cell.rule.sensitive)

    def work_out(self, key: Key, reader: str = "", *, whole: bool = True) -> tuple[float, float]:
        """The least and the most that the cell can be for the reader."""
        return self._end(key, reader, 1, whole=whole), self._end(key, reader, -1, whole=whole)

    def _end(self, key: Key, reader: str, sign: int, *, whole: bool) -> float:
        goal = np.zeros(len(self.cube.cells))
        goal[self.column[key]] = sign
        answer = milp(
            goal,
            constraints=LinearConstraint(self.matrix, self.low, self.high),
            bounds=Bounds(*self.limits(reader)),
            integrality=np.full(len(goal), int(whole)),
        )
        assert answer.status == 0, (answer.status, answer.message)
        return float(sign * round(answer.fun, 6))

    def finds(self) -> Iterator[Told]:
        for reader in self.readers():
            for cell in self.cube.cells:
                if self.is_worth_knowing(cell) and not self.is_all_own(cell, reader):
                    told = self.tell(cell, reader)
                    if told is not None:
                        yield told

    def tell(self, cell: Cell, reader: str) -> Told | None:
        """What is told of the cell, if it is too much. The true number is always possible, so the most says enough."""
        high = self._end(cell.key, reader, -1, whole=True)
        if high > cell.value and not (cell.rule.people and high < cell.rule.k):
            return None
        low = self._end(cell.key, reader, 1, whole=True)
        if low == high or (cell.rule.people and high < cell.rule.k):
            return Told(cell.key, reader, low, high)
        return None

    def is_worth_knowing(self, cell: Cell) -> bool:
        if cell.standing is Standing.IMPLIED:
            return 0 < cell.value < cell.rule.k or 0 < cell.contributors < cell.rule.fewest
        return cell.key in self.hidden

    def by_trying(self, key: Key, reader: str = "", *, most: int) -> tuple[int, int]:
        """The same for small tables: every table that there is, one after the other."""
        low, high = self.limits(reader)
        choices = [
            range(int(least), int(least if least == end else most) + 1)
            for least, end in zip(low, high, strict=True)
        ]
        fitting = [table[self.column[key]] for table in product(*choices) if self._fits(np.array(table))]
        return min(fitting), max(fitting)

    def _fits(self, table: Any) -> bool:
        sums = self.matrix @ table
        return bool(np.all(sums >= self.low) and np.all(sums <= self.high))
