"""Figures as they are read: a cell, what is said beside its value, and what it is read against."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Final

from initiatives.charter.models import Initiative
from measurement.calendars.models import ReportingPeriod
from measurement.calendars.periods import due_moment
from measurement.indicators.expressions import Tree, operands, parse
from measurement.indicators.kinds import Kind
from measurement.indicators.models import IndicatorVersion
from measurement.judgement.small_numbers import GroupSize, group_size
from measurement.rollups import kinds
from measurement.rollups.kinds import Completeness, Range, Standing
from measurement.rollups.models import Cell

# Kinds whose figure says how many of so many cases.
OF_CASES: Final = (Kind.RATIO, Kind.ORDINAL)


@lru_cache(maxsize=1000)
def tree_of(expression: str) -> Tree:
    return parse(expression)


@dataclass(frozen=True)
class Figure:
    """A cell with all that is said beside its value.

    `reported` says that partners hand in figures of exactly this period, so that its completeness counts
    partners; otherwise the period is made of shorter ones, and it counts their figures. `volume` is the share
    (0 to 1) of the last known volume that is in, where it was asked for and is not all of it.
    `too_few_partners`: the sums are withheld from this reader, who could tell from them what one partner reported.
    `operands`, by their codes: what a computed figure was computed from; its cell stands in no table.
    `overlap`: how many people are stated to be counted more than once.
    """

    cell: Cell
    period: ReportingPeriod
    version: IndicatorVersion
    standing: Standing
    reported: bool
    volume: Decimal | None = None
    too_few_partners: bool = False
    operands: Mapping[str, "Figure"] = field(default_factory=dict)
    overlap: Decimal | None = None

    @property
    def kind(self) -> Kind:
        return Kind(self.version.kind)

    @property
    def value(self) -> Decimal | None:
        """In the unit of the measure, unrounded. None where nothing is known."""
        if (
            self.overlap is not None
            and (people := kinds.without_overlap(self.cell, self.overlap)) is not None
        ):
            return people
        return kinds.value(self.kind, self.cell, per=self.version.per, divisor=self.version.divisor)

    @property
    def range(self) -> Range | None:
        """From where to where the value can lie, where no one value is known."""
        if self.overlap is not None and self.value is not None:
            return None
        return kinds.range_of(self.kind, self.cell, divisor=self.version.divisor)

    @property
    def cases(self) -> Decimal | None:
        """The people or cases behind a percentage; None where the figure is no percentage of cases."""
        return self.cell.base if self.kind in OF_CASES and self.value is not None else None

    @property
    def size(self) -> GroupSize:
        return GroupSize.ENOUGH if self.cases is None else group_size(max(self.cases, Decimal(0)))

    @property
    def shown(self) -> Decimal | None:
        """The value that may be read: there is no percentage of fewer than ten cases."""
        return None if self.size is GroupSize.TOO_SMALL else self.value

    @property
    def completeness(self) -> Completeness:
        return kinds.completeness(self.cell)

    @property
    def is_partial(self) -> bool:
        return self.standing in (Standing.NOTHING, Standing.PARTIAL)

    @property
    def has_mixed_definitions(self) -> bool:
        return self.cell.versions > 1


@dataclass(frozen=True)
class Known:
    """What cells are read against: the periods and definitions that a page has at hand, by their keys."""

    initiative: Initiative
    at: datetime
    periods: Mapping[int, ReportingPeriod]
    versions: Mapping[int, IndicatorVersion]
    sees_all: bool
    codes: Mapping[str, int] = field(default_factory=dict)

    def computes(self, indicator_id: int) -> bool:
        """Whether the measure is computed from others."""
        return indicator_id in self._derived

    @cached_property
    def _derived(self) -> dict[int, list[IndicatorVersion]]:
        found: dict[int, list[IndicatorVersion]] = {}
        for version in self.versions.values():
            if version.kind == Kind.DERIVED:
                found.setdefault(version.indicator_id, []).append(version)
        return found

    @property
    def derived(self) -> list[int]:
        return list(self._derived)

    def definition(self, indicator_id: int, day: date) -> IndicatorVersion:
        """The definition of a computed measure that holds in a period starting on that day."""
        versions = sorted(self._derived[indicator_id], key=lambda version: version.number)
        valid = [version for version in versions if version.effective_from <= day]
        return valid[-1] if valid else versions[0]

    def made_from(self, indicator_id: int) -> set[int]:
        """The measures whose cells a figure is read from: itself, or those that it is computed from."""
        found, left = set(), [indicator_id]
        while left:
            each = left.pop()
            if each in found:
                continue
            found.add(each)
            for version in self._derived.get(each, []):
                left += [
                    self.codes[code] for code in operands(tree_of(version.expression)) if code in self.codes
                ]
        return found

    def is_past_due(self, period: ReportingPeriod) -> bool:
        return due_moment(period.due_on, self.initiative.zone) <= self.at


def known(
    initiative: Initiative,
    *,
    at: datetime,
    periods: Iterable[ReportingPeriod],
    versions: Iterable[IndicatorVersion],
    sees_all: bool,
) -> Known:
    """`sees_all`: the reader may know each partner's own figures. One query more where a measure is computed from
    others, of which only it is at hand."""
    there = {version.pk: version for version in versions}
    codes: dict[str, int] = {}
    if any(version.kind == Kind.DERIVED for version in there.values()):
        codes = _codes(there)
        if not _wanted(there) <= codes.keys():
            everything = IndicatorVersion.objects.filter(initiative=initiative).select_related("indicator")
            there = {**{version.pk: version for version in everything}, **there}
            codes = _codes(there)
    return Known(initiative, at, {period.pk: period for period in periods}, there, sees_all, codes)


def _codes(versions: Mapping[int, IndicatorVersion]) -> dict[str, int]:
    return {version.indicator.code: version.indicator_id for version in versions.values()}


def _wanted(versions: Mapping[int, IndicatorVersion]) -> set[str]:
    """The codes of all measures that others are computed from."""
    found = (operands(tree_of(version.expression)) for version in versions.values() if version.expression)
    return set().union(*found)
