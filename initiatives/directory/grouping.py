"""Which partners are in which group, from when to when.

Decisions. Nothing that was said is changed: it is superseded by what is said now, so that figures can be read as they
were at a past moment. A partner that was put in by mistake is told apart from one that left.
"""

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backbone.accounts.models import User
from backbone.audit import trail
from initiatives.charter.models import Change, GroupMember, PartnerGroup
from initiatives.directory.operations import Refused
from initiatives.partners.models import Organization


@transaction.atomic
def put_into_group(
    *,
    group: PartnerGroup,
    organization: Organization,
    joined_on: date | None = None,
    by: User | None,
    at: datetime,
) -> GroupMember:
    """From that day on it is in the group; None: all along. Twice is the same as once.

    Raises Refused where it was in the group at a later time already.
    """
    _one_by_one(group)
    known = GroupMember.objects.standing().filter(group=group, organization=organization)
    now_in = known.filter(left_on=None).first()
    if now_in:
        return now_in
    last = known.order_by("-left_on").first()
    if last and last.left_on and (joined_on is None or joined_on < last.left_on):
        raise Refused(
            _("%(name)s has been in this group before. Choose a day from %(day)s on.")
            % {"name": organization, "day": last.left_on.isoformat()}
        )
    member = GroupMember.objects.create(
        initiative_id=group.initiative_id,
        group=group,
        organization=organization,
        joined_on=joined_on,
        recorded_at=at,
    )
    _said("group.member_added", member, by=by, at=at, since=joined_on)
    return member


@transaction.atomic
def leave_group(*, member: GroupMember, on: date, by: User, at: datetime) -> None:
    """From that day on it is not in the group any more; figures of earlier periods stay in."""
    _one_by_one(member.group)
    _supersede(member, at=at)
    if member.joined_on and on <= member.joined_on:
        raise Refused(_("Choose a day after the one on which it came into the group."))
    GroupMember.objects.create(
        initiative_id=member.initiative_id,
        group=member.group,
        organization=member.organization,
        joined_on=member.joined_on,
        left_on=on,
        recorded_at=at,
    )
    _said("group.member_left", member, by=by, at=at, on=on)


@transaction.atomic
def take_out_of_group(*, member: GroupMember, by: User, at: datetime) -> None:
    """It never belonged into the group: none of its figures count there."""
    _one_by_one(member.group)
    _supersede(member, at=at)
    _said("group.member_removed", member, by=by, at=at)


def _one_by_one(group: PartnerGroup) -> None:
    """Whoever else puts somebody in or takes somebody out waits."""
    PartnerGroup.objects.select_for_update(no_key=True).get(pk=group.pk)


def _supersede(member: GroupMember, *, at: datetime) -> None:
    if not GroupMember.objects.standing().filter(pk=member.pk).update(superseded_at=at):
        raise Refused(_("Somebody else has changed this just now. Look at the group once more."))


def _said(verb: str, member: GroupMember, *, by: User | None, at: datetime, **days: date | None) -> None:
    told = {name: str(day) for name, day in days.items() if day}
    trail.record(
        verb, about=member.group, by=by, at=at, details={"organization": str(member.organization), **told}
    )
    Change.objects.create(
        initiative_id=member.initiative_id,
        organization_id=member.organization_id,
        what=Change.What.REGROUPED,
        at=at,
    )
