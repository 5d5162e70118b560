"""A network's measure for its page: rows, the curve, and what the own initiative has still to say."""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from measurement.charts.figures import plain, with_unit
from measurement.charts.line import line_chart_html
from measurement.charts.series import Curve, LineChart, Point
from measurement.networks.models import NetworkMatch, NetworkMeasure, NetworkMember
from measurement.networks.selectors import MeasureRead, NetworkFigure, Part


@dataclass(frozen=True)
class PartRow:
    initiative: str
    value: str
    made_of: str
    coverage: str


@dataclass(frozen=True)
class FigureRow:
    label: str
    value: str
    coverage: str
    missing: str
    formula: str
    parts: list[PartRow]


@dataclass(frozen=True)
class MeasureShown:
    """`own`: what the own initiative has proposed; None where it has not said yet. `waiting`: for the host."""

    measure: NetworkMeasure
    own: NetworkMatch | None
    waiting: list[NetworkMatch]
    drawing: SafeString | str
    rows: list[FigureRow]


def measure_shown(read: MeasureRead, member: NetworkMember) -> MeasureShown:
    return MeasureShown(
        read.measure,
        next((each for each in read.matches if each.member_id == member.pk), None),
        [each for each in read.matches if each.accepted_at is None],
        _drawing(read) if read.figures else "",
        [_row(read.measure, each) for each in reversed(read.figures)],
    )


def _drawing(read: MeasureRead) -> SafeString:
    """Of the periods that most figures are of: months and years are no one curve."""
    lengths = [(each.end - each.start).days // 20 for each in read.figures]
    usual = max(set(lengths), key=lambda length: (lengths.count(length), -length))
    points = tuple(
        Point(each.label, each.start, each.end, each.value, partial=each.is_partial)
        for each, length in zip(read.figures, lengths, strict=True)
        if length == usual
    )
    measure = read.measure
    curve = Curve(measure.name, points, measure.unit, measure.decimals)
    return line_chart_html(LineChart(measure.name, curve), element_id=f"network-{measure.pk}")


def _row(measure: NetworkMeasure, figure: NetworkFigure) -> FigureRow:
    return FigureRow(
        figure.label,
        _value(measure, figure),
        _("%(there)s of %(all)s initiatives") % {"there": len(figure.parts), "all": figure.of},
        ", ".join(figure.missing),
        _formula(measure, figure),
        [_part(measure, each) for each in figure.parts],
    )


def _value(measure: NetworkMeasure, figure: NetworkFigure) -> str:
    if figure.value is not None:
        return with_unit(figure.value, measure.decimals, measure.unit)
    if figure.range is not None:
        return _("%(low)s to %(high)s") % {
            "low": plain(figure.range.low, measure.decimals),
            "high": plain(figure.range.high, measure.decimals),
        }
    return _("no figure")


def _formula(measure: NetworkMeasure, figure: NetworkFigure) -> str:
    """The sums of the initiatives, and what comes out."""
    known = [part for part in figure.parts if part.amount is not None]
    above = " + ".join(_number(part.amount) for part in known)
    if not known or not measure.what_kind_has_base:
        return above
    below = " + ".join(_number(part.base) for part in known)
    return f"({above}) / ({below})"


def _number(value: Decimal | None) -> str:
    return f"{(value or Decimal(0)).normalize():f}"


def _part(measure: NetworkMeasure, part: Part) -> PartRow:
    if part.too_few:
        return PartRow(part.initiative, _("too few partners to tell"), "", "")
    made_of = " / ".join(_number(each) for each in (part.amount, part.base) if each is not None)
    value = (
        with_unit(part.value, measure.decimals, measure.unit) if part.value is not None else _("no figure")
    )
    words = {"received": part.received, "expected": part.expected}
    return PartRow(part.initiative, value, made_of, _("%(received)s of %(expected)s figures") % words)
