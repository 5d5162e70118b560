"""What the auditor refuses, whoever made the pattern."""

from dataclasses import replace
from decimal import Decimal
from random import Random

import pytest

from measurement.releases.audit import Fault, Verdict, audit
from measurement.releases.cube import Cell, Cube, Key, Reason, Rule, Standing, digest, whole
from measurement.releases.disclosure import Step, hidden_at_first, protect
from measurement.releases.safety import make_safe
from tests.measurement.releases.attacker import Attacker
from tests.measurement.releases.tables import ANY_NUMBER, by_chance, flat, grid, key

PLACES = {"x": [30, 4, 20], "y": [25, 31, 17], "z": [40, 28, 33]}


def faults(verdict: Verdict) -> set[tuple[Fault, Key | None]]:
    return {(finding.fault, finding.key) for finding in verdict.findings}


def one(value: int, rule: Rule, **fields: object) -> Cube:
    return Cube((Cell(key(), Decimal(value), rule, **fields),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "rule", "fields", "why"),
    [
        (9, Rule(), {}, Reason.SMALL),
        (1, Rule(), {}, Reason.SMALL),
        (4, Rule(k=5), {}, Reason.SMALL),
        (500, Rule(), {"contributors": 2}, Reason.FEW),
        (0, Rule(), {"contributors": 2}, Reason.FEW),
        (0, Rule(sensitive=True), {"extreme": True}, Reason.EXTREME),
        (0, Rule(), {"upto": Decimal(4)}, Reason.SMALL),
        (5, Rule(k=5), {"barred": Reason.BARRED}, Reason.BARRED),
        (50, Rule(exempt=True), {"barred": Reason.BEFORE}, Reason.BEFORE),
        (10, Rule(), {}, None),
        (5, Rule(k=5), {}, None),
        (0, Rule(), {}, None),
        (0, Rule(), {"extreme": True}, None),
        (3, Rule(people=False), {}, None),
        (3, Rule(exempt=True), {"contributors": 1}, None),
        (35, Rule(), {"upto": Decimal(39)}, None),
    ],
)
def test_both_apply_the_first_rule_alike(
    value: int, rule: Rule, fields: dict[str, object], why: Reason | None
) -> None:
    cube = one(value, rule, **fields)

    assert hidden_at_first(cube) == ({key(): why} if why else {})
    assert faults(audit(cube, [])) == ({(Fault.SHOWN, key())} if why else set())


def test_a_hidden_cell_that_nothing_speaks_of_is_safe() -> None:
    assert audit(one(3, Rule()), [key()]).accepted


def test_an_audit_that_runs_out_of_time_refuses() -> None:
    table = grid(PLACES, "abc")
    hidden = [key("x", "b"), key("x", "a"), key("y", "a"), key("y", "b")]

    assert audit(table, hidden).accepted
    assert {fault for fault, _key in faults(audit(table, hidden, patience=0))} == {Fault.UNSOLVED}


def test_the_mark_is_of_exactly_this_table_and_this_pattern() -> None:
    table = grid(PLACES, "abc")
    other = replace(table, cells=(replace(table.cells[0], value=Decimal(31)), *table.cells[1:]))
    turned = Cube(tuple(reversed(table.cells)), tuple(reversed(table.relations)))

    assert digest(table, [key("x", "a"), key("x", "b")]) == digest(turned, [key("x", "b"), key("x", "a")])
    assert len({digest(table, []), digest(other, []), digest(table, [key("x", "a")])}) == 3
    assert audit(table, []).digest == digest(table, [])


def test_what_an_earlier_release_hid_stays_guarded() -> None:
    """The earlier release showed one of two parts and no total; showing the total now gives the other part away."""
    total, shown, held = key(), key("x"), key("y")
    table = Cube(
        (
            Cell(total, Decimal(24), ANY_NUMBER),
            Cell(shown, Decimal(20), ANY_NUMBER, Standing.PUBLIC),
            Cell(held, Decimal(4), ANY_NUMBER, Standing.HELD),
        ),
        (whole(total, [shown, held]),),
    )

    assert faults(audit(table, [])) == {(Fault.EXACT, held)}
    assert set(protect(table).hidden) == {total}
    assert audit(table, [total]).accepted


def test_what_everybody_knows_from_earlier_releases_holds_nothing_up() -> None:
    total, shown, held = key(), key("x"), key("y")
    table = Cube(
        (
            Cell(total, Decimal(24), ANY_NUMBER, Standing.PUBLIC),
            Cell(shown, Decimal(20), ANY_NUMBER, Standing.PUBLIC),
            Cell(held, Decimal(4), ANY_NUMBER, Standing.HELD),
            Cell(key("z"), Decimal(70), ANY_NUMBER),
        ),
        (whole(total, [shown, held]),),
    )

    assert audit(table, []).accepted


def test_sums_that_are_not_whole_are_kept_in_doubt_too() -> None:
    rule = Rule(people=False)
    parts = {"x": Decimal("12.50"), "y": Decimal("7.25"), "z": Decimal("19.75")}
    cells = [
        Cell(key(name), value, rule, contributors=2 if name == "x" else 3, whole=False)
        for name, value in parts.items()
    ]
    total = Cell(key(), sum(parts.values(), Decimal(0)), rule, whole=False, cost=10)
    table = Cube((*cells, total), (whole(key(), [key(name) for name in parts]),))

    assert faults(audit(table, [key("x")])) == {(Fault.EXACT, key("x"))}
    assert audit(table, protect(table).hidden).accepted


def test_a_partner_does_not_learn_what_the_other_of_two_reported() -> None:
    """Two partners are in one place. Each could take its own number from the sum, if another sum gave it away."""
    chance = Random(3)
    table = by_chance(chance, [flat("place", 4), flat("group", 3)], rule=Rule())
    verdict = audit(table, hidden_at_first(table))

    assert {finding.reader for finding in verdict.findings if finding.reader}
    assert not list(Attacker(table, protect(table).hidden).finds())


def test_the_ladder_ends_safe_where_nothing_can_be_shown() -> None:
    """One person in all: whatever total is shown gives that person away."""
    table = one(1, Rule())
    impossible = replace(
        table,
        cells=(*table.cells, Cell(key("x"), Decimal(1), Rule(), Standing.IMPLIED)),
        relations=(whole(key(), [key("x")]),),
    )
    safe = make_safe([(Step.EVERYTHING, lambda: impossible)], patience=0)

    assert safe.step is Step.NOTHING
    assert safe.verdict.accepted
    assert not safe.cube.offered


def test_the_first_step_that_is_safe_is_taken() -> None:
    wrong = replace(grid(PLACES, "abc"), relations=(whole(key(), [key("x")]),))
    safe = make_safe([(Step.EVERYTHING, lambda: wrong), (Step.TOTALS_ONLY, lambda: grid(PLACES, "abc"))])

    assert safe.step is Step.TOTALS_ONLY
    assert key("x", "b") in safe.hidden
