"""A chart in words, for who does not see it. The table beside the chart has every value."""

from decimal import Decimal

from django.utils.translation import gettext, ngettext

from measurement.charts import figures
from measurement.charts.series import LineChart, Point


def description_of(chart: LineChart) -> str:
    """Span, first, last, lowest and highest value, gaps, partial figures, target."""
    known = chart.curve.known()
    if not known:
        return gettext("No figures yet.")
    sentences = [_span(chart, known), *_extremes(chart, known), *_unknown(chart), *_target(chart)]
    return " ".join(sentences)


def _shown(chart: LineChart, point: Point) -> str:
    return figures.with_unit(_value(point), chart.decimals, chart.unit)


def _value(point: Point) -> Decimal:
    """The value of a point that is known to have one."""
    if point.value is None:
        raise ValueError(f"no value in {point.label}")
    return point.value


def _span(chart: LineChart, known: list[Point]) -> str:
    first, last = known[0], known[-1]
    if first is last:
        return gettext("One figure: %(value)s in %(period)s.") % {
            "value": _shown(chart, last),
            "period": last.label,
        }
    return gettext("Line from %(first)s in %(start)s to %(last)s in %(end)s.") % {
        "first": _shown(chart, first),
        "start": first.label,
        "last": _shown(chart, last),
        "end": last.label,
    }


def _extremes(chart: LineChart, known: list[Point]) -> list[str]:
    if len(known) < 3:
        return []
    low = min(known, key=_value)
    high = max(known, key=_value)
    return [
        gettext("Lowest %(low)s in %(when_low)s, highest %(high)s in %(when_high)s.")
        % {
            "low": _shown(chart, low),
            "when_low": low.label,
            "high": _shown(chart, high),
            "when_high": high.label,
        }
    ]


def _unknown(chart: LineChart) -> list[str]:
    gaps = sum(point.is_gap for point in chart.curve.points)
    partial = sum(point.partial for point in chart.curve.known())
    found = []
    if gaps:
        found.append(
            ngettext("%(count)s period without data.", "%(count)s periods without data.", gaps)
            % {"count": gaps}
        )
    if partial:
        found.append(
            ngettext("%(count)s figure is partial.", "%(count)s figures are partial.", partial)
            % {"count": partial}
        )
    return found


def _target(chart: LineChart) -> list[str]:
    if chart.target is None:
        return []
    value = figures.with_unit(chart.target.points[-1][1], chart.decimals, chart.unit)
    return [gettext("%(name)s: %(value)s.") % {"name": chart.target.label, "value": value}]
