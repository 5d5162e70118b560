"""Categories beside their total: what follows from the others is worked out, and what cannot be is refused."""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from backbone.web.numbers import write_number
from measurement.indicators.kinds import Kind
from measurement.submissions.answers import Problem, Reading, problem_with
from measurement.submissions.breakdown import complete_partition
from measurement.submissions.components import NOTHING, Components
from measurement.submissions.grid import Cell, GridCell
from measurement.submissions.margins import AddsUp, Sum
from measurement.submissions.observations import Given
from measurement.submissions.overlapping import fit_overlapping
from measurement.submissions.status import REASONS_WITHOUT_NUMBER, FigureStatus
from measurement.submissions.withheld import Interval


def fit(sums: Sequence[Sum], numbers: dict[Cell, Components], reading: Reading) -> None:
    """What is worked out of one sum may complete another (a margin of a cross-table), so it goes on till none does.

    A sum in which somebody has to correct a number first is left alone, and so is one that was found wrong.
    """
    unread = {problem.cell for problem in reading.problems}
    left = [each for each in sums if not unread & {cell.key for cell in (each.whole, *each.parts)}]
    partitions = [each for each in left if each.rule == AddsUp.PARTITION]
    for _round in range(len(partitions) + 1):
        known = len(numbers), len(reading.given)
        partitions = [each for each in partitions if _fits(each, numbers, reading)]
        if known == (len(numbers), len(reading.given)):
            break
    for each in left:
        if each.rule != AddsUp.PARTITION:
            fit_overlapping(each, numbers, reading)


def _fits(about: Sum, numbers: dict[Cell, Components], reading: Reading) -> bool:
    problems = len(reading.problems)
    _fit_partition(about, numbers, reading)
    return len(reading.problems) == problems


def _fit_partition(about: Sum, numbers: dict[Cell, Components], reading: Reading) -> None:
    """Work out a blank Unknown or a blank total, component by component, and refuse what cannot be."""
    total, cells = about.whole, about.parts
    if any(_is_withheld(cell, reading) for cell in (total, *cells)):
        _fit_intervals(about, numbers, reading)
        return
    unknown = about.unknown.figure.category_id if about.unknown else None
    open_cells = [cell for cell in cells if not _has_reason(cell, reading)]
    found = {
        part: complete_partition(
            getattr(numbers.get(total.key, NOTHING), part),
            {c.figure.category_id or 0: getattr(numbers.get(c.key, NOTHING), part) for c in open_cells},
            unknown=unknown,
            partly_known=any(_is_not_known(cell, reading) for cell in cells),
        )
        for part in ("amount", "base")
    }
    judged = "base" if total.kind is Kind.MEAN else "amount"
    wrong_part = next(
        (part for part in (judged, "base") if found[part].excess or found[part].shortfall), None
    )
    if wrong_part:
        reading.problems.append(
            _does_not_add_up(about, wrong_part, found[wrong_part].excess, found[wrong_part].shortfall)
        )
        return
    for category in found["amount"].derived:
        _derive(
            (total.key[0], total.key[1] if category is None else category),
            found["amount"].derived[category],
            found["base"].derived.get(category),
            reading,
            numbers,
        )


def _has_reason(cell: GridCell, reading: Reading) -> bool:
    """Answered by a reason that leaves nobody to be counted in this category, or leaves them to Unknown."""
    return cell.key in reading.given and reading.given[cell.key].status in REASONS_WITHOUT_NUMBER


def _is_not_known(cell: GridCell, reading: Reading) -> bool:
    return _has_reason(cell, reading) and reading.given[cell.key].status != FigureStatus.NOT_APPLICABLE


def _derive(
    key: Cell,
    amount: Decimal,
    base: Decimal | None,
    reading: Reading,
    numbers: dict[Cell, Components],
) -> None:
    if key not in reading.given:
        numbers[key] = Components(amount, base)
        reading.given[key] = Given(FigureStatus.REPORTED, numbers[key], derived=True)


def _does_not_add_up(about: Sum, part: str, excess: Decimal | None, shortfall: Decimal | None) -> Problem:
    if excess is not None:
        sentence = _("The categories add up to %(by)s more than the total. Correct one of them.")
        if about.name:
            sentence = _("By %(name)s, the categories add up to %(by)s more than that. Correct one of them.")
    else:
        sentence = _("The categories add up to %(by)s less than the total. Correct one of them.")
        if about.name:
            sentence = _("By %(name)s, the categories add up to %(by)s less than that. Correct one of them.")
    by = write_number(excess or shortfall or Decimal(0))
    return problem_with(about.whole, part, sentence % {"name": about.name, "by": by})


def _is_withheld(cell: GridCell, reading: Reading) -> bool:
    return cell.key in reading.given and reading.given[cell.key].status == FigureStatus.WITHHELD


def _fit_intervals(about: Sum, numbers: dict[Cell, Components], reading: Reading) -> None:
    """Where a number is too small to give, what follows from it is an interval too."""
    total, cells = about.whole, about.parts
    whole = _interval(total, numbers, reading)
    parts = [found for cell in cells if (found := _interval(cell, numbers, reading))]
    low, high = (sum(ends, Decimal(0)) for ends in ([p.low for p in parts], [p.high for p in parts]))
    if whole is None:
        return
    if low > whole.high:
        reading.problems.append(_does_not_add_up(about, "amount", low - whole.high, None))
        return
    blank = about.unknown if about.unknown and not _interval(about.unknown, numbers, reading) else None
    all_known = not any(_is_not_known(cell, reading) for cell in cells)
    if blank is not None and blank.key not in reading.given:
        reading.given[blank.key] = Given(
            FigureStatus.WITHHELD,
            derived=True,
            low=max(whole.low - high, Decimal(0)),
            high=whole.high - low,
        )
    elif all_known and len(parts) == len(cells) and high < whole.low:
        reading.problems.append(_does_not_add_up(about, "amount", None, whole.low - high))


def _interval(cell: GridCell, numbers: dict[Cell, Components], reading: Reading) -> Interval | None:
    given, known = reading.given.get(cell.key), numbers.get(cell.key, NOTHING).amount
    if known is not None:
        return Interval(known, known)
    if given is None:
        return None
    if given.low is not None and given.high is not None:
        return Interval(given.low, given.high)
    nobody = given.status == FigureStatus.NOT_APPLICABLE
    return Interval(Decimal(0), Decimal(0)) if nobody else None
