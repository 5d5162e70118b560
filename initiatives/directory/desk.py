"""From where somebody administers the people of one organization: the backbone's desk, or its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import now

from backbone.access.permissions import SIDES_OF_ROLE, Permission, Role, Side
from initiatives.charter.access import InitiativeRequest
from initiatives.charter.models import Initiative, Participation
from initiatives.directory import selectors
from initiatives.directory.roles import roles_that_fit, roles_to_give
from initiatives.partners.models import Membership, MembershipInvitation, Organization


@dataclass(frozen=True)
class PersonRow:
    membership: Membership
    role_url: str  # both empty where this desk has no say over the role
    end_url: str


@dataclass(frozen=True)
class InvitationRow:
    invited: MembershipInvitation
    is_open: bool
    resend_url: str
    withdraw_url: str


@dataclass(frozen=True)
class Desk:
    """What is seen of one organization's people from here, and what may be done."""

    initiative: Initiative
    organization: Organization
    participations: Sequence[Participation]
    shown: Sequence[Role]  # roles of this organization that count in this initiative
    given: Sequence[Role]  # those of them that are given and taken from here
    prefix: str  # of the URL names
    back: str

    def url(self, name: str, *ids: UUID) -> str:
        args = [self.initiative.slug, self.organization.public_id, *ids]
        return reverse(f"initiatives:directory:{self.prefix}{name}", args=args)

    @property
    def invite_url(self) -> str:
        return self.url("invite") if self.given else ""

    def people(self) -> list[PersonRow]:
        return [self._person(each) for each in selectors.members(self.organization, self.shown)]

    def _person(self, membership: Membership) -> PersonRow:
        if Role(membership.role) not in self.given:
            return PersonRow(membership, "", "")
        about = membership.public_id
        return PersonRow(membership, self.url("change-role", about), self.url("end-membership", about))

    def invitations(self) -> list[InvitationRow]:
        return [self._invitation(each) for each in selectors.unanswered(self.organization, self.shown)]

    def _invitation(self, invited: MembershipInvitation) -> InvitationRow:
        is_open = invited.invitation.is_open(now())
        if Role(invited.role) not in self.given:
            return InvitationRow(invited, is_open, "", "")
        about = invited.invitation.public_id
        return InvitationRow(invited, is_open, self.url("resend", about), self.url("withdraw", about))

    def membership(self, public_id: UUID) -> Membership:
        return get_object_or_404(selectors.members(self.organization, self.given), public_id=public_id)

    def invited(self, public_id: UUID) -> MembershipInvitation:
        rows: QuerySet[MembershipInvitation] = MembershipInvitation.objects.filter(
            organization=self.organization, role__in=self.given
        ).select_related("invitation", "organization")
        return get_object_or_404(rows, invitation__public_id=public_id)


def staff_desk(request: InitiativeRequest, initiative: Initiative, organization_id: UUID) -> Desk:
    """The backbone's, over any organization that takes part or took part."""
    found = list(
        Participation.objects.in_initiative(initiative)
        .filter(organization__public_id=organization_id)
        .select_related("organization")
    )
    if not found:
        raise Http404
    sides = [Side(each.side) for each in found]
    held = request.access.permissions
    return Desk(
        initiative=initiative,
        organization=found[0].organization,
        participations=found,
        shown=roles_that_fit(sides),
        given=roles_to_give(sides, held) if Permission.PARTNERS_MANAGE in held else [],
        prefix="",
        back=reverse("initiatives:directory:partner", args=[initiative.slug, organization_id]),
    )


def own_desk(request: InitiativeRequest, initiative: Initiative, organization_id: UUID) -> Desk:
    """A partner manager's, over the own organization and nobody else's."""
    found = [
        desk for desk in own_desks(request, initiative) if desk.organization.public_id == organization_id
    ]
    if not found:
        raise Http404
    return found[0]


def own_desks(request: InitiativeRequest, initiative: Initiative) -> list[Desk]:
    return [
        Desk(
            initiative=initiative,
            organization=organization,
            participations=(),
            shown=roles_that_fit([Side.PARTNER]),
            given=[role for role, sides in SIDES_OF_ROLE.items() if sides == {Side.PARTNER}],
            prefix="own-",
            back=reverse("initiatives:directory:own-people", args=[initiative.slug]),
        )
        for organization in request.access.organizations(Permission.OWN_PEOPLE_MANAGE)
    ]
