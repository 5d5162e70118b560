"""One figure by the categories of its breakdowns: their shares, what is not known, and how they lie in each other.

Decisions. Shares add up only where everybody is in exactly one category; they are of the total. Where somebody may be
in several, or in none, a share is of the people with a known answer, which is kept beside each category. Categories
that are merged into another one stand beneath it, also those of a finer breakdown, and are not counted a second time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from measurement.charts.bars import Bar, BarChart, bars_svg
from measurement.charts.line import NARROW, WIDE
from measurement.dashboards.curves import Breakdown, category_of
from measurement.dashboards.gaps import gap_lines
from measurement.dashboards.ranges import range_words
from measurement.indicators.kinds import OverTime
from measurement.indicators.models import Category, Disaggregation
from measurement.judgement.small_numbers import GroupSize, group_size
from measurement.rollups.selectors import Figure

AddsUp = Disaggregation.AddsUp


@dataclass(frozen=True)
class Share:
    """One category of a breakdown. `share` is in per cent of the total, or of those whose answer is known. `depth`: how
    many categories it is merged into that stand above it."""

    figure: Figure
    share: Decimal | None
    depth: int = 0


@dataclass(frozen=True)
class CrossTable:
    """`lines`: a name, the figures of the cells (None: nothing was asked) and the figure of the margin."""

    heads: list[str]
    lines: list[tuple[str, list[Figure | None], Figure | None]]
    foot: list[Figure | None]


@dataclass(frozen=True)
class DrawnBreakdown:
    """`known` is the per cent of the total whose category is known; None where it is everybody or unknown."""

    disaggregation: Disaggregation
    rows: list[Share]
    drawing: SafeString
    known: Decimal | None = None
    gaps: list[str] = field(default_factory=list)
    base: Decimal | None = None
    table: CrossTable | None = None


def drawn_breakdown(breakdown: Breakdown, total: Figure) -> DrawnBreakdown:
    if breakdown.disaggregation.is_cross_table:
        table = _cross_table(breakdown)
        return DrawnBreakdown(breakdown.disaggregation, [], SafeString(), table=table)
    rows = [
        Share(figure, _share(figure, breakdown.disaggregation, total), depth)
        for figure, depth in _in_order(breakdown)
    ]
    top = [row for row in rows if row.depth == 0]
    known = _known([row.figure for row in top], breakdown.disaggregation, total)
    return DrawnBreakdown(
        breakdown.disaggregation,
        rows,
        _bars(breakdown, top, total),
        known if known is not None and round(known, 1) < 100 else None,
        gap_lines(breakdown.disaggregation, [row.figure for row in top]),
        _base(row.figure for row in top) if any(row.share is not None for row in top) else None,
    )


def _in_order(breakdown: Breakdown) -> Iterable[tuple[Figure, int]]:
    """Each category followed by those that are merged into it."""
    below: dict[int, list[Figure]] = {}
    for figure in breakdown.beside.values():
        category = category_of(figure)
        if category.merged_into_id is not None:
            below.setdefault(category.merged_into_id, []).append(figure)
    there = {category_of(figure).pk for figure in breakdown.figures}

    def walk(figures: list[Figure], depth: int) -> Iterable[tuple[Figure, int]]:
        for figure in figures:
            yield figure, depth
            yield from walk(below.get(category_of(figure).pk, []), depth + 1)

    return walk([each for each in breakdown.figures if category_of(each).merged_into_id not in there], 0)


def _share(figure: Figure, disaggregation: Disaggregation, total: Figure) -> Decimal | None:
    """Only sums have shares."""
    if figure.version.rules.has_base or OverTime(figure.version.over_time) is OverTime.MAX:
        return None
    whole, part = total.value, figure.value
    if disaggregation.adds_up != AddsUp.PARTITION:
        whole, part = figure.cell.base, figure.cell.based if part is not None else None
    if part is None or not whole or _are_too_few(whole, figure):
        return None
    return part * 100 / whole


def _are_too_few(whole: Decimal, figure: Figure) -> bool:
    return figure.version.counts_people and group_size(max(whole, Decimal(0))) is GroupSize.TOO_SMALL


def _base(figures: Iterable[Figure]) -> Decimal | None:
    """How many people's answers are known, where that is not the total."""
    bases = [figure.cell.base for figure in figures if figure.cell.base is not None]
    return max(bases, default=None)


def _known(figures: list[Figure], disaggregation: Disaggregation, total: Figure) -> Decimal | None:
    """For how many per cent of the total the category is known: also where partners gave only their totals."""
    whole = total.cell.base if total.version.rules.has_base else total.value
    if not whole or OverTime(total.version.over_time) is OverTime.MAX:
        return None
    known = [figure for figure in figures if not is_unknown(figure)]
    if disaggregation.adds_up != AddsUp.PARTITION:
        base = _base(known)
        return base * 100 / whole if base is not None else None
    parts = [figure.cell.base if total.version.rules.has_base else figure.value for figure in known]
    given = [part for part in parts if part is not None]
    return sum(given, Decimal(0)) * 100 / whole if given else None


def _cross_table(breakdown: Breakdown) -> CrossTable:
    cells: dict[tuple[int | None, int | None], Figure] = {}
    rows: dict[int, Category] = {}
    columns: dict[int, Category] = {}
    for figure in breakdown.figures:
        category = category_of(figure)
        cells[category.row_id, category.column_id] = figure
        if category.row and category.column:
            rows[category.row.pk], columns[category.column.pk] = category.row, category.column
    down, across = _by_position(rows), _by_position(columns)
    return CrossTable(
        [str(column) for column in across],
        [
            (
                str(row),
                [cells.get((row.pk, column.pk)) for column in across],
                breakdown.beside.get(row.pk),
            )
            for row in down
        ],
        [breakdown.beside.get(column.pk) for column in across],
    )


def _by_position(categories: Mapping[int, Category]) -> list[Category]:
    return sorted(categories.values(), key=lambda each: (each.position, each.pk))


def _bars(breakdown: Breakdown, rows: list[Share], total: Figure) -> SafeString:
    chart = BarChart(
        title=_("%(measure)s by %(breakdown)s, %(period)s")
        % {
            "measure": total.version.name,
            "breakdown": breakdown.disaggregation.name,
            "period": total.period.label,
        },
        bars=tuple(_bar(row) for row in rows),
        unit=total.version.unit,
        decimals=total.version.decimals,
    )
    name = f"by-{breakdown.disaggregation.pk}"
    return format_html(
        '<div class="chart-pair">{}{}</div>',
        bars_svg(
            chart,
            width=WIDE[0],
            element_id=f"{name}-wide",
            klass="chart img-fluid d-none d-sm-block d-print-block",
        ),
        bars_svg(
            chart,
            width=NARROW[0],
            element_id=f"{name}-narrow",
            klass="chart img-fluid d-block d-sm-none d-print-none",
        ),
    )


def _bar(row: Share) -> Bar:
    figure, category = row.figure, row.figure.cell.category
    note = _("too few cases") if figure.size is GroupSize.TOO_SMALL else range_words(figure)
    return Bar(
        label=category.name if category else "",
        value=figure.shown,
        share=row.share,
        unknown=is_unknown(figure),
        note=note or (_("partial") if figure.is_partial and figure.shown is not None else ""),
    )


def is_unknown(figure: Figure) -> bool:
    return figure.cell.category is not None and figure.cell.category.is_unknown
