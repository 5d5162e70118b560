"""Figures and their parts as rows of tables."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from initiatives.charter.models import Initiative, PartnerGroup
from measurement.charts.figures import plain
from measurement.dashboards import cards, formulas
from measurement.dashboards.breakdowns import DrawnBreakdown
from measurement.dashboards.curves import CurvePage
from measurement.dashboards.selectors import Measure
from measurement.indicators.kinds import Kind
from measurement.indicators.models import Category, IndicatorVersion
from measurement.rollups import judging
from measurement.rollups.differences import flows
from measurement.rollups.explain import Explanation
from measurement.rollups.kinds import Standing, in_unit
from measurement.rollups.selectors import Figure
from measurement.submissions.models import STATUS_NAMES, CurrentFigure
from measurement.submissions.queries import answers_about
from measurement.submissions.status import FigureStatus
from measurement.submissions.wording import handed_in_words, is_unusual, levels_words

_STANDINGS: dict[Standing, str | Promise] = {
    Standing.NOTHING: gettext_lazy("Nothing in yet"),
    Standing.PARTIAL: gettext_lazy("Partial"),
    Standing.PROVISIONAL: gettext_lazy("Not final yet"),
    Standing.FINAL: gettext_lazy("Final"),
}


@dataclass(frozen=True)
class FigureRow:
    """A figure in a table. `figure` None: nothing was asked about this period."""

    name: str
    figure: Figure | None
    value: str = ""
    coverage: str = ""
    on_time: str = ""
    standing: str = ""
    notes: str = ""
    url: str = ""
    interval: str = ""
    break_note: str = ""


def figure_row(
    name: str, figure: Figure, measure: Measure, initiative: Initiative, group: PartnerGroup | None
) -> FigureRow:
    return FigureRow(
        name=name,
        figure=figure,
        value=cards.shown(figure),
        coverage=cards.in_of_expected(figure),
        on_time=str(figure.cell.on_time),
        standing=str(_STANDINGS[figure.standing]),
        notes=", ".join(note for note in cards.notes(figure) if figure.standing is not Standing.PROVISIONAL),
        url=cards.how_url(initiative, measure, figure, group=group, category=figure.cell.category),
        interval=_interval(figure),
    )


def _interval(figure: Figure) -> str:
    """What a proportion of so many cases could have been; with a decimal, since it is about doubt."""
    found = judging.interval_of(figure)
    if found is None:
        return ""
    decimals = max(figure.version.decimals, 1)
    return _("between %(low)s and %(high)s") % {
        "low": plain(found.low, decimals),
        "high": plain(found.high, decimals),
    }


def period_rows(page: CurvePage, initiative: Initiative) -> list[FigureRow]:
    """The newest first, and a row for every period in between; the first ones of a new meaning say so."""
    figures = {figure.period.pk: figure for figure in page.curve}
    added = dict(zip(figures, flows(list(figures.values())), strict=True))
    rows = [
        _with_flow(
            figure_row(period.label, figures[period.pk], page.measure, initiative, page.group),
            added[period.pk],
        )
        if period.pk in figures
        else FigureRow(period.label, None)
        for period in page.periods
    ]
    for each in page.breaks:
        place = next((index for index, period in enumerate(page.periods) if period.start >= each.on), 0)
        if place:
            rows[place] = replace(rows[place], break_note=each.note)
    return rows[::-1]


def _with_flow(row: FigureRow, added: Decimal | None) -> FigureRow:
    """Beside a figure since the beginning of the year: what this period added to it."""
    if row.figure is None or row.figure.kind is not Kind.CUMULATIVE or added is None:
        return row
    number = plain(added, row.figure.version.decimals)
    words = _("%(number)s in this period alone") % {"number": number}
    return replace(row, notes=", ".join(filter(None, (row.notes, words))))


@dataclass(frozen=True)
class PartRow:
    """One partner's figure within a total."""

    part: CurrentFigure
    value: str
    amount: str
    base: str
    flags: list[str]
    answers: list[str]

    @property
    def note(self) -> str:
        return self.part.observation.note if self.part.observation else ""


def part_row(part: CurrentFigure, version: IndicatorVersion, category: Category | None = None) -> PartRow:
    """`category`: of the figure that it is a part of."""
    value = _value(part, version)
    return PartRow(
        part=part,
        value=_value_words(part, value, version),
        amount=formulas.exact(part.amount) if part.amount is not None else "",
        base=formulas.exact(part.base) if part.base is not None else "",
        flags=[*_merged(part, category), *_flags(part, value, version)],
        answers=answers_about(part),
    )


def _value_words(part: CurrentFigure, value: Decimal | None, version: IndicatorVersion) -> str:
    if part.text:
        return part.text
    if value is not None:
        return plain(value, version.decimals)
    if part.low is None or part.high is None:
        return _("no cases")
    low, high = part.low / version.divisor, part.high / version.divisor
    ends = {"low": plain(low, version.decimals), "high": plain(high, version.decimals)}
    return _("%(low)s to %(high)s") % ends


def _value(part: CurrentFigure, version: IndicatorVersion) -> Decimal | None:
    if part.amount is None or (version.rules.has_base and not part.base):
        return None
    if not version.rules.has_base:
        return Decimal(part.amount / version.divisor)
    return Decimal(part.amount * version.per / part.base)


def _merged(part: CurrentFigure, category: Category | None) -> Iterable[str]:
    if category is not None and part.category is not None and part.category_id != category.pk:
        yield str(part.category)


def _flags(part: CurrentFigure, value: Decimal | None, version: IndicatorVersion) -> Iterable[str]:
    if part.levels:
        yield levels_words(version, part.levels)
    if part.handed_in:
        yield _("handed in as %(amount)s") % {"amount": handed_in_words(part.handed_in)}
    if part.status != FigureStatus.REPORTED:
        yield str(STATUS_NAMES[FigureStatus(part.status)])
    if part.derived:
        yield _("Worked out from the others")
    if is_unusual(version, value):
        yield _("Outside what is plausible")


@dataclass(frozen=True)
class AbsenceRow:
    word: str
    partners: int
    names: str
    unnamed: int


def absence_rows(explanation: Explanation) -> list[AbsenceRow]:
    return [
        AbsenceRow(
            str(STATUS_NAMES[absence.status]), absence.partners, ", ".join(absence.names), absence.unnamed
        )
        for absence in explanation.absences
    ]


@dataclass(frozen=True)
class OthersRow:
    partners: int
    amount: str
    base: str


def others_row(explanation: Explanation) -> OthersRow | None:
    others = explanation.others
    if others is None:
        return None
    kept, version = others.amount, explanation.figure.version
    amount = formulas.exact(in_unit(kept, version.divisor)) if kept is not None else ""
    return OthersRow(others.partners, amount, formulas.exact(others.base) if others.base is not None else "")


@dataclass(frozen=True)
class BreakdownTable:
    """`rows` with their shares and how deep they lie in others; `cells`: the same as a cross-table, where it is one."""

    drawn: DrawnBreakdown
    rows: list[tuple[FigureRow, Decimal | None, int]]
    cells: list[tuple[str, list[FigureRow | None]]] = field(default_factory=list)

    @property
    def has_shares(self) -> bool:
        return any(share is not None for _row, share, _depth in self.rows)


def breakdown_table(
    drawn: DrawnBreakdown, measure: Measure, initiative: Initiative, group: PartnerGroup | None
) -> BreakdownTable:
    def row(figure: Figure) -> FigureRow:
        return figure_row(str(figure.cell.category), figure, measure, initiative, group)

    table, cells = drawn.table, []
    if table is not None:
        lines = [(name, [*figures, margin]) for name, figures, margin in table.lines]
        lines.append((_("All"), [*table.foot, None]))
        cells = [(name, [row(each) if each else None for each in figures]) for name, figures in lines]
    return BreakdownTable(drawn, [(row(each.figure), each.share, each.depth) for each in drawn.rows], cells)
