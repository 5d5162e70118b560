"""From what was asked for to what may be published: down a ladder of ever smaller tables, until the auditor agrees.

It always ends: the last step is a table in which nothing is shown.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from time import monotonic

from measurement.releases import audit, disclosure
from measurement.releases.audit import Verdict
from measurement.releases.cube import Cube, Key, Reason, Standing
from measurement.releases.disclosure import Step

Rung = tuple[Step, Callable[[], Cube]]


@dataclass(frozen=True)
class Safe:
    """A table that may be published with this pattern: `verdict` carries the auditor's mark of both."""

    step: Step
    cube: Cube
    hidden: dict[Key, Reason]
    verdict: Verdict


def make_safe(ladder: Iterable[Rung], *, patience: float = 120.0) -> Safe:
    """The first rung that can be made safe. `patience`: seconds for all of it; what is left then is not tried."""
    until = monotonic() + patience
    last: Cube | None = None
    for step, table in ladder:
        cube = table()
        if cube == last:
            continue
        last = cube
        safe = _tried(step, cube, until)
        if safe is not None:
            return safe
    return _nothing(last or Cube(()))


def _tried(step: Step, cube: Cube, until: float) -> Safe | None:
    pattern = disclosure.protect(cube, patience=until - monotonic())
    verdict = audit.audit(cube, pattern.hidden, patience=until - monotonic())
    return Safe(step, cube, pattern.hidden, verdict) if verdict.accepted else None


def _nothing(cube: Cube) -> Safe:
    """What earlier releases told stays told; of this one nothing is, so there is nothing to work out."""
    told = (cell for cell in cube.cells if cell.standing is not Standing.OFFERED)
    bare = Cube(tuple(replace(cell, standing=Standing.PUBLIC) for cell in told))
    return Safe(Step.NOTHING, bare, {}, audit.audit(bare, ()))
