"""Breakdowns whose categories do not make the total: people in several of them, or in none.

Their categories are never added up to a total. A percentage of them is of the people with a known answer, so that
number is kept beside each category as its base: what a partner does not know lowers the base and nothing else.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from django.utils.translation import gettext as _

from backbone.web.numbers import write_number
from measurement.indicators.kinds import Kind
from measurement.submissions.answers import Problem, Reading, problem_with
from measurement.submissions.components import NOTHING, Components
from measurement.submissions.grid import Cell, GridCell
from measurement.submissions.margins import AddsUp, Sum
from measurement.submissions.status import FigureStatus
from measurement.submissions.withheld import Interval

Numbers = Mapping[Cell, Components]


def fit_overlapping(found: Sum, numbers: dict[Cell, Components], reading: Reading) -> None:
    """Refuse what cannot be, and keep beside each category how many people's answers are known."""
    if any(
        problem.cell in {cell.key for cell in (found.whole, *found.parts)} for problem in reading.problems
    ):
        return
    wrong = list(_wrong(found, numbers, reading))
    reading.problems += wrong
    rules = found.whole.version.rules
    if wrong or not found.is_of_total or rules.has_base or rules.may_have_base:
        return
    known = _known(found, numbers, reading)
    for cell in found.parts:
        if cell is not found.unknown and cell.key in numbers:
            numbers[cell.key] = replace(numbers[cell.key], base=known)


def _known(found: Sum, numbers: Numbers, reading: Reading) -> Decimal | None:
    """How many people's answers are known; None where that cannot be told exactly."""
    whole = numbers.get(found.whole.key, NOTHING).amount
    unknown = Interval(Decimal(0), Decimal(0))
    if found.unknown is not None:
        unknown = _between(found.unknown, "amount", numbers, reading) or Interval(Decimal(0), Decimal(1))
    return None if whole is None or unknown.low != unknown.high else whole - unknown.low


def _wrong(found: Sum, numbers: Numbers, reading: Reading) -> Iterator[Problem]:
    for part in ("base",) if found.whole.kind is Kind.MEAN else ("amount", "base"):
        whole = _between(found.whole, part, numbers, reading)
        if whole is None or (part == "amount" and found.whole.version.allows_negative):
            continue
        yield from _above(found, part, whole.high, numbers, reading)


def _above(found: Sum, part: str, whole: Decimal, numbers: Numbers, reading: Reading) -> Iterator[Problem]:
    least = {cell.key: _between(cell, part, numbers, reading) for cell in found.parts}
    lows = {key: each.low for key, each in least.items() if each is not None}
    if found.rule == AddsUp.PARTIAL:
        over = sum(lows.values(), Decimal(0)) - whole
        if over > 0:
            sentence = _("The categories add up to %(by)s more than the total. Correct one of them.")
            yield problem_with(found.whole, part, sentence % {"by": write_number(over)})
        return
    unknown = lows.get(found.unknown.key, Decimal(0)) if found.unknown else Decimal(0)
    if found.unknown is not None and unknown > whole:
        sentence = _("This cannot be more than the total of %(most)s.") % {"most": write_number(whole)}
        yield problem_with(found.unknown, part, sentence)
        return
    known = whole - unknown
    for cell in found.parts:
        if cell is not found.unknown and lows.get(cell.key, Decimal(0)) > known:
            sentence = _("This cannot be more than %(most)s: so many people’s answers are known.")
            yield problem_with(cell, part, sentence % {"most": write_number(known)})


def _between(cell: GridCell, part: str, numbers: Numbers, reading: Reading) -> Interval | None:
    given, known = reading.given.get(cell.key), getattr(numbers.get(cell.key, NOTHING), part)
    if known is not None:
        return Interval(known, known)
    if given is None:
        return None
    if given.low is not None and given.high is not None and part == "amount":
        return Interval(given.low, given.high)
    return Interval(Decimal(0), Decimal(0)) if given.status == FigureStatus.NOT_APPLICABLE else None
