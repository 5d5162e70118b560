"""Which people have a permission in an initiative: whom to ask, whom to tell."""

from django.db.models import Q, QuerySet
from django.utils.timezone import now

from backbone.access.permissions import PERMISSIONS_OF_ROLE, SIDES_OF_ROLE, Permission
from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization


def people_who_may(
    permission: Permission, *, initiative: Initiative, organization: Organization | None = None
) -> QuerySet[User]:
    """Active people with a current role that carries the permission there; of one organization if given."""
    rows = [
        Q(memberships__role=role, memberships__organization__participations__side__in=SIDES_OF_ROLE[role])
        for role, permissions in PERMISSIONS_OF_ROLE.items()
        if permission in permissions
    ]
    here = Q(memberships__organization__participations__initiative=initiative, memberships__ended_at=None)
    # In one filter with the rest, so that it speaks of the same participation.
    left_on = "memberships__organization__participations__left_on"
    here &= Q(**{left_on: None}) | Q(**{f"{left_on}__gt": initiative.today(now())})
    if organization is not None:
        here &= Q(memberships__organization=organization)
    any_row = Q()
    for row in rows:
        any_row |= row
    return User.objects.filter(here & any_row, is_active=True).distinct().order_by("name", "pk")
