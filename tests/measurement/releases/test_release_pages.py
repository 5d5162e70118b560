"""The backbone's desk: choosing a release, looking at it, publishing and taking it back."""

import subprocess
import sys
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from backbone.accounts.models import User
from initiatives.jobs.running import work_off
from measurement.releases import building, operations, selectors
from measurement.releases.models import Release
from tests.measurement.releases.conftest import Build, Scene
from tests.measurement.releases.test_releases import FEW_GIRLS_IN_THE_EAST, MANY

HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(as_: Callable[[User], Client], data_manager: User) -> Client:
    return as_(data_manager)


def url(scene: Scene, name: str, *more: object) -> str:
    return reverse(f"measurement:releases:{name}", args=[scene.initiative.slug, *more])


def choice(scene: Scene, **other: Any) -> dict[str, Any]:
    (period,) = scene.periods("2026-Q1")
    return {
        "title": "Spring",
        "audience": "public",
        "indicators": [scene.served.public_id],
        "periods": [period.public_id],
        "disaggregations": [scene.gender.public_id],
        "groups": ["place"],
        "crossed": "on",
        **other,
    }


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_release_is_chosen_built_and_published(
    scene: Scene, desk: Client, data_manager: User, headers: dict[str, str]
) -> None:
    scene.report("2026-Q1", FEW_GIRLS_IN_THE_EAST)

    answer = desk.post(url(scene, "new"), choice(scene), headers=headers)
    assert answer.status_code == (200 if headers else 302)
    assert "Waiting for its turn" in desk.get(url(scene, "release", 1)).content.decode()
    work_off(building.KIND, building.build)
    page = desk.get(url(scene, "release", 1)).content.decode()
    assert "too few people: 1" in page
    assert "Publish “Spring”" in page
    desk.post(url(scene, "publish", 1), headers=headers)

    assert Release.objects.get().state == Release.State.PUBLISHED
    assert "Withdraw it" in desk.get(url(scene, "release", 1)).content.decode()


def test_the_page_of_a_measure_shows_one_symbol_for_every_hidden_figure(
    scene: Scene, desk: Client, build: Build
) -> None:
    scene.report("2026-Q1", FEW_GIRLS_IN_THE_EAST)
    release = build("2026-Q1")

    page = desk.get(url(scene, "measure", 1, "served")).content.decode()

    hidden = release.outcome["served"]["kept"] - release.outcome["served"]["shown"]
    assert page.count(f'<abbr title="{selectors.hidden_phrase()}">{selectors.SYMBOL}</abbr>') == hidden
    assert desk.get(url(scene, "measure", 1, "other")).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "x\0y"),
        ("title", "x" * 10_000_000),
        ("audience", "everybody"),
        ("indicators", []),
        ("indicators", ["00000000-0000-0000-0000-000000000000"]),
        ("indicators", ["=1+1"]),
        ("periods", []),
        ("periods", ["2026-Q1"]),
        ("groups", ["galaxy"]),
    ],
)
@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_wrong_choice_says_what_to_mend_and_makes_nothing(
    scene: Scene, desk: Client, field: str, value: object, headers: dict[str, str]
) -> None:
    answer = desk.post(url(scene, "new"), choice(scene, **{field: value}), headers=headers)

    assert answer.status_code in (413, 422)
    assert not Release.objects.exists()


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_what_cannot_be_done_is_refused_with_a_sentence(
    scene: Scene, desk: Client, build: Build, headers: dict[str, str]
) -> None:
    scene.report("2026-Q1", MANY)
    build("2026-Q1")

    answer = desk.post(url(scene, "withdraw", 1), {"because": "No."}, headers=headers)
    assert answer.status_code == 409
    assert "Only a published release can be withdrawn." in answer.content.decode()
    assert desk.post(url(scene, "withdraw", 1), {"because": ""}, headers=headers).status_code == 422


def test_a_release_is_withdrawn_with_a_reason(
    scene: Scene, desk: Client, build: Build, data_manager: User
) -> None:
    scene.report("2026-Q1", MANY)
    operations.publish(release=build("2026-Q1"), by=data_manager, at=now())

    desk.post(url(scene, "withdraw", 1), {"because": "A partner asked for it."})

    assert "A partner asked for it." in desk.get(url(scene, "release", 1)).content.decode()


def test_what_nobody_has_read_is_thrown_away(scene: Scene, desk: Client, build: Build) -> None:
    scene.report("2026-Q1", MANY)
    build("2026-Q1")

    assert "Nobody has read it." in desk.get(url(scene, "discard", 1)).content.decode()
    desk.post(url(scene, "discard", 1))

    assert not Release.objects.exists()


def test_a_release_can_be_built_again_until_it_is_published(
    scene: Scene, desk: Client, build: Build, data_manager: User
) -> None:
    scene.report("2026-Q1", MANY)
    first = build("2026-Q1").hash

    desk.post(url(scene, "build-again", 1))
    work_off(building.KIND, building.build)
    release = Release.objects.get()
    assert (release.state, release.hash == first) == (Release.State.READY, False)

    operations.publish(release=release, by=data_manager, at=now())
    assert desk.post(url(scene, "build-again", 1)).status_code == 409


@pytest.mark.parametrize("extra", [0, 27])
def test_pages_ask_few_questions_whatever_there_is(
    scene: Scene,
    desk: Client,
    build: Build,
    data_manager: User,
    extra: int,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    scene.report("2026-Q1", MANY)
    build("2026-Q1")
    for _each in range(extra):
        operations.ask_for(
            initiative=scene.initiative, title="More", audience="funder", asked={}, by=data_manager, at=now()
        )

    for page in (
        url(scene, "releases"),
        url(scene, "new"),
        url(scene, "release", 1),
        url(scene, "measure", 1, "served"),
    ):
        with django_assert_max_num_queries(16):
            assert desk.get(page).status_code == 200


def test_readers_get_one_release_in_one_query(
    scene: Scene,
    build: Build,
    data_manager: User,
    django_assert_max_num_queries: Callable[[int], Any],
) -> None:
    scene.report("2026-Q1", FEW_GIRLS_IN_THE_EAST)
    operations.publish(release=build("2026-Q1"), by=data_manager, at=now())
    release = selectors.current(scene.initiative, "public")
    assert release is not None

    with django_assert_max_num_queries(1):
        reading = selectors.read(release)

    served = reading.measure("served")
    assert served is not None
    assert served.latest is not None
    assert served.latest.text == f"{served.latest.value} people"
    (period,) = reading.periods
    east = scene.places["East"].pk
    assert [each.text for each in served.by_category(period, place=east)] == [
        f"{selectors.SYMBOL} {selectors.hidden_phrase()}"
    ] * 2
    assert [each.place for each in served.by_place(period)] == ["East", "North", "West"]
    assert {each.sdmx_status for each in served.cells} == {"A", "Q"}
    assert selectors.current(scene.initiative, "funder") is None


def test_what_solves_linear_programmes_stays_out_of_the_process_that_serves_pages() -> None:
    asked = "import backbone.wsgi, backbone.urls, sys; sys.exit('scipy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], check=False, capture_output=True)

    assert done.returncode == 0, done.stderr
