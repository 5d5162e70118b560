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
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import models
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.timezone import now

from backbone.access.permissions import PERMISSIONS_OF_ROLE, SIDES_OF_ROLE, Permission, Role, Side
from backbone.access.policy import state
from backbone.access.rows import only_tenant
from backbone.accounts.models import User
from initiatives.charter.models import Initiative, Participation
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


def standings_of(person: User) -> list[RoleHeld]:
    """Every role of the person that counts somewhere, over all initiatives, in one query.

    Both conditions on memberships stand in one `filter`, so that the role read is that of the same
    membership: this person's, and a current one.
    """
    rows = (
        Participation.objects.filter(
            organization__memberships__person=person, organization__memberships__ended_at=None
        )
        .select_related("initiative", "organization")
        .annotate(role=models.F("organization__memberships__role"))
        .order_by("initiative__name", "initiative_id", "pk")
    )
    return list(_fitting(rows))


def _fitting(rows: Iterable[Participation]) -> Iterable[RoleHeld]:
    for row in rows:
        role, side = Role(cast(Any, row).role), Side(row.side)
        if side in SIDES_OF_ROLE[role] and row.is_current(now()):
            yield RoleHeld(row.initiative, row.organization, side, PERMISSIONS_OF_ROLE[role], role)


def standings_in(request: HttpRequest) -> list[RoleHeld]:
    """The same for the signed-in person, once a request."""
    if not request.user.is_authenticated:
        return []
    if not hasattr(request, "standings"):
        cast(Any, request).standings = standings_of(request.user)
    return cast(list[RoleHeld], cast(Any, request).standings)


def access_to(slug: str, standings: Iterable[Standing]) -> Access:
    """Raises Http404 where the person has no standing: an outsider cannot tell it from what is not there."""
    here = tuple(each for each in standings if each.initiative.slug == slug)
    if not here:
        raise Http404
    return Access(initiative=here[0].initiative, standings=here)


def requires(
    permission: Permission,
) -> Callable[
    [Callable[Concatenate[InitiativeRequest, Initiative, P], HttpResponse]],
    Callable[..., HttpResponse],
]:
    def decorate(
        view: Callable[Concatenate[InitiativeRequest, Initiative, P], HttpResponse],
    ) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, slug: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            access = access_to(slug, standings_in(request))
            if not access.may(permission):
                raise PermissionDenied
            known = cast(InitiativeRequest, request)
            known.access = access
            with only_tenant(access.initiative.pk):
                return view(known, access.initiative, *args, **kwargs)

        return state(login_required(cast(Any, guarded)), f"requires {permission.name}")

    return decorate
