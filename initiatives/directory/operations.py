"""Who takes part, with which people, in which groups."""

from datetime import date, datetime

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from backbone.access.permissions import Role, Side
from backbone.accounts.models import User
from backbone.audit import trail
from backbone.web.codes import refusing_duplicates
from initiatives.charter.models import Change, Initiative, Participation, PartnerGroup
from initiatives.partners.models import Membership, Organization


class Refused(Exception):
    """It cannot be; the text is a sentence for whoever tried."""


@transaction.atomic
def add_organization(
    *,
    initiative: Initiative,
    organization: Organization,
    side: Side,
    joined_on: date,
    by: User,
    at: datetime,
    code: str = "",
) -> Participation:
    """Store a new organization and let it take part. Without a code it gets one made from its name."""
    _refuse_a_second(initiative, organization.name, side)
    organization.save()
    return take_part(
        initiative=initiative,
        organization=organization,
        side=side,
        code=code or _free_code(initiative, organization.name, side),
        joined_on=joined_on,
        by=by,
        at=at,
    )


def _refuse_a_second(initiative: Initiative, name: str, side: Side) -> None:
    _one_by_one(initiative.pk)  # the same form sent twice adds one
    if Participation.objects.filter(
        initiative=initiative, side=side, organization__name__iexact=name
    ).exists():
        raise Refused(
            _(
                "“%(name)s” is in the list already. If this is another one,"
                " add what tells them apart, such as the town."
            )
            % {"name": name}
        )


def _one_by_one(initiative_id: int) -> None:
    """Whoever else adds somebody or lets somebody go waits."""
    Initiative.objects.select_for_update(no_key=True).get(pk=initiative_id)


def _free_code(initiative: Initiative, name: str, side: Side) -> str:
    base = slugify(name)[:50] or "organization"
    taken = set(
        Participation.objects.filter(initiative=initiative, side=side, code__startswith=base).values_list(
            "code", flat=True
        )
    )
    endings = ("", *(f"-{number}" for number in range(2, len(taken) + 2)))
    return next(base + ending for ending in endings if base + ending not in taken)


@transaction.atomic
def edit_organization(*, initiative: Initiative, organization: Organization, by: User, at: datetime) -> None:
    organization.save(update_fields=["name", "sector", "website"])
    trail.record("organization.changed", about=organization, by=by, at=at, tenant_id=initiative.pk)


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
    _one_by_one(
        participation.initiative_id
    )  # two backbones that leave at once cannot both be the last but one
    if on <= participation.joined_on:
        raise Refused(_("Choose a day after the one on which it joined."))
    _refuse_to_leave_nobody(participation)
    participation.left_on = on
    participation.save(update_fields=["left_on"])
    trail.record("participation.left", about=participation, by=by, at=at, details={"on": str(on)})
    _changed(participation, Change.What.LEFT, at)


def _refuse_to_leave_nobody(participation: Participation) -> None:
    others = Participation.objects.filter(
        initiative_id=participation.initiative_id, side=Side.BACKBONE, left_on=None
    ).exclude(pk=participation.pk)
    if participation.side == Side.BACKBONE and not others.exists():
        raise Refused(_("This is the only backbone: without it nobody could run the initiative."))


@transaction.atomic
def stay(*, participation: Participation, by: User, at: datetime) -> None:
    """Take the leaving back, as if it had never been said."""
    participation.left_on = None
    participation.save(update_fields=["left_on"])
    trail.record("participation.stayed", about=participation, by=by, at=at)
    _changed(participation, Change.What.JOINED, at)


def _changed(participation: Participation, what: Change.What, at: datetime) -> None:
    Change.objects.create(
        initiative_id=participation.initiative_id,
        organization_id=participation.organization_id,
        what=what,
        at=at,
    )


@transaction.atomic
def join(
    *,
    person: User,
    organization: Organization,
    role: Role,
    by: User | None,
    at: datetime,
    tenant_id: int | None = None,
) -> Membership:
    """Give a person a role in an organization. Twice is the same as once."""
    membership, created = Membership.objects.current().get_or_create(
        person=person, organization=organization, role=role, ended_at=None, defaults={"created_at": at}
    )
    if created:
        trail.record(
            "membership.began", about=membership, by=by, at=at, tenant_id=tenant_id, details={"role": role}
        )
    return membership


@transaction.atomic
def end_membership(*, membership: Membership, by: User, at: datetime, tenant_id: int | None = None) -> None:
    membership.ended_at = at
    membership.save(update_fields=["ended_at"])
    trail.record(
        "membership.ended",
        about=membership,
        by=by,
        at=at,
        tenant_id=tenant_id,
        details={"role": membership.role},
    )


@transaction.atomic
def save_group(*, group: PartnerGroup, by: User | None, at: datetime) -> PartnerGroup:
    verb = "group.changed" if group.pk else "group.made"
    with refusing_duplicates(
        Refused(_("There is already a group with the code “%(code)s”.") % {"code": group.code})
    ):
        group.save()
    trail.record(verb, about=group, by=by, at=at)
    return group
