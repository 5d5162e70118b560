"""Which roles fit an organization here, and which of them a person may hand out."""

from collections.abc import Iterable

from backbone.access.permissions import PERMISSIONS_OF_ROLE, SIDES_OF_ROLE, Permission, Role, Side
from initiatives.partners.models import ROLE_NAMES

ADMINISTRATORS = frozenset({Role.BACKBONE_DIRECTOR, Role.PARTNER_MANAGER})


def roles_that_fit(sides: Iterable[Side]) -> list[Role]:
    """The roles that count for an organization that takes part in these ways, in the order of the table."""
    here = set(sides)
    return [role for role, fitting in SIDES_OF_ROLE.items() if fitting & here]


def roles_to_give(sides: Iterable[Side], held: frozenset[Permission]) -> list[Role]:
    """Those of them that somebody with these permissions may give and take.

    On the backbone's side nobody hands out more than they hold themselves: a facilitator makes no directors.
    """
    return [
        role
        for role in roles_that_fit(sides)
        if Side.BACKBONE not in SIDES_OF_ROLE[role] or PERMISSIONS_OF_ROLE[role] <= held
    ]


def choices(roles: Iterable[Role]) -> list[tuple[str, str]]:
    return [(role.value, str(ROLE_NAMES[role])) for role in roles]
