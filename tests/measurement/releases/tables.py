"""Tables to try the protection on: written down by hand, or by chance from a seed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import product
from random import Random

from measurement.releases.cube import Cell, Cube, Key, Part, Relation, Rule, Share, Standing, whole, written

ANY_NUMBER = Rule(fewest=1)
Value = Callable[..., int]


def key(row: str = "", column: str = "", *, part: Part = Part.AMOUNT) -> Key:
    return Key("served", group=row, category=(column,) if column else (), part=part)


def grid(
    values: Mapping[str, Sequence[int]],
    columns: Sequence[str],
    *,
    rule: Rule = ANY_NUMBER,
    rows_are_partners: bool = False,
) -> Cube:
    """A table with its totals. Where the rows are partners, each knows its own row."""
    lines = {**values, "": [sum(column) for column in zip(*values.values(), strict=True)]}
    cells = [
        _cell(row, column, value, values, columns, rule, rows_are_partners)
        for row, line in lines.items()
        for column, value in (*zip(columns, line, strict=True), ("", sum(line)))
    ]
    relations = [
        *(whole(key(row), [key(row, column) for column in columns]) for row in lines),
        *(whole(key("", column), [key(row, column) for row in values]) for column in (*columns, "")),
    ]
    return Cube(tuple(cells), tuple(relations))


def _cell(
    row: str,
    column: str,
    value: int,
    values: Mapping[str, Sequence[int]],
    columns: Sequence[str],
    rule: Rule,
    rows_are_partners: bool,
) -> Cell:
    def put_in(name: str) -> Decimal:
        line = values[name]
        return Decimal(line[list(columns).index(column)] if column else sum(line))

    inside = [row] if row else list(values)
    own = {name: put_in(name) for name in inside} if rows_are_partners else {}
    return Cell(
        key(row, column),
        Decimal(value),
        rule,
        own=own,
        contributors=len(inside) if rows_are_partners else 3,
        cost=1 + 10 * (not row) + 10 * (not column),
    )


@dataclass(frozen=True)
class Tree:
    """One direction of a table: what each node is made of, the whole first. Leaves are made of nothing."""

    made_of: Mapping[str, tuple[str, ...]]

    @property
    def leaves(self) -> list[str]:
        return [node for node, parts in self.made_of.items() if not parts]

    def leaves_of(self, node: str) -> list[str]:
        parts = self.made_of[node]
        return [leaf for part in parts for leaf in self.leaves_of(part)] if parts else [node]


def flat(name: str, count: int) -> Tree:
    parts = tuple(f"{name}{number}" for number in range(count))
    return Tree({"": parts, **dict.fromkeys(parts, ())})


def nested(name: str, sizes: Sequence[int]) -> Tree:
    districts = {
        f"{name}{number}": tuple(f"{name}{number}.{inner}" for inner in range(size))
        for number, size in enumerate(sizes)
    }
    leaves = dict.fromkeys((leaf for parts in districts.values() for leaf in parts), ())
    return Tree({"": tuple(districts), **districts, **leaves})


Atom = tuple[str, tuple[str, ...]]


def crossed(trees: Sequence[Tree], put_in: Mapping[Atom, int], rule: Rule) -> Cube:
    """Every total along every tree. `put_in`: what each partner counted at each crossing of leaves."""
    keys = {nodes: _key(nodes) for nodes in product(*(tree.made_of for tree in trees))}
    cells = [_summed(trees, nodes, keys[nodes], put_in, rule) for nodes in keys]
    relations = [
        whole(keys[nodes], [keys[(*nodes[:at], part, *nodes[at + 1 :])] for part in tree.made_of[nodes[at]]])
        for nodes in keys
        for at, tree in enumerate(trees)
        if tree.made_of[nodes[at]]
    ]
    return Cube(tuple(cells), tuple(relations))


def _key(nodes: tuple[str, ...]) -> Key:
    place, *others = nodes
    return Key("served", group=place, category=tuple(other or "all" for other in others))


def _summed(
    trees: Sequence[Tree], nodes: tuple[str, ...], key: Key, put_in: Mapping[Atom, int], rule: Rule
) -> Cell:
    inside = set(product(*(tree.leaves_of(node) for tree, node in zip(trees, nodes, strict=True))))
    own: dict[str, Decimal] = {}
    for (partner, crossing), count in put_in.items():
        if crossing in inside:
            own[partner] = own.get(partner, Decimal(0)) + count
    totals = sum(not node for node in nodes)
    return Cell(
        key,
        sum(own.values(), Decimal(0)),
        rule,
        own=own,
        contributors=len(own),
        cost=10**totals,
    )


def by_chance(chance: Random, trees: Sequence[Tree], *, rule: Rule, most: int = 12) -> Cube:
    """Partners at the leaves of the first tree, some of them at two, with small and large counts."""
    put_in: dict[Atom, int] = {}
    number = 0
    for place in trees[0].leaves:
        for _each in range(chance.randint(1, 4)):
            number += 1
            for others in product(*(tree.leaves for tree in trees[1:])):
                put_in[f"p{number}", (place, *others)] = _count(chance, most)
    return crossed(trees, put_in, rule)


def _count(chance: Random, most: int) -> int:
    return 0 if chance.random() < 0.25 else chance.randint(1, most)


def with_shares(cube: Cube, chance: Random, *, numerators_shown: bool) -> Cube:
    """The counts as upper numbers of percentages, with a base around each and those who are left."""
    amounts = list(cube.cells)
    rests = crossing_rests(cube, chance)
    cells: list[Cell] = []
    shares: list[Share] = []
    relations: list[Relation] = list(cube.relations)
    for amount in amounts:
        base, rest, share = (amount.key._replace(part=part) for part in (Part.BASE, Part.REST, Part.SHARE))
        left = rests[amount.key]
        value = amount.value + left
        standing = Standing.OFFERED if numerators_shown else Standing.IMPLIED
        cells += [
            Cell(amount.key, amount.value, amount.rule, standing, amount.contributors, amount.own),
            Cell(base, value, amount.rule, contributors=amount.contributors, cost=amount.cost),
            Cell(rest, left, amount.rule, Standing.IMPLIED, amount.contributors),
        ]
        relations.append(whole(base, [amount.key, rest]))
        if value:
            shares.append(Share(share, rule=amount.rule, contributors=amount.contributors, cost=amount.cost))
            relations += written(
                share, amount=amount.key, base=base, shown=_rounded(amount.value, value), per=Decimal(100)
            )
    relations += [
        Relation(tuple((key._replace(part=Part.REST), factor) for key, factor in each.terms))
        for each in cube.relations
    ]
    return Cube(tuple(cells), tuple(relations), tuple(shares))


def crossing_rests(cube: Cube, chance: Random) -> dict[Key, Decimal]:
    """Numbers for all cells that fulfil the same totals."""
    found: dict[Key, Decimal] = {}
    made_of = {each.terms[0][0]: [key for key, _factor in each.terms[1:]] for each in cube.relations}

    def number(key: Key) -> Decimal:
        if key not in found:
            parts = made_of.get(key)
            found[key] = (
                sum((number(part) for part in parts), Decimal(0)) if parts else Decimal(_count(chance, 30))
            )
        return found[key]

    for cell in cube.cells:
        number(cell.key)
    return found


def _rounded(amount: Decimal, base: Decimal) -> Decimal:
    return Decimal(int((2000 * amount + base) // (2 * base))) / 10


def some_table(seed: int) -> Cube:
    """A small table of one of four shapes: flat, nested, in three directions, or percentages."""
    chance = Random(seed)
    rule = Rule(k=chance.choice([5, 10]), fewest=chance.choice([1, 3]), zeros_shown=chance.random() < 0.7)
    shapes: list[Callable[[], list[Tree]]] = [
        lambda: [flat("r", chance.randint(2, 5)), flat("c", chance.randint(2, 4))],
        lambda: [nested("d", [chance.randint(2, 3) for _each in range(chance.randint(2, 3))]), flat("c", 2)],
        lambda: [flat("r", chance.randint(2, 4)), flat("c", chance.randint(2, 3)), flat("x", 2)],
        lambda: [flat("r", chance.randint(2, 3)), flat("c", 2)],
    ]
    cube = by_chance(chance, shapes[seed % 4](), rule=rule)
    return with_shares(cube, chance, numerators_shown=chance.random() < 0.5) if seed % 4 == 3 else cube


def large_table(seed: int) -> Cube:
    """Three directions, up to 200 cells."""
    chance = Random(seed)
    sizes = chance.choice([(9, 4, 3), (7, 4, 4), (5, 5, 4), (6, 6, 3)])
    trees = [flat(name, size) for name, size in zip("rcx", sizes, strict=True)]
    return by_chance(chance, trees, rule=Rule(k=chance.choice([5, 10])), most=chance.choice([6, 15]))
