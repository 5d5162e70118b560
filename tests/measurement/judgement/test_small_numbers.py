"""What a percentage of few people may say."""

from decimal import Decimal

import pytest

from measurement.judgement.ratios import Ratio
from measurement.judgement.reasons import Reason, reason_against
from measurement.judgement.small_numbers import GroupSize, group_size, percentage


@pytest.mark.parametrize(
    ("group", "size"),
    [
        (0, GroupSize.TOO_SMALL),
        (9, GroupSize.TOO_SMALL),
        (10, GroupSize.SMALL),
        (29, GroupSize.SMALL),
        (30, GroupSize.ENOUGH),
    ],
)
def test_a_group_is_too_small_under_10_and_small_under_30(group: int, size: GroupSize) -> None:
    assert group_size(Decimal(group)) is size


def test_no_percentage_is_shown_of_9_people() -> None:
    assert percentage(Ratio(Decimal(3), Decimal(9))).value is None


def test_the_percentage_of_20_people_is_shown_with_a_mark() -> None:
    shown = percentage(Ratio(Decimal(5), Decimal(20)))

    assert shown.value == 25
    assert shown.size is GroupSize.SMALL


def test_the_percentage_of_160_people_needs_no_mark() -> None:
    shown = percentage(Ratio(Decimal(84), Decimal(160)))

    assert shown.value == Decimal("52.5")
    assert shown.size is GroupSize.ENOUGH


def test_nobody_has_no_percentage_and_no_ratio() -> None:
    assert percentage(Ratio(Decimal(0), Decimal(0))).value is None
    assert Ratio(Decimal(0), Decimal(0)).value is None


def test_ratios_add_by_their_parts_and_a_partner_without_cases_changes_nothing() -> None:
    """Examples 1 and 16."""
    three = [
        Ratio(Decimal(45), Decimal(50)),
        Ratio(Decimal(30), Decimal(100)),
        Ratio(Decimal(9), Decimal(10)),
    ]

    assert Ratio.total(three) == Ratio(Decimal(84), Decimal(160))
    assert Ratio.total([Ratio(Decimal(0), Decimal(0)), Ratio(Decimal(5), Decimal(10))]).value == Decimal(
        "0.5"
    )
    assert Ratio.total([]).value is None


def test_a_group_of_less_than_nobody_is_refused() -> None:
    with pytest.raises(ValueError, match="-1"):
        group_size(Decimal(-1))


@pytest.mark.parametrize(
    ("partial", "group", "reason"),
    [
        (False, None, None),
        (False, Decimal(30), None),
        (False, Decimal(29), Reason.TOO_SMALL),
        (True, Decimal(500), Reason.PARTIAL),
        (True, None, Reason.PARTIAL),
    ],
)
def test_partial_or_too_small_data_is_not_judged(
    partial: bool, group: Decimal | None, reason: Reason | None
) -> None:
    assert reason_against(partial=partial, group=group) is reason
