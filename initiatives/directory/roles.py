"""Which roles fit an organization here, and which of them a person may hand out."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _

from backbone.access.permissions import PERMISSIONS_OF_ROLE, SIDES_OF_ROLE, Permission, Role, Side
from initiatives.partners.models import ROLE_NAMES

MEANINGS = {
    Role.BACKBONE_DIRECTOR: _("runs the initiative: everything, its settings and its people included"),
    Role.DATA_MANAGER: _("defines measures, opens periods, and reviews reports"),
    Role.FACILITATOR: _("reads everything, and looks after partners and their people"),
    Role.PARTNER_MANAGER: _("hands in, takes back, and invites people of the own organization"),
    Role.APPROVER: _("hands in, and takes back what was handed in"),
    Role.REPORTER: _("fills in reports and hands them in"),
    Role.VIEWER: _("reads the own organization’s reports and figures"),
    Role.FUNDER_VIEWER: _("reads the dashboard"),
    Role.STEERING_MEMBER: _("reads the dashboard"),
}

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


def sides_to_add(held: frozenset[Permission]) -> list[Side]:
    """As what somebody with these permissions may let an organization take part, and let it go again."""
    if Permission.PARTNERS_MANAGE not in held:
        return []
    return [Side.PARTNER, Side.FUNDER, *([Side.BACKBONE] if Permission.INITIATIVE_MANAGE in held else [])]


def choices(roles: Iterable[Role]) -> list[tuple[str, str]]:
    """For a form: each with what it may do, so that nobody has to guess."""
    return [(role.value, f"{ROLE_NAMES[role]}: {MEANINGS[role]}") for role in roles]
