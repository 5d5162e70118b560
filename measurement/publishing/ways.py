"""How somebody came to a release, and the addresses that stay on that way."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.http import Http404
from django.urls import reverse

from backbone.access.permissions import Permission, Side
from initiatives.charter.access import Access
from initiatives.charter.models import Initiative
from measurement.releases.models import Audience, Release


class Door(StrEnum):
    """By which the reader came in; what its addresses are called begins with it."""

    INSIDE = "inside"
    PUBLIC = "public"
    SHARED = "shared"


# Which releases the people of an organization read, the one that they are led to first.
_OF_SIDE: Final = {
    Side.FUNDER: (Audience.FUNDER, Audience.PUBLIC),
    Side.PARTNER: (Audience.PARTNERS, Audience.PUBLIC),
    Side.BACKBONE: (Audience.FUNDER, Audience.PARTNERS, Audience.PUBLIC),
}
# What lists of releases and conditional answers do without.
_HEAVY: Final = ("asked", "measures", "periods", "rules", "outcome", "basis")


@dataclass(frozen=True)
class Way:
    """`place`: what names the way in an address: the initiative's slug and the release's number, or the link."""

    door: Door
    initiative: Initiative
    release: Release
    others: tuple[Release, ...]
    place: tuple[str, ...]

    def url(self, page: str, *more: object) -> str:
        return reverse(f"measurement:publishing:{self.door}-{page}", args=[*self.place, *more])

    @property
    def siblings(self) -> list[tuple[Release, str]]:
        """Every release that the reader may open, with its address."""
        if self.door is Door.SHARED:
            return []
        name = f"measurement:publishing:{self.door}-release"
        return [(each, reverse(name, args=[self.place[0], each.number])) for each in self.others]


def audiences_of(access: Access) -> list[Audience]:
    """In the order in which they are offered."""
    sides = {
        standing.side for standing in access.standings if Permission.RELEASES_READ in standing.permissions
    }
    order = (Side.FUNDER, Side.PARTNER, Side.BACKBONE)
    return list(dict.fromkeys(each for side in order if side in sides for each in _OF_SIDE[side]))


def readable(initiative: Initiative, audiences: Iterable[str]) -> list[Release]:
    """Published ones and those before them, the newest first, without what only their pages need."""
    rows = Release.objects.in_initiative(initiative).readable().filter(audience__in=list(audiences))
    return list(rows.defer(*_HEAVY))


def chosen(found: list[Release], number: int | None, order: list[Audience]) -> Release | None:
    """That of a number, which must be there; without one the current one of the first readers that have one."""
    if number is not None:
        asked = next((each for each in found if each.number == number), None)
        if asked is None:
            raise Http404
        return asked
    current = {each.audience: each for each in found if each.state == Release.State.PUBLISHED}
    return next((current[each] for each in order if each in current), None)
