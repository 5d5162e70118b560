"""An attacker who shares no code with what protects tries to work out hidden counts of tables made by chance."""

import pytest

from measurement.releases.audit import audit
from measurement.releases.cube import Cube, Key
from measurement.releases.disclosure import Step, hidden_at_first
from measurement.releases.safety import make_safe
from tests.measurement.releases.attacker import Attacker
from tests.measurement.releases.tables import large_table, some_table

SAMPLE, SMALL, LARGE, AT_ONCE = 12, 480, 20, 8


def is_safe_all_the_same(cube: Cube) -> bool:
    """Protect, and let the attacker try. Whether the whole table could be kept."""
    safe = make_safe([(Step.EVERYTHING, lambda: cube)])
    assert safe.verdict.accepted
    assert not list(Attacker(safe.cube, safe.hidden).finds())
    return safe.step is Step.EVERYTHING


@pytest.mark.parametrize("seed", range(SAMPLE))
def test_nobody_works_out_what_a_table_hides(seed: int) -> None:
    is_safe_all_the_same(some_table(seed))


@pytest.mark.parametrize("seed", range(SAMPLE))
def test_the_auditor_and_the_attacker_find_the_same_where_only_the_first_rule_hides(seed: int) -> None:
    cube = some_table(seed)
    hidden = hidden_at_first(cube)
    told = {found.key for found in Attacker(cube, hidden).finds()}
    found = {finding.key for finding in audit(cube, hidden).findings}

    assert found <= told
    assert told - found <= _known_with_nothing_shown(cube)


def _known_with_nothing_shown(cube: Cube) -> set[Key | None]:
    return {found.key for found in Attacker(cube, cube.offered).finds()}


def test_the_first_rule_alone_is_caught() -> None:
    tables = [some_table(seed) for seed in range(SAMPLE)]
    caught = [cube for cube in tables if not audit(cube, hidden_at_first(cube)).accepted]

    assert len(caught) > len(tables) / 2


@pytest.mark.proof
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("start", range(0, SMALL, AT_ONCE))
def test_nobody_works_out_what_any_small_table_hides(start: int) -> None:
    kept = [is_safe_all_the_same(some_table(seed)) for seed in range(start, start + AT_ONCE)]

    assert sum(kept) > AT_ONCE / 2


@pytest.mark.proof
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", range(LARGE))
def test_nobody_works_out_what_a_large_table_in_three_directions_hides(seed: int) -> None:
    assert is_safe_all_the_same(large_table(seed))


@pytest.mark.proof
@pytest.mark.timeout(1200)
def test_of_the_large_tables_the_first_rule_alone_is_caught_too() -> None:
    tables = [large_table(seed) for seed in range(LARGE)]
    caught = [cube for cube in tables if not audit(cube, hidden_at_first(cube)).accepted]

    assert len(caught) > LARGE / 2
