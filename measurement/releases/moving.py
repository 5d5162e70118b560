"""Moving numbers along relations, at the least price: the arithmetic under disclosure.py. Pure.

A move gives every cell it touches another number so that all relations still hold. Moves that were found are kept:
one that a reader cannot rule out leaves every cell in it in doubt for that reader.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

import numpy as np
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array, hstack

from measurement.releases.cube import Cell, Cube, Key, Relation, Standing, connected

Vector = np.ndarray[Any, np.dtype[Any]]
Least = Callable[[Cell, str], Decimal | None]
Owns = Callable[[Cell, str], bool]

_NEARLY: Final = 1e-6
_LONGEST: Final = 20.0  # seconds for one move


class NoMove(Exception):
    """No move leaves the cell in doubt, whatever is hidden."""


@dataclass(frozen=True)
class Room:
    """How far each cell can go down and up for one reader."""

    down: Vector
    up: Vector


@dataclass
class Field:
    """Cells that relations connect, whether shown or not, with the moves found among them."""

    cells: tuple[Cell, ...]
    relations: tuple[Relation, ...]
    stays: frozenset[Key]
    known: list[Vector] = field(default_factory=list)
    rooms: dict[str, Room] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.place = {cell.key: number for number, cell in enumerate(self.cells)}
        self.values = np.array([float(cell.value) for cell in self.cells])
        self.whole = np.array([cell.whole for cell in self.cells], dtype=bool)
        self.readers = sorted({reader for cell in self.cells for reader in cell.own})
        self.far = float(20 * (np.abs(self.values).max(initial=0) + 100))
        self.given = [line for line, each in enumerate(self.relations) if each.given is not None]
        self.matrix = self._matrix()
        now = self.matrix @ self.values
        self.low = np.array([-np.inf if r.low is None else float(r.low) for r in self.relations]) - now
        self.high = np.array([np.inf if r.high is None else float(r.high) for r in self.relations]) - now
        self.ways = hstack([self.matrix, -self.matrix, *self._loose()], format="csr")

    def _matrix(self) -> csr_array:
        entries = [
            (line, self.place[key], float(factor))
            for line, relation in enumerate(self.relations)
            for key, factor in relation.terms
        ]
        lines, places, factors = zip(*entries, strict=True) if entries else ((), (), ())
        return csr_array((factors, (lines, places)), shape=(len(self.relations), len(self.cells)))

    def _loose(self) -> list[csr_array]:
        """What only a percentage tells may be broken, at the price of hiding the percentage."""
        if not self.given:
            return []
        shape = (len(self.relations), len(self.given))
        loose = csr_array(([1.0] * len(self.given), (self.given, range(len(self.given)))), shape=shape)
        return [loose, -loose]

    def room(self, reader: str, least: Least, owns: Owns) -> Room:
        if reader not in self.rooms:
            stands = np.array([cell.key in self.stays or owns(cell, reader) for cell in self.cells])
            down = np.array([self._down(cell, least(cell, reader)) for cell in self.cells])
            self.rooms[reader] = Room(np.where(stands, 0.0, down), np.where(stands, 0.0, self.far))
        return self.rooms[reader]

    def _down(self, cell: Cell, floor: Decimal | None) -> float:
        return self.far if floor is None else max(float(cell.value - floor), 0.0)

    def moves_within(self, room: Room) -> Vector:
        """The known moves that the reader cannot rule out, one a line."""
        every = np.array(self.known)
        return every[((every >= -room.down) & (every <= room.up)).all(axis=1)]

    def cheapest(self, place: int, by: float, room: Room, prices: Vector) -> Vector | None:
        """The move of one cell by so much or more that costs the least, over cells and then percentages.

        Whole numbers move by whole numbers: where the linear programme has no such solution, the integer one is asked.
        """
        for integer in (False, True):
            found = self._solve(place, by, room, prices, integer=integer)
            if found is None or self._is_clean(found):
                return found
        return None

    def _solve(self, place: int, by: float, room: Room, prices: Vector, *, integer: bool) -> Vector | None:
        width, slack = len(self.cells), 2 * len(self.given)
        least = np.zeros(2 * width + slack)
        most = np.concatenate([room.up, room.down, np.full(slack, np.inf)])
        forward, backward = (place, width + place) if by > 0 else (width + place, place)
        least[forward], most[backward] = abs(by), 0
        if most[forward] < least[forward]:
            return None
        kinds = np.concatenate([self.whole, self.whole, np.zeros(slack)]) * int(integer)
        answer = milp(
            prices,
            constraints=LinearConstraint(self.ways, self.low, self.high) if self.relations else None,
            bounds=Bounds(least, most),
            integrality=kinds,
            options={"time_limit": _LONGEST},
        )
        if answer.x is None:
            return None
        moved = answer.x[:width] - answer.x[width : 2 * width]
        return np.concatenate([np.where(self.whole, np.round(moved), moved), answer.x[2 * width :]])

    def _is_clean(self, found: Vector) -> bool:
        """Whether the rounded move still fulfils what is not loosened."""
        width, given = len(self.cells), len(self.given)
        sums = self.matrix @ found[:width]
        if given:
            np.add.at(sums, self.given, found[width : width + given] - found[width + given :])
        near = _NEARLY * (1 + np.abs(sums))
        return bool(np.all(sums >= self.low - near) and np.all(sums <= self.high + near))

    def touched(self, found: Vector) -> Iterator[Key]:
        """The cells that the move touches, and the percentages that it does not keep."""
        width, given = len(self.cells), len(self.given)
        for place in np.flatnonzero(np.abs(found[:width]) > _NEARLY):
            yield self.cells[place].key
        for number, line in enumerate(self.given):
            share = self.relations[line].given
            if share is not None and max(found[width + number], found[width + given + number]) > _NEARLY:
                yield share


class Moves:
    """All the fields of a table, and who looks at them."""

    def __init__(self, cube: Cube, *, stays: Iterable[Key], least: Least, owns: Owns) -> None:
        self.costs = {each.key: each.cost for each in cube.everything}
        self.least, self.owns = least, owns
        self.fields = {
            cell.key: each
            for each in _fields(cube, frozenset(stays))
            for cell in each.cells
            if cell.key not in each.stays
        }

    def readers(self, key: Key) -> list[str]:
        return ["", *self.fields[key].readers]

    def is_in_doubt(self, key: Key, by: Collection[Decimal], reader: str) -> bool:
        """Whether a known move takes the cell far enough."""
        ground = self.fields[key]
        if not ground.known:
            return False
        moved = ground.moves_within(ground.room(reader, self.least, self.owns))[:, ground.place[key]]
        return any(
            bool((moved >= float(far)).any() if far > 0 else (moved <= float(far)).any()) for far in by
        )

    def cheapest(
        self, key: Key, by: Collection[Decimal], reader: str, hidden: Mapping[Key, object]
    ) -> list[Key]:
        """What the cheapest move touches that takes the cell far enough for the reader. Raises NoMove."""
        ground = self.fields[key]
        room = ground.room(reader, self.least, self.owns)
        prices = self._prices(ground, hidden)
        found = (ground.cheapest(ground.place[key], float(far), room, prices) for far in by)
        possible = [each for each in found if each is not None]
        if not possible:
            raise NoMove
        best = min(possible, key=lambda each: self._price(ground, each, prices))
        ground.known.append(best[: len(ground.cells)])
        return list(ground.touched(best))

    def _price(self, ground: Field, found: Vector, prices: Vector) -> float:
        width = len(ground.cells)
        return float(np.abs(found[:width]) @ prices[:width])

    def _prices(self, ground: Field, hidden: Mapping[Key, object]) -> Vector:
        """Of moving each cell by one, up and down, and of each unit that a percentage is not kept by."""
        cells = [0.0 if _is_free(cell, hidden) else float(self.costs[cell.key]) for cell in ground.cells]
        shares = [ground.relations[line].given for line in ground.given]
        loose = [0.0 if share is None or share in hidden else self.costs[share] / 1000 for share in shares]
        return np.array([*cells, *cells, *loose, *loose])


def _is_free(cell: Cell, hidden: Mapping[Key, object]) -> bool:
    return cell.key in hidden or cell.standing in (Standing.IMPLIED, Standing.HELD)


def _fields(cube: Cube, stays: frozenset[Key]) -> Iterator[Field]:
    """Cells by what connects them; what stays where it is connects nothing, and stands with each of them."""
    moving = (cell.key for cell in cube.cells if cell.key not in stays)
    for keys, relations in connected(moving, cube.relations):
        beside = {key for each in relations for key, _factor in each.terms}.difference(keys)
        yield Field(tuple(cube.by_key[key] for key in (*keys, *sorted(beside))), tuple(relations), stays)
