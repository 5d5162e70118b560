"""What a verdict rests on, in plain words: signals against limits, or the interval of a difference."""

from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from measurement.charts.words import Verdict
from measurement.dashboards import signs
from measurement.dashboards.verdicts import Told, signals_of_now
from measurement.forecasting.lines import cut
from measurement.judgement.intervals import Interval
from measurement.judgement.limits import Limits
from measurement.judgement.small_numbers import GroupSize
from measurement.judgement.trends import POINTS_NEEDED, Direction, Signal, SignalKind, TrendStatus
from measurement.rollups.selectors import Figure


def trend_lines(latest: Figure, told: Told) -> list[str]:
    """Why the change is called real or not, or why neither can be said. Nothing of a first figure."""
    reason = _why_not(latest, told)
    if reason:
        return [reason]
    if latest.shown is None or told.earlier is None:
        return []
    if told.judgement and told.judgement.limits:
        return _limits_lines(told, told.judgement.limits)
    if told.judgement and told.judgement.interval and told.judgement.difference is not None:
        return [_difference_line(latest, told, told.judgement.difference, told.judgement.interval)]
    return [_not_judged(len(told.points))]


def _why_not(latest: Figure, told: Told) -> str:
    if told.verdict is Verdict.PARTIAL:
        return _partial(latest)
    if latest.size is not GroupSize.ENOUGH:
        return _("Fewer than 30 cases stand behind it: too few to tell a change from chance.")
    if told.verdict is Verdict.TOO_SMALL and latest.shown is not None:
        return _("Fewer than 30 cases stand behind the figure before: too few to tell a change from chance.")
    return ""


def _partial(latest: Figure) -> str:
    counted = latest.completeness
    share = counted.share
    if latest.volume is not None and share is not None and latest.volume < share:
        return _("Too little of the usual volume is in, so the figure is partial and not judged.")
    return _("Too little is in, so the figure is partial and not judged.")


def _not_judged(points: int) -> str:
    return ngettext(
        "Not judged: with %(count)s figure only shares of cases can be told from chance. From %(needed)s on every"
        " measure can.",
        "Not judged: with %(count)s figures only shares of cases can be told from chance. From %(needed)s on every"
        " measure can.",
        points,
    ) % {"count": points, "needed": POINTS_NEEDED}


def _difference_line(latest: Figure, told: Told, difference: Decimal, interval: Interval) -> str:
    version = latest.version
    decimals = max(version.decimals, 1)
    words = {
        "difference": signs.difference(difference * version.per, version),
        "low": signs.signed(interval.low * version.per, decimals),
        "high": signs.signed(interval.high * version.per, decimals),
        "since": told.earlier.period.label if told.earlier else "",
    }
    if interval.holds(0):
        return _("%(difference)s since %(since)s, between %(low)s and %(high)s: no clear change.") % words
    return _("%(difference)s since %(since)s, between %(low)s and %(high)s: more than chance.") % words


def _limits_lines(told: Told, limits: Limits) -> list[str]:
    version = told.points[-1].version
    corridor = {
        "low": signs.plain(cut(limits.low, told.points), version),
        "high": signs.with_unit(cut(limits.high, told.points), version),
        "count": POINTS_NEEDED,
    }
    found = signals_of_now(told.judgement, len(told.points)) if told.judgement else []
    if not found:
        return [_("By chance it comes and goes between %(low)s and %(high)s: no clear change.") % corridor]
    lines = [_signal_line(signal, told) for signal in found]
    if told.judgement and told.judgement.status is TrendStatus.CHANGED and _point_both_ways(found):
        lines.append(_("The signals point both ways, so it is a change and neither better nor worse."))
    usual = _("By chance it comes and goes between %(low)s and %(high)s (from the first %(count)s figures).")
    return [*lines, usual % corridor]


def _point_both_ways(found: list[Signal]) -> bool:
    return len({signal.direction for signal in found}) > 1


def _signal_line(signal: Signal, told: Told) -> str:
    words = {
        "count": signal.last - signal.first + 1,
        "since": told.points[signal.first].period.label,
    }
    return _SENTENCES[signal.kind](signal.direction is Direction.UP) % words


def _outside(up: bool) -> str:
    if up:
        return _("Above what comes by chance since %(since)s: a real change.")
    return _("Below what comes by chance since %(since)s: a real change.")


def _shift(up: bool) -> str:
    if up:
        return _("%(count)s in a row above the middle since %(since)s: a real shift.")
    return _("%(count)s in a row below the middle since %(since)s: a real shift.")


def _drift(up: bool) -> str:
    if up:
        return _("%(count)s in a row, each above the one before, since %(since)s: a real rise.")
    return _("%(count)s in a row, each below the one before, since %(since)s: a real fall.")


def _near_limit(up: bool) -> str:
    if up:
        return _("Close to the upper limit again and again since %(since)s: a real change.")
    return _("Close to the lower limit again and again since %(since)s: a real change.")


_SENTENCES = {
    SignalKind.OUTSIDE: _outside,
    SignalKind.SHIFT: _shift,
    SignalKind.DRIFT: _drift,
    SignalKind.NEAR_LIMIT: _near_limit,
}
