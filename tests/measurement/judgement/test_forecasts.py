"""If nothing changes: the line, its interval, and how far it may reach."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measurement.judgement.forecasts import ForecastPoint, forecast, turned_the_curve
from measurement.judgement.reasons import Polarity, Reason
from measurement.judgement.student import central_probability, t_quantile
from tests.measurement.judgement.showing import half_up

HISTORY = [Decimal(value) for value in (30, 31, 33, 32, 35, 36, 38, 37)]
values = st.decimals(-(10**6), 10**6, places=2)


def shown(point: ForecastPoint) -> tuple[str, str, str]:
    low, high = half_up(point.low, 3), half_up(point.high, 3)
    return str(half_up(point.value, 3)), str(low), str(high)


def test_a_line_through_eight_periods_reaches_four_further() -> None:
    """Example 25."""
    made = forecast(HISTORY)

    assert made.slope is not None
    assert half_up(made.slope, 5) == Decimal("1.14286")
    assert [point.place for point in made.points] == [9, 10, 11, 12]
    assert shown(made.points[0]) == ("39.143", "36.271", "42.015")
    assert shown(made.points[-1]) == ("42.571", "39.015", "46.128")


def test_a_missing_period_keeps_its_place_and_is_not_zero() -> None:
    line: list[Decimal | None] = [Decimal(10), Decimal(12), None, Decimal(16), None, Decimal(20)]

    made = forecast(line)

    assert made.slope == 2
    assert {point.place: point.value for point in made.points} == {
        7: Decimal(22),
        8: Decimal(24),
        9: Decimal(26),
    }


def test_periods_without_a_value_at_either_end_make_no_history_longer() -> None:
    known: list[Decimal | None] = [Decimal(10), Decimal(12), Decimal(14), Decimal(16)]

    made = forecast([None, None, *known, None])

    assert {point.place: point.value for point in made.points} == {7: Decimal(18), 8: Decimal(20)}


@pytest.mark.parametrize("history", [[], [1], [1, 2], [1, None, None, 2]])
def test_two_values_are_no_history(history: list[int | None]) -> None:
    made = forecast([None if value is None else Decimal(value) for value in history])

    assert made.points == ()
    assert made.reason is Reason.TOO_FEW_POINTS


@pytest.mark.parametrize(
    ("actual", "polarity", "turned"),
    [
        ("42.1", Polarity.HIGHER, True),
        ("42.0", Polarity.HIGHER, False),
        ("36.2", Polarity.HIGHER, False),
        ("36.2", Polarity.LOWER, True),
        ("36.3", Polarity.LOWER, False),
        ("42.1", Polarity.LOWER, False),
        ("99", Polarity.NEUTRAL, False),
        ("0", Polarity.MAINTAIN, False),
    ],
)
def test_a_curve_is_turned_by_an_actual_better_than_the_interval(
    actual: str, polarity: Polarity, turned: bool
) -> None:
    point = forecast(HISTORY).points[0]

    assert turned_the_curve(point, Decimal(actual), polarity) is turned


@pytest.mark.parametrize("polarity", [Polarity.HIGHER, Polarity.LOWER])
def test_an_actual_at_the_end_of_the_interval_has_turned_no_curve(polarity: Polarity) -> None:
    point = ForecastPoint(place=9, value=Decimal(5), low=Decimal(4), high=Decimal(6))

    assert not turned_the_curve(point, point.low, polarity)
    assert not turned_the_curve(point, point.high, polarity)


@pytest.mark.parametrize(
    ("degrees", "confidence", "expected"),
    [
        (1, "0.95", "12.7062"),
        (2, "0.95", "4.3027"),
        (3, "0.95", "3.1824"),
        (4, "0.95", "2.7764"),
        (5, "0.95", "2.5706"),
        (6, "0.95", "2.4469"),
        (7, "0.95", "2.3646"),
        (10, "0.95", "2.2281"),
        (15, "0.95", "2.1314"),
        (20, "0.95", "2.0860"),
        (29, "0.95", "2.0452"),
        (30, "0.95", "2.0423"),
        (60, "0.95", "2.0003"),
        (120, "0.95", "1.9799"),
        (1, "0.99", "63.6567"),
        (6, "0.99", "3.7074"),
        (30, "0.99", "2.7500"),
        (1, "0.5", "1.0000"),
        (5, "0.8", "1.4759"),
        (10, "0.999", "4.5869"),
    ],
)
def test_quantiles_of_student_t_are_those_of_the_printed_table(
    degrees: int, confidence: str, expected: str
) -> None:
    assert half_up(t_quantile(degrees, Decimal(confidence)), 4) == Decimal(expected)


def test_many_degrees_of_freedom_come_close_to_the_normal_distribution() -> None:
    assert abs(t_quantile(100_000) - Decimal("1.959963984540")) < Decimal("0.0001")


@pytest.mark.parametrize(("degrees", "confidence"), [(0, "0.95"), (5, "0"), (5, "1")])
def test_what_is_no_t_distribution_is_refused(degrees: int, confidence: str) -> None:
    with pytest.raises(ValueError, match="no t distribution"):
        t_quantile(degrees, Decimal(confidence))


@given(degrees=st.integers(1, 400), percent=st.integers(1, 999))
def test_a_quantile_leads_back_to_its_probability(degrees: int, percent: int) -> None:
    confidence = Decimal(percent) / 1000

    assert abs(central_probability(t_quantile(degrees, confidence), degrees) - confidence) < Decimal("1e-9")


@given(degrees=st.integers(1, 400))
def test_more_degrees_of_freedom_bring_the_quantile_down(degrees: int) -> None:
    assert t_quantile(degrees) > t_quantile(degrees + 1) > Decimal("1.95996")


@given(history=st.lists(values, min_size=3, max_size=40))
def test_a_forecast_reaches_half_as_far_as_its_history_and_grows_less_sure(history: list[Decimal]) -> None:
    points = forecast(history).points
    widths = [point.high - point.low for point in points]

    assert len(points) == len(history) // 2
    assert all(point.low <= point.value <= point.high for point in points)
    assert widths == sorted(widths)


@given(start=values, step=values, length=st.integers(3, 30))
def test_a_straight_line_goes_on_straight(start: Decimal, step: Decimal, length: int) -> None:
    history = [start + step * place for place in range(1, length + 1)]

    for point in forecast(history).points:
        assert abs(point.value - (start + step * point.place)) < Decimal("1e-15")
        assert point.high - point.low < Decimal("1e-15")
