"""Every address of two releases with a correction between is fetched as each reader; nothing hidden comes out."""

import logging
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.cache import cache
from django.core.cache.backends.base import BaseCache
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from backbone.access.permissions import Role, Side
from backbone.accounts.models import User
from backbone.web.numbers import format_number
from initiatives.jobs.running import work_off
from measurement.releases import operations
from measurement.releases.models import Release, ReleaseCell
from measurement.reports import printing
from measurement.reports.formats import FORMS
from measurement.submissions.models import Submission
from tests.factories import measuring, people
from tests.measurement.releases.conftest import Build, Scene
from tests.measurement.reports.conftest import build, scene
from tests.measurement.reports.scraping import Loot, Solver, Spot, fetch_all

__all__ = ["build", "scene"]

Counts = dict[str, tuple[int, int]]
K = 10


@dataclass
class Attacked:
    """Two releases, what is true of them, and what each reader has fetched."""

    scene: Scene
    truth: dict[Spot, int]
    counts: Counts
    corrected: tuple[str, tuple[int, int]]  # by how much whose girls and boys changed
    loot: dict[str, Loot]

    def hidden(self) -> set[Spot]:
        rows = ReleaseCell.objects.filter(state=ReleaseCell.State.HIDDEN).select_related("release")
        return {(row.release.number, row.place_label, row.category_label) for row in rows}

    def secrets(self) -> set[int]:
        """Numbers that stand behind hidden figures and are too odd to be met by chance."""
        hidden = {self.truth[spot] for spot in self.hidden()}
        inputs = {number for pair in self.counts.values() for number in pair}
        shown = {value for spot, value in self.truth.items() if spot not in self.hidden()}
        return {each for each in hidden | inputs if each > 999} - shown


def chance(seed: int) -> Counts:
    """Large odd numbers, so that none is met by chance, and few girls in the East."""
    draw = random.Random(seed)
    names = [f"{place} {number}" for place in ("East", "North", "West") for number in (1, 2, 3)]
    counts = {name: (draw.randrange(100_007, 999_999), draw.randrange(100_007, 999_999)) for name in names}
    for number in (1, 2, 3):
        counts[f"East {number}"] = (draw.randrange(1, 3), counts[f"East {number}"][1])
    return counts


def truth_of(number: int, counts: Counts) -> dict[Spot, int]:
    found: dict[Spot, int] = {}
    for name, (girls, boys) in counts.items():
        for place in ("", name.split()[0]):
            for category, count in (("Girls", girls), ("Boys", boys), ("", girls + boys)):
                spot = (number, place, category)
                found[spot] = found.get(spot, 0) + count
    return found


@pytest.fixture
def attack(
    scene: Scene, build: Build, as_: Callable[[User], Client], data_manager: User
) -> Callable[[int], Attacked]:
    def make(seed: int) -> Attacked:
        counts = chance(seed)
        scene.report("2026-Q1", counts)
        operations.publish(release=build("2026-Q1"), by=data_manager, at=now())
        after = {**counts, "East 1": (counts["East 1"][0] + 1, counts["East 1"][1] + 2003)}
        _correct(scene, "East 1", after["East 1"])
        operations.publish(release=build("2026-Q1", title="Summer"), by=data_manager, at=now())
        work_off(printing.KIND, printing.make)
        truth = truth_of(1, counts) | truth_of(2, after)
        loot = {name: _loot(scene, client) for name, client in _readers(scene, as_)}
        return Attacked(scene, truth, counts | {"East 1 later": after["East 1"]}, ("East 1", (1, 2003)), loot)

    return make


def _correct(scene: Scene, name: str, counts: tuple[int, int]) -> None:
    girls, boys = counts
    measuring.correct(
        Submission.objects.get(expected_report__organization=scene.partners[name]),
        at=now() + timedelta(milliseconds=1),
        served=girls + boys,
        served__girls=girls,
        served__boys=boys,
    )


def _readers(scene: Scene, as_: Callable[[User], Client]) -> Iterator[tuple[str, Client]]:
    fund = people.organization("Lake Fund", scene.initiative, Side.FUNDER)
    yield "anybody", Client()
    yield "somebody from elsewhere", as_(people.person("Somebody"))
    yield "funder", as_(people.member("Fay of the fund", fund, Role.FUNDER_VIEWER))
    yield "East 1", as_(User.objects.get(name="Reporter East 1"))
    yield "West 2", as_(User.objects.get(name="Reporter West 2"))


def _loot(scene: Scene, client: Client) -> Loot:
    slug = scene.initiative.slug
    starts = [
        reverse("measurement:reports:files", args=[slug, number])
        for number in Release.objects.values_list("number", flat=True)
    ]
    return fetch_all(client, starts, within=f"/i/{slug}/releases/")


def check(attacked: Attacked) -> None:
    hidden = attacked.hidden()
    assert {spot[:1] for spot in hidden} == {(1,), (2,)}
    for name in ("anybody", "somebody from elsewhere"):
        assert attacked.loot[name].bodies == {}, name
    for name in ("funder", "East 1", "West 2"):
        told = attacked.loot[name].told()
        assert len(attacked.loot[name].bodies) == 2 * (len(FORMS) + 2), sorted(attacked.loot[name].bodies)
        assert {spot for spot, values in told.items() if not values} == hidden
        assert all(values == {float(attacked.truth[spot])} for spot, values in told.items() if values)
        _nothing_is_worked_out(attacked, name, told)


def _nothing_is_worked_out(attacked: Attacked, name: str, told: dict[Spot, set[float]]) -> None:
    solver = solver_of(attacked, name, told)
    for spot in attacked.hidden():
        low, high = solver.span(spot)
        assert low <= attacked.truth[spot] <= high, "the solver reckons wrongly"
        assert low < high, f"{name} works out {spot}"
        assert high >= K, f"{name} sees that {spot} is below {K}"


def solver_of(attacked: Attacked, name: str, told: dict[Spot, set[float]]) -> Solver:
    known = {spot: value for spot, values in told.items() for value in values}
    own = attacked.counts.get(name, (0, 0))
    place = name.split(maxsplit=1)[0]
    least = {
        (number, place, category): float(count)
        for number in (1, 2)
        for category, count in zip(("Girls", "Boys"), own, strict=True)
        if name in attacked.counts
    }
    who, (girls, boys) = attacked.corrected
    changes = {}
    if name == who:
        for category, change in (("Girls", girls), ("Boys", boys)):
            changes[(1, place, category), (2, place, category)] = float(change)
    return Solver(known, sorted(attacked.truth), least, changes)


def test_nobody_works_out_what_two_releases_hide(attack: Callable[[int], Attacked]) -> None:
    check(attack(1))


@pytest.mark.proof
@pytest.mark.parametrize("seed", range(2, 14))
def test_nobody_works_out_what_many_releases_hide(attack: Callable[[int], Attacked], seed: int) -> None:
    check(attack(seed))


def test_the_attack_would_work_if_only_small_counts_were_hidden(attack: Callable[[int], Attacked]) -> None:
    attacked = attack(1)
    small = {spot for spot, value in attacked.truth.items() if value < K}

    told = {spot: {float(value)} for spot, value in attacked.truth.items() if spot not in small}

    assert small
    for spot in small:
        low, high = solver_of(attacked, "funder", told).span(spot)
        assert low == high == attacked.truth[spot]


def test_no_hidden_number_stands_in_a_body_a_header_a_cache_key_or_a_log_line(
    attack: Callable[[int], Attacked], caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    caplog.set_level(logging.INFO)
    keys: list[str] = []
    make_key = BaseCache.make_key

    def noted(backend: BaseCache, key: str, version: int | None = None) -> str:
        keys.append(str(key))
        return make_key(backend, key, version)

    monkeypatch.setattr(BaseCache, "make_key", noted)

    attacked = attack(1)

    secrets = attacked.secrets()
    assert len(secrets) > 10
    cache.get("whether-keys-are-noted")
    assert "whether-keys-are-noted" in keys
    places = [text for loot in attacked.loot.values() for text in loot.texts()]
    places += [("cache keys", "\n".join(keys)), ("log", caplog.text)]
    for secret in secrets:
        for written in (str(secret), format_number(Decimal(secret), 0, language="en")):
            alone = re.compile(rf"(?<![\w.,-]){re.escape(written)}(?![\w-])")
            assert not [where for where, text in places if alone.search(text)], written
