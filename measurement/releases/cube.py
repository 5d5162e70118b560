"""What a release would tell, as cells with every relation between them. Pure.

A cell is one count or sum: of a measure, a period, a place or group, a category. Not all of them are for
reading: a complement, or the months between two sums from January on, stand nowhere and can be worked out all
the same. Relations are linear: parts that make a whole, a complement, a percentage of a published base.

Decisions. What somebody already knows is a cell too, so that one table holds this release and those before it:
a cell that has not moved since an earlier release is that release's cell. What each partner put in stands with
the cell, because a partner looks at the table with that knowledge. A relation that does not hold for the true
values is a contradiction, and nothing is published from such a table.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import cached_property
from typing import Final, NamedTuple


class Part(StrEnum):
    """Which of the numbers behind one figure."""

    AMOUNT = "amount"  # the number itself, or the upper one of a share
    BASE = "base"
    REST = "rest"  # base less amount: those of whom the share does not speak
    SHARE = "share"  # the percentage as it is written


class Key(NamedTuple):
    """What a cell is about. Empty: the whole initiative, or the total over categories. `then` names an earlier
    release whose cell it was, where it has moved since."""

    measure: str
    period: str = ""
    group: str = ""
    category: tuple[str, ...] = ()
    part: Part = Part.AMOUNT
    then: str = ""

    def __str__(self) -> str:
        said = (self.measure, self.part, self.period, self.group, *self.category, self.then)
        return " ".join(word for word in said if word)


class Standing(StrEnum):
    OFFERED = "offered"  # stands in the release, unless it is hidden
    IMPLIED = "implied"  # stands nowhere, but might be worked out
    PUBLIC = "public"  # told before, or given by the shape of the table: it cannot be taken back
    HELD = "held"  # hidden by an earlier release, and unchanged since


class Reason(StrEnum):
    """Why a cell is hidden."""

    SMALL = "small"  # from 1 to k - 1 people
    FEW = "few"  # fewer partners than the least number of contributors
    EXTREME = "extreme"  # 0 % or 100 % of a sensitive measure
    BEFORE = "before"  # an earlier release hid this cell
    BARRED = "barred"  # an agreement does not let it out
    GIVES_AWAY = "gives_away"  # another hidden cell could be worked out with it


@dataclass(frozen=True)
class Rule:
    """The thresholds of a measure, as they hold for one of its cells."""

    k: int = 10
    fewest: int = 3
    people: bool = True
    exempt: bool = False
    sensitive: bool = False
    zeros_shown: bool = True


@dataclass(frozen=True)
class Cell:
    """`contributors`: how many partners are in it; `own`: what each of them put in, by a key of the partner.
    `upto`: where some partners gave only "fewer than so many", the most that it can be. `extreme`: all or nobody
    of those that a share is about. `cost`: how much is lost with it."""

    key: Key
    value: Decimal
    rule: Rule = Rule()
    standing: Standing = Standing.OFFERED
    contributors: int = 3
    own: Mapping[str, Decimal] = field(default_factory=dict)
    upto: Decimal | None = None
    extreme: bool = False
    barred: Reason | None = None
    cost: int = 1
    whole: bool = True
    below_zero: bool = False


@dataclass(frozen=True)
class Share:
    """A percentage as it is written, which stands in the release unless it is hidden."""

    key: Key
    standing: Standing = Standing.OFFERED
    rule: Rule = Rule()
    contributors: int = 3
    extreme: bool = False
    barred: Reason | None = None
    cost: int = 1


@dataclass(frozen=True)
class Relation:
    """low <= sum of coefficient times cell <= high. Where `given` names a share, only for who can read it."""

    terms: tuple[tuple[Key, int], ...]
    low: Decimal | None = Decimal(0)
    high: Decimal | None = Decimal(0)
    given: Key | None = None


@dataclass(frozen=True)
class Cube:
    cells: tuple[Cell, ...]
    relations: tuple[Relation, ...] = ()
    shares: tuple[Share, ...] = ()

    @cached_property
    def by_key(self) -> dict[Key, Cell]:
        return {cell.key: cell for cell in self.cells}

    @cached_property
    def everything(self) -> tuple[Cell | Share, ...]:
        return (*self.cells, *self.shares)

    @cached_property
    def offered(self) -> frozenset[Key]:
        return frozenset(each.key for each in self.everything if each.standing is Standing.OFFERED)

    def __add__(self, other: "Cube") -> "Cube":
        return Cube(self.cells + other.cells, self.relations + other.relations, self.shares + other.shares)


NOTHING: Final = Cube(())


def whole(of: Key, parts: Iterable[Key]) -> Relation:
    """The cell is exactly the sum of the others."""
    return Relation(((of, 1), *((part, -1) for part in parts)))


def at_least(one: Key, other: Key) -> Relation:
    """The first cell is never below the second."""
    return Relation(((one, 1), (other, -1)), high=None)


def written(share: Key, *, amount: Key, base: Key, shown: Decimal, per: Decimal) -> tuple[Relation, Relation]:
    """What a percentage says of whole numbers: rounded half up, it is the one that is written.

    `shown`: as it stands there, with its decimals (52.5 for 52.5 %); `per`: 100 for a percentage.
    """
    finest = -min(int(shown.as_tuple().exponent), 0)
    scale = 10 ** (finest + _decimals(per))
    of_amount = int(2 * per * scale)
    half = 10 ** _decimals(per)
    middle = int(2 * shown * scale)
    return (
        Relation(((amount, of_amount), (base, -(middle - half))), high=None, given=share),
        Relation(((amount, of_amount), (base, -(middle + half))), low=None, high=Decimal(-1), given=share),
    )


def connected(
    keys: Iterable[Key], relations: Iterable[Relation]
) -> Iterator[tuple[list[Key], list[Relation]]]:
    """The keys in groups that no relation connects, each with its relations; other keys connect nothing."""
    leader = {key: key for key in keys}

    def lead(key: Key) -> Key:
        while leader[key] != key:
            leader[key] = leader[leader[key]]
            key = leader[key]
        return key

    touching = [(each, [key for key, _factor in each.terms if key in leader]) for each in relations]
    for _relation, touched in touching:
        for key in touched[1:]:
            leader[lead(key)] = lead(touched[0])
    found: dict[Key, tuple[list[Key], list[Relation]]] = {}
    for key in leader:
        found.setdefault(lead(key), ([], []))[0].append(key)
    for relation, touched in touching:
        if touched:
            found[lead(touched[0])][1].append(relation)
    yield from found.values()


def _decimals(number: Decimal) -> int:
    return -min(int(number.normalize().as_tuple().exponent), 0)


def digest(cube: Cube, hidden: Iterable[Key]) -> str:
    """The mark of exactly this table with exactly this pattern: SHA-256 of both, whatever their order."""
    said = {
        "cells": sorted(json.dumps(asdict(cell), sort_keys=True, default=str) for cell in cube.cells),
        "shares": sorted(json.dumps(asdict(share), sort_keys=True, default=str) for share in cube.shares),
        "relations": sorted(
            json.dumps(asdict(relation), sort_keys=True, default=str) for relation in cube.relations
        ),
        "hidden": sorted(map(list, hidden), key=str),
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
