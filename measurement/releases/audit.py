"""May this be published? The auditor tries to work out every hidden cell, as everybody who might. Pure.

It shares nothing with what chose the pattern (disclosure.py) but the table itself. Who looks: the public, and each
single partner with its own figures at hand. A hidden cell is given away where it can be worked out exactly, or where
a count of people can be shown to be below k.

Decisions. Nothing is believed that cannot be shown: for every hidden cell and every reader a whole table must be
found that fulfils every relation and has another number there, of k or more where the true one is smaller. So an
error of the solver can refuse a release, and can never let one through. One such table often serves many cells and
readers, which is why tables are kept and tried first.

What could be worked out just as far with nothing of this release published is not this release's doing: it was told
by earlier ones.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from time import monotonic
from typing import Final

import numpy as np

from measurement.releases.attack import Contradiction, NotSolved, Numbers, Part, Viewed, parts_of
from measurement.releases.cube import Cell, Cube, Key, Rule, Share, Standing, digest

PUBLIC: Final = ""


class Fault(StrEnum):
    SHOWN = "shown"  # has to be hidden and is not
    EXACT = "exact"  # can be worked out
    BELOW = "below"  # can be shown to be below k
    UNSOLVED = "unsolved"  # could not be judged in time
    CONTRADICTION = "contradiction"  # the table does not fit itself


@dataclass(frozen=True)
class Finding:
    """`reader`: a partner's key, or empty for the public. `low` to `high`: what that reader can know at most."""

    fault: Fault
    key: Key | None = None
    reader: str = PUBLIC
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Verdict:
    """`digest` marks exactly what was judged; only a release with the same mark may be published."""

    digest: str
    findings: tuple[Finding, ...]
    protected: int
    readers: int
    solved: int

    @property
    def accepted(self) -> bool:
        return not self.findings


@dataclass(frozen=True)
class Bounds:
    """From where to where a reader knows the cell to be; None where there is no end in sight."""

    low: float | None
    high: float | None


@dataclass
class _Clock:
    until: float
    solved: int = 0

    def furthest(self, part: Part, place: int, *, up: bool, viewed: Viewed) -> Numbers | None:
        left = self.until - monotonic()
        if left <= 0:
            raise NotSolved
        self.solved += 1
        return part.furthest(place, up=up, viewed=viewed, patience=left)


@dataclass
class _Tables:
    """Tables that cannot be told from the true one, tried before a new one is looked for."""

    part: Part
    known: list[Numbers] = field(default_factory=list)

    def seen_from(self, viewed: Viewed) -> Numbers:
        if not self.known:
            return np.zeros((0, len(self.part.cells)))
        every = np.array(self.known)
        return every[((every >= viewed.low) & (every <= viewed.high)).all(axis=1)]


def audit(cube: Cube, hidden: Iterable[Key], *, patience: float = 120.0) -> Verdict:
    """Judge a table with a pattern. `patience`: seconds after which what is not judged is refused."""
    pattern = frozenset(hidden)
    clock = _Clock(monotonic() + patience)
    mark = digest(cube, pattern)
    try:
        parts = list(parts_of(cube, pattern))
        found = [*_shown(cube, pattern), *_given_away(cube, pattern, parts, clock)]
    except Contradiction:
        return Verdict(mark, (Finding(Fault.CONTRADICTION),), 0, 0, clock.solved)
    guarded = [cell for part in parts for cell in part.cells if is_guarded(cell)]
    readers = {reader for part in parts for cell in part.cells for reader in cell.own}
    return Verdict(mark, tuple(found), len(guarded), 1 + len(readers), clock.solved)


def bounds(cube: Cube, hidden: Iterable[Key], key: Key, *, reader: str = PUBLIC) -> Bounds:
    """What a reader can work out of one hidden cell."""
    for part in parts_of(cube, frozenset(hidden)):
        for place, cell in enumerate(part.cells):
            if cell.key == key:
                return _bounds(part, place, _viewed(part, reader), _Clock(monotonic() + 60))
    value = float(cube.by_key[key].value)
    return Bounds(value, value)


def _shown(cube: Cube, hidden: frozenset[Key]) -> Iterator[Finding]:
    """What the first rule alone forbids to show."""
    for each in cube.everything:
        if each.standing is Standing.OFFERED and each.key not in hidden and _is_delicate(each):
            yield Finding(Fault.SHOWN, each.key)


def _is_delicate(each: Cell | Share) -> bool:
    if each.barred is not None:
        return True
    if each.rule.exempt:
        return False
    few = 0 < each.contributors < each.rule.fewest
    small = isinstance(each, Cell) and each.rule.people and _may_be_small(each, each.rule)
    return few or small or (each.rule.sensitive and each.extreme)


def _may_be_small(cell: Cell, rule: Rule) -> bool:
    most = cell.value if cell.upto is None else cell.upto
    return cell.value < rule.k and most > 0 and (cell.value > 0 or cell.upto is not None)


def is_guarded(cell: Cell) -> bool:
    """Whether nobody may work the unknown cell out: all that are hidden, and of the others those that have to be."""
    if cell.standing is Standing.IMPLIED:
        return _is_delicate(cell)
    return True


def _given_away(cube: Cube, hidden: frozenset[Key], parts: list[Part], clock: _Clock) -> Iterator[Finding]:
    suspects = [finding for part in parts for finding in _findings(part, clock)]
    if not suspects:
        return
    before = {
        cell.key: (part, place)
        for part in parts_of(cube, cube.offered)
        for place, cell in enumerate(part.cells)
    }
    for finding in suspects:
        if not _was_told_before(finding, before, clock):
            yield finding


def _was_told_before(finding: Finding, before: dict[Key, tuple[Part, int]], clock: _Clock) -> bool:
    """Whether as much is known with nothing of this release published."""
    if finding.fault is Fault.UNSOLVED or finding.key not in before:
        return False
    part, place = before[finding.key]
    try:
        then = _bounds(part, place, _viewed(part, finding.reader), clock)
    except NotSolved:
        return False
    return (then.low, then.high) == (finding.low, finding.high)


def _findings(part: Part, clock: _Clock) -> Iterator[Finding]:
    tables = _Tables(part)
    for reader in _readers(part):
        viewed = _viewed(part, reader)
        if not part.holds(part.truth, viewed):
            raise Contradiction
        seen = tables.seen_from(viewed)
        for place, cell in enumerate(part.cells):
            if not is_guarded(cell) or _holds_nobody_else(cell, reader):
                continue
            if seen.size and _is_in_doubt(cell, seen[:, place]):
                continue
            finding = _try(part, place, reader, viewed, tables, clock)
            seen = tables.seen_from(viewed)
            if finding is not None:
                yield finding


def _readers(part: Part) -> list[str]:
    """The public, and every partner that knows more of this part than the public does."""
    knowing = {
        reader for cell in part.cells for reader, own in cell.own.items() if own or _is_own(cell, reader)
    }
    return [PUBLIC, *sorted(knowing)]


def _try(
    part: Part, place: int, reader: str, viewed: Viewed, tables: _Tables, clock: _Clock
) -> Finding | None:
    """Look for a table that leaves the reader in doubt about the cell."""
    cell = part.cells[place]
    try:
        for up in (True, False):
            table = clock.furthest(part, place, up=up, viewed=viewed)
            if table is None:
                raise Contradiction
            tables.known.append(table)
            if _is_in_doubt(cell, table[place : place + 1]):
                return None
        span = _bounds(part, place, viewed, clock)
    except NotSolved:
        return Finding(Fault.UNSOLVED, cell.key, reader)
    fault = Fault.EXACT if span.low == span.high else Fault.BELOW
    return Finding(fault, cell.key, reader, span.low, span.high)


def _is_in_doubt(cell: Cell, values: Numbers) -> bool:
    """Whether one of these values, beside the true one, keeps the reader from knowing too much."""
    truth = float(cell.value)
    if cell.rule.people and truth < cell.rule.k:
        return bool((values >= cell.rule.k).any())
    return bool((np.abs(values - truth) >= (1 if cell.whole else _finest(cell))).any())


def _finest(cell: Cell) -> float:
    """Of numbers that are not whole: a hundredth of the number, or a hundredth."""
    return max(abs(float(cell.value)), 1.0) / 100


def _bounds(part: Part, place: int, viewed: Viewed, clock: _Clock) -> Bounds:
    low, high = (clock.furthest(part, place, up=up, viewed=viewed) for up in (False, True))
    if low is None or high is None:
        raise Contradiction
    least, most = float(low[place]), float(high[place])
    return Bounds(None if least <= -part.far else least, None if most >= part.far else most)


def _is_own(cell: Cell, reader: str) -> bool:
    """Whether the cell holds nothing but that partner's own figure."""
    return reader in cell.own and cell.contributors <= 1


def _holds_nobody_else(cell: Cell, reader: str) -> bool:
    """Whether there is nothing to learn from it: that others counted nobody is no secret where zeros are shown."""
    open_zeros = cell.rule.zeros_shown and not cell.rule.sensitive
    return _is_own(cell, reader) or (open_zeros and cell.value == cell.own.get(reader))


def _viewed(part: Part, reader: str) -> Viewed:
    low = np.array([_least(cell, reader, part.far) for cell in part.cells])
    high = np.array([float(cell.value) if _is_own(cell, reader) else part.far for cell in part.cells])
    return Viewed(low, high)


def _least(cell: Cell, reader: str, far: float) -> float:
    """A cell without a negative number is at least what the reader put in, and 1 where zeros are always shown."""
    if _is_own(cell, reader):
        return float(cell.value)
    if cell.below_zero:
        return -far
    return max(float(cell.own.get(reader, 0)), 1.0 if _hidden_means_some(cell) else 0.0)


def _hidden_means_some(cell: Cell) -> bool:
    rule = cell.rule
    return (
        rule.zeros_shown
        and rule.people
        and not rule.sensitive
        and cell.barred is None
        and cell.upto is None
        and cell.contributors >= rule.fewest
        and cell.standing in (Standing.OFFERED, Standing.HELD)
        and cell.value >= 1
    )
