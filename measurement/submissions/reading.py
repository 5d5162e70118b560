"""Reading a typed report: numbers out of texts, and every hard error with the name of its cell.

Hard errors block handing in (section 4 of the measurement rules): not a number, wrong sign, upper above lower
number of a share, categories above their total, no answer at all. Implausible is not impossible and no error.
"""

from collections.abc import Callable
from decimal import Context, Decimal

from django.utils.translation import gettext as _

from backbone.web.numbers import write_number
from measurement.indicators.kinds import Kind
from measurement.indicators.models import IndicatorVersion
from measurement.submissions.answers import Problem, Reading, problem_with
from measurement.submissions.components import Components, HandedIn, from_typed
from measurement.submissions.details import (
    OtherUnit,
    Unreadable,
    number,
    other_unit,
    read_levels,
    read_spread,
)
from measurement.submissions.fitting import fit
from measurement.submissions.grid import Cell, Grid, GridCell, GridRow, amount_label, base_label, written
from measurement.submissions.margins import sums_of
from measurement.submissions.observations import Given
from measurement.submissions.status import MEANINGS, FigureStatus
from measurement.submissions.withheld import NotAnInterval, may_be_withheld, read_interval, says_below

_WIDE = Context(prec=200)
_YES_NO = {"yes": Decimal(1), "no": Decimal(0), "1": Decimal(1), "0": Decimal(0)}


class NotRight(Exception):
    """The report cannot be handed in as it is; the reading says why, cell by cell."""

    def __init__(self, reading: Reading) -> None:
        super().__init__(_("There is a problem in this report."))
        self.reading = reading


def read(grid: Grid) -> Reading:
    """Everything that the report says, and everything that is wrong with it."""
    reading = Reading()
    for row in grid.rows:
        _read_row(row, reading)
    return reading


def _read_row(row: GridRow, reading: Reading) -> None:
    numbers: dict[Cell, Components] = {}
    for cell in row.cells:
        problems = _read_cell(cell, numbers, reading)
        reading.problems += problems
    fit(list(sums_of(row)), numbers, reading)
    for cell in sorted(row.cells, key=lambda cell: cell.may_be_blank):
        _take(cell, numbers, reading)


def _read_cell(cell: GridCell, numbers: dict[Cell, Components], reading: Reading) -> list[Problem]:
    typed = cell.is_typed
    status = FigureStatus(cell.draft.status or FigureStatus.REPORTED)
    if _is_withheld(cell, status):
        return _read_withheld(cell, reading)
    if not MEANINGS[status].has_value:
        if typed:
            return [
                problem_with(cell, "status", _("There is a number and a reason why there is none. Keep one."))
            ]
        reading.given[cell.key] = Given(status, note=cell.draft.note)
        return []
    if not typed:
        return []
    try:
        return _read_value(cell, numbers, reading)
    except Unreadable as unreadable:
        return [problem_with(cell, unreadable.field, unreadable.sentence)]


def _read_value(cell: GridCell, numbers: dict[Cell, Components], reading: Reading) -> list[Problem]:
    if cell.kind is Kind.TEXT:
        status = FigureStatus(cell.draft.status or FigureStatus.REPORTED)
        reading.given[cell.key] = Given(status, note=cell.draft.note, text=cell.draft.detail.strip())
        return []
    if cell.kind is Kind.ORDINAL:
        numbers[cell.key] = read_levels(cell.version, cell.draft.detail)
        return []
    first, second = _numbers(cell)
    other = other_unit(cell.version, cell.draft.detail, cell.rates)
    problems = _problems_with(cell, first, second, other)
    if problems:
        return problems
    if untouched := _untouched(cell):
        numbers[cell.key], handed_in = untouched, cell.figure.handed_in
    else:
        numbers[cell.key], handed_in = _converted(cell, first, second, other)
    if handed_in:
        reading.handed_in[cell.key] = handed_in
    return []


def _problems_with(
    cell: GridCell, first: Decimal | None, second: Decimal | None, other: OtherUnit | None
) -> list[Problem]:
    """What cannot be right, said in the measure's own unit."""
    version, typed = cell.version, first
    if other and first is not None:
        kept = _WIDE.multiply(first, other.scale)
        first, typed = _WIDE.divide(kept, version.divisor), _WIDE.divide(kept, version.scale)
    problems = [problem_with(cell, where, sentence) for where, sentence in wrong(version, first, second)]
    return problems + _decreased(cell, typed)


def _converted(
    cell: GridCell, first: Decimal | None, second: Decimal | None, other: OtherUnit | None
) -> tuple[Components, HandedIn | None]:
    if other and first is not None:
        said = from_typed(cell.kind, first, second, multiplier=other.scale)
        return said, HandedIn(first, other.name, other.rate)
    spread = read_spread(cell.draft.detail) if cell.kind is Kind.MEAN else None
    scale = cell.version.scale
    return from_typed(cell.kind, first, second, multiplier=scale, spread=spread), None


def _is_withheld(cell: GridCell, status: FigureStatus) -> bool:
    if not may_be_withheld(cell.kind):
        return False
    return status is FigureStatus.WITHHELD or (
        status is FigureStatus.REPORTED and says_below(cell.draft.amount)
    )


def _read_withheld(cell: GridCell, reading: Reading) -> list[Problem]:
    try:
        other = other_unit(cell.version, cell.draft.detail, cell.rates)
        scale = other.scale if other else cell.version.scale
        low, high = read_interval(cell.draft.amount, multiplier=scale)
    except NotAnInterval as sentence:
        return [problem_with(cell, "amount", str(sentence))]
    except Unreadable as unreadable:
        return [problem_with(cell, unreadable.field, unreadable.sentence)]
    reading.given[cell.key] = Given(FigureStatus.WITHHELD, note=cell.draft.note, low=low, high=high)
    return []


def _untouched(cell: GridCell) -> Components | None:
    """What is on record, where the fields still say it: a rounded average does not replace its exact sum."""
    figure = cell.figure
    if figure.amount is None or written(figure, cell.version) != (
        cell.draft.amount.strip(),
        cell.draft.base.strip(),
        cell.draft.detail.strip(),
    ):
        return None
    return figure.components


def _decreased(cell: GridCell, now: Decimal | None) -> list[Problem]:
    """What is counted since the beginning of a year grows: where it does not, somebody says why."""
    before = cell.previous
    if cell.kind is not Kind.CUMULATIVE or before is None or before.amount is None or now is None:
        return []
    if cell.draft.note.strip() or before.version.kind != Kind.CUMULATIVE:
        return []
    same_year = before.period.year == before.period.calendar.year_of(cell.figure.period.start)
    then, _base = cell.previous_typed
    if not same_year or then is None or now >= then:
        return []
    sentence = _(
        "Since the beginning of the year this was %(then)s already. Correct it, or say why in the note."
    )
    return [problem_with(cell, "note", sentence % {"then": write_number(then)})]


def _numbers(cell: GridCell) -> tuple[Decimal | None, Decimal | None]:
    if cell.kind is Kind.MILESTONE:
        answer = _YES_NO.get(cell.draft.amount.strip().lower())
        if answer is None:
            raise Unreadable("amount", _("Answer yes or no."))
        return answer, None
    return number(cell.draft.amount, "amount"), number(cell.draft.base, "base")


def wrong(version: IndicatorVersion, first: Decimal | None, second: Decimal | None) -> list[tuple[str, str]]:
    """What cannot be right about one figure, as (field, sentence)."""
    return [(where, sentence) for rule in _RULES for where, sentence in rule(version, first, second)]


_Found = list[tuple[str, str]]


def _both_numbers(version: IndicatorVersion, first: Decimal | None, second: Decimal | None) -> _Found:
    if version.kind == Kind.MILESTONE or not version.rules.has_base:
        return []
    if first is None and not (version.kind == Kind.MEAN and second == 0):
        return [("amount", _("Give the number for “%(name)s” too.") % {"name": amount_label(version)})]
    if second is None:
        return [("base", _("Give the number for “%(name)s” too.") % {"name": base_label(version)})]
    return []


def _sign(version: IndicatorVersion, first: Decimal | None, second: Decimal | None) -> _Found:
    found = []
    if first is not None and first < 0 and not version.allows_negative:
        found.append(("amount", _("This cannot be below 0.")))
    if second is not None and second < 0:
        found.append(("base", _("This cannot be below 0.")))
    return found


def _whole(version: IndicatorVersion, first: Decimal | None, second: Decimal | None) -> _Found:
    if not version.whole_numbers:
        return []
    fields = [("amount", None if version.kind == Kind.MEAN else first), ("base", second)]
    return [
        (where, _("Write a whole number: this counts people or things."))
        for where, given in fields
        if given is not None and given != given.to_integral_value()
    ]


def _average(version: IndicatorVersion, first: Decimal | None, second: Decimal | None) -> _Found:
    if version.kind == Kind.MEAN and second == 0 and first is not None:
        return [("amount", _("There is no average of 0 cases: leave it empty, or correct the 0."))]
    return []


def _proportion(version: IndicatorVersion, first: Decimal | None, second: Decimal | None) -> _Found:
    if first is None or second is None or version.kind not in (Kind.RATIO, Kind.RATE):
        return []
    if second == 0 and first != 0:
        return [("base", _("This cannot be 0 when the number above is not."))]
    if version.is_proportion and first > second:
        return [
            (
                "amount",
                _("%(first)s cannot be more than %(second)s: it is a part of it.")
                % {"first": write_number(first), "second": write_number(second)},
            )
        ]
    return []


_RULES: tuple[Callable[[IndicatorVersion, Decimal | None, Decimal | None], _Found], ...] = (
    _both_numbers,
    _sign,
    _whole,
    _average,
    _proportion,
)


def _take(cell: GridCell, numbers: dict[Cell, Components], reading: Reading) -> None:
    if cell.key in reading.given or any(problem.cell == cell.key for problem in reading.problems):
        return
    if cell.key in numbers:
        status = FigureStatus(cell.draft.status or FigureStatus.REPORTED)
        handed_in = reading.handed_in.get(cell.key)
        said = numbers[cell.key]
        reading.given[cell.key] = Given(status, said, note=cell.draft.note, handed_in=handed_in)
    elif not cell.may_be_blank or not any(problem.cell[0] == cell.key[0] for problem in reading.problems):
        reading.problems.append(
            problem_with(cell, "amount", _("Give a number, or choose why there is none."))
        )
