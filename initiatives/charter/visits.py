"""Signed links: made, found by the token in their address, opened, revoked; and who is here by one.

Decisions. A token is made when its mail is (see backbone.accounts.invitations), so that it stands nowhere. Whoever
opens a link is exchanged for a visit: a note in the session, which names the link, not the person. A visitor is not
signed in: every address treats them as somebody unknown, unless its view says that visitors may come in, and by which
part of the address it is known that it is theirs (`visitors=` of `requires`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

from django.db import transaction
from django.http import HttpRequest
from django.utils.dateparse import parse_datetime

from backbone.access.rows import only_tenant
from backbone.accounts.invitations import digest, token_of_visit
from backbone.accounts.models import User
from backbone.audit import trail
from initiatives.charter.models import Initiative
from initiatives.charter.visit_models import VisitLink, VisitLinkQuerySet
from initiatives.partners.models import Organization

LASTS: Final = timedelta(days=14)
# A visit ends of itself, for the sake of machines that several people use. The link opens another one.
VISIT_LASTS: Final = timedelta(hours=12)
_USE_NOTED_EVERY: Final = timedelta(minutes=1)
_KEPT: Final = "visit"
_NOWHERE: Final = 0


@dataclass(frozen=True)
class Wanted:
    """For whom a link is made, and about what."""

    person: User
    organization: Organization
    about: UUID


@transaction.atomic
def make(
    *, initiative: Initiative, wanted: Sequence[Wanted], by: User | None, at: datetime
) -> list[VisitLink]:
    """A link for each, in their order. `by` None for those that reminders bring."""
    made = [
        VisitLink(
            public_id=(public_id := uuid4()),
            initiative=initiative,
            organization=each.organization,
            person=each.person,
            about=each.about,
            token_digest=digest(token_of_visit(public_id)),
            made_at=at,
            made_by=by,
            expires_at=at + LASTS,
        )
        for each in wanted
    ]
    VisitLink.objects.bulk_create(made)
    trail.record_each("link.made", about=made, by=by, at=at)
    return made


@transaction.atomic
def revoke(*, link: VisitLink, by: User, at: datetime) -> VisitLink:
    """From now on it opens nothing, and who is here by it is outside. Twice is the same as once."""
    locked = VisitLink.objects.select_for_update(of=("self",), no_key=True).get(pk=link.pk)
    if locked.revoked_at is None:
        locked.revoked_at, locked.revoked_by = at, by
        locked.save(update_fields=["revoked_at", "revoked_by"])
        trail.record("link.revoked", about=locked, by=by, at=at)
    return locked


def with_token(slug: str, token: str, *, at: datetime) -> VisitLink | None:
    """The working link of that initiative. Whatever is wrong with it, the same is asked of the database."""
    tenant = Initiative.objects.filter(slug=slug).values_list("pk", flat=True).first() or _NOWHERE
    with only_tenant(tenant):
        return _working(at).filter(token_digest=digest(token)).first()


def with_id(tenant: int, public_id: str, *, at: datetime) -> VisitLink | None:
    with only_tenant(tenant):
        return _working(at).filter(public_id=public_id).first()


def _working(at: datetime) -> VisitLinkQuerySet:
    return VisitLink.objects.working(at).select_related("initiative", "organization", "person")


def begin(request: HttpRequest, link: VisitLink, *, opens: UUID, at: datetime) -> None:
    """The link is exchanged for a visit of this browser."""
    VisitLink.objects.filter(pk=link.pk).update(opens=opens, used_at=at)
    trail.record("link.opened", about=link, by=link.person, at=at)
    request.session.cycle_key()
    request.session[_KEPT] = {
        "tenant": link.initiative_id,
        "link": str(link.public_id),
        "since": at.isoformat(),
    }


def end(request: HttpRequest) -> None:
    request.session.flush()


def link_of(request: HttpRequest, slug: str, opens: UUID, *, at: datetime) -> VisitLink | None:
    """The link by which this browser is here, if it works still and opens this. None for who has signed in."""
    visit = None if request.user.is_authenticated else request.session.get(_KEPT)
    since = parse_datetime(visit["since"]) if visit else None
    if visit is None or since is None or at - since > VISIT_LASTS:
        return None
    with only_tenant(visit["tenant"]):
        ours = _working(at).filter(initiative__slug=slug, opens=opens, public_id=visit["link"])
        found = ours.first()
        if found and (found.used_at is None or at - found.used_at >= _USE_NOTED_EVERY):
            VisitLink.objects.filter(pk=found.pk).update(used_at=at)
    return found
