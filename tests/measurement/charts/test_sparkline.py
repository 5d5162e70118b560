"""The word-sized curve."""

from decimal import Decimal

import pytest

from measurement.charts.sparkline import sparkline_svg
from tests.measurement.charts.drawings import Drawing


def drawn(*values: int | None, label: str = "Reading") -> Drawing:
    known = [None if value is None else Decimal(value) for value in values]
    return Drawing(sparkline_svg(known, label=label, element_id="spark"))


def test_a_gap_parts_the_line() -> None:
    assert len(drawn(1, 2, None, 3, 4).all("path")) == 2


def test_a_value_between_two_gaps_is_a_small_dot() -> None:
    drawing = drawn(1, None, 3, None, 2)

    assert not drawing.all("path")
    assert [dot.get("r") for dot in drawing.all("circle")] == ["1.6", "1.6", "1.6", "3.2"]


def test_the_last_value_is_marked_and_hollow_when_newer_ones_are_missing() -> None:
    assert drawn(1, 2).all("circle")[-1].get("fill") == "#0b5c61"
    assert drawn(1, 2, None).all("circle")[-1].get("fill") == "#ffffff"


def test_a_rise_ends_higher_than_it_starts() -> None:
    (line,) = drawn(1, 2).all("path")

    assert line.get("d") == "M5,27L115,5"


def test_what_never_moves_lies_in_the_middle() -> None:
    (line,) = drawn(5, 5).all("path")

    assert line.get("d") == "M5,16L115,16"


@pytest.mark.parametrize("values", [(), (None, None)])
def test_nothing_known_is_a_dotted_line_without_a_dot(values: tuple[None, ...]) -> None:
    drawing = drawn(*values)

    assert not drawing.all("circle")
    assert drawing.all("line")[0].get("stroke-dasharray")


def test_it_has_a_name_and_holds_to_the_policy() -> None:
    drawing = drawn(1, 2, label="<script>\x00")

    assert drawing.root.get("aria-labelledby") == "spark-title"
    assert drawing.root[0].text == "<script>"
    assert not drawing.names() & {"style", "script"}
