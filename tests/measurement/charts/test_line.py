"""The big chart: honest about what is missing, safe to put into a page, legible on a phone."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import pytest

from measurement.charts.line import line_chart_html, line_chart_svg
from measurement.charts.series import (
    ActionMark,
    Axis,
    Curve,
    Limits,
    LineChart,
    Point,
    ReferenceLine,
    SeriesBreak,
)
from tests.measurement.charts.drawings import READING, Drawing, chart_of, year, yearly

HOSTILE = "\x00</title><script>alert(1)</script>\" onload='x' \x07&amp;\ud800\ufffe\u202e"
FULL = replace(
    READING,
    target=ReferenceLine(
        "Target 2028", ((date(2018, 12, 31), Decimal(51)), (date(2028, 12, 31), Decimal(65)))
    ),
    baseline=ReferenceLine("Baseline 2018", ((date(2018, 12, 31), Decimal(51)),)),
    breaks=(SeriesBreak(date(2024, 1, 1), "New test"),),
    actions=(ActionMark(date(2022, 6, 1), None, "Reading buddies"),),
    forecast=Curve(
        "If nothing changes",
        tuple(replace(year(at, "58"), low=Decimal(55), high=Decimal(61)) for at in (2026, 2027)),
        "%",
    ),
    comparisons=(Curve("State", yearly(["50", "50", "50", "51", "51", "51", "52"]), "%"),),
    limits=Limits(Decimal(49), Decimal(53), Decimal(58)),
)


def drawn(chart: LineChart, width: int = 720) -> Drawing:
    return Drawing(line_chart_svg(chart, width=width, element_id="reading"))


def test_a_gap_is_two_lines_and_never_one_joined_over_it() -> None:
    lines = drawn(READING).all("path", "chart-line")

    assert [line.get("d", "").count("L") for line in lines] == [1, 3]


def test_a_period_that_is_not_even_listed_is_a_gap_too() -> None:
    points = tuple(point for point in READING.curve.points if point.value is not None)

    assert len(drawn(chart_of(points)).all("path", "chart-line")) == 2


def test_summer_between_two_school_years_is_no_gap() -> None:
    years = [
        Point(f"{at}", date(at, 9, 1), date(at + 1, 6, 30), Decimal(at - 2000)) for at in (2021, 2022, 2023)
    ]

    assert len(drawn(chart_of(tuple(years))).all("path", "chart-line")) == 1


def test_a_gap_is_hatched_and_named() -> None:
    drawing = drawn(READING)

    assert [rect.get("fill") for rect in drawing.root.iter() if "gap" in (rect.get("fill") or "")]
    assert "no data" in drawing.texts()
    assert "No data" in drawing.texts()


def test_a_partial_figure_is_hollow_with_a_dashed_way_to_it() -> None:
    chart = chart_of((*yearly(["52", "53"]), year(2021, "40", partial=True)))

    drawing = drawn(chart)

    (ring,) = [each for each in drawing.all("circle", "chart-partial") if each.get("r") != "4.6"]
    assert ring.get("fill") == "#ffffff"
    assert ring.get("stroke-dasharray")
    solid, dashed = drawing.all("path", "chart-line")
    assert (solid.get("stroke-dasharray"), bool(dashed.get("stroke-dasharray"))) == (None, True)
    assert "Partial: not all are in yet" in drawing.texts()


def test_a_changed_definition_parts_the_line_and_says_why() -> None:
    chart = replace(chart_of(yearly(["1", "2", "3"])), breaks=(SeriesBreak(date(2020, 1, 1), "New test"),))

    drawing = drawn(chart)

    assert [line.get("d", "").count("L") for line in drawing.all("path", "chart-line")] == [1]
    assert len(drawing.all("g", "chart-point")) == 3
    assert "New test" in drawing.texts()


def test_limits_begin_with_the_figures_that_they_are_made_of() -> None:
    limits = Limits(Decimal(1), Decimal(2), Decimal(3))
    whole = replace(chart_of(yearly(["1", "2", "3", "2"], first=2019)), limits=limits)
    later = replace(whole, limits=replace(limits, since=date(2021, 1, 1)))

    everywhere, since = (drawn(chart).all("g", "chart-limits")[0][0] for chart in (whole, later))

    ends = [float(band.get("x", "")) + float(band.get("width", "")) for band in (everywhere, since)]
    assert ends[0] == pytest.approx(ends[1])
    halved = float(everywhere.get("width", "")) / float(since.get("width", ""))
    assert halved == pytest.approx(2, rel=0.01)


@pytest.mark.parametrize("width", [720, 358, 120])
def test_a_full_chart_holds_to_the_content_security_policy(width: int) -> None:
    names = drawn(FULL, width).names()

    assert not names & {"style", "script", "foreignObject", "href", "image", "use"}
    assert not [name for name in names if name.startswith("on")]


def test_a_chart_has_a_name_and_a_description_under_its_own_ids() -> None:
    drawing = drawn(READING)
    root = drawing.root

    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "reading-title"
    assert root.get("aria-describedby") == "reading-desc"
    title, desc = root[0], root[1]
    assert (title.get("id"), title.text) == ("reading-title", "Up from 52 to 57 %")
    assert desc.get("id") == "reading-desc"
    assert (desc.text or "").replace("\u00a0", " ") == (
        "Line from 52 % in 2019 to 57 % in 2025. Lowest 51 % in 2020, highest 57 % in 2025. "
        "1 period without data."
    )


def test_two_charts_on_a_page_share_no_id() -> None:
    pair = Drawing(f'<div xmlns="http://www.w3.org/2000/svg">{line_chart_html(FULL, element_id="a")}</div>')

    ids = [each.get("id") for each in pair.root.iter() if each.get("id")]
    assert len(ids) == len(set(ids))
    assert {each.get("viewBox", "").split()[2] for each in pair.all("svg")} == {"720", "358"}


@pytest.mark.parametrize("element_id", ["", "1st", 'x"><script>', "a b", "a\n"])
def test_an_id_that_is_none_is_refused(element_id: str) -> None:
    with pytest.raises(ValueError, match="id"):
        line_chart_svg(READING, element_id=element_id)


def test_hostile_texts_are_text_and_nothing_else() -> None:
    chart = LineChart(
        title=HOSTILE,
        description=HOSTILE,
        curve=Curve(
            HOSTILE,
            tuple(replace(point, label=HOSTILE, note=HOSTILE) for point in yearly(["1", "2"])),
            HOSTILE,
        ),
        target=ReferenceLine(HOSTILE, ((date(2020, 1, 1), Decimal(3)),)),
        breaks=(SeriesBreak(date(2020, 1, 1), HOSTILE),),
        actions=(ActionMark(date(2019, 6, 1), date(2019, 9, 1), HOSTILE),),
        comparisons=(Curve(HOSTILE, yearly(["1", "1"])),),
    )

    svg = line_chart_svg(chart, element_id="x")

    assert "<script" not in svg
    assert not Drawing(svg).names() & {"script", "onload"}
    assert not {letter for letter in svg if letter in "\x00\x07\ud800\ufffe\u202e"}
    assert Drawing(svg).root[0].text == "</title><script>alert(1)</script>\" onload='x' &amp;"


def test_the_same_chart_is_the_same_text() -> None:
    assert line_chart_svg(FULL, element_id="a") == line_chart_svg(replace(FULL), element_id="a")


@pytest.mark.parametrize("points", [(), yearly([None, None])])
def test_no_figures_make_a_sentence_and_no_axes(points: tuple[Point, ...]) -> None:
    drawing = drawn(chart_of(points))

    assert drawing.texts() == ["No figures yet. The curve starts with the first one."]
    assert drawing.root[1].text == "No figures yet."


def test_one_figure_is_a_dot_with_its_value() -> None:
    drawing = drawn(chart_of(yearly(["42"])))

    assert not drawing.all("path", "chart-line")
    assert len(drawing.all("g", "chart-point")) == 1
    assert "42\u00a0%" in drawing.texts()


def test_the_first_and_the_last_value_are_written_beside_the_line() -> None:
    texts = drawn(chart_of(yearly(["1204", "1350", "1500"]), unit="people")).texts()

    assert {"1,204", "1,500", "people"} <= set(texts)
    assert "1,350" not in texts


def test_counts_start_at_zero() -> None:
    texts = drawn(chart_of(yearly(["902", "955"]), unit="people")).texts()

    assert "0" in texts
    assert "people" in texts


def test_a_percentage_that_is_zoomed_says_so() -> None:
    assert "Axis from 40\u00a0% to 65\u00a0%" in drawn(chart_of(yearly(["52", "57"]))).texts()


def test_a_percentage_that_moves_far_keeps_its_whole_axis() -> None:
    texts = drawn(chart_of(yearly(["20", "81"]))).texts()

    assert {"0\u00a0%", "100\u00a0%"} <= set(texts)
    assert not [text for text in texts if text.startswith("Axis")]


def test_a_fitted_axis_says_where_it_starts() -> None:
    chart = replace(chart_of(yearly(["902", "955"]), unit="calls"), axis=Axis.FITTED)

    assert [text for text in drawn(chart).texts() if text.startswith("calls, axis from")]


def test_the_target_is_dashed_and_named_with_its_value() -> None:
    drawing = drawn(FULL)
    (group,) = drawing.all("g", "chart-target")

    assert group[0].get("stroke-dasharray")
    assert "Target 2028: 65\u00a0%" in drawing.texts()
    assert "2028" in drawing.texts()


def test_a_target_far_away_does_not_squeeze_the_curve() -> None:
    far = ReferenceLine("Target 2099", ((date(2019, 1, 1), Decimal(50)), (date(2099, 1, 1), Decimal(90))))
    drawing = drawn(replace(READING, target=far))

    assert "Target 2099: 90\u00a0% →" in drawing.texts()
    last = drawing.all("g", "chart-point")[-1]
    assert float(last[1].get("cx", "0")) > 300


def test_actions_stand_in_lanes_and_many_are_counted() -> None:
    actions = tuple(ActionMark(date(2020, month, 1), None, f"Action {month}") for month in range(1, 10))
    texts = drawn(replace(READING, actions=actions)).texts()

    assert {"Action 1", "Action 5", "and 4 more actions"} <= set(texts)
    assert "Action 6" not in texts


def test_a_range_without_a_value_is_a_bar_and_no_point_of_the_line() -> None:
    reach = replace(year(2020, None), low=Decimal(60), high=Decimal(205))
    drawing = drawn(chart_of((year(2019, "100"), reach, year(2021, "120")), unit="people"))

    assert len(drawing.all("line", "chart-range")) == 1
    assert not drawing.all("path", "chart-line")
    assert not drawing.all("g", "chart-gaps")
    assert "2020: between 60 and 205\u00a0people" in [each.text for each in drawing.all("title")]


@pytest.mark.parametrize("width", [720, 358])
def test_the_names_of_periods_never_touch(width: int) -> None:
    points = tuple(
        Point(f"{month:02}/{at}", date(at, month, 1), date(at, month, 28), Decimal(month))
        for at in (2023, 2024, 2025)
        for month in range(1, 13)
    )
    (group,) = drawn(chart_of(points), width).all("g", "chart-periods")
    places = [float(each.get("x", "0")) for each in group if each.text]

    assert len(places) >= 3
    assert all(after - before > 50 for before, after in pairwise(places))
    assert group[2].text == "01/2023"


@pytest.mark.parametrize(
    "values",
    [
        ["1e30", "3.2e30"],
        ["-1e40", "1e40"],
        ["-12", "-3", "4"],
        ["0", "0"],
        ["0.0001", "0.0002"],
        ["100", "100"],
        ["-40", "140"],
    ],
)
@pytest.mark.parametrize("unit", ["%", "people", ""])
@pytest.mark.parametrize("axis", [None, Axis.FITTED])
def test_every_finite_value_is_drawn_inside_the_picture(
    values: list[str], unit: str, axis: Axis | None
) -> None:
    drawing = drawn(replace(chart_of(yearly(values), unit=unit, decimals=2), axis=axis))

    for dot in drawing.all("circle"):
        assert 0 <= float(dot.get("cx", "")) <= 720
        assert 0 <= float(dot.get("cy", "")) <= 320


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="finite"):
        year(2020, value)
