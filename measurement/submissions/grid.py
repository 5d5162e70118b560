"""A report as a grid: one row an indicator, one cell an expected value, with what is typed in it so far."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from django.utils.translation import gettext as _

from backbone.web.numbers import write_number
from measurement.indicators.kinds import Kind
from measurement.indicators.models import Category, Disaggregation, IndicatorVersion
from measurement.submissions.components import Components, to_typed
from measurement.submissions.models import CurrentFigure, DraftFigure, ExpectedReport, Submission

Cell = tuple[int, int | None]


@dataclass
class GridCell:
    figure: CurrentFigure
    version: IndicatorVersion
    draft: DraftFigure
    previous: CurrentFigure | None = None
    problems: list[str] = field(default_factory=list)

    @property
    def key(self) -> Cell:
        return self.figure.indicator_id, self.figure.category_id

    @property
    def name(self) -> str:
        """The start of the names and ids of this cell's fields on a page."""
        return cell_name(self.key)

    @property
    def category(self) -> Category | None:
        return self.figure.category

    @property
    def label(self) -> str:
        if self.category is None:
            return self.version.name
        return _("%(measure)s, %(category)s") % {"measure": self.version.name, "category": self.category.name}

    @property
    def kind(self) -> Kind:
        return Kind(self.version.kind)

    @cached_property
    def previous_typed(self) -> tuple[Decimal | None, Decimal | None]:
        """The figure of the period before, as somebody would type it."""
        if self.previous is None:
            return None, None
        return typed_numbers(self.previous, self.version)

    @property
    def is_answered(self) -> bool:
        return bool(self.draft.amount.strip() or self.draft.base.strip() or self.draft.status)


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
    def answered(self) -> int:
        return sum(cell.is_answered for cell in self.cells)

    def __getitem__(self, key: Cell) -> GridCell:
        return next(cell for cell in self.cells if cell.key == key)


def cell_name(key: Cell) -> str:
    indicator, category = key
    return f"figure-{indicator}-{category or 'total'}"


def typed_numbers(figure: CurrentFigure, version: IndicatorVersion) -> tuple[Decimal | None, Decimal | None]:
    return to_typed(Kind(version.kind), Components(figure.amount, figure.base), multiplier=version.multiplier)


def grid_of(expected_report: ExpectedReport, submission: Submission | None) -> Grid:
    """The whole report in four queries, whatever its size."""
    figures = list(
        CurrentFigure.objects.filter(expected_report=expected_report)
        .select_related("version", "indicator", "category__disaggregation")
        .order_by(
            "indicator__position", "indicator_id", "category__disaggregation__name", "category__position"
        )
    )
    drafts = {(d.indicator_id, d.category_id): d for d in submission.drafts.all()} if submission else {}
    before = figures_before(expected_report)
    rows: dict[int, GridRow] = {}
    for figure in sorted(figures, key=lambda figure: figure.category_id is not None):
        row = rows.setdefault(figure.indicator_id, GridRow(figure.version, []))
        key = (figure.indicator_id, figure.category_id)
        row.cells.append(
            GridCell(figure, figure.version, drafts.get(key) or _blank(figure, submission), before.get(key))
        )
    order = dict.fromkeys(figure.indicator_id for figure in figures)
    return Grid([rows[indicator] for indicator in order])


def figures_before(expected_report: ExpectedReport) -> Mapping[Cell, CurrentFigure]:
    """The same partner's figures of the period before."""
    period = expected_report.period
    earlier = CurrentFigure.objects.filter(
        organization_id=expected_report.organization_id,
        period__calendar_id=period.calendar_id,
        period__ordinal=period.ordinal - 1,
    )
    return {(figure.indicator_id, figure.category_id): figure for figure in earlier}


def _blank(figure: CurrentFigure, submission: Submission | None) -> DraftFigure:
    return DraftFigure(
        initiative_id=figure.initiative_id,
        submission=submission,
        indicator_id=figure.indicator_id,
        category_id=figure.category_id,
    )


def drafts_from_figures(submission: Submission, figures: Iterable[CurrentFigure]) -> list[DraftFigure]:
    """What somebody would have typed for the figures as they stand: to correct a report that was never typed."""
    return [_draft(submission, figure) for figure in figures if figure.observation_id]


def _draft(submission: Submission, figure: CurrentFigure) -> DraftFigure:
    draft = _blank(figure, submission)
    first, second = typed_numbers(figure, figure.version)
    if figure.version.kind == Kind.MILESTONE and first is not None:
        draft.amount = "yes" if first else "no"
    else:
        draft.amount = "" if first is None or figure.derived else write_number(first)
    draft.base = "" if second is None or figure.derived else write_number(second)
    if first is None or figure.status != "reported":
        draft.status = figure.status
    return draft
