"""Is it enough? Progress, index and status."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measurement.judgement.ratios import Ratio
from measurement.judgement.reasons import Polarity, Reason
from measurement.judgement.targets import (
    Milestone,
    TargetJudgement,
    TargetStatus,
    judge,
    judge_maintained,
    linear_share,
    milestone_share,
    progress,
    status_of_index,
    total_ratio_target,
)
from tests.measurement.judgement.showing import half_up

values = st.decimals(-(10**6), 10**6, places=2)
shares = st.integers(1, 24).flatmap(
    lambda whole: st.builds(linear_share, st.integers(1, whole), st.just(whole))
)
SIX_OF_EIGHT = linear_share(6, 8)


def judged(
    actual: int | str | None = 53,
    *,
    baseline: int | None = 40,
    target: int | None = 60,
    share: Decimal = SIX_OF_EIGHT,
    partial: bool = False,
    group: int | None = None,
) -> TargetJudgement:
    return judge(
        baseline=None if baseline is None else Decimal(baseline),
        target=None if target is None else Decimal(target),
        actual=None if actual is None else Decimal(actual),
        share=share,
        partial=partial,
        group=None if group is None else Decimal(group),
    )


def test_a_rising_measure_behind_its_schedule_is_at_risk() -> None:
    """Example 18."""
    judgement = judged(53)

    assert judgement.expected == 55
    assert judgement.progress == Decimal("0.65")
    assert judgement.index is not None
    assert half_up(judgement.index, 4) == Decimal("0.8667")
    assert judgement.status is TargetStatus.AT_RISK
    assert judgement.reason is None


def test_a_falling_measure_is_judged_by_the_same_sum() -> None:
    """Example 18."""
    judgement = judged(27, baseline=30, target=20)

    assert judgement.index == Decimal("0.40")
    assert judgement.status is TargetStatus.OFF_TRACK


def test_targets_of_ratios_add_by_their_parts() -> None:
    """Example 18."""
    targets = [Ratio(Decimal(80), Decimal(100)), Ratio(Decimal(150), Decimal(300))]

    assert total_ratio_target(targets) == Decimal("0.575")
    assert total_ratio_target([]) is None


@pytest.mark.parametrize(
    ("index", "status"),
    [
        ("1.20", TargetStatus.ON_TRACK),
        ("0.90", TargetStatus.ON_TRACK),
        ("0.8999", TargetStatus.AT_RISK),
        ("0.75", TargetStatus.AT_RISK),
        ("0.7499", TargetStatus.OFF_TRACK),
        ("-0.3", TargetStatus.OFF_TRACK),
    ],
)
def test_the_edges_belong_to_the_better_status(index: str, status: TargetStatus) -> None:
    assert status_of_index(Decimal(index)) is status


@pytest.mark.parametrize("whole", [3, 6, 7, 9, 11, 12, 13, 17, 19, 23])
def test_exactly_nine_tenths_of_the_way_is_on_track_whatever_the_fraction(whole: int) -> None:
    for gone in range(1, whole + 1):
        share = linear_share(gone, whole)
        judgement = judged(actual=9 * gone, baseline=0, target=10 * whole, share=share)
        assert judgement.status is TargetStatus.ON_TRACK, (gone, whole)


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"target": None}, Reason.NO_TARGET),
        ({"target": None, "partial": True}, Reason.NO_TARGET),
        ({"baseline": None}, Reason.NO_BASELINE),
        ({"actual": None}, Reason.NO_VALUE),
        ({"partial": True}, Reason.PARTIAL),
        ({"group": 29}, Reason.TOO_SMALL),
        ({"target": 40}, Reason.NO_DISTANCE),
        ({"share": Decimal(0)}, Reason.TOO_EARLY),
    ],
)
def test_what_is_not_judged_says_why(changed: dict[str, object], reason: Reason) -> None:
    judgement = judged(**changed)  # type: ignore[arg-type]

    assert judgement.status is TargetStatus.NOT_JUDGED
    assert judgement.reason is reason
    assert judgement.index is None


def test_before_anything_is_expected_the_way_made_is_shown_all_the_same() -> None:
    judgement = judged(42, share=Decimal(0))

    assert judgement.progress == Decimal("0.1")
    assert judgement.expected == 40


@pytest.mark.parametrize(
    ("gone", "whole", "share"),
    [(0, 8, "0"), (6, 8, "0.75"), (8, 8, "1"), (9, 8, "1"), (-1, 8, "0")],
)
def test_the_linear_share_stays_between_nothing_and_all(gone: int, whole: int, share: str) -> None:
    assert linear_share(gone, whole) == Decimal(share)


def test_a_way_without_length_is_refused() -> None:
    with pytest.raises(ValueError, match="some time"):
        linear_share(1, 0)


@pytest.mark.parametrize(
    ("day", "share"),
    [
        (date(2025, 12, 31), "0"),
        (date(2026, 1, 1), "0.1"),
        (date(2026, 6, 29), "0.1"),
        (date(2026, 6, 30), "0.3"),
        (date(2030, 1, 1), "1"),
    ],
)
def test_a_milestone_is_owed_from_its_day_on(day: date, share: str) -> None:
    table = [
        Milestone(date(2026, 12, 31), Decimal(1)),
        Milestone(date(2026, 1, 1), Decimal("0.1")),
        Milestone(date(2026, 6, 30), Decimal("0.3")),
    ]

    assert milestone_share(table, day) == Decimal(share)


@pytest.mark.parametrize(
    ("actual", "polarity", "status"),
    [
        (50, Polarity.MAINTAIN, TargetStatus.ON_TRACK),
        (52, Polarity.MAINTAIN, TargetStatus.ON_TRACK),
        (48, Polarity.MAINTAIN, TargetStatus.ON_TRACK),
        (53, Polarity.MAINTAIN, TargetStatus.OFF_TRACK),
        (47, Polarity.MAINTAIN, TargetStatus.OFF_TRACK),
        (53, Polarity.NEUTRAL, TargetStatus.OFF_TRACK),
        (53, Polarity.HIGHER, TargetStatus.ON_TRACK),
        (47, Polarity.HIGHER, TargetStatus.OFF_TRACK),
        (53, Polarity.LOWER, TargetStatus.OFF_TRACK),
        (47, Polarity.LOWER, TargetStatus.ON_TRACK),
    ],
)
def test_a_level_is_kept_within_its_band_or_on_the_better_side_of_it(
    actual: int, polarity: Polarity, status: TargetStatus
) -> None:
    judgement = judge_maintained(
        target=Decimal(50), tolerance=Decimal(2), actual=Decimal(actual), polarity=polarity
    )

    assert judgement.status is status


@pytest.mark.parametrize(
    ("target", "actual", "partial", "group", "reason"),
    [
        (None, Decimal(1), False, None, Reason.NO_TARGET),
        (Decimal(1), None, False, None, Reason.NO_VALUE),
        (Decimal(1), Decimal(1), True, None, Reason.PARTIAL),
        (Decimal(1), Decimal(1), False, Decimal(12), Reason.TOO_SMALL),
    ],
)
def test_a_kept_level_that_is_not_judged_says_why(
    target: Decimal | None, actual: Decimal | None, partial: bool, group: Decimal | None, reason: Reason
) -> None:
    judgement = judge_maintained(
        target=target,
        tolerance=Decimal(0),
        actual=actual,
        polarity=Polarity.MAINTAIN,
        partial=partial,
        group=group,
    )

    assert (judgement.status, judgement.reason) == (TargetStatus.NOT_JUDGED, reason)


def test_a_negative_tolerance_is_refused() -> None:
    with pytest.raises(ValueError, match="tolerance"):
        judge_maintained(
            target=Decimal(1), tolerance=Decimal(-1), actual=Decimal(1), polarity=Polarity.MAINTAIN
        )


@given(baseline=values, target=values, actual=values)
def test_turning_a_measure_upside_down_changes_no_progress(
    baseline: Decimal, target: Decimal, actual: Decimal
) -> None:
    upright = progress(baseline=baseline, target=target, actual=actual)
    upside_down = progress(baseline=-baseline, target=-target, actual=-actual)

    assert upright == upside_down


@given(baseline=values, target=values.filter(bool), share=shares)
def test_a_figure_that_is_where_it_was_expected_has_an_index_of_one(
    baseline: Decimal, target: Decimal, share: Decimal
) -> None:
    goal = baseline + target
    judgement = judge(
        baseline=baseline, target=goal, actual=baseline + share * (goal - baseline), share=share
    )

    assert judgement.index is not None
    assert abs(judgement.index - 1) < Decimal("1e-15")
    assert judgement.status is TargetStatus.ON_TRACK


@given(first=values, second=values, share=shares)
def test_more_is_never_judged_worse_on_the_way_up(first: Decimal, second: Decimal, share: Decimal) -> None:
    order = [TargetStatus.OFF_TRACK, TargetStatus.AT_RISK, TargetStatus.ON_TRACK]
    lower, higher = (
        judge(baseline=Decimal(0), target=Decimal(1000), actual=actual, share=share)
        for actual in sorted((first, second))
    )

    assert order.index(lower.status) <= order.index(higher.status)
