"""Who takes part, and with whom."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Count, F, Prefetch, Q, QuerySet

from backbone.access.permissions import Role, Side
from backbone.accounts.models import Invitation
from initiatives.charter.models import GroupMember, Initiative, Participation, PartnerGroup
from initiatives.directory.roles import roles_that_fit
from initiatives.partners.models import Membership, MembershipInvitation, Organization

ORDERS = {
    "name": ("organization__name", "pk"),
    "joined": ("-joined_on", "organization__name", "pk"),
    "people": ("-people", "organization__name", "pk"),
}


def participations(
    initiative: Initiative, *, side: Side, on: date, q: str, group: PartnerGroup | None, left: bool, sort: str
) -> QuerySet[Participation]:
    """Rows of the directory: each with `people` (how many) and, of its organization, `groups_here`."""
    rows = Participation.objects.in_initiative(initiative).filter(side=side)
    if not left:
        rows = rows.current(on)
    if q:
        rows = rows.filter(Q(organization__name__icontains=q) | Q(code__icontains=q))
    if group:
        members = GroupMember.objects.on(on).filter(group=group)
        rows = rows.filter(organization__in=members.values("organization"))
    of_here = Prefetch(
        "organization__group_memberships",
        queryset=GroupMember.objects.on(on)
        .filter(initiative=initiative)
        .select_related("group")
        .order_by("group__name"),
        to_attr="groups_here",
    )
    return (
        rows.select_related("organization")
        .annotate(people=_people(side))
        .prefetch_related(of_here)
        .order_by(*ORDERS.get(sort, ORDERS["name"]))
    )


def _people(side: Side) -> Count:
    memberships = "organization__memberships"
    counted = {f"{memberships}__ended_at": None, f"{memberships}__role__in": roles_that_fit([side])}
    return Count(f"{memberships}__person", distinct=True, filter=Q(**counted))


def members(organization: Organization, roles: Iterable[Role]) -> QuerySet[Membership]:
    """Its people in these roles now."""
    return (
        Membership.objects.current()
        .filter(organization=organization, role__in=list(roles))
        .select_related("person")
        .order_by("person__name", "pk")
    )


def unanswered(organization: Organization, roles: Iterable[Role]) -> QuerySet[MembershipInvitation]:
    """Invitations to these roles that wait for an answer, those whose time has run out included."""
    return (
        MembershipInvitation.objects.filter(
            organization=organization,
            role__in=list(roles),
            invitation__in=Invitation.objects.unanswered(),
        )
        .select_related("invitation__invited_by")
        .order_by("invitation__email", "pk")
    )


def groups(initiative: Initiative, *, on: date) -> QuerySet[PartnerGroup]:
    """Each with `size`: how many are in it on that day."""
    inside = Q(members__in=GroupMember.objects.on(on))
    return (
        PartnerGroup.objects.filter(initiative=initiative)
        .annotate(size=Count("members", filter=inside))
        .order_by("name", "pk")
    )


def members_of(group: PartnerGroup) -> QuerySet[GroupMember]:
    """Who is or was in it: those who still are first, by name."""
    rows = group.members.standing().select_related("organization")
    found: QuerySet[GroupMember] = rows.order_by(
        F("left_on").desc(nulls_first=True), "organization__name", "pk"
    )
    return found


def groups_of(organization: Organization, initiative: Initiative) -> QuerySet[GroupMember]:
    """Every group that it is or was in, as known now."""
    rows = GroupMember.objects.standing().filter(initiative=initiative, organization=organization)
    return rows.select_related("group").order_by("group__name", F("joined_on").asc(nulls_first=True))


def not_in_group(group: PartnerGroup, *, on: date) -> QuerySet[Organization]:
    """The partners of today that could be put into it."""
    partners = Participation.objects.filter(initiative_id=group.initiative_id).partners().current(on)
    return Organization.objects.filter(participations__in=partners).exclude(
        pk__in=group.members.standing().filter(left_on=None).values("organization")
    )


def invited_to(invited: MembershipInvitation, at: Any) -> list[Initiative]:
    """The initiatives in which the role counts: none where the organization has left meanwhile."""
    rows = Participation.objects.filter(organization=invited.organization).select_related("initiative")
    found = {
        row.initiative: None
        for row in rows
        if row.is_current(at) and Role(invited.role) in roles_that_fit([Side(row.side)])
    }
    return list(found)
