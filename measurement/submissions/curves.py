"""How each total of a report went before: a word-sized curve beside it. One query."""

from decimal import Decimal

from django.utils.translation import gettext as _

from measurement.charts.sparkline import sparkline_svg
from measurement.indicators.models import IndicatorVersion
from measurement.submissions.blocks import Sheet
from measurement.submissions.earlier import Before
from measurement.submissions.history import history_of
from measurement.submissions.models import ExpectedReport
from measurement.submissions.queries import comparable
from measurement.submissions.sheet import Line
from measurement.submissions.wording import read_value


def draw_curves(sheet: Sheet, expected_report: ExpectedReport) -> None:
    history = history_of(expected_report, _known(sheet), only_totals=True)
    for measure in sheet.measures:
        past = [each for each in history.get(measure.total.cell.key, ()) if comparable(measure.version, each)]
        if past:
            measure.total.curve = _drawn(measure.total, past, expected_report)


def _known(sheet: Sheet) -> dict[int, IndicatorVersion]:
    """The definitions that the sheet has loaded already."""
    cells = [measure.total.cell for measure in sheet.measures]
    versions = [past.version for cell in cells for past in (cell.previous, cell.year_ago) if past]
    return {version.pk: version for version in [*versions, *(cell.version for cell in cells)]}


def _drawn(line: Line, past: list[Before], expected_report: ExpectedReport) -> str:
    values: dict[int, Decimal | None] = {
        each.period.ordinal: read_value(each.version, each.components) for each in past
    }
    here = expected_report.period.ordinal
    values[here] = read_value(line.cell.version, line.given.components) if line.given else None
    points = [values.get(ordinal) for ordinal in range(min(values), here + 1)]
    label = _("%(measure)s, from %(first)s to %(last)s") % {
        "measure": line.cell.version.name,
        "first": past[0].period.label,
        "last": expected_report.period.label,
    }
    return sparkline_svg(points, label=label, element_id=f"{line.cell.name}-curve")
