from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measurement.indicators.kinds import Kind
from measurement.submissions.components import NOTHING, Components, from_typed, to_typed

NUMBERS = st.decimals(min_value=-(10**14), max_value=10**14, places=6)


@pytest.mark.parametrize(
    ("kind", "first", "second", "stored"),
    [
        (Kind.FLOW, "120", None, Components(Decimal(120))),
        (Kind.RATIO, "45", "50", Components(Decimal(45), Decimal(50))),
        (Kind.RATIO, "0", "0", Components(Decimal(0), Decimal(0))),
        (Kind.MEAN, "12.5", "4", Components(Decimal("50.0"), Decimal(4))),
        (Kind.MEAN, None, "0", Components(Decimal(0), Decimal(0), Decimal(0))),
        (Kind.MILESTONE, "1", None, Components(Decimal(1), Decimal(1))),
        (Kind.MILESTONE, "0", None, Components(Decimal(0), Decimal(1))),
        (Kind.FLOW, None, None, NOTHING),
        (Kind.MEAN, None, None, NOTHING),
    ],
)
def test_what_is_typed_becomes_components_that_add_up(
    kind: Kind, first: str | None, second: str | None, stored: Components
) -> None:
    numbers = [None if text is None else Decimal(text) for text in (first, second)]

    assert from_typed(kind, numbers[0], numbers[1]) == stored


def test_an_average_of_no_cases_is_an_answer_without_a_number() -> None:
    assert to_typed(Kind.MEAN, Components(Decimal(0), Decimal(0))) == (None, Decimal(0))


def test_thousands_are_stored_in_full() -> None:
    stored = from_typed(Kind.FLOW, Decimal("1.5"), None, multiplier=Decimal(1000))

    assert stored.amount == Decimal(1500)
    assert to_typed(Kind.FLOW, stored, multiplier=Decimal(1000)) == (Decimal("1.5"), None)


@given(average=NUMBERS, cases=st.integers(1, 10**9))
def test_an_average_comes_back_as_it_was_typed(average: Decimal, cases: int) -> None:
    stored = from_typed(Kind.MEAN, average, Decimal(cases))

    assert to_typed(Kind.MEAN, stored) == (average, Decimal(cases))
