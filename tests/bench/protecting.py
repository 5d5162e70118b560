"""Choosing what a release hides, and auditing it: 300 cells as the public and twelve partners see them."""

from collections.abc import Iterator
from itertools import product
from random import Random

from measurement.releases.audit import audit
from measurement.releases.cube import Cube, Rule
from measurement.releases.disclosure import protect
from tests.bench.lines import Line, seconds
from tests.measurement.releases.tables import Tree, crossed, flat, nested

_PARTNERS = [f"p{number}" for number in range(12)]
_GOAL = 120  # seconds


def lines() -> Iterator[Line]:
    shapes = {
        "places in districts by group": ([nested("d", [4] * 8), flat("c", 6)], 12),
        "place by group by kind": ([flat("r", 9), flat("c", 5), flat("x", 4)], 12),
        "the same with small counts": ([nested("d", [3, 3, 3]), flat("c", 6), flat("x", 2)], 5),
    }
    for name, (trees, most) in shapes.items():
        yield from _of(name, _table(trees, most))


def _table(trees: list[Tree], most: int) -> Cube:
    chance = Random(5)
    put_in = {
        (_PARTNERS[(number + step) % 12], (place, *others)): 0
        if chance.random() < 0.15
        else chance.randint(1, most)
        for number, place in enumerate(trees[0].leaves)
        for step in range(4)
        for others in product(*(tree.leaves for tree in trees[1:]))
    }
    return crossed(trees, put_in, Rule())


def _of(name: str, cube: Cube) -> Iterator[Line]:
    hidden = protect(cube).hidden
    verdict = audit(cube, hidden)
    assert verdict.accepted
    said = f"{len(cube.cells)} cells, {len(hidden)} hidden, {verdict.readers} readers: {name}"
    taken = seconds(lambda: (protect(cube), audit(cube, hidden)))
    yield Line(f"protect and audit {said}", taken, "s", None, _GOAL, "value")
