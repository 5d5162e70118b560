from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measurement.indicators.kinds import Kind
from measurement.indicators.models import Disaggregation
from measurement.submissions.answers import Reading
from measurement.submissions.components import Components
from measurement.submissions.grid import Grid, GridRow
from measurement.submissions.reading import read
from measurement.submissions.status import FigureStatus
from measurement.submissions.workflow import Typed
from tests.measurement.submissions.grids import TOTAL, amount, cell, grid, version

F, M, X, UNKNOWN = ((1, 1), (1, 2), (1, 3), (1, 4))


def problems(reading: Reading) -> dict[str, str]:
    """The sentence of each problem by the end of its field's name."""
    return {
        problem.field.removeprefix("figure-1-"): problem.sentence.partition(": ")[2]
        for problem in reading.problems
    }


NOT_WHOLE = "Write a whole number: this counts people or things."
SHARE = {"is_proportion": True, "amount_label": "Passed", "base_label": "Tested"}


@pytest.mark.parametrize(
    ("kind", "fields", "typed", "where", "sentence"),
    [
        (Kind.FLOW, {}, Typed(), "total-amount", "Give a number, or choose why there is none."),
        (Kind.FLOW, {}, amount("many"), "total-amount", "“many” is not a number we can read"),
        (Kind.FLOW, {}, amount("=A1+3"), "total-amount", "“=A1+3” is a formula"),
        (Kind.FLOW, {}, amount("1e5"), "total-amount", "“1e5” is not a number we can read"),
        (Kind.FLOW, {}, amount("-3"), "total-amount", "This cannot be below 0."),
        (Kind.FLOW, {"whole_numbers": True}, amount("2.5"), "total-amount", NOT_WHOLE),
        (
            Kind.FLOW,
            {},
            Typed(amount="3", status="not_collected"),
            "total-status",
            "There is a number and a reason why there is none. Keep one.",
        ),
        (Kind.RATIO, SHARE, amount("45"), "total-base", "Give the number for “Tested” too."),
        (Kind.RATIO, SHARE, amount("", "50"), "total-amount", "Give the number for “Passed” too."),
        (Kind.RATIO, {}, amount("45"), "total-base", "Give the number for “Out of” too."),
        (Kind.RATIO, SHARE, amount("51", "50"), "total-amount", "51 cannot be more than 50"),
        (Kind.RATIO, SHARE, amount("1", "0"), "total-base", "This cannot be 0 when the number above is not."),
        (Kind.RATIO, SHARE, amount("4", "-5"), "total-base", "This cannot be below 0."),
        (Kind.MEAN, {}, amount("12"), "total-base", "Give the number for “Number of cases” too."),
        (Kind.MEAN, {}, amount("12", "0"), "total-amount", "There is no average of 0 cases"),
        (Kind.MEAN, {"whole_numbers": True}, amount("12.5", "3.5"), "total-base", NOT_WHOLE),
        (Kind.MILESTONE, {}, amount("maybe"), "total-amount", "Answer yes or no."),
        (Kind.MONEY, {}, amount("-5"), "total-amount", "This cannot be below 0."),
    ],
)
def test_a_hard_error_names_its_field_and_says_what_to_do(
    kind: Kind, fields: dict[str, object], typed: Typed, where: str, sentence: str
) -> None:
    found = problems(read(grid(version(kind, **fields), typed)))

    assert where in found
    assert found[where].startswith(sentence)


@pytest.mark.parametrize(
    ("kind", "fields", "typed", "stored"),
    [
        (Kind.FLOW, {}, amount("0"), Components(Decimal(0))),
        (Kind.FLOW, {}, amount(" 1,234.5 "), Components(Decimal("1234.5"))),
        (Kind.FLOW, {"allows_negative": True}, amount("−3"), Components(Decimal(-3))),
        (Kind.RATIO, SHARE, amount("0", "0"), Components(Decimal(0), Decimal(0))),
        (Kind.RATIO, SHARE, amount("50", "50"), Components(Decimal(50), Decimal(50))),
        (Kind.RATIO, {}, amount("60", "50"), Components(Decimal(60), Decimal(50))),
        (Kind.MEAN, {}, amount("", "0"), Components(Decimal(0), Decimal(0), Decimal(0))),
        (Kind.MEAN, {}, amount("7.5", "40"), Components(Decimal("300.0"), Decimal(40))),
        (Kind.MILESTONE, {}, amount("yes"), Components(Decimal(1), Decimal(1))),
        (Kind.MILESTONE, {}, amount("no"), Components(Decimal(0), Decimal(1))),
    ],
)
def test_a_right_figure_is_read_exactly(
    kind: Kind, fields: dict[str, object], typed: Typed, stored: Components
) -> None:
    reading = read(grid(version(kind, **fields), typed))

    assert not reading.problems
    assert reading.given[TOTAL].components == stored


def test_a_blank_unknown_is_worked_out_and_marked() -> None:
    parts = {"F": amount(50), "M": amount(38), "X": amount(2), "Unknown": Typed()}

    reading = read(grid(version(), amount(100), parts))

    assert not reading.problems
    assert reading.given[UNKNOWN].components.amount == Decimal(10)
    assert reading.given[UNKNOWN].derived
    assert not reading.given[TOTAL].derived


def test_categories_above_their_total_are_refused_at_the_total() -> None:
    parts = {"F": amount(60), "M": amount(45), "X": amount(0), "Unknown": Typed()}

    found = problems(read(grid(version(), amount(100), parts)))

    assert found["total-amount"] == "The categories add up to 5 more than the total. Correct one of them."


def test_categories_below_their_total_without_a_blank_unknown_are_refused() -> None:
    found = problems(read(grid(version(), amount(100), {"F": amount(60), "M": amount(30)})))

    assert found["total-amount"] == "The categories add up to 10 less than the total. Correct one of them."


def test_the_numbers_below_of_a_share_must_add_up_too() -> None:
    parts = {"F": amount(20, 60), "M": amount(25, 45)}

    found = problems(read(grid(version(Kind.RATIO), amount(45, 100), parts)))

    assert found["total-base"].startswith("The categories add up to 5 more than the total.")


def test_who_cannot_split_everybody_leaves_the_rest_to_unknown() -> None:
    parts = {"F": amount(50), "M": Typed(status="not_collected"), "Unknown": Typed()}

    reading = read(grid(version(), amount(100), parts))

    assert not reading.problems
    assert reading.given[1, 3].components.amount == Decimal(50)
    assert reading.given[M].status == "not_collected"


def test_a_category_that_does_not_apply_takes_nobody() -> None:
    parts = {"F": Typed(status="not_applicable"), "M": amount(90)}

    found = problems(read(grid(version(), amount(100), parts)))

    assert found["total-amount"].startswith("The categories add up to 10 less")


def test_overlapping_categories_may_be_more_than_their_total() -> None:
    parts = {"F": amount(60), "M": amount(60)}

    reading = read(grid(version(), amount(100), parts, adds_up=Disaggregation.AddsUp.OVERLAPPING))

    assert not reading.problems


def test_answers_of_yes_and_no_are_not_added_up() -> None:
    parts = {"F": amount("yes"), "M": amount("yes")}

    assert not read(grid(version(Kind.MILESTONE), amount("yes"), parts)).problems


def test_a_rounded_average_does_not_replace_its_exact_sum() -> None:
    of = version(Kind.MEAN)
    one = cell(of, amount("3.333333", "3"), amount=Decimal(10), base=Decimal(3))

    reading = read(Grid([GridRow(of, [one])]))

    assert reading.given[TOTAL].components == Components(Decimal(10), Decimal(3))


@given(st.text(max_size=60), st.text(max_size=60), st.sampled_from(list(Kind)))
def test_whatever_is_typed_is_either_a_figure_or_a_named_problem(first: str, second: str, kind: Kind) -> None:
    reading = read(grid(version(kind), Typed(amount=first, base=second)))

    assert bool(reading.problems) != (TOTAL in reading.given)


@pytest.mark.parametrize(
    ("typed", "low", "high"),
    [
        (amount("<5"), 0, 4),
        (amount(" < 5 "), 0, 4),
        (amount("≤4"), 0, 4),
        (Typed(amount="<5", status="withheld"), 0, 4),
        (Typed(amount="9", status="withheld"), 0, 9),
        (Typed(amount="1-4", status="withheld"), 1, 4),
    ],
)
def test_what_is_too_small_to_give_is_kept_as_an_interval(typed: Typed, low: int, high: int) -> None:
    given = read(grid(version(), typed)).given[TOTAL]

    assert given.status is FigureStatus.WITHHELD
    assert (given.low, given.high) == (Decimal(low), Decimal(high))
    assert given.components == Components()


@pytest.mark.parametrize("typed", ["", "<", "many", "4-1", "<0", "2.5", "-3"])
def test_an_interval_that_cannot_be_read_is_refused_at_its_field(typed: str) -> None:
    found = problems(read(grid(version(), Typed(amount=typed, status="withheld"))))

    assert list(found) == ["total-amount"]


def test_an_unknown_beside_what_is_too_small_to_give_is_an_interval_too() -> None:
    reading = read(
        grid(version(), amount(20), {"Girls": amount(15), "Boys": amount("<5"), "Unknown": Typed()})
    )

    given = reading.given[1, 3]
    assert not reading.problems
    assert given.status is FigureStatus.WITHHELD
    assert (given.low, given.high) == (Decimal(1), Decimal(5))
    assert given.derived


@pytest.mark.parametrize(
    ("total", "boys", "sentence"),
    [("20", "<5", "2 more than the total"), ("<5", "1", "19 more than the total"), ("40", "<5", "14 less")],
)
def test_categories_that_cannot_make_the_total_whatever_was_too_small_are_refused(
    total: str, boys: str, sentence: str
) -> None:
    found = problems(read(grid(version(), amount(total), {"Girls": amount(22), "Boys": amount(boys)})))

    assert sentence in found["total-amount"]
