"""Invitations: made, found by the token of their link, renewed, accepted, withdrawn.

Decisions. A token is derived from the invitation and the secret key when its mail is sent, so that it
stands nowhere: the table keeps a digest, and what waits to be mailed keeps a mark that `fill_in` turns
into the token. Tokens are recognised by their digest alone, so a link that is on its way outlives a
change of the secret key.
"""

import hashlib
import re
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.crypto import salted_hmac

from backbone.accounts.models import INVITATION_LASTS, Invitation, User
from backbone.audit import trail

_MARK = re.compile(r"\{(invitation|visit) ([0-9a-f-]{36})\}")


class InvitationClosed(Exception):
    """The invitation was used, withdrawn, or is too old."""


def digest(token: str) -> str:
    return hashlib.sha256(token.encode(errors="replace")).hexdigest()


def token_of(public_id: UUID) -> str:
    return salted_hmac("backbone.accounts.invitations", public_id.hex, algorithm="sha256").hexdigest()


def token_of_visit(public_id: UUID) -> str:
    """The same for links that open one thing without an account's password: 256 bits, in hexadecimal digits."""
    return salted_hmac("initiatives.charter.visits", public_id.hex, algorithm="sha256").hexdigest()


_TOKENS = {"invitation": token_of, "visit": token_of_visit}


def mark(invitation: Invitation) -> str:
    """What stands for the token in a link until the mail is sent."""
    return f"{{invitation {invitation.public_id}}}"


def mark_of_visit(public_id: UUID) -> str:
    return f"{{visit {public_id}}}"


def fill_in(link: str) -> str:
    """The link as it is mailed: with the token where the mark was."""
    return _MARK.sub(lambda found: _TOKENS[found[1]](UUID(found[2])), link)


@transaction.atomic
def invite(*, email: str, by: User, at: datetime) -> Invitation:
    public_id = uuid4()
    return Invitation.objects.create(
        public_id=public_id,
        email=email.strip().lower(),
        token_digest=digest(token_of(public_id)),
        invited_by=by,
        created_at=at,
        expires_at=at + INVITATION_LASTS,
    )


def with_token(token: str) -> Invitation | None:
    return Invitation.objects.filter(token_digest=digest(token)).first()


@transaction.atomic
def renew(*, invitation: Invitation, by: User, at: datetime) -> Invitation:
    """Let it last from now on, also when its time has run out."""
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not locked.is_unanswered():
        raise InvitationClosed
    locked.expires_at = at + INVITATION_LASTS
    locked.token_digest = digest(token_of(locked.public_id))
    locked.save(update_fields=["expires_at", "token_digest"])
    trail.record("invitation.renewed", about=locked, by=by, at=at)
    return locked


@transaction.atomic
def lock_open(*, invitation: Invitation, at: datetime) -> Invitation:
    """Hold it, so that nobody else uses it meanwhile. Raises InvitationClosed where it is not open."""
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not locked.is_open(at):
        raise InvitationClosed
    return locked


@transaction.atomic
def accept(*, invitation: Invitation, by: User, at: datetime) -> Invitation:
    """Use the invitation up. Raises InvitationClosed when it was used, withdrawn, or is too old."""
    locked = lock_open(invitation=invitation, at=at)
    locked.accepted_at, locked.accepted_by = at, by
    locked.save(update_fields=["accepted_at", "accepted_by"])
    trail.record("invitation.accepted", about=locked, by=by, at=at)
    return locked


@transaction.atomic
def withdraw(*, invitation: Invitation, by: User, at: datetime) -> None:
    """Take it back, also when its time has run out. Raises InvitationClosed when it was answered."""
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not locked.is_unanswered():
        raise InvitationClosed
    locked.withdrawn_at = at
    locked.save(update_fields=["withdrawn_at"])
    trail.record("invitation.withdrawn", about=locked, by=by, at=at)
