"""What funders, partners and the public read, and by which way they come."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.timezone import now

from backbone.accounts.models import User
from measurement.publishing import opening
from measurement.releases import operations, selectors
from measurement.releases.models import Release
from measurement.submissions.models import Submission
from tests.factories import measuring
from tests.measurement.publishing.conftest import Publish
from tests.measurement.releases.conftest import Scene
from tests.measurement.releases.test_releases import MANY

As = Callable[[User], Client]


def url(name: str, *args: object) -> str:
    return reverse(f"measurement:publishing:{name}", args=args)


def test_a_funder_lands_on_the_overview_of_what_is_published(
    scene: Scene, spring: Release, as_: As, funder: User
) -> None:
    client = as_(funder)

    page = client.get(client.get(f"/i/{scene.initiative.slug}/")["Location"]).content.decode()

    assert "measures are moving the right way" in page or "measure is moving the right way" in page
    assert "What is not known yet" in page
    assert "What changed since last time" in page
    assert url("inside-measure", scene.initiative.slug, spring.number, "served") in page


def test_before_anything_is_published_the_page_says_so(scene: Scene, as_: As, funder: User) -> None:
    answer = as_(funder).get(url("overview", scene.initiative.slug))

    assert answer.status_code == 200
    assert "Nothing has been released to you yet." in answer.content.decode()


def test_who_reads_what(scene: Scene, publish: Publish, as_: As, funder: User, data_manager: User) -> None:
    scene.report("2026-Q1", MANY)
    numbers = {
        audience: publish("2026-Q1", audience=audience).number
        for audience in ("public", "funder", "partners")
    }
    partner = User.objects.get(name="Reporter East 1")
    reads = {funder: {"public", "funder"}, partner: {"public", "partners"}, data_manager: set(numbers)}
    for person, right in reads.items():
        for audience, number in numbers.items():
            answer = as_(person).get(url("inside-release", scene.initiative.slug, number))
            assert answer.status_code == (200 if audience in right else 404), (person, audience)


def test_a_hidden_figure_is_one_symbol_and_its_number_is_nowhere(
    scene: Scene, open_page: Release, client: Client
) -> None:
    reading = selectors.read(open_page)
    measure = reading.measure("served")
    assert measure is not None
    hidden = [cell for cell in measure.cells if cell.state == "hidden"]
    assert hidden

    for place in {cell.place_key for cell in hidden}:
        query = {} if place is None else {"place": place}
        page = client.get(url("public-measure", scene.initiative.slug, 1, "served"), query).content.decode()
        assert f'<abbr title="{selectors.hidden_phrase()}">{selectors.SYMBOL}</abbr>' in page


@pytest.mark.parametrize(
    "query",
    [
        "place=9999999",
        "period=0",
        "place=%00",
        "calendar=x",
        "other=1",
        "place=1%27--",
        "period[]=1",
        "place=-1",
    ],
)
def test_a_filter_that_names_nothing_released_is_not_found(
    scene: Scene, open_page: Release, client: Client, query: str
) -> None:
    address = url("public-measure", scene.initiative.slug, open_page.number, "served")

    assert client.get(f"{address}?{query}").status_code == 404


def test_the_public_page_is_there_only_where_the_initiative_wants_it(
    scene: Scene, spring: Release, client: Client, data_manager: User
) -> None:
    address = url("public", scene.initiative.slug)
    assert client.get(address).status_code == 404

    opening.decide(initiative=scene.initiative, is_open=True, frames=[], by=data_manager, at=now())
    page = client.get(address)

    assert page.status_code == 200
    assert "Set-Cookie" not in page.headers
    assert "public" in page["Cache-Control"]
    operations.withdraw(release=spring, because="An error", by=data_manager, at=now())
    assert client.get(address).status_code == 404


def test_the_public_never_reads_what_is_for_funders(
    scene: Scene, open_page: Release, publish: Publish, client: Client
) -> None:
    other = publish("2026-Q1", audience="funder")

    assert client.get(url("public-release", scene.initiative.slug, other.number)).status_code == 404


def test_an_unchanged_page_is_not_sent_twice(
    scene: Scene, open_page: Release, client: Client, as_: As, funder: User
) -> None:
    for reader, address in (
        (client, url("public", scene.initiative.slug)),
        (as_(funder), url("overview", scene.initiative.slug)),
        (client, url("image", scene.initiative.slug, "served")),
    ):
        tag = reader.get(address)["ETag"]
        again = reader.get(address, headers={"If-None-Match": tag})
        assert again.status_code == 304, address
        assert again.content == b""
        assert again["ETag"] == tag


def test_what_one_person_keeps_is_not_another_persons(
    scene: Scene, spring: Release, as_: As, funder: User, data_manager: User
) -> None:
    address = url("inside-release", scene.initiative.slug, spring.number)
    tags = {as_(person).get(address)["ETag"] for person in (funder, data_manager)}

    assert len(tags) == 2
    assert "private" in as_(funder).get(address)["Cache-Control"]


def test_a_correction_is_told_with_old_and_new_and_why(
    scene: Scene, open_page: Release, publish: Publish, client: Client
) -> None:
    report = Submission.objects.get(expected_report__organization=scene.partners["West 1"])
    measuring.correct(report, served=185, served__girls=90, served__boys=95)
    second = publish("2026-Q1", title="Summer")
    changes = selectors.changes(second)
    assert changes

    page = client.get(url("public", scene.initiative.slug)).content.decode()
    log = client.get(url("public-changes", scene.initiative.slug, second.number)).content.decode()

    assert "Which, and why" in page
    assert "A report was corrected." in log


def test_another_website_may_frame_a_figure_only_where_the_initiative_named_it(
    scene: Scene, open_page: Release, client: Client
) -> None:
    answer = client.get(url("frame", scene.initiative.slug, "served"))

    assert "frame-ancestors https://www.example.org" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer.headers
    picture = client.get(url("image", scene.initiative.slug, "served"))
    assert picture["Content-Type"] == "image/svg+xml"
    assert picture.content.startswith(b"<svg")
    page = client.get(url("public", scene.initiative.slug))
    assert "frame-ancestors 'none'" in page["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["inside-release", "inside-changes", "inside-protection"])
def test_pages_ask_the_database_little(
    scene: Scene,
    spring: Release,
    as_: As,
    funder: User,
    name: str,
    django_assert_max_num_queries: Any,
) -> None:
    client = as_(funder)
    with django_assert_max_num_queries(16):
        assert client.get(url(name, scene.initiative.slug, spring.number)).status_code == 200
