"""Telling people: a row first, the mail after commit, a sweeper for what got lost between."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction

from backbone.accounts.models import User
from backbone.celery import hint
from backbone.notifications.models import Notification

_BATCH = 100


def tell(
    people: Iterable[User],
    *,
    subject: str,
    body: str,
    link: str = "",
    at: datetime,
    tenant_id: int | None = None,
) -> None:
    """Let each of them know, once the surrounding transaction is through. `link` is a path of this site."""
    Notification.objects.bulk_create(
        Notification(
            person=person,
            address=person.email,
            subject=subject[:200],
            body=body,
            link=link,
            created_at=at,
            tenant_id=tenant_id,
        )
        for person in people
    )
    hint("notifications.send_waiting")


def tell_address(address: str, *, subject: str, body: str, link: str, at: datetime) -> None:
    """The same for somebody who has no account yet."""
    Notification.objects.create(address=address, subject=subject[:200], body=body, link=link, created_at=at)
    hint("notifications.send_waiting")


def message(notification: Notification) -> EmailMessage:
    lines = [notification.body]
    if notification.link:
        lines += ["", settings.SITE_ADDRESS.rstrip("/") + notification.link]
    return EmailMessage(
        subject=" ".join(notification.subject.split()), body="\n".join(lines), to=[notification.address]
    )


def send_waiting(*, at: datetime) -> int:
    """Send what waits, each in its own transaction, so that one bad address holds up nobody."""
    sent = 0
    for pk in list(Notification.objects.waiting().order_by("pk").values_list("pk", flat=True)[:_BATCH]):
        sent += send_one(pk, at=at)
    return sent


@transaction.atomic
def send_one(pk: int, *, at: datetime) -> bool:
    """Send one, unless another worker has it in hand or has sent it."""
    row = Notification.objects.select_for_update(skip_locked=True).waiting().filter(pk=pk).first()
    if row is None:
        return False
    row.attempts += 1
    try:
        message(row).send()
        row.mailed_at = at
    except OSError:  # every failure of SMTP and of the network is one
        pass
    row.save(update_fields=["attempts", "mailed_at"])
    return row.mailed_at is not None
