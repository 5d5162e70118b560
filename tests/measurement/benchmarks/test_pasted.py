"""A table of days and values, as people paste it."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measurement.benchmarks import pasted


@pytest.mark.parametrize(
    ("line", "day", "value"),
    [
        ("2026-06-30\t52.5", date(2026, 6, 30), "52.5"),
        ("2026-06;1,234.5", date(2026, 6, 30), "1234.5"),
        ("2024-02   7", date(2024, 2, 29), "7"),
        ("2026-Q1 12 %", date(2026, 3, 31), "12"),
        ("2026 -3", date(2026, 12, 31), "-3"),
    ],
)
def test_a_line_is_a_day_and_a_value(line: str, day: date, value: str) -> None:
    assert pasted.read(f"\n{line}\n\n", language="en") == ({day: Decimal(value)}, [])


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("2026-06-30", "write a day and a value"),
        ("yesterday 5", "write the day as in"),
        ("2026-02-30 5", "no such day"),
        ("1200 5", "between 1900 and 2199"),
        ("0000 5", "no such day"),
        ("2026 many", "not a number"),
        ("2026 1e9", "not a number"),
        ("2026\t" + "9" * 10_000_000, "Line 1"),
    ],
)
def test_what_cannot_be_read_names_its_line(line: str, words: str) -> None:
    found, problems = pasted.read(line, language="en")

    assert found == {}
    assert len(problems) == 1
    assert words in problems[0]


def test_a_day_stands_for_one_value_only() -> None:
    _found, problems = pasted.read("2026 1\n2026-12-31 2", language="en")
    assert problems == ["Line 2: there is a value for 31 December 2026 already."]


def test_problems_come_to_an_end() -> None:
    assert len(pasted.read("x\n" * 5000, language="en")[1]) == pasted.MOST_PROBLEMS
    many = "\n".join(f"{1900 + year}-{month:02} 1" for year in range(200) for month in range(1, 13))
    assert "more than 1000 values" in pasted.read(many, language="en")[1][0]


@given(st.dictionaries(st.dates(date(1900, 1, 1), date(2199, 12, 31)), st.decimals(-999, 999, places=2)))
def test_what_is_written_is_read_again(values: dict[date, Decimal]) -> None:
    for language in ("en", "de"):
        assert pasted.read(pasted.write(values, language=language), language=language) == (values, [])
