"""The page of one released measure: its curve, and the figure of one period by category and by place."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TypeVar

from django.http import Http404
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from measurement.charts.figures import with_unit
from measurement.publishing import drawing, shown
from measurement.publishing.judging import Judged, judge, main_curve
from measurement.releases.selectors import CellRead, MeasureRead, PeriodRead, State, TargetRead

T = TypeVar("T")


@dataclass(frozen=True)
class Place:
    key: int
    name: str


@dataclass(frozen=True)
class Parts:
    """One figure by the categories of a breakdown, or by places."""

    code: str
    name: str
    drawing: SafeString
    lines: list[shown.Line]
    gap: str


@dataclass(frozen=True)
class MeasurePage:
    measure: MeasureRead
    places: list[Place]
    place: Place | None
    periods: list[PeriodRead]
    period: PeriodRead | None
    calendars: list[str]
    calendar: str
    newest: shown.Line | None
    lines: list[shown.Line]
    judged: Judged
    target: TargetRead | None
    forecast: str
    drawing: SafeString
    breakdowns: list[Parts]
    by_place: Parts | None
    unknown: list[str]

    @property
    def has_hidden(self) -> bool:
        return any(each.state == State.HIDDEN for each in self.measure.cells)


def measure_page(measure: MeasureRead, asked: Mapping[str, str]) -> MeasurePage:
    """Raises Http404 for a filter that names nothing released."""
    if set(asked) - {"place", "period", "calendar"}:
        raise Http404
    places = _places(measure)
    place = _one({str(each.key): each for each in places}, asked.get("place"))
    key = place.key if place else None
    line = measure.curve(place=key)
    calendars = sorted({each.period.calendar for each in line})
    calendar = _one({each: each for each in calendars}, asked.get("calendar"))
    curve = [each for each in line if each.period.calendar == calendar] if calendar else main_curve(line)
    periods = list(dict.fromkeys(each.period for each in curve))
    judged = judge(measure, curve)
    period = _one({str(each.key): each for each in periods}, asked.get("period"))
    period = period or (judged.cell.period if judged.cell else None)
    return MeasurePage(
        measure=measure,
        places=places,
        place=place,
        periods=periods,
        period=period,
        calendars=calendars,
        calendar=curve[0].period.calendar if curve else "",
        newest=shown.line(judged.cell) if judged.cell else None,
        lines=[shown.line(each) for each in reversed(curve)],
        judged=judged,
        target=drawing.target_now(measure, judged) if place is None else None,
        forecast=_forecast(measure, judged),
        drawing=drawing.curve_html(measure, curve, judged, of_all=place is None),
        breakdowns=list(_breakdowns(measure, period, key)) if period else [],
        by_place=_by_place(measure, period) if period and place is None else None,
        unknown=list(shown.why_unknown(shown.Told(measure, curve, judged))),
    )


def _one(choices: Mapping[str, T], asked: str | None) -> T | None:
    if not asked:
        return None
    if asked not in choices:
        raise Http404
    return choices[asked]


def _places(measure: MeasureRead) -> list[Place]:
    named = {each.place_key: each.place for each in measure.cells if each.place_key is not None}
    return sorted((Place(key, name) for key, name in named.items()), key=lambda each: (each.name, each.key))


def _breakdowns(measure: MeasureRead, period: PeriodRead, place: int | None) -> Iterable[Parts]:
    by_code: dict[str, list[CellRead]] = {}
    for each in measure.by_category(period, place=place):
        by_code.setdefault(each.breakdown_code, []).append(each)
    for number, (code, cells) in enumerate(by_code.items(), start=1):
        name = cells[0].breakdown
        yield _parts(measure, code, name, cells, f"by-{number}")


def _by_place(measure: MeasureRead, period: PeriodRead) -> Parts | None:
    cells = measure.by_place(period)
    return _parts(measure, "place", _("place"), cells, "by-place") if cells else None


def _parts(measure: MeasureRead, code: str, name: str, cells: list[CellRead], element_id: str) -> Parts:
    title = _("%(measure)s by %(name)s, %(period)s") % {
        "measure": measure.name,
        "name": name,
        "period": cells[0].period.label,
    }
    drawn = drawing.bars(title, cells, unit=measure.unit, decimals=measure.decimals, element_id=element_id)
    return Parts(code, name, drawn, [shown.line(each) for each in cells], _gap(measure, cells))


def _gap(measure: MeasureRead, cells: list[CellRead]) -> str:
    """How far the parts of a rate lie apart. Of counts that would tell only how large the groups are."""
    known = [each for each in cells if each.value is not None]
    if len(known) < 2 or any(each.base is None for each in known):
        return ""
    low, high = (pick(known, key=_value) for pick in (min, max))
    apart = with_unit(
        _value(high) - _value(low), measure.decimals, _("points") if measure.unit == "%" else measure.unit
    )
    return _("Gap: %(apart)s between %(low)s (%(lowest)s) and %(high)s (%(highest)s).") % {
        "apart": apart,
        "low": low.category or low.place,
        "lowest": low.text,
        "high": high.category or high.place,
        "highest": high.text,
    }


def _value(cell: CellRead) -> Decimal:
    return cell.value if cell.value is not None else Decimal(0)


def _forecast(measure: MeasureRead, judged: Judged) -> str:
    curve = drawing.ahead(measure, judged)
    if curve is None or not curve.points:
        return ""
    last = curve.points[-1]
    said = [
        with_unit(each or Decimal(0), measure.decimals, measure.unit)
        for each in (last.value, last.low, last.high)
    ]
    return _("If nothing changes: %(value)s in %(period)s, most likely between %(low)s and %(high)s.") % {
        "value": said[0],
        "period": last.label,
        "low": said[1],
        "high": said[2],
    }
