"""A release as a PDF that screen readers can read: curves, tables, notes, source and fingerprint.

Typst sets it. What people wrote is handed over as data beside a fixed document, so no text is ever read as markup, and
the folder holds nothing but what the document needs.
"""

import json
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, Literal

import typst
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backbone.web.dates import long_date
from backbone.web.numbers import format_number
from measurement.charts.describe import description_of
from measurement.charts.line import line_chart_svg
from measurement.charts.series import Curve, LineChart, Point, ReferenceLine, SeriesBreak
from measurement.charts.svg import clean
from measurement.releases.previewing import Row, table
from measurement.releases.selectors import SYMBOL, CellRead, Change, MeasureRead, Reading, hidden_phrase
from measurement.reports.stamp import Stamp

DOCUMENT: Final = Path(__file__).with_name("report.typ")
_MOST_PERIODS: Final = 6  # side by side on a page
Progress = Callable[[int], None]


def pdf_of(
    reading: Reading,
    stamp: Stamp,
    changes: Iterable[Change],
    *,
    progress: Progress = lambda _done: None,
) -> bytes:
    """Tagged, by PDF/UA-1. The same release gives the same bytes."""
    with TemporaryDirectory() as place:
        folder = Path(place)
        shutil.copy(DOCUMENT, folder / DOCUMENT.name)
        content = _document(reading, stamp, changes)
        for number, measure in enumerate(reading.measures):
            content["measures"].append(_measure(measure, number, folder))
            progress(number + 1)
        (folder / "data.json").write_text(json.dumps(_cleaned(content)))
        made = typst.compile(
            folder / DOCUMENT.name,
            output=None,
            root=folder,
            format="pdf",
            pdf_standards=["ua-1"],
            timestamp=stamp.as_of.replace(microsecond=0),
        )
    if not isinstance(made, bytes):
        raise TypeError("a PDF is one file")
    return made


def _document(reading: Reading, stamp: Stamp, changes: Iterable[Change]) -> dict[str, Any]:
    periods = reading.periods
    return {
        "lang": (get_language() or settings.LANGUAGE_CODE).split("-")[0],
        "title": stamp.title,
        "initiative": stamp.initiative,
        "keywords": [stamp.hash, stamp.licence],
        "foot": f"{stamp.initiative} · {stamp.title} ({stamp.number}) · {stamp.hash[:12]}",
        "lede": _("From %(first)s to %(last)s.") % {"first": periods[0].label, "last": periods[-1].label}
        if periods
        else "",
        "about_header": [_("This release"), ""],
        "about": stamp.lines(),
        "measures": [],
        "changes": _changes(list(changes)),
        "help_title": _("How to read this"),
        "help": [
            _("%(symbol)s: %(phrase)s. Such figures are hidden, and so are others that would give them away.")
            % {"symbol": SYMBOL, "phrase": hidden_phrase()},
            _("Figures are rounded once, for showing. The workbook and the table have every digit."),
        ],
    }


def _measure(measure: MeasureRead, number: int, folder: Path) -> dict[str, Any]:
    chart = _chart(measure)
    name = ""
    if not chart.is_empty:
        name = f"chart-{number}.svg"
        (folder / name).write_text(line_chart_svg(chart, element_id=f"chart-{number}"))
    return {
        "name": measure.name,
        "sentences": [each for each in (_finding(measure), measure.definition) if each],
        "chart": name,
        "alt": f"{chart.title} {description_of(chart)}",
        "caption": chart.title,
        "table": _table(measure),
        "notes": _notes(measure),
    }


def _finding(measure: MeasureRead) -> str:
    latest = measure.latest
    if latest is None:
        return _("No total is shown.")
    return _("%(figure)s in %(period)s; %(received)d of %(expected)d values are in.") % {
        "figure": latest.text,
        "period": latest.period.label,
        "received": latest.received,
        "expected": latest.expected,
    }


def _chart(measure: MeasureRead) -> LineChart:
    target = measure.targets[-1] if measure.targets else None
    return LineChart(
        title=_("%(measure)s over time") % {"measure": measure.name},
        curve=Curve(measure.name, tuple(map(_point, measure.curve())), measure.unit, measure.decimals),
        target=ReferenceLine(_("Target"), ((target.due_on, target.value),)) if target else None,
        baseline=ReferenceLine(_("Baseline"), ((target.baseline_on, target.baseline),)) if target else None,
        breaks=tuple(SeriesBreak(each.on, each.note) for each in measure.breaks),
    )


def _point(cell: CellRead) -> Point:
    low, high = cell.interval or (None, None)
    period = cell.period
    return Point(
        period.label, period.start, period.end, cell.value, low, high, partial=cell.received < cell.expected
    )


def _table(measure: MeasureRead) -> dict[str, Any] | None:
    whole = table(measure)
    if not whole.rows:
        return None
    periods = whole.periods[-_MOST_PERIODS:]
    return {
        "caption": _("%(measure)s (%(unit)s)") % {"measure": measure.name, "unit": measure.unit}
        if measure.unit
        else measure.name,
        "header": [_("Group"), _("Category"), *(each.label for each in periods)],
        "words": 2,
        "rows": [_row(row) for row in whole.rows],
    }


def _row(row: Row) -> list[str]:
    shown = ["" if each is None else each.number for each in row.cells[-_MOST_PERIODS:]]
    return [row.place or _("All"), row.category or _("Total"), *shown]


def _notes(measure: MeasureRead) -> list[str]:
    notes = []
    if len(table(measure).periods) > _MOST_PERIODS:
        notes.append(_("Earlier periods are in the workbook and the table."))
    if measure.source:
        notes.append(_("Source: %(source)s") % {"source": measure.source})
    if measure.method:
        notes.append(_("Method: %(method)s") % {"method": measure.method})
    notes += [
        _("Break on %(day)s: %(note)s") % {"day": long_date(each.on), "note": each.note}
        for each in measure.breaks
    ]
    return notes


def _changes(changes: list[Change]) -> dict[str, Any] | None:
    if not changes:
        return None
    return {
        "caption": _("What changed since the last release"),
        "header": [_("Measure"), _("Period"), _("Of"), _("Why"), _("Old"), _("New")],
        "words": 4,
        "rows": [
            [each.measure, each.period, _of(each), each.why, _number(each, "old"), _number(each, "new")]
            for each in changes
        ],
    }


def _of(change: Change) -> str:
    return ", ".join(filter(None, (change.place, change.category))) or _("All")


def _number(change: Change, which: Literal["old", "new"]) -> str:
    value = change.old if which == "old" else change.new
    return format_number(value, change.decimals, language=get_language() or settings.LANGUAGE_CODE)


def _cleaned(told: Any) -> Any:
    """Without what no document can hold, such as halves of letters."""
    if isinstance(told, dict):
        return {name: _cleaned(value) for name, value in told.items()}
    if isinstance(told, list | tuple):
        return [_cleaned(value) for value in told]
    return clean(told) if isinstance(told, str) else told
