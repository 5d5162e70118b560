"""What the backbone decides: who has a link, and whether there is a public page."""

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from backbone.accounts.models import User
from measurement.publishing.models import PublicPage, ShareLink
from measurement.releases.models import Release
from tests.measurement.releases.conftest import Scene

As = Callable[[User], Client]
HTMX = {"HX-Request": "true"}


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_link_is_made_shown_once_and_taken_back(
    scene: Scene, spring: Release, as_: As, data_manager: User, headers: dict[str, str]
) -> None:
    desk = as_(data_manager)
    address = reverse("measurement:publishing:links", args=[scene.initiative.slug, spring.number])
    assert "Nobody has a link" in desk.get(address).content.decode()

    wrong = desk.post(address, {"name": "", "passcode": "abc"}, headers=headers)
    assert wrong.status_code == 422
    made = desk.post(address, {"name": "Board"}, headers=headers).content.decode()
    token = made.split("/s/")[1].split("<")[0]
    reader = Client()
    clean = reader.get(f"/s/{token}")["Location"]
    assert reader.get(clean).status_code == 200
    again = desk.get(address).content.decode()
    assert token not in again
    assert "1 page read." in again
    link = ShareLink.objects.get()
    args = [scene.initiative.slug, spring.number, link.public_id]
    desk.post(reverse("measurement:publishing:revoke-link", args=args), headers=headers)

    assert reader.get(clean).status_code == 404
    assert "Taken back on" in desk.get(address).content.decode()


@pytest.mark.parametrize(
    "site", ["javascript:alert(1)", "https://a.org; script-src *", "http://a.org", "*", "x\0"]
)
def test_only_addresses_of_websites_may_frame_it(
    scene: Scene, as_: As, data_manager: User, site: str
) -> None:
    address = reverse("measurement:publishing:public-page", args=[scene.initiative.slug])

    assert as_(data_manager).post(address, {"is_open": "on", "frames": site}).status_code == 422
    assert not PublicPage.objects.exists()
    good = as_(data_manager).post(address, {"is_open": "on", "frames": "https://www.example.org\n"})
    assert good.status_code == 302
    assert PublicPage.objects.get().frames == ["https://www.example.org"]
