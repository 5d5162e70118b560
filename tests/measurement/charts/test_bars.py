"""Breakdowns as bars."""

from decimal import Decimal

import pytest

from measurement.charts.bars import Bar, BarChart, bars_svg
from tests.measurement.charts.drawings import Drawing

CHART = BarChart(
    title="Most are girls",
    bars=(
        Bar("Girls", Decimal(50), Decimal("56.8")),
        Bar("Boys", Decimal(25), Decimal("28.4")),
        Bar("Other", None, note="hidden to protect people"),
        Bar("Unknown", Decimal(10), unknown=True, note="derived"),
    ),
    unit="people",
)


def drawn(chart: BarChart, width: int = 720) -> Drawing:
    return Drawing(bars_svg(chart, width=width, element_id="sex"))


def bar_widths(drawing: Drawing) -> list[float]:
    return [float(each.get("width", "")) for each in drawing.all("rect")]


@pytest.mark.parametrize("width", [720, 358])
def test_bars_are_as_long_as_their_values(width: int) -> None:
    girls, boys, unknown = bar_widths(drawn(CHART, width))

    assert girls == pytest.approx(2 * boys, abs=0.2)
    assert girls == pytest.approx(5 * unknown, abs=0.4)


def test_each_value_is_written_with_its_share() -> None:
    assert {"50 · 56.8\u00a0%", "25 · 28.4\u00a0%", "10 · derived"} <= set(drawn(CHART).texts())


def test_what_is_hidden_has_words_and_no_bar() -> None:
    drawing = drawn(CHART)

    assert "hidden to protect people" in drawing.texts()
    assert len(drawing.all("rect")) == 3


def test_unknown_is_hatched() -> None:
    assert drawn(CHART).all("rect")[-1].get("fill") == "url(#sex-unknown)"


def test_less_than_nothing_goes_to_the_left() -> None:
    chart = BarChart("Change", (Bar("Rates", Decimal("6.9")), Bar("Mix", Decimal("-35.4"))), decimals=1)
    drawing = drawn(chart)
    rates, mix = drawing.all("rect")

    assert float(mix.get("x", "")) + float(mix.get("width", "")) == pytest.approx(
        float(rates.get("x", "")), abs=0.2
    )
    assert "-35.4" in drawing.texts()


def test_the_description_reads_every_bar() -> None:
    assert drawn(CHART).root[1].text == (
        "Girls: 50\u00a0people · 56.8\u00a0%; Boys: 25\u00a0people · 28.4\u00a0%; "
        "Other: hidden to protect people; Unknown: 10\u00a0people · derived"
    )


def test_no_bars_make_a_sentence() -> None:
    assert drawn(BarChart("Nothing", ())).texts() == ["No figures yet."]


@pytest.mark.parametrize("value", [Decimal(0), None])
def test_nothing_but_zero_or_unknown_is_drawn(value: Decimal | None) -> None:
    assert drawn(BarChart("Zero", (Bar("A", value), Bar("B", value)))).texts()[1] == (
        "0" if value == 0 else "no data"
    )


def test_hostile_names_are_text_and_nothing_else() -> None:
    hostile = "<script>alert('\x00')</script>\"&"
    svg = bars_svg(BarChart(hostile, (Bar(hostile, Decimal(1), note=hostile),), unit=hostile), element_id="x")

    assert not Drawing(svg).names() & {"script", "style"}
    assert "\x00" not in svg


def test_a_bar_of_what_is_no_number_is_refused() -> None:
    with pytest.raises(ValueError, match="finite"):
        Bar("A", Decimal("NaN"))
