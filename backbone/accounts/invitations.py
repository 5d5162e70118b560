"""Invitations: made, found by the token of their link, accepted, withdrawn."""

import hashlib
import secrets
from datetime import datetime

from django.db import transaction

from backbone.accounts.models import INVITATION_LASTS, Invitation, User
from backbone.audit import trail


class InvitationClosed(Exception):
    """The invitation was used, withdrawn, or is too old."""


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def invite(*, email: str, by: User, at: datetime) -> tuple[Invitation, str]:
    """Returns the invitation and its token; the token is kept nowhere else."""
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        email=email.strip().lower(),
        token_digest=digest(token),
        invited_by=by,
        created_at=at,
        expires_at=at + INVITATION_LASTS,
    )
    return invitation, token


def with_token(token: str) -> Invitation | None:
    return Invitation.objects.filter(token_digest=digest(token)).first()


@transaction.atomic
def accept(*, invitation: Invitation, by: User, at: datetime) -> Invitation:
    """Use the invitation up. Raises InvitationClosed when it was used, withdrawn, or is too old."""
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not locked.is_open(at):
        raise InvitationClosed
    locked.accepted_at, locked.accepted_by = at, by
    locked.save(update_fields=["accepted_at", "accepted_by"])
    trail.record("invitation.accepted", about=locked, by=by, at=at)
    return locked


@transaction.atomic
def withdraw(*, invitation: Invitation, by: User, at: datetime) -> None:
    locked = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if not locked.is_open(at):
        raise InvitationClosed
    locked.withdrawn_at = at
    locked.save(update_fields=["withdrawn_at"])
    trail.record("invitation.withdrawn", about=locked, by=by, at=at)
