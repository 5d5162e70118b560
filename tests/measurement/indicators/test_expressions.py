"""The language of computed measures: what it reads, what it refuses, and that it computes like fractions do."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from measurement.indicators.expressions import (
    NotAnExpression,
    Number,
    Operand,
    Operation,
    Tree,
    circle,
    evaluate,
    operands,
    parse,
    unit_of,
    written,
)

VALUES = {"a": Decimal(12), "b-c": Decimal(4), "none": None, "zero": Decimal(0)}

trees: st.SearchStrategy[Tree] = st.recursive(
    st.builds(Number, st.decimals(0, 1000, places=2))
    | st.builds(Operand, st.sampled_from(["a", "b-c", "zero"])),
    lambda inner: st.builds(Operation, st.sampled_from(["+", "-", "*", "/"]), inner, inner),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("a", "12"),
        ("a + b-c", "16"),
        ("a - b-c", "8"),
        ("a - b-c - 1", "7"),
        ("a / b-c / 3", "1"),
        ("2 + 3 * 4", "14"),
        ("(2 + 3) * 4", "20"),
        ("-a + 20", "8"),
        ("100 * a / (a + b-c)", "75"),
        ("a * 0.5", "6"),
        ("a / 3 * 3", "12"),
    ],
)
def test_it_computes_as_people_read_it(text: str, result: str) -> None:
    assert evaluate(parse(text), VALUES) == Decimal(result)


@pytest.mark.parametrize("text", ["a / zero", "a + none", "none * 0", "a / (b-c - 4)"])
def test_what_is_not_known_stays_not_known(text: str) -> None:
    assert evaluate(parse(text), VALUES) is None


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "a +", "+ a", "(a", "a)", "a b", "a ** 2", "a % 2", "1,5", "a.b", "a; b", "()"),
        *("__import__('os')", "a\0", "(" * 40 + "a" + ")" * 40, "a + " * 200 + "a", "-" * 60 + "a", "١"),
    ],
)
def test_what_is_no_expression_is_refused_with_a_sentence(text: str) -> None:
    with pytest.raises(NotAnExpression, match=r"\w"):
        parse(text)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        tree = parse(text)
    except NotAnExpression:
        return
    evaluate(tree, dict.fromkeys(operands(tree), Decimal(2)))


def fraction(tree: Tree) -> Fraction | None:
    if isinstance(tree, Number):
        return Fraction(tree.value)
    if isinstance(tree, Operand):
        return Fraction(VALUES[tree.code] or 0)
    left, right = fraction(tree.left), fraction(tree.right)
    if left is None or right is None or (tree.sign == "/" and not right):
        return None
    return {"+": left + right, "-": left - right, "*": left * right, "/": left / (right or 1)}[tree.sign]


def plain(tree: Tree) -> str:
    if isinstance(tree, Operation):
        return f"({plain(tree.left)} {tree.sign} {plain(tree.right)})"
    return tree.code if isinstance(tree, Operand) else f"{tree.value:f}"


@given(trees)
def test_what_is_written_is_read_back_and_computes_exactly(tree: Tree) -> None:
    read = parse(plain(tree))
    assert read == tree
    exact, found = fraction(tree), evaluate(read, VALUES)
    assert (exact is None) == (found is None)
    if exact is not None and found is not None:
        assert abs(Fraction(found) - exact) <= abs(exact) / 10**50


def test_the_formula_is_told_with_numbers_in_the_place_of_codes() -> None:
    tree = parse("100 * a / (a + b-c)")
    assert written(tree, {"a": "12", "b-c": "4"}) == "(100 × 12) ÷ (12 + 4)"


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("a + b", "people"),
        ("a / c", "people / h"),
        ("a / b", "1"),
        ("a * c", "h × people"),
        ("-a + b", "people"),
        ("2 * a - b", "people"),
    ],
)
def test_units_follow_the_computation(text: str, unit: str) -> None:
    assert str(unit_of(parse(text), {"a": "people", "b": "people", "c": "h"})) == unit


@pytest.mark.parametrize("text", ["a + c", "a - 1", "a / c + b", "a * a + a"])
def test_unlike_units_are_not_added(text: str) -> None:
    with pytest.raises(NotAnExpression, match="cannot be added"):
        unit_of(parse(text), {"a": "people", "b": "people", "c": "h"})


@pytest.mark.parametrize(
    ("uses", "found"),
    [
        ({"a": ["b"], "b": ["c"]}, []),
        ({"a": ["a"]}, ["a", "a"]),
        ({"a": ["b", "c"], "c": ["d"], "d": ["a"]}, ["a", "c", "d", "a"]),
        ({"a": ["b"], "b": ["c"], "c": ["b"]}, []),
    ],
)
def test_a_measure_is_not_computed_from_itself(uses: dict[str, list[str]], found: list[str]) -> None:
    assert circle("a", uses) == found
