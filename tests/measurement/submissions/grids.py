"""Reports on paper only: grids of unsaved rows, for rules that need no database."""

from decimal import Decimal

from measurement.indicators.kinds import RULES, Kind
from measurement.indicators.models import Category, Disaggregation, Indicator, IndicatorVersion
from measurement.submissions.grid import Grid, GridCell, GridRow
from measurement.submissions.models import CurrentFigure, DraftFigure
from measurement.submissions.workflow import Typed

TOTAL = (1, None)


def version(kind: Kind = Kind.FLOW, **fields: object) -> IndicatorVersion:
    values: dict[str, object] = {
        "name": "Served",
        "kind": kind,
        "over_time": RULES[kind].over_time[0],
        **fields,
    }
    return IndicatorVersion(indicator=Indicator(pk=1, code="served"), indicator_id=1, number=1, **values)


def cell(of: IndicatorVersion, words: Typed, category: Category | None = None, **record: Decimal) -> GridCell:
    figure = CurrentFigure(
        indicator_id=1, category=category, category_id=category.pk if category else None, version=of, **record
    )
    draft = DraftFigure(amount=words.amount, base=words.base, status=words.status, note=words.note)
    return GridCell(figure, of, draft)


def grid(
    of: IndicatorVersion,
    total: Typed,
    parts: dict[str, Typed] | None = None,
    *,
    adds_up: str = Disaggregation.AddsUp.PARTITION,
) -> Grid:
    """`parts` by name of category; the one called Unknown stands for those not known."""
    by = Disaggregation(pk=1, name="Gender", adds_up=adds_up)
    cells = [cell(of, total)]
    for position, (name, words) in enumerate((parts or {}).items(), start=1):
        category = Category(pk=position, disaggregation=by, name=name, is_unknown=name == "Unknown")
        cells.append(cell(of, words, category))
    return Grid([GridRow(of, cells)])


def amount(text: object, base: object = "") -> Typed:
    return Typed(amount=str(text), base=str(base))
