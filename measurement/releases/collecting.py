"""Everything about one measure that a release is made from, as of one moment: figures, who put in what, how it adds up.

Decisions. Figures are read through the roll-up's own statements as of that moment, so a release waits for no sums. A
longer period whose figure is an average or a highest level is not a sum of figures, and is not offered: how much it
would tell of its parts cannot be told by linear relations.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from measurement.calendars.models import PeriodPart
from measurement.indicators.kinds import RULES, Kind, OverTime
from measurement.indicators.models import Category, Disaggregation, Indicator, IndicatorVersion
from measurement.releases.cube import Part
from measurement.releases.facts import Fact, Leaves, Shape, Split, Spot
from measurement.releases.thresholds import rules_of
from measurement.rollups import as_of, selectors
from measurement.rollups.contributions import contributions
from measurement.rollups.models import Leaf
from measurement.rollups.selectors import Figure, Known

_NOT_SUMS = (OverTime.MAX, OverTime.AVERAGE, OverTime.NONE)


@dataclass(frozen=True)
class Collected:
    """`figures` by what they are about; `spans`: of which periods' figures each is the sum."""

    indicator: Indicator
    version: IndicatorVersion
    figures: dict[Spot, Figure]
    facts: tuple[Fact, ...]
    spans: dict[int, dict[Part, Leaves]]


def collect(what: Known, indicator: Indicator, then: datetime) -> Collected:
    """A number of queries that does not grow. `what` knows every period that anything is to be said of."""
    with as_of.as_it_was(what.initiative, indicator.code, then):
        cells = selectors.cells(what, indicator)
        figures = {_spot(figure): figure for figure in selectors.read(what, cells)}
        facts = tuple(_facts(indicator)) or tuple(_stated(figures))
        spans = dict(_spans(indicator, what.periods))
    offered = {spot: figure for spot, figure in figures.items() if spot.period in spans}
    newest = max(
        (version for version in what.versions.values() if version.indicator_id == indicator.pk),
        key=lambda version: version.number,
    )
    return Collected(indicator, newest, offered, facts, spans)


def _spot(figure: Figure) -> Spot:
    cell = figure.cell
    return Spot(cell.period_id, cell.group_id, () if cell.category_id is None else (cell.category_id,))


def _facts(indicator: Indicator) -> Iterator[Fact]:
    for each in contributions(indicator):
        yield Fact(
            str(each.organization_id),
            each.period_id,
            each.group_ids,
            each.category_id,
            each.amount,
            each.base,
            each.low,
            each.high,
        )


def _stated(figures: Mapping[Spot, Figure]) -> Iterator[Fact]:
    """What one named source says of a whole population stands as if a single partner had put it in."""
    for spot, figure in figures.items():
        if figure.kind is Kind.POPULATION and spot.group is None:
            category = spot.categories[0] if spot.categories else None
            cell = figure.cell
            yield Fact("source", spot.period, frozenset(), category, cell.amount, cell.base)


def _spans(indicator: Indicator, periods: Collection[int]) -> Iterator[tuple[int, dict[Part, Leaves]]]:
    """Of each period, which figures it is the sum of, by the rules over time of its newest definition (see sums.py)."""
    leaves = {
        leaf.period_id: leaf
        for leaf in Leaf.objects.filter(indicator=indicator, group=None, category=None).select_related(
            "period", "version"
        )
    }
    parts: dict[int, list[Leaf]] = defaultdict(list)
    inside = PeriodPart.objects.filter(part__in=list(leaves), whole__in=list(periods))
    for whole, part in inside.values_list("whole_id", "part_id"):
        parts[whole].append(leaves[part])
    for whole, found in parts.items():
        span = _span(whole, sorted(found, key=lambda leaf: (leaf.period.end, leaf.version_id)))
        if span is not None:
            yield whole, span


def _span(whole: int, found: list[Leaf]) -> dict[Part, Leaves] | None:
    version = found[-1].version
    every = frozenset(leaf.period_id for leaf in found)
    last = frozenset(leaf.period_id for leaf in found if leaf.period.end == found[-1].period.end)
    own = frozenset({whole}) & every
    if version.kind == Kind.UNIQUE_PEOPLE and own:
        every = own
    if version.over_time in _NOT_SUMS and every != own:
        return None
    amount = last if version.over_time == OverTime.LAST else every
    base = every & amount if version.base_over_time == OverTime.SUM else last
    return {Part.AMOUNT: amount, Part.BASE: base, Part.REST: amount if amount == base else frozenset()}


def shape_of(collected: Collected, what: Known, splits: tuple[Split, ...], used: Iterable[int]) -> Shape:
    """How the figures hang together. `used`: the periods of which this or an earlier release says something."""
    version = collected.version
    kind = Kind(version.kind)
    rules = rules_of(collected.indicator, version, what.initiative)
    spans = {
        period: {part: leaves for part, leaves in span.items() if part in rules}
        for period, span in collected.spans.items()
    }
    steps = tuple(_steps(collected, what, used)) if kind is Kind.CUMULATIVE else ()
    return Shape(collected.indicator.code, rules, spans, splits, steps, below_zero=version.allows_negative)


def _steps(collected: Collected, what: Known, used: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Sums from the start of a year on that follow each other in what is told."""
    ends = {leaf for period in used for leaf in collected.spans.get(period, {}).get(Part.AMOUNT, ())}
    by_year = defaultdict(list)
    for leaf in sorted((what.periods[leaf] for leaf in ends), key=lambda period: period.start):
        by_year[leaf.calendar_id, leaf.year].append(leaf.pk)
    for leaves in by_year.values():
        yield from pairwise(leaves)


def can_be_released(version: IndicatorVersion) -> bool:
    """Sums, and quotients of sums. What is computed from other measures would tell of them in ways that no linear
    relation says, and what has no sum has nothing to protect it with."""
    kind = Kind(version.kind)
    return RULES[kind].rolls_up and RULES[kind].is_number and kind is not Kind.DERIVED


def splits_of(disaggregations: Iterable[Disaggregation]) -> tuple[Split, ...]:
    """How the categories of breakdowns make up totals, margins of cross-tables, and coarser categories."""
    return tuple(split for each in disaggregations for split in _splits(each, list(each.categories.all())))


def _splits(breakdown: Disaggregation, categories: list[Category]) -> Iterator[Split]:
    inside = {category.pk for category in categories}
    adds_up = breakdown.adds_up == Disaggregation.AddsUp.PARTITION
    on_top = [category.pk for category in categories if category.merged_into_id not in inside]
    yield Split(tuple(on_top), adds_up=adds_up)
    for name in ("merged_into_id", "row_id", "column_id"):
        beneath: dict[int, list[int]] = defaultdict(list)
        for category in categories:
            above = getattr(category, name)
            if above is not None:
                beneath[above].append(category.pk)
        for above, parts in beneath.items():
            yield Split(tuple(parts), above, adds_up or name == "merged_into_id")
