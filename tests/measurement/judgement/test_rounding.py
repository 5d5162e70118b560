"""Half up, once, when showing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measurement.judgement.rounding import half_up

values = st.decimals(-(10**9), 10**9, places=6)


@pytest.mark.parametrize(
    ("value", "decimals", "expected"),
    [
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("2.675", 2, "2.68"),
        ("12.345", 2, "12.35"),
        ("33.33333333", 1, "33.3"),
        ("-0.04", 1, "0.0"),
        ("1250", -2, "1300"),
    ],
)
def test_a_half_is_rounded_away_from_zero(value: str, decimals: int, expected: str) -> None:
    """Example 12."""
    rounded = half_up(Decimal(value), decimals)

    assert rounded == Decimal(expected)
    assert not (rounded == 0 and rounded.is_signed())


def test_rounding_once_keeps_what_rounding_each_would_lose() -> None:
    """Example 12: three times 0.4 is 1, not 0."""
    parts = [Decimal("0.4")] * 3

    assert half_up(sum(parts, Decimal(0)), 0) == 1
    assert sum(half_up(part, 0) for part in parts) == 0


@given(value=values, decimals=st.integers(0, 6))
def test_rounding_moves_a_value_by_half_a_step_at_most_and_treats_both_signs_alike(
    value: Decimal, decimals: int
) -> None:
    assert abs(half_up(value, decimals) - value) <= Decimal(1).scaleb(-decimals) / 2
    assert half_up(-value, decimals) == -half_up(value, decimals)
