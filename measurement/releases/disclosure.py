"""Which cells a release must not show. Pure.

First rule: counts of people from 1 to k - 1, sums of too few partners, all or nobody of a sensitive measure, what an
earlier release hid. Second: what else must go so that nobody can work those out, neither the public nor a partner
with its own figures at hand.

The second is found cell by cell. For a hidden cell and a reader we look for another table that this reader could
hold to be the true one, by moving numbers along the relations: hidden numbers move for nothing, a shown one at the
price of hiding it. The cheapest such move (a linear programme) names the cells to hide with it, and stays a witness
while more is hidden, so it is looked for once. What comes out is judged by audit.py, which knows nothing of this.

Source: the move is the relaxation of Fischetti and Salazar-González, "Solving the cell suppression problem on tabular
data with linear constraints", Management Science 47 (2001), taken one cell at a time.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from time import monotonic

from measurement.releases.cube import Cell, Cube, Key, Reason, Share, Standing
from measurement.releases.moving import Moves, NoMove


class Step(StrEnum):
    """How much of what was asked for is left: the ladder on which a release comes down until it is safe."""

    EVERYTHING = "everything"
    NO_CROSS_TABLE = "no_cross_table"
    NO_SMALLEST_LEVEL = "no_smallest_level"
    MERGED = "merged"
    TOTALS_ONLY = "totals_only"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Pattern:
    """Every hidden cell and why. `left`: cells that nothing could protect, so that a lower step has to."""

    hidden: dict[Key, Reason]
    left: tuple[Key, ...] = ()


def why_hidden(each: Cell | Share) -> Reason | None:
    """The first rule, for one cell alone."""
    if each.barred is not None:
        return each.barred
    if each.rule.exempt:
        return None
    if 1 <= each.contributors < each.rule.fewest:
        return Reason.FEW
    if each.rule.sensitive and each.extreme:
        return Reason.EXTREME
    if isinstance(each, Cell) and each.rule.people and _meets(each, 1, each.rule.k - 1):
        return Reason.SMALL
    return None


def _meets(cell: Cell, low: int, high: int) -> bool:
    """Whether the cell, or where it can lie, has a number in common with low to high."""
    most = cell.upto if cell.upto is not None else cell.value
    return cell.value <= high and most >= low and most > 0


def may_be_zero(cell: Cell) -> bool:
    """Whether readers have to reckon with 0 behind a hidden cell."""
    rule = cell.rule
    always_shown = rule.people and rule.zeros_shown and not rule.sensitive
    known_why = cell.barred is None and cell.upto is None and cell.contributors >= rule.fewest
    in_a_release = cell.standing in (Standing.OFFERED, Standing.HELD)
    return not (always_shown and known_why and in_a_release)


@dataclass
class _Search:
    cube: Cube
    until: float
    hidden: dict[Key, Reason]
    left: list[Key] = field(default_factory=list)

    def __post_init__(self) -> None:
        stays = [cell.key for cell in self.cube.cells if _stays(cell)]
        self.moves = Moves(self.cube, stays=stays, least=_least, owns=_is_own)

    def run(self) -> Pattern:
        waiting = deque(self._guarded_at_first())
        done: set[Key] = set()
        while waiting:
            key = waiting.popleft()
            if key not in done:
                done.add(key)
                waiting.extend(self._protect(self.cube.by_key[key]))
        return Pattern(self.hidden, tuple(self.left))

    def _guarded_at_first(self) -> Iterator[Key]:
        for cell in sorted(self.cube.cells, key=lambda each: (each.value, each.key)):
            held = cell.standing is Standing.HELD
            if held or cell.key in self.hidden or _is_guarded_shadow(cell):
                yield cell.key

    def _protect(self, cell: Cell) -> list[Key]:
        """Hide what is needed so that nobody works out this cell, and return what that was."""
        found: list[Key] = []
        for reader in self.moves.readers(cell.key):
            if not _tells_nothing(cell, reader) and not self.moves.is_in_doubt(
                cell.key, _target(cell), reader
            ):
                found += self._hide_beside(cell, reader)
        return found

    def _hide_beside(self, cell: Cell, reader: str) -> list[Key]:
        if monotonic() > self.until:
            self.left.append(cell.key)
            return []
        try:
            moved = self.moves.cheapest(cell.key, _target(cell), reader, self.hidden)
        except NoMove:
            self.left.append(cell.key)
            return []
        fresh = [key for key in moved if key in self.cube.offered and key not in self.hidden]
        self.hidden.update(dict.fromkeys(fresh, Reason.GIVES_AWAY))
        return [key for key in fresh if key in self.cube.by_key]


def _least(cell: Cell, reader: str) -> Decimal | None:
    if cell.below_zero:
        return None
    sure = Decimal(0) if may_be_zero(cell) else min(Decimal(1), cell.value)
    return max(cell.own.get(reader, Decimal(0)), sure)


def _is_own(cell: Cell, reader: str) -> bool:
    return cell.contributors <= 1 and reader in cell.own


def _tells_nothing(cell: Cell, reader: str) -> bool:
    """The reader's own people and nobody else are in it; that others have none may be known where zeros are shown."""
    if cell.rule.zeros_shown and not cell.rule.sensitive and cell.own.get(reader) == cell.value:
        return True
    return _is_own(cell, reader)


def _stays(cell: Cell) -> bool:
    """Cells that no reader can be made to doubt: known to all, or zeros that are always shown."""
    return cell.standing is Standing.PUBLIC or (
        cell.standing is Standing.OFFERED
        and cell.value == 0
        and cell.upto is None
        and not may_be_zero(cell)
        and why_hidden(cell) is None
    )


def _is_guarded_shadow(cell: Cell) -> bool:
    return cell.standing is Standing.IMPLIED and why_hidden(cell) is not None


def _target(cell: Cell) -> tuple[Decimal, ...]:
    """How far the reader must be able to move the cell: one of these is enough."""
    if cell.rule.people and cell.value < cell.rule.k:
        return (cell.rule.k - cell.value,)
    step = Decimal(1) if cell.whole else max(abs(cell.value), Decimal(1)) / 50
    return (step, -step)


def hidden_at_first(cube: Cube) -> dict[Key, Reason]:
    """What the first rule hides."""
    reasons = {each.key: why_hidden(each) for each in cube.everything if each.key in cube.offered}
    return {key: reason for key, reason in reasons.items() if reason is not None}


def protect(cube: Cube, *, patience: float = 120.0) -> Pattern:
    """A pattern in which every hidden cell is in doubt for every reader, or says what it could not protect.

    `patience`: seconds.
    """
    return _Search(cube, monotonic() + patience, hidden_at_first(cube)).run()
