"""Units in which a number may be handed in: read, refused, and kept exactly."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measurement.indicators.units import NotAUnit, decimal_of, divisor_of, kept_in_one, read_units

factors = st.fractions(min_value=Fraction(1, 60), max_value=10**6, max_denominator=60)


@pytest.mark.parametrize(
    ("text", "divisor", "kept"),
    [
        ("minutes = 1/60", 3, {"minutes": "0.05"}),
        ("lb = 0.45359237", 1, {"lb": "0.45359237"}),
        ("thousand = 1000\ndozen = 12", 1, {"thousand": "1000", "dozen": "12"}),
        ("minutes = 1/60\nseconds = 1/3600", 9, {"minutes": "0.15", "seconds": "0.0025"}),
        ("", 1, {}),
    ],
)
def test_amounts_are_kept_in_parts_that_are_decimals(text: str, divisor: int, kept: dict[str, str]) -> None:
    assert divisor_of(text) == divisor
    assert {unit.name: str(kept_in_one(text, unit.name)) for unit in read_units(text)} == kept
    assert kept_in_one(text, "fortnights") is None


@given(st.lists(factors, min_size=1, max_size=4), st.data())
def test_whatever_is_handed_in_in_whatever_unit_adds_up_exactly(
    found: list[Fraction], data: st.DataObject
) -> None:
    text = "\n".join(f"u{place} = {each.numerator}/{each.denominator}" for place, each in enumerate(found))
    typed = [data.draw(st.integers(0, 10**6)) for _each in found]
    parts = [kept_in_one(text, f"u{place}") or Decimal(0) for place in range(len(found))]

    kept = sum((Fraction(part) * number for part, number in zip(parts, typed, strict=True)), Fraction(0))

    assert kept / Fraction(divisor_of(text)) == sum(
        (factor * number for factor, number in zip(found, typed, strict=True)), Fraction(0)
    )


@pytest.mark.parametrize(
    "text",
    [
        "minutes",
        "minutes =",
        "= 60",
        "minutes = 0",
        "minutes = 1/0",
        "minutes = -1",
        "minutes = 1e5",
        "minutes = __import__",
        "minutes = ١",
        "a = 1\nA = 2",
        "a\0b = 1",
        f"{'x' * 41} = 1",
        "a = " + "9" * 30,
        "a = 1/1000003\nb = 1/1000033",
        "\n".join(f"u{n} = {n + 1}" for n in range(11)),
    ],
)
def test_what_is_no_unit_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(NotAUnit, match=r"\w"):
        read_units(text)


def test_a_third_is_no_decimal() -> None:
    with pytest.raises(ValueError, match="1/3"):
        decimal_of(Fraction(1, 3))
