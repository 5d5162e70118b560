"""Who reads which release by taking part: for pages, files and programs alike.

Staff reads every release that has been built. Everybody else reads what is published for the side on which they take
part, and what is published for everybody. Any other release is not there: 404, never 403.
"""

from typing import Final

from django.db.models import QuerySet

from backbone.access.permissions import Permission, Side
from initiatives.charter.access import Access
from measurement.releases.models import Audience, Release

AUDIENCES_OF_SIDE: Final = {
    Side.BACKBONE: frozenset(Audience),
    Side.FUNDER: frozenset({Audience.PUBLIC, Audience.FUNDER}),
    Side.PARTNER: frozenset({Audience.PUBLIC, Audience.PARTNERS}),
}


def releases_for(access: Access) -> QuerySet[Release]:
    """Newest first."""
    rows = Release.objects.in_initiative(access.initiative)
    if access.may(Permission.SUBMISSIONS_VIEW_ALL):
        return rows.exclude(hash="")
    audiences = {audience for each in access.standings for audience in AUDIENCES_OF_SIDE[each.side]}
    return rows.readable().filter(audience__in=audiences)
