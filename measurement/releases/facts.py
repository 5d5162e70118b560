"""What goes into a release of one measure: what each partner put in, how it adds up, and what is asked for. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from measurement.releases.cube import Part, Rule

Leaves = frozenset[int]  # keys of the periods whose figures make up a longer one


@dataclass(frozen=True)
class Fact:
    """What one partner put in: of one measure, one period, in total or for one category. `groups`: those that the
    partner was in at the end of the period. `low` and `high` where it gave only "fewer than so many"."""

    partner: str
    period: int
    groups: frozenset[int]
    category: int | None
    amount: Decimal | None = None
    base: Decimal | None = None
    low: Decimal | None = None
    high: Decimal | None = None

    def of(self, part: Part) -> Decimal | None:
        """The number for one part of the figure; None where there is none. A share is of what has a base only."""
        if part is Part.AMOUNT:
            return self.amount if self.amount is not None else (Decimal(0) if self.high is not None else None)
        if part is Part.BASE:
            return self.base
        if self.amount is None or self.base is None:
            return None
        return self.base - self.amount


@dataclass(frozen=True, order=True)
class Spot:
    """What one figure is about. No group: the whole initiative; no categories: the total; several: put together."""

    period: int
    group: int | None = None
    categories: tuple[int, ...] = ()


@dataclass(frozen=True)
class Split:
    """Categories that make up another one, or the total: exactly, up to what is told beside them, or each of them
    for itself within the whole."""

    parts: tuple[int, ...]
    whole: int | None = None
    adds_up: bool = True


@dataclass(frozen=True)
class Shape:
    """How the figures of a measure hang together.

    `spans`: of which periods' figures each part of a period's figure is the sum. `steps`: periods of figures from the
    start of a year on that lie one after the other, so that their difference can be read.
    """

    measure: str
    rules: Mapping[Part, Rule]
    spans: Mapping[int, Mapping[Part, Leaves]]
    splits: tuple[Split, ...] = ()
    steps: tuple[tuple[int, int], ...] = ()
    below_zero: bool = False

    @property
    def parts(self) -> tuple[Part, ...]:
        return tuple(self.rules)


@dataclass(frozen=True)
class Told:
    """An earlier release: the figures of its moment, and what it showed and hid of them."""

    name: str
    facts: tuple[Fact, ...]
    shown: frozenset[Spot]
    hidden: frozenset[Spot]

    @property
    def spots(self) -> frozenset[Spot]:
        return self.shown | self.hidden


@dataclass(frozen=True)
class Asked:
    """What a release is to show of one measure."""

    spots: frozenset[Spot]
    barred: frozenset[Spot] = field(default_factory=frozenset)


def without_cross_table(spots: Iterable[Spot]) -> frozenset[Spot]:
    return frozenset(spot for spot in spots if spot.group is None or not spot.categories)


def without_groups(spots: Iterable[Spot]) -> frozenset[Spot]:
    return frozenset(spot for spot in spots if spot.group is None)


def only_totals(spots: Iterable[Spot]) -> frozenset[Spot]:
    return frozenset(spot for spot in spots if spot.group is None and not spot.categories)


def merged(spots: Iterable[Spot], together: Mapping[int, tuple[int, ...]]) -> frozenset[Spot]:
    """The same with categories put together: `together` by category, all that it goes with."""
    return frozenset(
        Spot(
            spot.period,
            spot.group,
            together.get(spot.categories[0], spot.categories) if spot.categories else (),
        )
        for spot in spots
    )
