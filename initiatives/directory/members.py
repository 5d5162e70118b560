"""An organization's people: invited, let in, given another role, let go.

Decisions. A person has one role in an organization here; another one is a change of role. Whoever
administers an organization's people cannot leave it without an administrator by ending the last one's
membership from the inside; the backbone can, and invites the next.
"""

from collections.abc import Collection
from datetime import datetime

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from backbone.access.permissions import Role
from backbone.accounts import invitations
from backbone.accounts.models import Invitation, User
from backbone.audit import trail
from backbone.notifications import outbox
from backbone.web.dates import long_date
from initiatives.charter.models import Initiative
from initiatives.directory import operations
from initiatives.directory.operations import Refused
from initiatives.directory.roles import ADMINISTRATORS
from initiatives.partners.models import ROLE_NAMES, Membership, MembershipInvitation, Organization


@transaction.atomic
def invite_member(
    *,
    initiative: Initiative,
    organization: Organization,
    email: str,
    role: Role,
    among: Collection[Role],
    by: User,
    at: datetime,
) -> MembershipInvitation:
    """Invite an address to a role, by mail. `among` are the roles that `by` may give there.

    Somebody whose invitation has run out is invited anew by the same one. Raises Refused, with the reason.
    """
    address = email.strip().lower()
    if role not in among:
        raise Refused(_("This role does not fit here. Choose one from the list."))
    Organization.objects.select_for_update().get(
        pk=organization.pk
    )  # the same form sent twice comes one by one
    _refuse_a_member(organization, address, among)
    earlier = _unanswered(organization, address, among)
    if earlier and earlier.invitation.is_open(at):
        raise Refused(
            _("%(address)s has been invited already. Use “Send again” if the mail did not arrive.")
            % {"address": address}
        )
    made = earlier or MembershipInvitation(organization=organization)
    made.role = role
    if earlier:
        made.invitation = invitations.renew(invitation=earlier.invitation, by=by, at=at)
    else:
        made.invitation = invitations.invite(email=address, by=by, at=at)
    made.save()
    _say(initiative, made, "member.invited", by=by, at=at)
    _mail(initiative, made, by=by, at=at)
    return made


def _refuse_a_member(organization: Organization, address: str, among: Collection[Role]) -> None:
    there = (
        Membership.objects.current()
        .filter(organization=organization, person__email=address, role__in=among)
        .select_related("person")
        .first()
    )
    if there:
        raise Refused(
            _("%(person)s is here already, as %(role)s. Change that role instead.")
            % {"person": there.person, "role": there.get_role_display()}
        )


def _unanswered(
    organization: Organization, address: str, among: Collection[Role]
) -> MembershipInvitation | None:
    return (
        MembershipInvitation.objects.filter(
            organization=organization,
            role__in=among,
            invitation__in=Invitation.objects.unanswered().filter(email=address),
        )
        .select_related("invitation")
        .first()
    )


def _mail(initiative: Initiative, made: MembershipInvitation, *, by: User, at: datetime) -> None:
    texts = {
        "by": str(by),
        "initiative": initiative.name,
        "organization": made.organization.name,
        "role": str(ROLE_NAMES[Role(made.role)]),
        "until": long_date(initiative.today(made.invitation.expires_at)),
    }
    body = [
        _("%(by)s invites you to take part in “%(initiative)s”.") % texts,
        "",
        _("Your organization there: %(organization)s") % texts,
        _("Your role: %(role)s") % texts,
        "",
        _("Open the link below to come in. It works once, until %(until)s.") % texts,
        _("If you do not know what this is about, there is nothing to do."),
    ]
    outbox.tell_address(
        made.invitation.email,
        subject=_("You are invited to %(initiative)s") % texts,
        body="\n".join(body),
        link=reverse("initiatives:directory:invitation-link", args=["TOKEN"]).replace(
            "TOKEN", invitations.mark(made.invitation)
        ),
        at=at,
    )


@transaction.atomic
def resend(*, initiative: Initiative, invited: MembershipInvitation, by: User, at: datetime) -> None:
    """Mail the link again, and let it last from now on."""
    try:
        invited.invitation = invitations.renew(invitation=invited.invitation, by=by, at=at)
    except invitations.InvitationClosed as closed:
        raise Refused(_closed()) from closed
    _mail(initiative, invited, by=by, at=at)


@transaction.atomic
def withdraw(*, initiative: Initiative, invited: MembershipInvitation, by: User, at: datetime) -> None:
    try:
        invitations.withdraw(invitation=invited.invitation, by=by, at=at)
    except invitations.InvitationClosed as closed:
        raise Refused(_closed()) from closed
    _say(initiative, invited, "member.uninvited", by=by, at=at)


def _closed() -> str:
    return _("This invitation has been answered or taken back meanwhile.")


def _say(initiative: Initiative, invited: MembershipInvitation, verb: str, *, by: User, at: datetime) -> None:
    trail.record(
        verb,
        about=invited.organization,
        by=by,
        at=at,
        tenant_id=initiative.pk,
        details={"email": invited.invitation.email, "role": invited.role},
    )


@transaction.atomic
def accept(*, invited: MembershipInvitation, by: User, at: datetime) -> Membership:
    """Let a person in who has an account. Raises InvitationClosed, or Refused for somebody else's."""
    if by.email != invited.invitation.email:
        raise Refused(_("This invitation was sent to another address."))
    invitations.accept(invitation=invited.invitation, by=by, at=at)
    return operations.join(
        person=by, organization=invited.organization, role=Role(invited.role), by=by, at=at
    )


@transaction.atomic
def accept_as_new(*, invited: MembershipInvitation, name: str, password: str, at: datetime) -> User:
    """Let a person in who has no account yet, and make it. The link has proven the address."""
    invitations.lock_open(invitation=invited.invitation, at=at)
    try:
        with transaction.atomic():
            person = User.objects.create_user(invited.invitation.email, password, name=name)
    except IntegrityError as taken:
        raise Refused(_("There is an account with this address already. Sign in to accept.")) from taken
    trail.record("account.made", about=person, by=person, at=at)
    accept(invited=invited, by=person, at=at)
    return person


@transaction.atomic
def change_role(
    *,
    initiative: Initiative,
    membership: Membership,
    role: Role,
    among: Collection[Role],
    by: User,
    at: datetime,
) -> Membership:
    """End the one role and begin the other. Raises Refused where the organization would be locked out."""
    if role not in among:
        raise Refused(_("This role does not fit here. Choose one from the list."))
    if membership.role == role:
        return membership
    end(initiative=initiative, membership=membership, by=by, at=at)
    return operations.join(
        person=membership.person,
        organization=membership.organization,
        role=role,
        by=by,
        at=at,
        tenant_id=initiative.pk,
    )


@transaction.atomic
def end(*, initiative: Initiative, membership: Membership, by: User, at: datetime) -> None:
    """Let a person go. Raises Refused where the organization would be locked out."""
    Organization.objects.select_for_update().get(pk=membership.organization_id)  # two at once cannot end two
    membership.refresh_from_db()
    if membership.ended_at is not None:
        raise Refused(_("This has ended already."))
    if _is_last_administrator(membership) and _from_inside(membership, by):
        raise Refused(
            _(
                "%(person)s is the last one who can manage the people of %(organization)s."
                " Give that role to somebody else first."
            )
            % {"person": membership.person, "organization": membership.organization}
        )
    operations.end_membership(membership=membership, by=by, at=at, tenant_id=initiative.pk)


def _is_last_administrator(membership: Membership) -> bool:
    others = Membership.objects.current().filter(
        organization=membership.organization_id, role=membership.role, person__is_active=True
    )
    return Role(membership.role) in ADMINISTRATORS and not others.exclude(pk=membership.pk).exists()


def _from_inside(membership: Membership, by: User) -> bool:
    return Membership.objects.current().filter(organization=membership.organization_id, person=by).exists()
