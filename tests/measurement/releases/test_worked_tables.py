"""The tables of section 6 of the measurement rules, with the numbers that stand there."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from itertools import product

import pytest

from measurement.releases.audit import Bounds, Fault, audit, bounds
from measurement.releases.cube import (
    Cell,
    Cube,
    Key,
    Part,
    Reason,
    Relation,
    Rule,
    Share,
    Standing,
    whole,
    written,
)
from measurement.releases.disclosure import hidden_at_first, protect
from tests.measurement.releases.attacker import Attacker
from tests.measurement.releases.tables import ANY_NUMBER, grid, key

BOUND_0 = replace(ANY_NUMBER, zeros_shown=False)
PLACES = {"Northside": [24, 31, 4], "Eastgate": [18, 22, 15], "Harbor": [7, 26, 19], "Westhill": [33, 41, 28]}
SMALL = [("Northside", "c"), ("Harbor", "a")]
CORNERS = [*SMALL, ("Northside", "a"), ("Harbor", "c")]
SAFE = [*CORNERS, ("Eastgate", "a"), ("Eastgate", "c")]


def places(rule: Rule = BOUND_0) -> Cube:
    return grid(PLACES, "abc", rule=rule, rows_are_partners=True)


def keys(names: Iterable[tuple[str, str]]) -> list[Key]:
    return [key(*name) for name in names]


def test_the_totals_of_the_table_are_those_of_the_rules() -> None:
    totals = {cell.key: cell.value for cell in places().cells}

    assert [totals[key(place)] for place in PLACES] == [59, 55, 52, 102]
    assert [totals[key("", column)] for column in ("a", "b", "c", "")] == [82, 120, 66, 268]


def test_the_first_rule_hides_the_two_small_counts_only() -> None:
    assert hidden_at_first(places()) == dict.fromkeys(keys(SMALL), Reason.SMALL)


def test_hiding_only_the_small_counts_gives_both_away_to_everybody() -> None:
    verdict = audit(places(), keys(SMALL))

    public = {finding.key: finding for finding in verdict.findings if not finding.reader}
    assert {each: (found.low, found.high) for each, found in public.items()} == {
        key("Northside", "c"): (4, 4),
        key("Harbor", "a"): (7, 7),
    }
    assert all(found.fault is Fault.EXACT for found in public.values())


def test_the_four_corners_keep_the_public_out_and_tell_two_partners() -> None:
    verdict = audit(places(), keys(CORNERS))

    told = {(finding.reader, finding.key): finding.high for finding in verdict.findings}
    assert "" not in {reader for reader, _key in told}
    assert told["Northside", key("Harbor", "a")] == 7
    assert told["Harbor", key("Northside", "c")] == 4
    assert {reader for reader, _key in told} == {"Northside", "Harbor"}


def test_hiding_eastgates_two_as_well_is_safe_for_everybody() -> None:
    assert audit(places(), keys(SAFE)).accepted
    assert bounds(places(), keys(SAFE), key("Northside", "c")) == Bounds(0, 28)
    assert bounds(places(), keys(SAFE), key("Harbor", "a")) == Bounds(0, 26)


def test_who_knows_that_zeros_are_always_shown_knows_more() -> None:
    known = places(replace(ANY_NUMBER, zeros_shown=True))

    assert bounds(known, keys(SAFE), key("Northside", "c")) == Bounds(1, 27)
    assert audit(known, keys(SAFE)).accepted


def test_the_pattern_that_is_found_is_safe_and_hides_no_more_than_that() -> None:
    pattern = protect(places())

    assert audit(places(), pattern.hidden).accepted
    assert not list(Attacker(places(), pattern.hidden).finds())
    assert len(pattern.hidden) == len(SAFE)


def test_a_hidden_square_inside_its_totals_leaves_from_3_to_6() -> None:
    square = grid({"x": [4, 3], "y": [2, 1]}, "ab", rule=BOUND_0)
    inside = keys(product("xy", "ab"))

    assert bounds(square, inside, key("x", "a")) == Bounds(3, 6)
    assert Attacker(square, inside).by_trying(key("x", "a"), most=10) == (3, 6)


LETTERS = {"w": [30, 47, 64, 89], "x": [90, 124, 5, 31], "y": [92, 100, 59, 85], "z": [800, 991, 651, 685]}
LETTERS_HIDDEN = ["wa", "wb", "wc", "xa", "xc", "yb", "yd", "zb", "zd"]


def letters() -> Cube:
    return grid(LETTERS, "abcd", rule=replace(BOUND_0, k=5))


def test_a_cell_among_nine_hidden_ones_is_given_away_all_the_same() -> None:
    verdict = audit(letters(), [key(*name) for name in LETTERS_HIDDEN])

    (finding,) = verdict.findings
    assert (finding.key, finding.low, finding.high) == (key("w", "b"), 47, 47)


def test_after_one_more_cell_it_is_not() -> None:
    hidden = [key(*name) for name in [*LETTERS_HIDDEN, "xb"]]

    assert audit(letters(), hidden).accepted
    assert not list(Attacker(letters(), hidden).finds())


# Lines of three in three directions, and the cells that are hidden among them.
DEPTH = [1, 0, 2, 1, 1, 0, 0, 1, 1, 2, 1, 1, 1, 0, 0, 1, 0, 1, 0, 1, 1, 1, 2, 1, 1, 2, 2]
DEPTH_HIDDEN = [1, 0, 1, 1, 1, 0, 0, 1, 1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 1, 1, 1, 1, 1, 1, 0, 1]


def depth() -> tuple[Cube, list[Key]]:
    places_of = list(product("012", repeat=3))
    names = {place: Key("served", category=place) for place in places_of}
    values = {place: Decimal(value) for place, value in zip(places_of, DEPTH, strict=True)}
    cells = [Cell(names[place], values[place], replace(BOUND_0, k=1)) for place in places_of]
    relations = []
    for axis, (one, other) in product(range(3), product("012", repeat=2)):
        line = [place for place in places_of if [*place[:axis], *place[axis + 1 :]] == [one, other]]
        total = Key("served", category=("sum", str(axis), one, other))
        value = sum((values[place] for place in line), Decimal(0))
        cells.append(Cell(total, value, replace(BOUND_0, k=1)))
        relations.append(whole(total, [names[place] for place in line]))
    hidden = [names[place] for place, hide in zip(places_of, DEPTH_HIDDEN, strict=True) if hide]
    return Cube(tuple(cells), tuple(relations)), hidden


def test_in_three_dimensions_only_whole_numbers_tell_that_it_is_1() -> None:
    cube, hidden = depth()
    first = Key("served", category=("0", "0", "0"))

    assert Attacker(cube, hidden).work_out(first, whole=False) == (1, 1.5)
    assert bounds(cube, hidden, first) == Bounds(1, 1)
    assert first in {finding.key for finding in audit(cube, hidden).findings}


def year_to_date() -> Cube:
    """Two sums from January on, and the month between them, which stands nowhere."""
    april, may, month = (Key("served", period=period) for period in ("to-april", "to-may", "may"))
    return Cube(
        (
            Cell(april, Decimal(42), ANY_NUMBER),
            Cell(may, Decimal(45), ANY_NUMBER),
            Cell(month, Decimal(3), ANY_NUMBER, Standing.IMPLIED),
        ),
        (whole(may, [april, month]),),
    )


def test_the_month_between_two_sums_from_january_on_is_read_by_anyone() -> None:
    (finding,) = audit(year_to_date(), []).findings

    assert (finding.key, finding.low, finding.high) == (Key("served", period="may"), 3, 3)


def test_one_of_the_two_sums_is_hidden_for_the_month() -> None:
    pattern = protect(year_to_date())

    assert len(pattern.hidden) == 1
    assert audit(year_to_date(), pattern.hidden).accepted


def share_of(amount: int, base: int, shown: str) -> Cube:
    """A percentage and its base, with the upper number of people behind it not shown."""
    upper, lower, rest, share = (
        Key("ready", part=part) for part in (Part.AMOUNT, Part.BASE, Part.REST, Part.SHARE)
    )
    return Cube(
        (
            Cell(upper, Decimal(amount), BOUND_0, Standing.IMPLIED),
            Cell(lower, Decimal(base), BOUND_0),
            Cell(rest, Decimal(base - amount), BOUND_0, Standing.IMPLIED),
        ),
        (
            whole(lower, [upper, rest]),
            *written(share, amount=upper, base=lower, shown=Decimal(shown), per=Decimal(100)),
        ),
        (Share(share),),
    )


@pytest.mark.parametrize(
    ("amount", "base", "shown", "low", "high"),
    [
        (4, 40, "10.0", 4, 4),
        (4, 40, "10", 4, 4),
        (7, 100, "7", 7, 7),
        (7, 1000, "0.7", 7, 7),
        (7, 1000, "1", 5, 14),
        (396, 400, "99.0", 396, 396),
    ],
)
def test_a_percentage_of_a_shown_base_tells_its_upper_number(
    amount: int, base: int, shown: str, low: int, high: int
) -> None:
    cube = share_of(amount, base, shown)

    assert bounds(cube, [], Key("ready")) == Bounds(low, high)
    assert Attacker(cube, []).work_out(Key("ready")) == (low, high)


@pytest.mark.parametrize(("amount", "base", "shown"), [(4, 40, "10.0"), (396, 400, "99.0")])
def test_a_percentage_is_hidden_where_few_are_in_it_or_left_out_of_it(
    amount: int, base: int, shown: str
) -> None:
    cube = share_of(amount, base, shown)
    pattern = protect(cube)

    assert not audit(cube, []).accepted
    assert pattern.hidden
    assert audit(cube, pattern.hidden).accepted


def test_a_percentage_that_leaves_a_doubt_stays() -> None:
    cube = share_of(7, 1000, "1")

    assert audit(cube, []).accepted
    assert not protect(cube).hidden


def test_a_table_that_does_not_fit_itself_is_not_judged() -> None:
    cube = grid({"x": [4, 3]}, "ab")
    wrong = Cube(cube.cells, (*cube.relations, Relation(((key("x", "a"), 1),), Decimal(5), Decimal(5))))

    (finding,) = audit(wrong, []).findings
    assert finding.fault is Fault.CONTRADICTION
