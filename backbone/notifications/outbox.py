"""Telling people: a row first, the mail after commit, a sweeper for what got lost between."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Final

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from backbone.accounts import invitations
from backbone.accounts.models import User
from backbone.celery import hint
from backbone.notifications.models import MailPreference, Notification

_BATCH = 100
_PATH = re.compile(r"/i/[\w-]+/[^\s{}]*(\{visit [0-9a-f-]{36}\}/)?")

log = structlog.get_logger(__name__)


def tell(
    people: Iterable[User],
    *,
    subject: str,
    body: str,
    link: str = "",
    mail_body: str = "",
    mail_link: str = "",
    urgent: bool = False,
    at: datetime,
    tenant_id: int | None = None,
) -> None:
    """Let each of them know, once the surrounding transaction is through. `link` is a path of this site.

    `mail_body` and `mail_link` stand in the mail instead, for what must not stand in the page. What is `urgent` is
    mailed at once to everybody; the rest as each prefers.
    """
    people = list(people)
    rhythms = {} if urgent else _rhythms(people)
    Notification.objects.bulk_create(
        Notification(
            person=person,
            address=person.email,
            subject=subject[:200],
            body=body,
            link=link,
            mail_body=mail_body,
            mail_link=mail_link,
            delivery=rhythms.get(person.pk, Notification.Delivery.NOW),
            created_at=at,
            tenant_id=tenant_id,
        )
        for person in people
    )
    hint("notifications.send_waiting")


_DELIVERED: Final = {
    MailPreference.Rhythm.DAILY: Notification.Delivery.DIGEST,
    MailPreference.Rhythm.WEEKLY: Notification.Delivery.DIGEST,
    MailPreference.Rhythm.NEVER: Notification.Delivery.NEVER,
}


def _rhythms(people: list[User]) -> dict[int, Notification.Delivery]:
    """Of those who do not want every mail at once."""
    rows = MailPreference.objects.filter(person__in=people, rhythm__in=_DELIVERED)
    return {
        person: _DELIVERED[MailPreference.Rhythm(rhythm)]
        for person, rhythm in rows.values_list("person_id", "rhythm")
    }


def tell_address(address: str, *, subject: str, body: str, link: str, at: datetime) -> None:
    """The same for somebody who has no account yet. What lets the reader in stands in the link as a mark:

    the token itself is made when the mail is, so that no row ever holds it.
    """
    Notification.objects.create(address=address, subject=subject[:200], body=body, link=link, created_at=at)
    hint("notifications.send_waiting")


def message(notification: Notification) -> EmailMessage:
    """A line of `mail_body` that is a path of this site becomes an address. Of `body`, which may hold words of people,

    none does: nobody gets a token by writing its mark.
    """
    link = notification.mail_link or notification.link
    lines = [
        _address(line) if _PATH.fullmatch(line) else line for line in notification.mail_body.splitlines()
    ]
    lines = lines or [notification.body]
    if link:
        lines += ["", _address(link)]
    return EmailMessage(
        subject=" ".join(notification.subject.split()), body="\n".join(lines), to=[notification.address]
    )


def _address(path: str) -> str:
    return str(settings.SITE_ADDRESS).rstrip("/") + invitations.fill_in(path)


def send_waiting(*, at: datetime) -> int:
    """Send what waits, each in its own transaction, so that one bad address holds up nobody."""
    sent, last = 0, 0
    while batch := _waiting(at, after=last):
        sent += sum(send_one(pk, at=at) for pk in batch)
        last = batch[-1]
    return sent


def _waiting(at: datetime, *, after: int) -> list[int]:
    """The next ones; what another worker has in hand is passed by once and not asked for again."""
    due = Notification.objects.due(at).filter(pk__gt=after)
    return list(due.order_by("pk").values_list("pk", flat=True)[:_BATCH])


@transaction.atomic
def send_one(pk: int, *, at: datetime) -> bool:
    """Send one, unless another worker has it in hand or has sent it."""
    row = Notification.objects.select_for_update(skip_locked=True).due(at).filter(pk=pk).first()
    if row is None:
        return False
    row.attempts += 1
    try:
        message(row).send()
        row.mailed_at = at
    except (OSError, ValueError) as reason:  # of SMTP and of the network; of an address that cannot be one
        log.warning("mail_not_sent", notification=row.pk, attempts=row.attempts, reason=str(reason))
    row.save(update_fields=["attempts", "mailed_at"])
    return row.mailed_at is not None
