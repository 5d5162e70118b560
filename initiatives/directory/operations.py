"""Who takes part, with which people, in which groups."""

from datetime import date, datetime

from django.db import transaction

from backbone.access.permissions import Role, Side
from backbone.accounts.models import User
from backbone.audit import trail
from initiatives.charter.models import Change, GroupMember, Initiative, Participation, PartnerGroup
from initiatives.partners.models import Membership, Organization


@transaction.atomic
def take_part(
    *,
    initiative: Initiative,
    organization: Organization,
    side: Side,
    code: str,
    joined_on: date,
    by: User | None,
    at: datetime,
) -> Participation:
    participation = Participation.objects.create(
        initiative=initiative, organization=organization, side=side, code=code, joined_on=joined_on
    )
    trail.record("participation.joined", about=participation, by=by, at=at)
    if side is Side.PARTNER:
        _changed(participation, Change.What.JOINED, at)
    return participation


@transaction.atomic
def leave(*, participation: Participation, on: date, by: User, at: datetime) -> None:
    """From that day on the organization is gone. What it has reported stays."""
    participation.left_on = on
    participation.save(update_fields=["left_on"])
    trail.record("participation.left", about=participation, by=by, at=at, details={"on": str(on)})
    _changed(participation, Change.What.LEFT, at)


def _changed(participation: Participation, what: Change.What, at: datetime) -> None:
    Change.objects.create(
        initiative_id=participation.initiative_id,
        organization_id=participation.organization_id,
        what=what,
        at=at,
    )


@transaction.atomic
def join(
    *, person: User, organization: Organization, role: Role, by: User | None, at: datetime
) -> Membership:
    """Give a person a role in an organization. Twice is the same as once."""
    membership, created = Membership.objects.current().get_or_create(
        person=person, organization=organization, role=role, ended_at=None, defaults={"created_at": at}
    )
    if created:
        trail.record("membership.began", about=membership, by=by, at=at, details={"role": role})
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, by: User, at: datetime) -> None:
    membership.ended_at = at
    membership.save(update_fields=["ended_at"])
    trail.record("membership.ended", about=membership, by=by, at=at, details={"role": membership.role})


@transaction.atomic
def put_into_group(
    *, group: PartnerGroup, organization: Organization, by: User | None, at: datetime
) -> GroupMember:
    member, created = GroupMember.objects.get_or_create(
        initiative_id=group.initiative_id, group=group, organization=organization
    )
    if created:
        trail.record(
            "group.member_added", about=group, by=by, at=at, details={"organization": str(organization)}
        )
        Change.objects.create(
            initiative_id=group.initiative_id, organization=organization, what=Change.What.REGROUPED, at=at
        )
    return member


@transaction.atomic
def take_out_of_group(*, member: GroupMember, by: User, at: datetime) -> None:
    trail.record(
        "group.member_removed",
        about=member.group,
        by=by,
        at=at,
        details={"organization": str(member.organization)},
    )
    Change.objects.create(
        initiative_id=member.initiative_id,
        organization_id=member.organization_id,
        what=Change.What.REGROUPED,
        at=at,
    )
    member.delete()
