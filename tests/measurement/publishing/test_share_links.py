"""A link to one release: for its holder only, for a while, and until it is taken back."""

from datetime import timedelta
from http import HTTPStatus

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils.timezone import now

from backbone.accounts.models import User
from measurement.publishing import links
from measurement.publishing.models import LinkUse, ShareLink
from measurement.releases import operations
from measurement.releases.models import Release
from tests.measurement.publishing.conftest import Publish, follow
from tests.measurement.releases.conftest import Scene


def test_a_link_becomes_a_cookie_and_a_clean_address(spring: Release) -> None:
    _made, token = links.make(release=spring, name="Board", by=None, at=now())
    client = Client()

    answer = client.get(f"/s/{token}")

    assert token not in answer["Location"]
    assert answer["Referrer-Policy"] == "no-referrer"
    cookie = next(iter(answer.cookies.values()))
    assert cookie["httponly"]
    assert cookie["path"] == answer["Location"]
    assert token not in cookie.value
    page = client.get(answer["Location"])
    assert page.status_code == HTTPStatus.OK
    assert page["Referrer-Policy"] == "no-referrer"
    assert "no-store" in page["Cache-Control"]
    assert "noindex" in page["X-Robots-Tag"]
    assert token not in page.content.decode()
    assert not ShareLink.objects.filter(digest=token).exists()


def test_looking_uses_nothing_up_and_the_backbone_sees_the_reads(spring: Release) -> None:
    _made, token = links.make(release=spring, name="Board", by=None, at=now())
    for _preview in range(3):
        assert Client().get(f"/s/{token}").status_code == HTTPStatus.FOUND

    client = Client()
    clean = client.get(f"/s/{token}")["Location"]
    client.get(clean)
    client.get(f"{clean}measures/served/")

    assert sorted(LinkUse.objects.values_list("page", flat=True)) == ["", "measures/served/"]


def test_what_does_not_open_all_answers_alike(
    spring: Release, publish: Publish, scene: Scene, data_manager: User
) -> None:
    _expired, old = links.make(release=spring, name="Old", by=None, at=now() - timedelta(days=91))
    revoked, back = links.make(release=spring, name="Back", by=None, at=now())
    links.revoke(link=revoked, by=data_manager, at=now())
    wrong = ["guessed", old, back, "a" * 43, "%00", "a/b/c", "x" * 3000, f"{back}%20"]

    answers = [Client().get(f"/s/{token}") for token in wrong]

    assert {answer.status_code for answer in answers} == {HTTPStatus.NOT_FOUND}
    assert len({answer.content for answer in answers}) == 1
    assert len({tuple(sorted(answer.headers.items())) for answer in answers}) == 1


def test_a_link_taken_back_closes_at_once(spring: Release, data_manager: User) -> None:
    client, clean = follow(spring)
    assert client.get(clean).status_code == HTTPStatus.OK

    links.revoke(link=ShareLink.objects.get(), by=data_manager, at=now())

    assert client.get(clean).status_code == HTTPStatus.NOT_FOUND


def test_a_link_opens_one_release_and_only_while_it_is_not_withdrawn(
    scene: Scene, spring: Release, publish: Publish, data_manager: User
) -> None:
    client, clean = follow(spring)
    other = publish("2026-Q1", audience="funder")
    _elsewhere, foreign = follow(other)

    assert client.get(foreign).status_code == HTTPStatus.NOT_FOUND
    assert Client().get(clean).status_code == HTTPStatus.NOT_FOUND
    operations.withdraw(release=spring, because="An error", by=data_manager, at=now())
    assert client.get(clean).status_code == HTTPStatus.NOT_FOUND


def test_a_passcode_is_asked_for_once(spring: Release) -> None:
    client, clean = follow(spring, passcode="seven-lakes")
    asked = client.get(clean)
    assert "served" not in asked.content.decode()

    wrong = client.post(clean, {"passcode": "seven"})
    assert wrong.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    right = client.post(clean, {"passcode": "seven-lakes"})

    assert right.status_code == HTTPStatus.FOUND
    assert "What is not known yet" in client.get(clean).content.decode()


def test_passcodes_cannot_be_tried_out(spring: Release) -> None:
    cache.clear()
    client, clean = follow(spring, passcode="seven-lakes")
    answers = [client.post(clean, {"passcode": f"guess {count}"}).status_code for count in range(25)]

    assert answers[0] == HTTPStatus.UNPROCESSABLE_ENTITY
    assert answers[-1] == HTTPStatus.TOO_MANY_REQUESTS


def test_a_link_answers_sixty_times_a_minute(spring: Release, monkeypatch: pytest.MonkeyPatch) -> None:
    cache.clear()
    monkeypatch.setattr(links, "time", lambda: 1_000_000.0)
    client, clean = follow(spring)
    answers = [client.head(clean).status_code for _ in range(61)]

    assert set(answers[:60]) == {HTTPStatus.OK}
    assert answers[60] == HTTPStatus.TOO_MANY_REQUESTS


def test_only_what_is_published_can_be_shared(spring: Release, data_manager: User) -> None:
    operations.withdraw(release=spring, because="An error", by=data_manager, at=now())

    with pytest.raises(links.Refused):
        links.make(release=Release.objects.get(), name="Board", by=data_manager, at=now())
