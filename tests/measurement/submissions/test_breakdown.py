from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measurement.submissions.breakdown import Filled, complete_partition

F, M, X, UNKNOWN = 1, 2, 3, 9
NUMBERS = st.decimals(min_value=0, max_value=10_000, places=2)


def decimals(parts: dict[int, int | None]) -> dict[int, Decimal | None]:
    return {category: None if number is None else Decimal(number) for category, number in parts.items()}


@pytest.mark.parametrize(
    ("total", "parts", "filled"),
    [
        (100, {F: 50, M: 38, X: 2, UNKNOWN: None}, Filled(derived={UNKNOWN: Decimal(10)})),
        (100, {F: 60, M: 45, UNKNOWN: None}, Filled(excess=Decimal(5))),
        (100, {F: 60, M: 40, UNKNOWN: None}, Filled(derived={UNKNOWN: Decimal(0)})),
        (100, {F: 60, M: 30, UNKNOWN: 5}, Filled(shortfall=Decimal(5))),
        (100, {F: 60, M: 40}, Filled()),
        (100, {F: 60, M: None, UNKNOWN: None}, Filled()),
        (100, {F: None, M: None, UNKNOWN: None}, Filled()),
        (None, {F: 60, M: 40}, Filled(derived={None: Decimal(100)})),
        (None, {F: 60, M: None}, Filled()),
        (None, {}, Filled()),
        (0, {F: 0, M: 0, UNKNOWN: None}, Filled(derived={UNKNOWN: Decimal(0)})),
    ],
)
def test_a_partition_is_completed_or_refused(
    total: int | None, parts: dict[int, int | None], filled: Filled
) -> None:
    whole = None if total is None else Decimal(total)

    assert complete_partition(whole, decimals(parts), unknown=UNKNOWN) == filled


@pytest.mark.parametrize(
    ("total", "parts", "filled"),
    [
        (100, {F: 50, UNKNOWN: None}, Filled(derived={UNKNOWN: Decimal(50)})),
        (100, {UNKNOWN: None}, Filled(derived={UNKNOWN: Decimal(100)})),
        (100, {F: 50}, Filled()),
        (None, {F: 50}, Filled()),
        (100, {F: 101}, Filled(excess=Decimal(1))),
    ],
)
def test_where_a_category_is_not_known_only_unknown_takes_the_rest(
    total: int | None, parts: dict[int, int | None], filled: Filled
) -> None:
    whole = None if total is None else Decimal(total)

    assert complete_partition(whole, decimals(parts), unknown=UNKNOWN, partly_known=True) == filled


@given(total=NUMBERS, parts=st.dictionaries(st.integers(1, 8), NUMBERS, min_size=1))
def test_what_is_worked_out_always_adds_up_to_the_total(total: Decimal, parts: dict[int, Decimal]) -> None:
    filled = complete_partition(total, {**parts, UNKNOWN: None}, unknown=UNKNOWN)

    if filled.excess is None:
        assert sum(parts.values()) + filled.derived[UNKNOWN] == total
        assert filled.derived[UNKNOWN] >= 0
    else:
        assert sum(parts.values()) - filled.excess == total
