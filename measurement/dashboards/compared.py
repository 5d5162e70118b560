"""Series from outside beside the curve of a measure: drawn within its time, and in a table of their own."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Final

from backbone.web.dates import long_date
from measurement.benchmarks.selectors import Series, beside
from measurement.charts.series import Curve, Point
from measurement.dashboards import cards, signs
from measurement.dashboards.curves import CurvePage

DRAWN_AT_MOST: Final = 3  # more lines cannot be told apart
_A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class ComparedRow:
    day: str
    value: str
    own: str


@dataclass(frozen=True)
class Compared:
    """`drawn`: its line stands in the chart."""

    series: Series
    rows: list[ComparedRow]
    drawn: bool


def compared(page: CurvePage) -> list[Compared]:
    """Every series of the measure; of one group of partners too, since it is only read beside. One query."""
    if not page.measure.has_benchmarks:
        return []
    found = beside(page.measure.indicator)
    drawn = [each for each in found if len(_inside(each, page)) > 0][:DRAWN_AT_MOST]
    return [Compared(each, list(_rows(each, page)), each in drawn) for each in found]


def curves(found: Iterable[Compared], page: CurvePage) -> tuple[Curve, ...]:
    """For the chart: the part of each series that lies in the time of the curve."""
    version = page.measure.version
    return tuple(
        Curve(
            each.series.benchmark.name,
            tuple(_points(_inside(each.series, page), page.periods[0].start)),
            version.unit,
            version.decimals,
        )
        for each in found
        if each.drawn
    )


def _inside(series: Series, page: CurvePage) -> list[tuple[date, Decimal]]:
    """What may be drawn: in the same unit, and neither before the first period nor after the last."""
    if not page.periods or series.benchmark.unit != page.measure.version.unit:
        return []
    first, last = page.periods[0].start, page.periods[-1].end
    return [(day, value) for day, value in series.values if first <= day <= last]


def _points(values: list[tuple[date, Decimal]], first: date) -> Iterable[Point]:
    """Each value reaches back to the one before it, the first one as far as the second."""
    days = [day for day, _value in values]
    spans = [after - before for before, after in pairwise(days)]
    for (day, value), span in zip(values, [*spans[:1], *spans] or [_A_DAY], strict=True):
        yield Point(long_date(day), max(day - span + _A_DAY, first), day, value)


def _rows(series: Series, page: CurvePage) -> Iterable[ComparedRow]:
    """The newest first, each beside the figure of the period that the day lies in."""
    version = page.measure.version
    own = {figure.period.pk: figure for figure in page.curve}
    for day, value in reversed(series.values):
        period = next((each for each in page.periods if each.start <= day <= each.end), None)
        figure = own.get(period.pk) if period else None
        yield ComparedRow(
            long_date(day),
            signs.with_unit(value, version) if series.benchmark.unit == version.unit else str(value),
            cards.shown(figure) if figure else "",
        )
