"""What is asked about a value beside outliers, and what not."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measurement.judgement.doubts import Doubt, doubted, is_implausible, parts_doubted, share_doubted
from measurement.judgement.ratios import Ratio

STEADY = [100, 98, 103, 97, 102, 101]
numbers = st.decimals(-(10**6), 10**6, places=2)


def about(value: object, history: list[int], **declared: object) -> list[str]:
    known = [Decimal(past) for past in history]
    return [one.doubt.value for one in doubted(Decimal(str(value)), known, **declared)]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "history", "asked"),
    [
        (1010, STEADY, ["outlier"]),
        (110, STEADY, []),
        (1000, [100, 98], ["slip"]),
        (10, [100], ["slip"]),
        (979, [100, 98], []),
        (0, [12, 11], ["to_zero"]),
        (0, [9], []),
        (0, [12, 0], []),
        (10, [0, 0], ["from_zero"]),
        (9, [0], []),
        (40, [0, 30], []),
        (40, [], []),
    ],
)
def test_a_value_is_asked_about_once_and_only_where_it_jumps(
    value: int, history: list[int], asked: list[str]
) -> None:
    assert about(value, history) == asked


@pytest.mark.parametrize(("value", "asked"), [(-1, True), (0, False), (100, False), ("100.1", True)])
def test_a_percentage_outside_of_0_to_100_is_implausible_and_not_impossible(
    value: object, asked: bool
) -> None:
    assert about(value, [], is_percentage=True) == (["no_percentage"] if asked else [])
    assert is_implausible(Decimal(str(value)), is_percentage=True) is asked


def test_a_declared_range_is_asked_about_beside_a_jump() -> None:
    assert about(500, STEADY, low=Decimal(10), high=Decimal(400)) == ["implausible", "outlier"]
    assert about(400, [390], low=Decimal(10), high=Decimal(400)) == []


def test_a_share_outside_of_its_own_limits_is_asked_about() -> None:
    """Example 24."""
    history = [Ratio(Decimal(n), Decimal(d)) for n, d in ((45, 100), (52, 110), (38, 90), (61, 120))]

    found = share_doubted(Ratio(Decimal(30), Decimal(40)), history)

    assert found is not None
    assert found.doubt is Doubt.SHARE
    assert {name: round(end, 4) for name, end in found.facts.items()} == {
        "low": Decimal("0.2542"),
        "high": Decimal("0.7284"),
    }
    assert share_doubted(Ratio(Decimal(29), Decimal(40)), history) is None  # 72.5 %
    assert share_doubted(Ratio(Decimal(30), Decimal(40)), history[:3]) is None
    assert share_doubted(Ratio(Decimal(0), Decimal(0)), history) is None


def test_parts_that_may_overlap_are_asked_about_only_one_by_one() -> None:
    parts = [Decimal(60), Decimal(40)]

    assert [bool(one) for one in parts_doubted(Decimal(50), parts, exclusive=False)] == [True, False, False]
    assert [bool(one) for one in parts_doubted(Decimal(50), parts, exclusive=True)] == [True, False, True]


@given(numbers, st.lists(numbers, max_size=12))
def test_at_most_one_question_about_a_jump(value: Decimal, history: list[Decimal]) -> None:
    assert len(doubted(value, history)) <= 1
    assert not doubted(value, [value] * len(history))
