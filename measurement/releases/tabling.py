"""From what partners put in to the table with all its relations, this release's and those of earlier ones. Pure.

Decisions. What stands between what is shown belongs to the table too: periods that two shown ones differ by, partners
that are in one shown group and not in the other, in the total and in no group, those of whom a share does not
speak. Periods and groups are therefore cut into the smallest pieces that what was ever shown tells apart.

An earlier release is a second layer over the same pieces. Where every partner's number is what it was, both layers
share a cell, and what was shown then is known; where one has moved, the old number is a cell of its own.
Somebody who knew how much a hidden number has moved would know more than we reckon with.

How many people's category is not known is told beside a split, so it counts as known.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from itertools import product

from measurement.releases.cube import Cell, Cube, Key, Part, Reason, Relation, Standing, whole
from measurement.releases.facts import Asked, Fact, Leaves, Shape, Spot, Told

Signature = frozenset[int]  # the groups, of those ever shown, that somebody is in
Pieces = frozenset[Signature]
Own = dict[str, Decimal]

_STRENGTH = (Standing.IMPLIED, Standing.OFFERED, Standing.HELD, Standing.PUBLIC)
_TOTAL_COST, _MARGIN_COST = 100, 10


@dataclass(frozen=True)
class Place:
    """Where a cell lies: of which part of the figures, over which periods, groups and categories."""

    part: Part
    leaves: Leaves
    pieces: Pieces
    category: tuple[int | str, ...]


@dataclass(frozen=True)
class Layer:
    """Figures as of one moment."""

    name: str
    facts: tuple[Fact, ...]
    shown: frozenset[Spot]
    hidden: frozenset[Spot]

    @cached_property
    def put_in(self) -> Mapping[tuple[int, int | None], list[Fact]]:
        found: dict[tuple[int, int | None], list[Fact]] = defaultdict(list)
        for fact in self.facts:
            found[fact.period, fact.category].append(fact)
        return found


@dataclass(frozen=True)
class Table:
    """The cube of one measure, and which of its cells each figure that was asked for is made of."""

    cube: Cube
    keys: dict[Spot, tuple[Key, ...]]


def table(shape: Shape, facts: Iterable[Fact], asked: Asked, told: Iterable[Told] = ()) -> Table:
    """What is asked for is offered, what was told is known, the rest is implied."""
    now = Layer("", tuple(facts), frozenset(), frozenset())
    then = [Layer(each.name, each.facts, each.shown, each.hidden) for each in told]
    tabling = _Tabling(shape, asked, now, then)
    return Table(tabling.cube(), {spot: tabling.keys_of(spot) for spot in asked.spots})


class _Tabling:
    def __init__(self, shape: Shape, asked: Asked, now: Layer, then: list[Layer]) -> None:
        self.shape, self.asked, self.now, self.then = shape, asked, now, then
        self.spots = asked.spots.union(*(layer.shown | layer.hidden for layer in then))
        self.groups = {spot.group for spot in self.spots if spot.group is not None}
        everyone = [*now.facts, *(fact for layer in then for fact in layer.facts)]
        self.everybody: Pieces = frozenset(fact.groups & self.groups for fact in everyone)
        self.crossed = any(spot.group is not None and spot.categories for spot in self.spots)
        self.cells: dict[Key, Cell] = {}
        self.relations: set[Relation] = set()
        self._own: dict[tuple[str, Place], Own] = {}
        self._where: dict[tuple[frozenset[Spot], Part], set[Place]] = {}

    def keys_of(self, spot: Spot) -> tuple[Key, ...]:
        """The cells of this release that the figure is made of."""
        parts = (part for part in self.shape.parts if part is not Part.REST)
        return tuple(self._key(self.place(spot, part), self.now) for part in parts)

    def cube(self) -> Cube:
        for layer in (self.now, *self.then):
            for part in self.shape.parts:
                for leaves, pieces, category in self._places(part):
                    self._add(Place(part, leaves, pieces, category), layer)
                self._relate(part, layer)
        return Cube(tuple(self.cells.values()), tuple(sorted(self.relations, key=str)))

    # --- where cells lie ---------------------------------------------------------------------------

    def _spans(self, part: Part) -> set[Leaves]:
        return {self.shape.spans[spot.period][part] for spot in self.spots}

    def _stretches(self, part: Part) -> set[Leaves]:
        """The smallest pieces of time that what was ever shown tells apart."""
        spans = self._spans(part)
        together: dict[frozenset[Leaves], set[int]] = defaultdict(set)
        for leaf in set().union(*spans):
            together[frozenset(span for span in spans if leaf in span)].add(leaf)
        return {frozenset(leaves) for leaves in together.values()}

    def _pieces_of(self, group: int | None) -> Pieces:
        if group is None:
            return self.everybody
        return frozenset(piece for piece in self.everybody if group in piece)

    @cached_property
    def _group_lines(self) -> list[Pieces]:
        named = [self._pieces_of(group) for group in self.groups]
        alone = [frozenset({piece}) for piece in self.everybody] if named else []
        return list(dict.fromkeys([self.everybody, *named, *alone]))

    @cached_property
    def _category_lines(self) -> list[tuple[int, ...]]:
        """The total, what is shown, and every category of a split in which something is shown."""
        shown = {spot.categories for spot in self.spots if spot.categories}
        spoken_of = {category for categories in shown for category in categories}
        alone = {
            (part,) for split in self.shape.splits if spoken_of & set(split.parts) for part in split.parts
        }
        return [(), *sorted(shown | alone)]

    def _places(self, part: Part) -> Iterator[tuple[Leaves, Pieces, tuple[int, ...]]]:
        times = self._spans(part) | self._stretches(part)
        for leaves, pieces, category in product(times, self._group_lines, self._category_lines):
            if self.crossed or not category or pieces == self.everybody:
                yield leaves, pieces, category

    # --- cells -------------------------------------------------------------------------------------

    def _facts(self, place: Place, layer: Layer) -> Iterator[Fact]:
        categories = place.category or (None,)
        for leaf, category in product(place.leaves, categories):
            for fact in layer.put_in.get((leaf, category), ()):  # type: ignore[arg-type]
                if fact.groups & self.groups in place.pieces:
                    yield fact

    def _put_in(self, place: Place, layer: Layer) -> Own:
        """What each partner put in there, from the figures of the layer."""
        key = (layer.name, place)
        if key not in self._own:
            own: Own = {}
            for fact in self._facts(place, layer):
                value = fact.of(place.part)
                if value is not None:
                    own[fact.partner] = own.get(fact.partner, Decimal(0)) + value
            self._own[key] = own
        return self._own[key]

    def _key(self, place: Place, layer: Layer) -> Key:
        """One cell for both layers where nobody's number has moved."""
        moved = layer is not self.now and self._put_in(place, layer) != self._put_in(place, self.now)
        return Key(
            self.shape.measure,
            "+".join(map(str, sorted(place.leaves))),
            "" if place.pieces == self.everybody else "/".join(sorted(map(_said, place.pieces))),
            tuple(map(str, place.category)),
            place.part,
            layer.name if moved else "",
        )

    def _add(self, place: Place, layer: Layer) -> None:
        key = self._key(place, layer)
        standing = self._standing(place, layer)
        known = self.cells.get(key)
        if known is not None:
            stronger = max(known.standing, standing, key=_STRENGTH.index)
            self.cells[key] = replace(known, standing=stronger)
            return
        self.cells[key] = self._cell(key, place, layer, standing)

    def _cell(self, key: Key, place: Place, layer: Layer, standing: Standing) -> Cell:
        own = self._put_in(place, layer)
        total = sum(own.values(), Decimal(0))
        most = sum((fact.high or Decimal(0) for fact in self._facts(place, layer)), Decimal(0))
        rule = self.shape.rules[place.part]
        return Cell(
            key,
            total,
            rule,
            standing,
            contributors=len(own),
            own=own,
            upto=total + most if most and place.part is Part.AMOUNT else None,
            extreme=rule.sensitive and self._is_extreme(place, layer),
            barred=self._barred(place) if layer is self.now else None,
            cost=_cost(place, self.everybody),
            whole=all(value == value.to_integral_value() for value in own.values()),
            below_zero=self.shape.below_zero or any(value < 0 for value in own.values()),
        )

    def _standing(self, place: Place, layer: Layer) -> Standing:
        if place.part is Part.REST:
            return Standing.IMPLIED
        if layer is self.now:
            return Standing.OFFERED if self._is_among(place, self.asked.spots) else Standing.IMPLIED
        if self._is_among(place, layer.shown):
            return Standing.PUBLIC
        return Standing.HELD if self._is_among(place, layer.hidden) else Standing.IMPLIED

    def _is_among(self, place: Place, spots: frozenset[Spot]) -> bool:
        if (spots, place.part) not in self._where:
            self._where[spots, place.part] = {self.place(spot, place.part) for spot in spots}
        return place in self._where[spots, place.part]

    def _barred(self, place: Place) -> Reason | None:
        if place.part is Part.REST:
            return None
        if self._is_among(place, self.asked.barred):
            return Reason.BARRED
        hid = any(self._is_among(place, layer.hidden) for layer in self.then)
        return Reason.BEFORE if hid else None

    def _is_extreme(self, place: Place, layer: Layer) -> bool:
        """All or nobody of those that a share speaks of."""
        if Part.REST not in self.shape.parts or place.part is Part.BASE:
            return False
        amount, rest = (
            sum(self._put_in(replace(place, part=part), layer).values(), Decimal(0))
            for part in (Part.AMOUNT, Part.REST)
        )
        return amount + rest > 0 and 0 in (amount, rest)

    def place(self, spot: Spot, part: Part) -> Place:
        return Place(part, self.shape.spans[spot.period][part], self._pieces_of(spot.group), spot.categories)

    # --- relations ---------------------------------------------------------------------------------

    def _relate(self, part: Part, layer: Layer) -> None:
        stretches = self._stretches(part)
        for leaves, pieces, category in self._places(part):
            place = Place(part, leaves, pieces, category)
            for parts in (
                [replace(place, leaves=each) for each in stretches if each <= leaves],
                self._over_pieces(place),
                [replace(place, category=(each,)) for each in category],
            ):
                self._sum(place, parts, layer)
            self._split(place, layer)
            self._join(place, layer)
        for before, after in self.shape.steps:
            self._step(part, frozenset({before}), frozenset({after}), layer)

    def _over_pieces(self, place: Place) -> list[Place]:
        """What the group is made of, where that is told apart."""
        apart = self.groups and (self.crossed or not place.category)
        return [replace(place, pieces=frozenset({each})) for each in place.pieces] if apart else []

    def _sum(self, place: Place, parts: list[Place], layer: Layer) -> None:
        if parts and parts != [place]:
            self.relations.add(
                whole(self._key(place, layer), sorted(self._key(each, layer) for each in parts))
            )

    def _split(self, place: Place, layer: Layer) -> None:
        """A total or a category over the categories that it is made of, and those that none of them holds."""
        if not self.crossed and place.pieces != self.everybody:
            return
        for number, split in enumerate(self.shape.splits):
            if place.category != (() if split.whole is None else (split.whole,)):
                continue
            parts = [
                replace(place, category=(each,)) for each in split.parts if (each,) in self._category_lines
            ]
            if parts and split.adds_up:
                self._remainder(place, parts, f"unknown {number}", Standing.PUBLIC, layer)
            elif parts:
                for each in parts:
                    self._remainder(place, [each], f"not {each.category[0]}", Standing.IMPLIED, layer)

    def _remainder(
        self, total: Place, parts: list[Place], name: str, standing: Standing, layer: Layer
    ) -> None:
        """What the total holds beyond the parts, as a cell."""
        whole_key = self._key(total, layer)
        keys = sorted(self._key(each, layer) for each in parts)
        value = self.cells[whole_key].value - sum((self.cells[key].value for key in keys), Decimal(0))
        then = layer.name if any(key.then for key in (whole_key, *keys)) else ""
        rest = whole_key._replace(category=(*whole_key.category, name), then=then)
        self.cells.setdefault(
            rest,
            replace(
                self.cells[whole_key],
                key=rest,
                value=value,
                standing=standing,
                own={},
                barred=None,
                upto=None,
            ),
        )
        if value < 0:
            self.cells[rest] = replace(self.cells[rest], below_zero=True)
        self.relations.add(whole(whole_key, [*keys, rest]))

    def _join(self, place: Place, layer: Layer) -> None:
        """The base of a share is those it speaks of and those it does not."""
        if place.part is not Part.REST:
            return
        base, amount = (replace(place, part=part) for part in (Part.BASE, Part.AMOUNT))
        keys = [self._key(each, layer) for each in (base, amount, place)]
        if not all(key in self.cells for key in keys):
            return
        total, *parts = (self.cells[key].value for key in keys)
        if total == sum(parts, Decimal(0)):  # not where somebody gave an upper number alone
            self._sum(base, [amount, place], layer)

    def _step(self, part: Part, before: Leaves, after: Leaves, layer: Layer) -> None:
        """Of two sums from the start of a year on, what lies between."""
        for leaves, pieces, category in list(self._places(part)):
            if leaves == after and before in self._spans(part):
                place = Place(part, leaves, pieces, category)
                self._between(place, replace(place, leaves=before), layer)

    def _between(self, after: Place, before: Place, layer: Layer) -> None:
        late, early = self._key(after, layer), self._key(before, layer)
        was, now = self._put_in(before, layer), self._put_in(after, layer)
        own = {each: now.get(each, Decimal(0)) - was.get(each, Decimal(0)) for each in now | was}
        value = sum(own.values(), Decimal(0))
        between = late._replace(period=f"{late.period}-{early.period}", then=late.then or early.then)
        cell = Cell(
            between,
            value,
            self.shape.rules[after.part],
            Standing.IMPLIED,
            contributors=len(own),
            own=own,
            whole=self.cells[late].whole and self.cells[early].whole,
            below_zero=any(each < 0 for each in own.values()),
        )
        self.cells.setdefault(between, cell)
        self.relations.add(whole(late, [early, between]))


def _said(piece: Signature) -> str:
    return "&".join(map(str, sorted(piece))) or "none"


def _cost(place: Place, everybody: Pieces) -> int:
    """Totals are what people read first, and long periods before short ones."""
    is_total, is_whole = not place.category, place.pieces == everybody
    level = _TOTAL_COST if is_total and is_whole else _MARGIN_COST if is_total or is_whole else 1
    return level * (1 + len(place.leaves))
