"""The table that all files hold: one line a figure, and what each column means.

A figure that is not shown has no number in any column. Its line says so: in `state`, in `shown_as`, and in `note`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final, Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from measurement.releases.models import ReleaseCell
from measurement.releases.selectors import CellRead, MeasureRead, Reading, hidden_phrase
from measurement.reports.stamp import Stamp

Type = Literal["string", "number", "integer", "date"]
Value = str | Decimal | int | date | None


@dataclass(frozen=True)
class Line:
    """One figure, with what it is a figure of."""

    stamp: Stamp
    measure: MeasureRead
    cell: CellRead


@dataclass(frozen=True)
class Column:
    name: str
    type: Type
    meaning: str | Promise
    read: Callable[[Line], Value]
    required: bool = False
    choices: tuple[str, ...] = ()


def lines_of(reading: Reading, stamp: Stamp) -> Iterator[Line]:
    for measure in reading.measures:
        for cell in measure.cells:
            yield Line(stamp, measure, cell)


def _note(line: Line) -> str:
    return hidden_phrase() if line.cell.state == ReleaseCell.State.HIDDEN else ""


def _marks(line: Line) -> str:
    return " ".join(sorted(line.cell.marks))


def _end(which: int) -> Callable[[Line], Value]:
    return lambda line: line.cell.interval[which] if line.cell.interval else None


def _text(
    name: str, meaning: str | Promise, read: Callable[[Line], Value], *, required: bool = False
) -> Column:
    return Column(name, "string", meaning, read, required)


STATES: Final = tuple(ReleaseCell.State.values)

COLUMNS: Final = (
    _text("measure_code", _("Code of the measure"), lambda each: each.measure.code, required=True),
    _text("measure", _("Name of the measure"), lambda each: each.measure.name, required=True),
    _text("unit", _("Unit of the value"), lambda each: each.measure.unit),
    Column(
        "definition",
        "integer",
        _("Number of the definition it was measured by"),
        lambda each: each.cell.version,
    ),
    _text("calendar", _("Reporting calendar of the period"), lambda each: each.cell.period.calendar),
    _text("period", _("Code of the period"), lambda each: each.cell.period.code, required=True),
    _text("period_label", _("The period in words"), lambda each: each.cell.period.label),
    Column(
        "period_start",
        "date",
        _("First day of the period"),
        lambda each: each.cell.period.start,
        required=True,
    ),
    Column(
        "period_end", "date", _("Last day of the period"), lambda each: each.cell.period.end, required=True
    ),
    _text("place", _("Group of partners; empty for the whole initiative"), lambda each: each.cell.place),
    _text("breakdown", _("What is broken down by; empty for the total"), lambda each: each.cell.breakdown),
    _text("category", _("Category of the breakdown; empty for the total"), lambda each: each.cell.category),
    Column(
        "state",
        "string",
        _("shown: there is a figure; hidden: not shown, to protect people; no_data: nothing was handed in"),
        lambda each: str(each.cell.state.value),
        required=True,
        choices=STATES,
    ),
    Column("value", "number", _("The figure in its unit, unrounded"), lambda each: each.cell.value),
    _text("shown_as", _("The figure as pages show it"), lambda each: each.cell.number),
    Column("amount", "number", _("The number counted, of a share or rate"), lambda each: each.cell.amount),
    Column("base", "number", _("What it is counted out of"), lambda each: each.cell.base),
    Column("low", "number", _("Least, where only a range is known"), lambda each: each.cell.low),
    Column("high", "number", _("Most, where only a range is known"), lambda each: each.cell.high),
    Column("interval_low", "number", _("Lower end of the 95 % interval"), _end(0)),
    Column("interval_high", "number", _("Upper end of the 95 % interval"), _end(1)),
    Column("received", "integer", _("Values that were handed in"), lambda each: each.cell.received),
    Column("expected", "integer", _("Values that were expected"), lambda each: each.cell.expected),
    _text("standing", _("Whether the figure is complete"), lambda each: each.cell.standing),
    Column("latest_on", "date", _("Day of the newest value in it"), lambda each: each.cell.latest_on),
    _text("target_status", _("How it stands against the target"), lambda each: each.cell.target_status),
    _text("marks", _("estimated, provisional, carried, mixed definitions, small"), _marks),
    _text("status_code", _("SDMX code of the status: A, E, O, P, Q"), lambda each: each.cell.sdmx_status),
    _text("note", _("Why there is no number"), _note),
    Column("release", "integer", _("Number of the release"), lambda each: each.stamp.number, required=True),
    _text(
        "as_of",
        _("Moment of which the figures are"),
        lambda each: each.stamp.as_of.isoformat(),
        required=True,
    ),
    _text("licence", _("Terms on which it may be used"), lambda each: each.stamp.licence, required=True),
    _text(
        "hash", _("SHA-256 of everything that the release says"), lambda each: each.stamp.hash, required=True
    ),
)
