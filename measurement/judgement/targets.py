"""Is it enough? Progress from a baseline towards a target, held against how much was to be expected by now.

Decisions
    A milestone is owed from its own day on and not gradually before it, so the table is read as steps.
    Keeping a level ("maintain") knows no at risk: a value in the band, or better than it, is on track, any
    other off track.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from measurement.judgement.ratios import Ratio
from measurement.judgement.reasons import Polarity, Reason, reason_against

ON_TRACK_FROM = Decimal("0.90")
AT_RISK_FROM = Decimal("0.75")
# A share such as 4/6 is cut at its 28th digit; what is exactly 0.90 must not miss the edge for that.
DECIMALS_OF_INDEX = 20


class TargetStatus(StrEnum):
    ON_TRACK = "on_track"
    AT_RISK = "at_risk"
    OFF_TRACK = "off_track"
    NOT_JUDGED = "not_judged"


@dataclass(frozen=True)
class Milestone:
    """From `day` on, `share` of the way (0 to 1) is expected to be behind."""

    day: date
    share: Decimal


@dataclass(frozen=True)
class TargetJudgement:
    """`expected` is in the measure's own unit; `progress` and `index` are shares, 1 being all of it."""

    status: TargetStatus
    reason: Reason | None = None
    progress: Decimal | None = None
    expected: Decimal | None = None
    index: Decimal | None = None


def progress(*, baseline: Decimal, target: Decimal, actual: Decimal) -> Decimal | None:
    """Share of the way from baseline to target that is behind; below 0 is backwards, above 1 beyond.

    Falling targets need no sign. None where baseline and target are equal.
    """
    return (actual - baseline) / (target - baseline) if target != baseline else None


def linear_share(gone: Decimal | int, whole: Decimal | int) -> Decimal:
    """Share of the way to be expected when every day (or period) carries the same, from 0 to 1.

    ValueError where `whole` is not above 0.
    """
    if whole <= 0:
        raise ValueError("the way to a target takes some time")
    return min(max(Decimal(gone) / Decimal(whole), Decimal(0)), Decimal(1))


def milestone_share(milestones: Iterable[Milestone], day: date) -> Decimal:
    """Share of the way that the latest milestone on or before `day` asks for; 0 before the first."""
    passed = [milestone for milestone in milestones if milestone.day <= day]
    return max(passed, key=lambda milestone: milestone.day).share if passed else Decimal(0)


def days_within(start: date, end: date, since: date, until: date | None) -> int:
    """How many days of the period from `start` to `end` lie between `since` and `until`; all days belong to it."""
    first, last = max(start, since), end if until is None else min(end, until)
    return max((last - first).days + 1, 0)


def prorated(target: Decimal, share: Decimal) -> Decimal:
    """What is owed by who is active for that share (0 to 1) of a period. Exact to 28 digits."""
    return target * share


def total_ratio_target(targets: Iterable[Ratio]) -> Decimal | None:
    """Target of all partners together, as a share: sum of numerators over sum of denominators."""
    return Ratio.total(targets).value


def judge(
    *,
    baseline: Decimal | None,
    target: Decimal | None,
    actual: Decimal | None,
    share: Decimal,
    partial: bool = False,
    group: Decimal | None = None,
) -> TargetJudgement:
    """Status of a figure on its way from baseline to target.

    `share` is the part of the way expected by now (`linear_share`, `milestone_share`), `group` the people or
    cases behind a percentage. The first three values are in one and the same unit.
    """
    if target is None:
        return TargetJudgement(TargetStatus.NOT_JUDGED, Reason.NO_TARGET)
    if baseline is None:
        return TargetJudgement(TargetStatus.NOT_JUDGED, Reason.NO_BASELINE)
    if actual is None:
        return TargetJudgement(TargetStatus.NOT_JUDGED, Reason.NO_VALUE)
    reason = reason_against(partial=partial, group=group)
    if reason:
        return TargetJudgement(TargetStatus.NOT_JUDGED, reason)
    return _judge_on_the_way(baseline, target, actual, share)


def judge_maintained(
    *,
    target: Decimal | None,
    tolerance: Decimal,
    actual: Decimal | None,
    polarity: Polarity,
    partial: bool = False,
    group: Decimal | None = None,
) -> TargetJudgement:
    """Status of a figure that is to stay within `tolerance` of `target`, or on the better side of that band.

    All values are in one unit; the edges belong to the band. ValueError where the tolerance is negative.
    """
    if tolerance < 0:
        raise ValueError(f"a tolerance is 0 or more, not {tolerance}")
    if target is None:
        return TargetJudgement(TargetStatus.NOT_JUDGED, Reason.NO_TARGET)
    if actual is None:
        return TargetJudgement(TargetStatus.NOT_JUDGED, Reason.NO_VALUE)
    reason = reason_against(partial=partial, group=group)
    if reason:
        return TargetJudgement(TargetStatus.NOT_JUDGED, reason)
    kept = _worse_by(actual - target, polarity) <= tolerance
    return TargetJudgement(TargetStatus.ON_TRACK if kept else TargetStatus.OFF_TRACK, expected=target)


def status_of_index(index: Decimal) -> TargetStatus:
    if index >= ON_TRACK_FROM:
        return TargetStatus.ON_TRACK
    return TargetStatus.AT_RISK if index >= AT_RISK_FROM else TargetStatus.OFF_TRACK


def _judge_on_the_way(baseline: Decimal, target: Decimal, actual: Decimal, share: Decimal) -> TargetJudgement:
    behind = progress(baseline=baseline, target=target, actual=actual)
    if behind is None:
        return TargetJudgement(TargetStatus.NOT_JUDGED, Reason.NO_DISTANCE)
    expected = baseline + share * (target - baseline)
    if share <= 0:
        return TargetJudgement(TargetStatus.NOT_JUDGED, Reason.TOO_EARLY, progress=behind, expected=expected)
    index = round(behind / share, DECIMALS_OF_INDEX)
    return TargetJudgement(status_of_index(index), progress=behind, expected=expected, index=index)


def _worse_by(difference: Decimal, polarity: Polarity) -> Decimal:
    if polarity is Polarity.HIGHER:
        return -difference
    return difference if polarity is Polarity.LOWER else abs(difference)
