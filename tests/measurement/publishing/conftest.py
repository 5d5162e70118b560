"""A published release of a few partners, and those who read it."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.timezone import now

from backbone.accounts.models import User
from measurement.publishing import links, opening
from measurement.releases import operations
from measurement.releases.models import Release
from tests.measurement.releases.conftest import Build, Scene, build, scene
from tests.measurement.releases.test_releases import FEW_GIRLS_IN_THE_EAST

__all__ = ["build", "scene"]

Publish = Callable[..., Release]


@pytest.fixture
def publish(scene: Scene, build: Build, data_manager: User) -> Publish:
    """Builds a release and publishes it."""

    def make(*codes: str, audience: str = "public", title: str = "Spring") -> Release:
        release = build(*codes, audience=audience, title=title)
        return operations.publish(release=release, by=data_manager, at=now())

    return make


@pytest.fixture
def spring(scene: Scene, publish: Publish) -> Release:
    """For everybody; the girls of the East are too few to be told."""
    scene.report("2026-Q1", FEW_GIRLS_IN_THE_EAST)
    return publish("2026-Q1")


@pytest.fixture
def open_page(scene: Scene, spring: Release, data_manager: User) -> Release:
    opening.decide(
        initiative=scene.initiative,
        is_open=True,
        frames=["https://www.example.org"],
        by=data_manager,
        at=now(),
    )
    return spring


def follow(release: Release, *, passcode: str = "", by: User | None = None) -> tuple[Client, str]:
    """A reader who has opened a new link, and where the link led."""
    _made, token = links.make(release=release, name="Board", passcode=passcode, by=by, at=now())
    client = Client()
    answer = client.get(f"/s/{token}")
    assert answer.status_code == 302, answer.content
    return client, answer["Location"]
