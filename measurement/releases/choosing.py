"""What a release is to say of one measure, and what is left of that on each step of the ladder."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from measurement.releases import allowed, facts
from measurement.releases.collecting import Collected
from measurement.releases.cube import Part
from measurement.releases.disclosure import Step
from measurement.releases.facts import Asked, Fact, Shape, Split, Spot, Told
from measurement.releases.models import Audience
from measurement.releases.safety import Rung
from measurement.releases.tabling import Table, table


@dataclass(frozen=True)
class Choice:
    """What staff chose, by keys. `crossed`: groups by categories too."""

    indicators: frozenset[int]
    periods: frozenset[int]
    groups: frozenset[int]
    disaggregations: frozenset[int]
    crossed: bool

    @classmethod
    def of(cls, asked: Mapping[str, object]) -> "Choice":
        def keys(name: str) -> frozenset[int]:
            found = asked.get(name)
            return frozenset(found) if isinstance(found, list) else frozenset()

        return cls(
            keys("indicators"),
            keys("periods"),
            keys("groups"),
            keys("disaggregations"),
            crossed=bool(asked.get("crossed")),
        )

    def is_about(self, spot: Spot, breakdown_of: Mapping[int, int]) -> bool:
        if spot.period not in self.periods or (spot.group is not None and spot.group not in self.groups):
            return False
        if spot.group is not None and spot.categories and not self.crossed:
            return False
        return all(breakdown_of.get(category) in self.disaggregations for category in spot.categories)


def spots_of(collected: Collected, choice: Choice, breakdown_of: Mapping[int, int]) -> frozenset[Spot]:
    """The chosen figures that there are; what has no data is listed and not part of the table."""
    return frozenset(spot for spot in collected.figures if choice.is_about(spot, breakdown_of))


def has_data(collected: Collected, spot: Spot) -> bool:
    figure = collected.figures[spot]
    return figure.value is not None or figure.range is not None


class Ladder:
    """The tables of one measure from everything that was asked for down to its totals."""

    def __init__(self, collected: Collected, shape: Shape, asked: Asked, told: tuple[Told, ...]) -> None:
        self.collected, self.shape, self.asked, self.told = collected, shape, asked, told
        self.tables: dict[Step, Table] = {}

    def rungs(self) -> Iterator[Rung]:
        for step, spots in self._steps():
            yield step, lambda step=step, spots=spots: self._table(step, spots).cube  # type: ignore[misc]

    def _steps(self) -> Iterator[tuple[Step, frozenset[Spot]]]:
        spots = self.asked.spots
        yield Step.EVERYTHING, spots
        yield Step.NO_CROSS_TABLE, facts.without_cross_table(spots)
        yield Step.NO_SMALLEST_LEVEL, facts.without_groups(spots)
        yield Step.MERGED, facts.merged(facts.without_groups(spots), self._together())
        yield Step.TOTALS_ONLY, facts.only_totals(spots)

    def _table(self, step: Step, spots: frozenset[Spot]) -> Table:
        asked = Asked(spots, self.asked.barred & spots)
        self.tables[step] = table(self.shape, self.collected.facts, asked, self.told)
        return self.tables[step]

    def _together(self) -> dict[int, tuple[int, ...]]:
        """The small categories of each breakdown put together; with the next smallest, where there is only one."""
        largest = self._largest()
        found: dict[int, tuple[int, ...]] = {}
        for split in self.shape.splits:
            small = _small(split, largest, self.shape.rules[Part.AMOUNT].k) if split.whole is None else ()
            found.update(dict.fromkeys(small, tuple(sorted(small))))
        return found

    def _largest(self) -> dict[int, Decimal]:
        """The least that each category ever has."""
        least: dict[int, list[Decimal]] = defaultdict(list)
        for spot, figure in self.collected.figures.items():
            if len(spot.categories) == 1 and spot.group is None and spot in self.asked.spots:
                least[spot.categories[0]].append(figure.cell.amount or Decimal(0))
        return {category: min(amounts) for category, amounts in least.items()}


def _small(split: Split, amounts: Mapping[int, Decimal], k: int) -> Iterable[int]:
    known = sorted((part for part in split.parts if part in amounts), key=lambda part: amounts[part])
    small = [part for part in known if amounts[part] < k]
    return known[: max(len(small), 2)] if small else ()


def asked_of(collected: Collected, spots: frozenset[Spot], audience: Audience) -> Asked:
    """What is to be judged: figures with data, and those of them that no agreement lets out."""
    offered = frozenset(spot for spot in spots if has_data(collected, spot))
    return Asked(offered, allowed.barred(collected.indicator, offered, audience=audience))


def unlike(collected: Collected) -> list[Spot]:
    """Figures that are not the sum of what partners put in: who puts in what could not be reckoned with."""
    put_in: dict[tuple[int, int | None], list[Fact]] = defaultdict(list)
    for fact in collected.facts:
        put_in[fact.period, fact.category].append(fact)

    def total(spot: Spot, part: Part) -> Decimal:
        category = spot.categories[0] if spot.categories else None
        found = (each for leaf in collected.spans[spot.period][part] for each in put_in[leaf, category])
        return sum(
            (
                each.of(part) or Decimal(0)
                for each in found
                if spot.group is None or spot.group in each.groups
            ),
            Decimal(0),
        )

    return [
        spot
        for spot, figure in collected.figures.items()
        if total(spot, Part.AMOUNT) != (figure.cell.amount or 0)
        or (figure.cell.base is not None and total(spot, Part.BASE) != figure.cell.base)
    ]
