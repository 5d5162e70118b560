"""What may be said of a measure from its released figures alone.

Decisions. A hidden, partial or small newest figure says nothing about the way. A curve is judged since the last change
of meaning: where limits or shares allow it, by what is more than chance; else by where its target stood when the
release was frozen; else by the movement. All of it is computed from what the page shows, so it gives nothing away.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from measurement.charts.words import Movement, Verdict, finding
from measurement.judgement import trends
from measurement.judgement.ratios import Ratio
from measurement.judgement.reasons import Polarity
from measurement.judgement.targets import TargetStatus
from measurement.judgement.trends import TrendStatus
from measurement.releases.selectors import CellRead, MeasureRead, State
from measurement.rollups.kinds import Standing


class Way(StrEnum):
    """Where a measure is going."""

    RIGHT = "right"
    WRONG = "wrong"
    STEADY = "steady"
    TOO_SMALL = "too_small"
    UNKNOWN = "unknown"


_INCOMPLETE: Final = {Standing.NOTHING.value, Standing.PARTIAL.value}
_VERDICTS: Final = {
    TrendStatus.IMPROVING: Verdict.IMPROVED,
    TrendStatus.WORSENING: Verdict.WORSENED,
    TrendStatus.NO_CLEAR_CHANGE: Verdict.NO_CLEAR_CHANGE,
}
_WAY_OF_VERDICT: Final = {
    Verdict.IMPROVED: Way.RIGHT,
    Verdict.WORSENED: Way.WRONG,
    Verdict.NO_CLEAR_CHANGE: Way.STEADY,
    Verdict.TOO_SMALL: Way.TOO_SMALL,
    Verdict.PARTIAL: Way.UNKNOWN,
    Verdict.TOO_EARLY: Way.UNKNOWN,
}
_WAY_OF_TARGET: Final = {
    TargetStatus.ON_TRACK.value: Way.RIGHT,
    TargetStatus.OFF_TRACK.value: Way.WRONG,
}


@dataclass(frozen=True)
class Judged:
    """`cell`: the newest figure, which the verdict is about; `points`: what it can be compared with, itself last."""

    cell: CellRead | None
    points: tuple[CellRead, ...]
    verdict: Verdict | None
    way: Way
    sentence: str

    @property
    def status(self) -> str:
        """A word of the status component, or nothing."""
        if self.cell is None:
            return ""
        if self.verdict in (Verdict.PARTIAL, Verdict.TOO_SMALL):
            return self.verdict.value
        return "" if self.cell.target_status == TargetStatus.NOT_JUDGED else self.cell.target_status


@dataclass(frozen=True)
class Headline:
    total: int
    ways: Mapping[Way, int]

    def of(self, way: Way) -> int:
        return self.ways.get(way, 0)


def headline(ways: Iterable[Way]) -> Headline:
    counted = Counter(ways)
    return Headline(counted.total(), dict(counted))


def main_curve(cells: Sequence[CellRead]) -> list[CellRead]:
    """One calendar of several: that with the newest figure, and of these the finest."""
    known = [each for each in cells if each.state != State.NO_DATA] or list(cells)
    if not known:
        return []
    newest = max(known, key=lambda each: (each.period.end, each.period.start))
    return [each for each in cells if each.period.calendar == newest.period.calendar]


def judge(measure: MeasureRead, cells: Sequence[CellRead]) -> Judged:
    """Of one curve of a measure, in order of time."""
    curve = [each for each in cells if each.state != State.NO_DATA]
    if not curve:
        return Judged(None, (), None, Way.UNKNOWN, finding(Movement(latest=None)))
    latest, polarity = curve[-1], Polarity(measure.polarity)
    points = _comparable(measure, curve)
    verdict = _verdict(latest, points, polarity)
    movement = _movement(measure, latest, points)
    return Judged(
        latest, points, verdict, _way(verdict, latest, points, polarity), finding(movement, verdict)
    )


def _comparable(measure: MeasureRead, curve: Sequence[CellRead]) -> tuple[CellRead, ...]:
    since = [each.on for each in measure.breaks if each.on <= curve[-1].period.start]
    return tuple(
        each
        for each in curve
        if each.value is not None
        and each.standing not in _INCOMPLETE
        and (not since or each.period.start >= max(since))
    )


def _verdict(latest: CellRead, points: Sequence[CellRead], polarity: Polarity) -> Verdict | None:
    if latest.state == State.HIDDEN or "small" in latest.marks:
        return Verdict.TOO_SMALL
    if latest.standing in _INCOMPLETE:
        return Verdict.PARTIAL
    if latest.value is None:
        return Verdict.TOO_SMALL if latest.high is None else None
    if len(points) >= trends.POINTS_NEEDED:
        values = [each.value for each in points if each.value is not None]
        return _VERDICTS.get(trends.judge_points(values, polarity).status)
    return _told_by_shares(points, polarity)


def _told_by_shares(points: Sequence[CellRead], polarity: Polarity) -> Verdict | None:
    ratios = [_ratio(each) for each in points[-2:]]
    if len(ratios) < 2 or ratios[0] is None or ratios[1] is None:
        return None
    return _VERDICTS.get(trends.judge_difference(ratios[0], ratios[1], polarity).status)


def _ratio(cell: CellRead) -> Ratio | None:
    """Of proportions alone: they are what has an interval."""
    if cell.interval is None or cell.amount is None or not cell.base:
        return None
    return Ratio(cell.amount, cell.base) if 0 <= cell.amount <= cell.base else None


def _way(verdict: Verdict | None, latest: CellRead, points: Sequence[CellRead], polarity: Polarity) -> Way:
    if verdict is not None:
        return _WAY_OF_VERDICT[verdict]
    if latest.target_status in _WAY_OF_TARGET:
        return _WAY_OF_TARGET[latest.target_status]
    return moved([each.value for each in points[-2:] if each.value is not None], polarity)


def moved(values: Sequence[Decimal], polarity: Polarity) -> Way:
    """By the last two of them alone."""
    if len(values) < 2 or polarity not in (Polarity.HIGHER, Polarity.LOWER):
        return Way.UNKNOWN
    before, after = values[-2:]
    if before == after:
        return Way.STEADY
    return Way.RIGHT if (after > before) is (polarity is Polarity.HIGHER) else Way.WRONG


def _movement(measure: MeasureRead, latest: CellRead, points: Sequence[CellRead]) -> Movement:
    earlier = next((each for each in reversed(points) if each is not latest), None)
    return Movement(
        latest=latest.value if latest.value is not None else latest.high,
        earlier=earlier.value if earlier else None,
        since=earlier.period.label if earlier else "",
        unit=measure.unit,
        decimals=measure.decimals,
        polarity=Polarity(measure.polarity),
    )
