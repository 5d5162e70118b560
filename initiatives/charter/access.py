"""May this person do this, here? Outsiders get 404, members without the right 403.

`@requires(Permission.X)` takes the initiative's slug from the address and hands the view the
initiative itself; what the person may do and for whom stands in `request.access`.

The view runs in one transaction in which the database shows rows of that initiative only. An exception undoes it, an
answer of 4xx does not; what waits for its commit happens after the view. A response that streams is written after
it, too, where no row is seen any more: it must hold what it tells.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any, Concatenate, Final, ParamSpec, cast
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import now

from backbone.access.permissions import PERMISSIONS_OF_ROLE, SIDES_OF_ROLE, Permission, Role, Side
from backbone.access.policy import state
from backbone.access.rows import only_tenant
from backbone.accounts.models import User
from backbone.audit import trail
from backbone.notifications import bell
from initiatives.charter import visits
from initiatives.charter.models import Initiative, Participation
from initiatives.charter.visit_models import VisitLink
from initiatives.partners.models import Organization

P = ParamSpec("P")


@dataclass(frozen=True)
class Standing:
    """One part in an initiative, on behalf of an organization, and what it allows."""

    initiative: Initiative
    organization: Organization
    side: Side
    permissions: frozenset[Permission]


@dataclass(frozen=True)
class RoleHeld(Standing):
    """One role of a person that counts in one initiative."""

    role: Role


@dataclass(frozen=True)
class Access:
    """What one person, or one organization's key, may do in one initiative."""

    initiative: Initiative
    standings: tuple[Standing, ...]

    @cached_property
    def permissions(self) -> frozenset[Permission]:
        return frozenset().union(*(standing.permissions for standing in self.standings))

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    def organizations(self, permission: Permission) -> list[Organization]:
        """The person's own organizations about which the permission holds, each once."""
        found = {
            standing.organization.pk: standing.organization
            for standing in self.standings
            if permission in standing.permissions
        }
        return list(found.values())


class InitiativeRequest(HttpRequest):
    user: User
    access: Access
    visit: "Visit"  # only of whoever is here by a signed link


def standings_of(person: User) -> list[RoleHeld]:
    """Every role of the person that counts somewhere, over all initiatives, in one query."""
    return list(_fitting(_rows_of(person)))


def _rows_of(person: User) -> models.QuerySet[Participation]:
    """Both conditions on memberships stand in one `filter`, so that the role read is that of the same

    membership: this person's, and a current one.
    """
    return (
        Participation.objects.filter(
            organization__memberships__person=person, organization__memberships__ended_at=None
        )
        .select_related("initiative", "organization")
        .annotate(role=models.F("organization__memberships__role"))
        .order_by("initiative__name", "initiative_id", "pk")
    )


def _fitting(rows: Iterable[Participation]) -> Iterable[RoleHeld]:
    for row in rows:
        role, side = Role(cast(Any, row).role), Side(row.side)
        if side in SIDES_OF_ROLE[role] and row.is_current(now()):
            yield RoleHeld(row.initiative, row.organization, side, PERMISSIONS_OF_ROLE[role], role)


def standings_in(request: HttpRequest) -> list[RoleHeld]:
    """The same for the signed-in person, once a request; with it, for every page's bell, what is unread."""
    if not request.user.is_authenticated:
        return []
    if not hasattr(request, "standings"):
        rows = list(_rows_of(request.user).annotate(unread=bell.unread_of(request.user)))
        cast(Any, request).standings = list(_fitting(rows))
        if rows:
            bell.remember(request, rows[0].unread)
    return cast(list[RoleHeld], cast(Any, request).standings)


def access_to(slug: str, standings: Iterable[Standing]) -> Access:
    """Raises Http404 where the person has no standing: an outsider cannot tell it from what is not there."""
    here = tuple(each for each in standings if each.initiative.slug == slug)
    if not here:
        raise Http404
    return Access(initiative=here[0].initiative, standings=here)


# What whoever is here by a signed link may do at most, of what the person may.
_VISITORS_MAY: Final = frozenset(
    {Permission.INITIATIVE_VIEW, Permission.OWN_FIGURES_VIEW, Permission.OWN_REPORT_EDIT}
)


@dataclass(frozen=True)
class Visit:
    """Somebody is here by a signed link: not signed in, and let in by views that say so, to what it opens."""

    link: VisitLink
    access: Access

    @property
    def person(self) -> User:
        return self.link.person


def visit_to(request: HttpRequest, slug: str, opens: UUID) -> Visit | None:
    """None for everybody who is not here by a link to exactly this."""
    link = visits.link_of(request, slug, opens, at=now())
    return visit_by(link) if link else None


def visit_by(link: VisitLink | None) -> Visit | None:
    """What the link lets its person do; None where they may no longer report. Of no link the same is asked."""
    rows = standings_of(link.person if link else User(pk=0))
    standings = tuple(
        Standing(each.initiative, each.organization, each.side, each.permissions & _VISITORS_MAY)
        for each in rows
        if link
        and (each.initiative.pk, each.organization.pk) == (link.initiative_id, link.organization_id)
        and Permission.OWN_REPORT_EDIT in each.permissions
    )
    return Visit(link, Access(standings[0].initiative, standings)) if link and standings else None


View = Callable[Concatenate[InitiativeRequest, Initiative, P], HttpResponse]


def requires(
    permission: Permission, *, visitors: str = ""
) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """`visitors` names the part of the address that must be what a signed link opens, to let in who is here by one.

    Where it is not said, nobody is: they are sent to the sign-in as everybody unknown is.
    """

    def decorate(view: View[P]) -> Callable[..., HttpResponse]:
        def enter(request: HttpRequest, access: Access, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if not access.may(permission):
                raise PermissionDenied
            known = cast(InitiativeRequest, request)
            known.access = access
            with only_tenant(access.initiative.pk):
                return view(known, access.initiative, *args, **kwargs)

        def guarded(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            return enter(request, access_to(slug, standings_in(request)), *args, **kwargs)

        members_only: Callable[..., HttpResponse] = login_required(cast(Any, guarded))

        @wraps(view)
        def asked(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            visit = visit_to(request, slug, cast(UUID, kwargs[visitors])) if visitors else None
            if visit is None:
                return members_only(request, slug, *args, **kwargs)
            visiting = cast(InitiativeRequest, request)
            visiting.user, visiting.visit = visit.person, visit
            with trail.by_way_of("signed link"):
                return _unkept(enter(request, visit.access, *args, **kwargs))

        return state(asked, f"requires {permission.name}" + (" or a signed link" if visitors else ""))

    return decorate


def _unkept(response: HttpResponse) -> HttpResponse:
    """Of a visit nothing stays in the browser."""
    response.headers["Cache-Control"] = "no-store"
    return response
