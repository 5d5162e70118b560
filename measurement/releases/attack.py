"""What somebody can work out from a release: the linear problem that a curious reader solves. Pure.

The unknown cells fall into parts that no relation connects; each part is solved for itself. A part in which every
cell lies in at most two relations that can be told apart like rows and columns is a network: its linear
programme has whole solutions, and any other part is solved as an integer programme.

Decisions. A solver computes in floating point and is not believed: each solution is rounded and tried exactly on the
relations, and only then counts as a table that the reader cannot tell from the true one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from math import ceil, floor
from typing import Any, Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

from measurement.releases.cube import Cell, Cube, Key, Relation, Standing, connected

Numbers = np.ndarray[Any, np.dtype[Any]]

_UNLIMITED: Final = 2  # the status in which the solver leaves a programme without end
_NEARLY: Final = 1e-6


class NotSolved(Exception):
    """The solver gave no answer within its time."""


class Contradiction(ValueError):
    """The true values do not fulfil the relations, so that the table cannot be judged."""


@dataclass(frozen=True)
class Row:
    """One relation over the unknown cells of a part, by their places in it; what is known has been brought over."""

    places: tuple[int, ...]
    factors: tuple[int, ...]
    low: Decimal | None
    high: Decimal | None


@dataclass(frozen=True)
class Viewed:
    """From where somebody looks: the least and the most that each cell can be for that reader."""

    low: Numbers
    high: Numbers


@dataclass(frozen=True)
class Part:
    """Unknown cells that hang together."""

    cells: tuple[Cell, ...]
    rows: tuple[Row, ...]

    @cached_property
    def truth(self) -> Numbers:
        return np.array([float(cell.value) for cell in self.cells])

    @cached_property
    def whole(self) -> bool:
        return all(cell.whole for cell in self.cells)

    @cached_property
    def matrix(self) -> csr_array:
        places = [place for row in self.rows for place in row.places]
        factors = [float(factor) for row in self.rows for factor in row.factors]
        lines = [line for line, row in enumerate(self.rows) for _place in row.places]
        return csr_array((factors, (lines, places)), shape=(len(self.rows), len(self.cells)))

    @cached_property
    def limits(self) -> tuple[Numbers, Numbers]:
        """Of each row, the least and the most."""
        low = [-np.inf if row.low is None else _up(row.low, self.whole) for row in self.rows]
        high = [np.inf if row.high is None else _down(row.high, self.whole) for row in self.rows]
        return np.array(low, dtype=float), np.array(high, dtype=float)

    @cached_property
    def far(self) -> float:
        """More than any cell needs to be: who may believe this may believe anything."""
        rules = [cell.rule.k for cell in self.cells]
        return float(10 * (np.abs(self.truth).max(initial=0) + max(rules, default=0)) + 10)

    @cached_property
    def is_network(self) -> bool:
        return self.whole and _is_network(self.rows, len(self.cells))

    def holds(self, table: Numbers, viewed: Viewed) -> bool:
        """Whether the table fulfils every relation: exactly, where all cells are whole numbers."""
        near = 0.0 if self.whole else _NEARLY * (1 + self.far)
        if np.any(table < viewed.low - near) or np.any(table > viewed.high + near):
            return False
        sums = self.matrix @ table
        low, high = self.limits
        return bool(np.all(sums >= low - near) and np.all(sums <= high + near))

    def furthest(self, place: int, *, up: bool, viewed: Viewed, patience: float) -> Numbers | None:
        """A table in which the cell is as high, or as low, as it can be; None where there is none at all.

        Errors: NotSolved where the solver gives up.
        """
        found = self._solve(place, up=up, viewed=viewed, patience=patience, linear=self.is_network)
        if found is not None and self.is_network and not self.holds(found, viewed):
            found = self._solve(place, up=up, viewed=viewed, patience=patience, linear=False)
        if found is not None and not self.holds(found, viewed):
            raise NotSolved
        return found

    def _solve(
        self, place: int, *, up: bool, viewed: Viewed, patience: float, linear: bool
    ) -> Numbers | None:
        goal = np.zeros(len(self.cells))
        goal[place] = -1 if up else 1
        kinds = [0 if linear or not cell.whole else 1 for cell in self.cells]
        answer = milp(
            goal,
            constraints=LinearConstraint(self.matrix, *self.limits) if self.rows else None,
            bounds=Bounds(viewed.low, viewed.high),
            integrality=kinds,
            options={"time_limit": max(patience, 0.1), "mip_rel_gap": 0},
        )
        if answer.status == _UNLIMITED:
            return None
        if answer.x is None or answer.status != 0:
            raise NotSolved
        found: Numbers = np.where([cell.whole for cell in self.cells], np.round(answer.x), answer.x)
        return found


def _up(number: Decimal, whole: bool) -> float:
    return float(ceil(number)) if whole else float(number)


def _down(number: Decimal, whole: bool) -> float:
    return float(floor(number)) if whole else float(number)


def parts_of(cube: Cube, hidden: frozenset[Key]) -> Iterator[Part]:
    """The unknown cells of the release, in parts. Raises Contradiction."""
    unknown = {cell.key: cell for cell in cube.cells if is_unknown(cell, hidden)}
    told = [each for each in cube.relations if each.given is None or each.given not in hidden]
    reduced = [_reduced(cube, relation, unknown) for relation in told]
    for keys, relations in connected(unknown, [each for each in reduced if each.terms]):
        place = {key: number for number, key in enumerate(keys)}
        rows = tuple(
            Row(
                tuple(place[key] for key, _factor in relation.terms),
                tuple(factor for _key, factor in relation.terms),
                relation.low,
                relation.high,
            )
            for relation in relations
        )
        yield Part(tuple(unknown[key] for key in keys), rows)


def is_unknown(cell: Cell, hidden: frozenset[Key]) -> bool:
    if cell.standing is Standing.OFFERED:
        return cell.key in hidden
    return cell.standing is not Standing.PUBLIC


def _reduced(cube: Cube, relation: Relation, unknown: dict[Key, Cell]) -> Relation:
    """The relation over what is not known, after a look whether the true values fulfil it."""
    merged: dict[Key, int] = {}
    for key, factor in relation.terms:
        merged[key] = merged.get(key, 0) + factor
    values = {key: factor * cube.by_key[key].value for key, factor in merged.items()}
    if not _within(sum(values.values(), Decimal(0)), relation):
        raise Contradiction(f"the relation of {relation.terms[0][0]} does not hold")
    known = sum((value for key, value in values.items() if key not in unknown), Decimal(0))
    return Relation(
        tuple((key, factor) for key, factor in merged.items() if key in unknown and factor),
        None if relation.low is None else relation.low - known,
        None if relation.high is None else relation.high - known,
    )


def _within(number: Decimal, relation: Relation) -> bool:
    return (relation.low is None or number >= relation.low) and (
        relation.high is None or number <= relation.high
    )


def _is_network(rows: tuple[Row, ...], width: int) -> bool:
    """Whether the rows can be parted in two so that the matrix is totally unimodular.

    Source: Heller and Tompkins (1956): entries of 0 and ±1, at most two in a column; of two with the same sign the
    rows lie on different sides, of two with opposite signs on the same.
    """
    lying: list[list[tuple[int, int]]] = [[] for _each in range(width)]
    for line, row in enumerate(rows):
        for place, factor in zip(row.places, row.factors, strict=True):
            if abs(factor) != 1:
                return False
            lying[place].append((line, factor))
    if any(len(column) > 2 for column in lying):
        return False
    apart: dict[int, list[tuple[int, bool]]] = {line: [] for line in range(len(rows))}
    for (one, first), (other, second) in (column for column in lying if len(column) == 2):
        apart[one].append((other, first == second))
        apart[other].append((one, first == second))
    return _two_sided(apart)


def _two_sided(apart: dict[int, list[tuple[int, bool]]]) -> bool:
    side: dict[int, bool] = {}
    for start in apart:
        waiting = [] if start in side else [start]
        side.setdefault(start, False)
        while waiting:
            line = waiting.pop()
            for other, is_apart in apart[line]:
                wanted = side[line] != is_apart
                if other not in side:
                    side[other] = wanted
                    waiting.append(other)
                elif side[other] != wanted:
                    return False
    return True
