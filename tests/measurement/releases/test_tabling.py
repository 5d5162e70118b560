"""From what partners put in to tables: differences between what is shown are cells, and so is what was told before."""

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from itertools import product
from random import Random

import pytest

from measurement.releases.audit import Fault, audit
from measurement.releases.cube import Cube, Key, Part, Rule, Standing
from measurement.releases.disclosure import Step, protect
from measurement.releases.facts import Asked, Fact, Leaves, Shape, Split, Spot, Told, merged
from measurement.releases.safety import make_safe
from measurement.releases.tabling import Table, table
from tests.measurement.releases.attacker import Attacker

MONTHS = (1, 2, 3, 4, 5)
GIRLS, BOYS = 71, 72
EAST, WEST, BIG = 81, 82, 83
PEOPLE = Rule(fewest=1)
SPLIT = (Split((GIRLS, BOYS)),)
COUNTED = {Part.AMOUNT: PEOPLE}


def spans(**longer: Iterable[int]) -> dict[int, dict[Part, Leaves]]:
    """Every month by itself, and longer periods by name, such as p100=(1, 2, 3)."""
    every = {month: frozenset({month}) for month in MONTHS}
    every |= {int(name[1:]): frozenset(months) for name, months in longer.items()}
    return {
        period: dict.fromkeys((Part.AMOUNT, Part.BASE, Part.REST), leaves) for period, leaves in every.items()
    }


def shape(**longer: Iterable[int]) -> Shape:
    return Shape("served", COUNTED, spans(**longer), SPLIT)


def fact(
    partner: str, month: int, amount: int, *, groups: Iterable[int] = (), category: int | None = None
) -> Fact:
    return Fact(partner, month, frozenset(groups), category, Decimal(amount))


def monthly(*amounts: int, partners: int = 3) -> list[Fact]:
    """Counts by month, spread over so many partners."""
    return [
        fact(f"p{number}", month, amount if number == 0 else 0)
        for month, amount in zip(MONTHS, amounts, strict=False)
        for number in range(partners)
    ]


def asked(*spots: Spot) -> Asked:
    return Asked(frozenset(spots))


def value(made: Table, spot: Spot) -> Decimal:
    return made.cube.by_key[made.keys[spot][0]].value


def found(cube: Cube, hidden: Iterable[Key] = ()) -> set[tuple[Fault, Decimal]]:
    return {
        (each.fault, cube.by_key[each.key].value)
        for each in audit(cube, hidden).findings
        if each.key is not None
    }


def test_january_to_april_and_january_to_may_tell_may() -> None:
    months = shape(p100=(1, 2, 3, 4), p101=(1, 2, 3, 4, 5))
    made = table(months, monthly(12, 10, 11, 9, 3), asked(Spot(100), Spot(101)))

    assert [int(value(made, Spot(period))) for period in (100, 101)] == [42, 45]
    assert found(made.cube) == {(Fault.EXACT, Decimal(3))}
    assert len(protect(made.cube).hidden) == 1


def test_figures_from_the_start_of_a_year_on_tell_what_lies_between() -> None:
    year_to_date = replace(shape(), steps=((4, 5),))
    made = table(year_to_date, monthly(0, 0, 0, 42, 45), asked(Spot(4), Spot(5)))

    assert found(made.cube) == {(Fault.EXACT, Decimal(3))}


def test_a_quarter_and_its_months_are_one_table() -> None:
    made = table(shape(p100=(1, 2, 3)), monthly(12, 4, 30), asked(*map(Spot, (1, 2, 3, 100))))
    hidden = protect(made.cube).hidden

    assert made.keys[Spot(2)][0] in hidden
    assert len(hidden) == 2
    assert audit(made.cube, hidden).accepted


def test_partners_in_the_total_and_in_no_group_are_told_by_the_difference() -> None:
    facts = [
        *(fact(f"e{number}", 1, 20, groups=[EAST]) for number in range(3)),
        *(fact(f"w{number}", 1, 20, groups=[WEST]) for number in range(3)),
        fact("alone", 1, 40),
    ]
    by_group = replace(shape(), rules={Part.AMOUNT: Rule()})
    made = table(by_group, facts, asked(Spot(1), Spot(1, EAST), Spot(1, WEST)))

    assert (Fault.EXACT, Decimal(40)) in found(made.cube)
    hidden = protect(made.cube).hidden
    assert hidden
    assert not list(Attacker(made.cube, hidden).finds())


def test_one_partner_more_in_a_second_group_is_told_by_the_difference() -> None:
    facts = [
        *(fact(f"e{number}", 1, 20, groups=[EAST, BIG]) for number in range(4)),
        fact("one more", 1, 50, groups=[BIG]),
        *(fact(f"w{number}", 1, 20, groups=[WEST]) for number in range(4)),
    ]
    by_group = replace(shape(), rules={Part.AMOUNT: Rule()})
    made = table(by_group, facts, asked(Spot(1, EAST), Spot(1, BIG)))

    assert found(made.cube) == {(Fault.EXACT, Decimal(50))}


def by_gender(girls: int, boys: int, *, of: int | None = None, month: int = 1) -> list[Fact]:
    total = girls + boys if of is None else of
    return [
        each
        for number, share in enumerate((1, 0, 0))
        for each in (
            fact(f"p{number}", month, total * share),
            fact(f"p{number}", month, girls * share, category=GIRLS),
            fact(f"p{number}", month, boys * share, category=BOYS),
        )
    ]


def test_how_many_are_of_no_known_category_is_known() -> None:
    spots = [Spot(1), Spot(1, None, (GIRLS,)), Spot(1, None, (BOYS,))]
    made = table(shape(), by_gender(40, 4, of=60), asked(*spots))

    assert found(made.cube, [made.keys[spots[2]][0]]) == {(Fault.EXACT, Decimal(4))}


def test_categories_put_together_stand_for_their_sum() -> None:
    spots = frozenset({Spot(1), Spot(1, None, (GIRLS,)), Spot(1, None, (BOYS,))})
    together = merged(spots, {GIRLS: (GIRLS, BOYS), BOYS: (GIRLS, BOYS)})
    made = table(shape(), by_gender(40, 4), Asked(together))

    assert together == {Spot(1), Spot(1, None, (GIRLS, BOYS))}
    assert value(made, Spot(1, None, (GIRLS, BOYS))) == 44
    assert audit(made.cube, []).accepted


def test_of_overlapping_categories_those_who_are_not_in_one_are_guarded() -> None:
    overlapping = replace(shape(), splits=(Split((GIRLS, BOYS), adds_up=False),))
    made = table(overlapping, by_gender(47, 30, of=50), asked(Spot(1), Spot(1, None, (GIRLS,))))

    assert found(made.cube) == {(Fault.EXACT, Decimal(3))}


def share(partner: str, amount: int, base: int) -> Fact:
    return Fact(partner, 1, frozenset(), None, Decimal(amount), Decimal(base))


def test_those_of_whom_a_share_does_not_speak_are_guarded() -> None:
    shares = replace(shape(), rules=dict.fromkeys((Part.AMOUNT, Part.BASE, Part.REST), PEOPLE))
    made = table(shares, [share("a", 20, 21), share("b", 20, 22), share("c", 15, 15)], asked(Spot(1)))

    assert found(made.cube) == {(Fault.EXACT, Decimal(3))}
    assert protect(made.cube).hidden


@pytest.mark.parametrize(("amount", "hides"), [(58, True), (40, False)])
def test_everybody_of_a_delicate_share_is_not_shown(amount: int, *, hides: bool) -> None:
    delicate = replace(PEOPLE, sensitive=True)
    shares = replace(shape(), rules=dict.fromkeys((Part.AMOUNT, Part.BASE, Part.REST), delicate))
    facts = [share("a", amount, 58), share("b", 0, 0), share("c", 0, 0)]
    made = table(shares, facts, asked(Spot(1)))

    assert bool(protect(made.cube).hidden) is hides


# --- with what was told before ---------------------------------------------------------------------------

TOTAL, G, B = Spot(1), Spot(1, None, (GIRLS,)), Spot(1, None, (BOYS,))


def told(facts: Iterable[Fact], *, shown: Iterable[Spot], hidden: Iterable[Spot] = ()) -> Told:
    return Told("r1", tuple(facts), frozenset(shown), frozenset(hidden))


def test_what_was_told_and_has_not_moved_is_one_cell_and_known() -> None:
    facts = by_gender(40, 20)
    made = table(shape(), facts, asked(TOTAL, G, B), [told(facts, shown=[TOTAL])])

    assert made.cube.by_key[made.keys[TOTAL][0]].standing is Standing.PUBLIC
    assert not any(cell.key.then for cell in made.cube.cells)


def test_what_the_earlier_release_hid_cannot_be_told_by_this_one() -> None:
    facts = by_gender(40, 4)
    made = table(shape(), facts, asked(TOTAL), [told(facts, shown=[G], hidden=[B])])

    assert found(made.cube) == {(Fault.EXACT, Decimal(4))}
    assert set(protect(made.cube).hidden) == {made.keys[TOTAL][0]}


def test_a_total_that_moved_for_one_category_tells_the_other_which_did_not() -> None:
    """Four boys stood hidden beside a total and no girls. Now girls came late, and all but the boys is told."""
    before, after = by_gender(20, 4), by_gender(45, 4)
    made = table(shape(), after, asked(TOTAL, G), [told(before, shown=[TOTAL], hidden=[G, B])])

    moved = [cell for cell in made.cube.cells if cell.key.then]
    assert {int(cell.value) for cell in moved} >= {20, 24}
    assert (Fault.EXACT, Decimal(4)) in found(made.cube)
    hidden = protect(made.cube).hidden
    assert made.keys[G][0] in hidden
    assert audit(made.cube, hidden).accepted


def test_what_was_hidden_and_has_moved_stays_hidden() -> None:
    made = table(
        shape(), by_gender(40, 30), asked(TOTAL, G, B), [told(by_gender(40, 4), shown=[], hidden=[B])]
    )

    assert made.keys[B][0] in protect(made.cube).hidden


@pytest.mark.parametrize("seed", range(8))
def test_nobody_works_out_hidden_counts_from_two_releases_with_corrections_between(seed: int) -> None:
    _two_releases(seed)


@pytest.mark.proof
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("start", range(0, 100, 10))
def test_nobody_does_for_many_more(start: int) -> None:
    for seed in range(start, start + 10):
        _two_releases(seed)


def _two_releases(seed: int) -> None:
    """The first shows months and places by gender; some reports are corrected; the second shows the quarter too."""
    chance = Random(seed)
    made = replace(shape(p100=(1, 2)), rules={Part.AMOUNT: Rule(k=5, fewest=chance.choice([1, 3]))})
    before = _reported(chance)
    first_asked = [Spot(*each) for each in product((1, 2), (None, EAST, WEST), ((), (GIRLS,), (BOYS,)))]
    first = table(made, before, asked(*first_asked))
    safe = make_safe([(Step.EVERYTHING, lambda: first.cube)])
    shown = [
        spot
        for spot in first_asked
        if safe.step is Step.EVERYTHING and first.keys[spot][0] not in safe.hidden
    ]
    earlier = told(before, shown=shown, hidden=set(first_asked) - set(shown))

    after = _corrected(chance, before)
    second_asked = [Spot(*each) for each in product((1, 2, 100), (None, EAST), ((), (GIRLS,)))]
    second = table(made, after, asked(*second_asked), [earlier])
    again = make_safe([(Step.EVERYTHING, lambda: second.cube)])

    attacker = Attacker(again.cube, again.hidden)
    known = {(each.key, each.reader) for each in Attacker(second.cube, second.cube.offered).finds()}
    assert not [each for each in attacker.finds() if (each.key, each.reader) not in known]


def _reported(chance: Random) -> list[Fact]:
    facts = []
    for number in range(8):
        group = EAST if number % 2 else WEST
        for month in (1, 2):
            girls, boys = chance.randint(0, 9), chance.randint(0, 9)
            counts = {None: girls + boys, GIRLS: girls, BOYS: boys}
            facts += [
                fact(f"p{number}", month, count, groups=[group], category=category)
                for category, count in counts.items()
            ]
    return facts


def _corrected(chance: Random, facts: list[Fact]) -> list[Fact]:
    """One partner had forgotten some girls in one month."""
    partner, month, more = f"p{chance.randrange(8)}", chance.choice([1, 2]), chance.randint(1, 15)
    return [
        replace(each, amount=(each.amount or Decimal(0)) + more)
        if (each.partner, each.period) == (partner, month) and each.category in (None, GIRLS)
        else each
        for each in facts
    ]
