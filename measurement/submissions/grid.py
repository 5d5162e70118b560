"""A report as a grid: one row an indicator, one cell an expected value, with what is typed in it so far."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from backbone.web.numbers import MAX_DECIMALS, write_number
from measurement.indicators.kinds import Kind
from measurement.indicators.models import Category, Disaggregation, IndicatorVersion
from measurement.rates.selectors import rates_on
from measurement.submissions.components import to_typed
from measurement.submissions.details import written_detail
from measurement.submissions.earlier import Before, Earlier, figures_before
from measurement.submissions.models import CurrentFigure, DraftFigure, ExpectedReport, Submission
from measurement.submissions.status import FigureStatus
from measurement.submissions.withheld import Interval, may_be_withheld, write_interval

Cell = tuple[int, int | None]

# Kinds whose categories make a total: not so yes and no, medians and highest levels.
ADDED_UP = frozenset(Kind) - {
    Kind.MILESTONE,
    Kind.MEDIAN,
    Kind.PEAK,
    Kind.TEXT,
    Kind.ORDINAL,
}
# Kinds of which the detail of a draft says something by itself.
_TOLD_BY_DETAIL = frozenset({Kind.MEAN, Kind.ORDINAL, Kind.TEXT})
_LONGEST_NOTE = 2000
_ROUNDING = Context(prec=100, rounding=ROUND_HALF_UP)


@dataclass
class GridCell:
    figure: CurrentFigure
    version: IndicatorVersion
    draft: DraftFigure
    previous: Before | None = None
    year_ago: Before | None = None
    rates: Mapping[str, Decimal] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)

    @cached_property
    def key(self) -> Cell:
        return self.figure.indicator_id, self.figure.category_id

    @cached_property
    def name(self) -> str:
        """The start of the names and ids of this cell's fields on a page."""
        return cell_name(self.key)

    @cached_property
    def category(self) -> Category | None:
        return self.figure.category

    @cached_property
    def label(self) -> str:
        if self.category is None:
            return self.version.name
        return f"{self.version.name}, {self.category.name}"

    @cached_property
    def kind(self) -> Kind:
        return Kind(self.version.kind)

    @property
    def previous_typed(self) -> tuple[Decimal | None, Decimal | None]:
        """The figure of the period before, as somebody would type it."""
        if self.previous is None:
            return None, None
        return typed_numbers(self.previous, self.previous.version)

    @cached_property
    def previous_written(self) -> tuple[str, str]:
        """The same, as it would stand in the fields; empty where there was no number, or it meant something else."""
        before = self.previous
        if before is None or before.amount is None or _scale(before.version) != _scale(self.version):
            return "", ""
        if self.version.hand_in_units:
            return "", ""  # the number alone does not say it
        amount, base, _detail = written(before, before.version)
        return amount, base

    @property
    def says_no_change(self) -> bool:
        """Somebody has said so, and the fields still say it."""
        return self.draft.same and (self.draft.amount, self.draft.base) == self.previous_written

    @property
    def is_answered(self) -> bool:
        return self.is_typed or bool(self.draft.status)

    @property
    def is_typed(self) -> bool:
        """There is a value in its fields, or as much as somebody has typed of it."""
        told = self.draft.detail if self.kind in _TOLD_BY_DETAIL else ""
        return any(text.strip() for text in (self.draft.amount, self.draft.base, told))

    @cached_property
    def may_be_withheld(self) -> bool:
        """Small numbers of people may give somebody away."""
        return self.version.counts_people and may_be_withheld(self.kind)

    @cached_property
    def may_be_blank(self) -> bool:
        """An Unknown left blank is worked out from the total and the other categories."""
        category = self.category
        if category is None or not self.adds_up:
            return False
        margins = (category.row, category.column)
        return category.is_unknown or any(margin is not None and margin.is_unknown for margin in margins)

    @cached_property
    def adds_up(self) -> bool:
        """Together with the other categories of its breakdown this one makes the total."""
        category = self.category
        return (
            category is not None
            and category.disaggregation.adds_up == Disaggregation.AddsUp.PARTITION
            and self.kind in ADDED_UP
        )


@dataclass
class GridRow:
    version: IndicatorVersion
    cells: list[GridCell]

    @property
    def total(self) -> GridCell:
        return next(cell for cell in self.cells if cell.category is None)

    @property
    def breakdowns(self) -> dict[Disaggregation, list[GridCell]]:
        found: dict[Disaggregation, list[GridCell]] = {}
        for cell in self.cells:
            if cell.category is not None:
                found.setdefault(cell.category.disaggregation, []).append(cell)
        return found


@dataclass
class Grid:
    rows: list[GridRow]

    @property
    def cells(self) -> list[GridCell]:
        return [cell for row in self.rows for cell in row.cells]

    @property
    def asked(self) -> list[GridCell]:
        """The figures that somebody has to give."""
        return [cell for cell in self.cells if not cell.may_be_blank]

    @property
    def answered(self) -> int:
        return sum(cell.is_answered for cell in self.asked)

    def __getitem__(self, key: Cell) -> GridCell:
        return next(cell for cell in self.cells if cell.key == key)


def cell_name(key: Cell) -> str:
    indicator, category = key
    return f"figure-{indicator}-{category or 'total'}"


def amount_label(version: IndicatorVersion) -> str:
    """What the number, or the upper one of two, is called beside its field."""
    return version.amount_label or (_("Average") if version.kind == Kind.MEAN else version.name)


def base_label(version: IndicatorVersion) -> str:
    if version.base_label:
        return version.base_label
    unnamed = {
        Kind.MEAN: _("Number of cases"),
        Kind.MEDIAN: _("Number of cases, if known"),
        Kind.RATE: _("Exposure"),
    }
    return unnamed.get(Kind(version.kind), _("Out of"))


def typed_numbers(
    figure: CurrentFigure | Before, version: IndicatorVersion
) -> tuple[Decimal | None, Decimal | None]:
    return to_typed(Kind(version.kind), figure.components, multiplier=version.scale)


def _scale(version: IndicatorVersion) -> tuple[object, ...]:
    """What a number that stands in a field means."""
    return version.kind, version.multiplier, version.unit


def grid_of(
    expected_report: ExpectedReport,
    submission: Submission | None,
    *,
    only: Collection[int] | None = None,
) -> Grid:
    """The whole report, or `only` some indicators of it, in at most six queries; versions and categories are shared."""
    figures = _figures(expected_report, only)
    drafts = {(d.indicator_id, d.category_id): d for d in submission.drafts.all()} if submission else {}
    before = figures_before(expected_report, {f.version_id: f.version for f in figures})
    rates = _rates(expected_report, {figure.version_id: figure.version for figure in figures}.values())
    rows: dict[int, GridRow] = {}
    for figure in figures:
        row = rows.get(figure.indicator_id)
        if row is None:
            row = rows[figure.indicator_id] = GridRow(figure.version, [])
        cell = _cell(figure, drafts, before, submission)
        if rates:
            cell.rates = {other: rate for (other, ours), rate in rates.items() if ours == figure.version.unit}
        row.cells.append(cell)
    return Grid(list(rows.values()))


def _rates(
    expected_report: ExpectedReport, versions: Iterable[IndicatorVersion]
) -> Mapping[tuple[str, str], Decimal]:
    """Exchange rates of the end of the period, where anything may be handed in in another currency."""
    if not any(version.kind == Kind.MONEY and version.hand_in_units for version in versions):
        return {}
    return rates_on(expected_report.initiative_id, expected_report.period.end)


def _cell(
    figure: CurrentFigure,
    drafts: Mapping[Cell, DraftFigure],
    before: Earlier,
    submission: Submission | None,
) -> GridCell:
    key = (figure.indicator_id, figure.category_id)
    return GridCell(
        figure,
        figure.version,
        drafts.get(key) or _blank(figure, submission),
        before.last.get(key),
        before.year_ago.get(key),
    )


def _figures(expected_report: ExpectedReport, only: Collection[int] | None) -> list[CurrentFigure]:
    """Those expected, in the order of the page: by measure, its total first."""
    expected = CurrentFigure.objects.filter(expected_report=expected_report).select_related("observation")
    if only is not None:
        expected = expected.filter(indicator_id__in=only)
    figures = list(expected.exclude(status=FigureStatus.NOT_EXPECTED))
    versions = IndicatorVersion.objects.select_related("indicator").in_bulk({f.version_id for f in figures})
    categories = Category.objects.select_related("disaggregation", "row", "column").in_bulk(
        {figure.category_id for figure in figures if figure.category_id}
    )
    order = {None: 0} | {
        pk: place for place, pk in enumerate(sorted(categories, key=_by(categories)), start=1)
    }
    for figure in figures:
        version = versions[figure.version_id]
        # what a join would have put there, without an object of its own for each of five hundred figures
        figure._state.fields_cache |= {
            "version": version,
            "indicator": version.indicator,
            "period": expected_report.period,
            "category": categories.get(figure.category_id or 0),
        }
    return sorted(figures, key=lambda f: (f.indicator.position, f.indicator_id, order[f.category_id]))


def _by(categories: Mapping[int, Category]) -> Callable[[int], tuple[object, ...]]:
    def place(pk: int) -> tuple[object, ...]:
        category = categories[pk]
        by = category.disaggregation
        return by.name, by.pk, category.position, pk

    return place


def _blank(figure: CurrentFigure, submission: Submission | None) -> DraftFigure:
    draft = DraftFigure(
        initiative_id=figure.initiative_id, indicator_id=figure.indicator_id, category_id=figure.category_id
    )
    if submission:
        draft.submission_id = submission.pk
    return draft


def drafts_from_figures(submission: Submission, figures: Iterable[CurrentFigure]) -> list[DraftFigure]:
    """What somebody would have typed for the figures as they stand: to correct what was never typed."""
    return [_draft(submission, figure) for figure in figures if figure.observation_id]


def _draft(submission: Submission, figure: CurrentFigure) -> DraftFigure:
    draft = _blank(figure, submission)
    if not figure.derived:
        draft.amount, draft.base, draft.detail = written(figure, figure.version)
    if figure.low is not None and figure.high is not None and not figure.derived:
        withheld = Interval(figure.low, figure.high)
        draft.amount = write_interval(withheld, multiplier=figure.version.scale)
    if figure.status not in (FigureStatus.REPORTED, FigureStatus.MISSING) and not figure.derived:
        draft.status = figure.status
    if figure.observation:
        draft.note = figure.observation.note[:_LONGEST_NOTE]
    return draft


def written(figure: CurrentFigure | Before, version: IndicatorVersion) -> tuple[str, str, str]:
    """What somebody would have typed for the figure, rounded to what a field takes: two numbers and the detail."""
    if figure.given_amount is not None:
        return _written(figure.given_amount), "", figure.given_unit
    first, second = typed_numbers(figure, version)
    detail = written_detail(version, figure.components, figure.text)
    if version.kind == Kind.MILESTONE and first is not None:
        return ("yes" if first else "no"), "", ""
    if version.kind == Kind.ORDINAL:
        return "", "", detail
    return _written(first), _written(second), detail


def _written(number: Decimal | None) -> str:
    if number is None:
        return ""
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -MAX_DECIMALS:
        number = number.quantize(Decimal(1).scaleb(-MAX_DECIMALS), context=_ROUNDING)
    return write_number(number)
