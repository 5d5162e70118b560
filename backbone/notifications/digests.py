"""What people want to read together: a mail a day or a week, about what they have not read in the bell meanwhile."""

from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import ngettext

from backbone.celery import hint
from backbone.notifications.models import MailPreference, Notification

# A little less than a day and a week, so that the hour does not wander.
_EVERY: Final = {
    MailPreference.Rhythm.DAILY: timedelta(hours=23, minutes=30),
    MailPreference.Rhythm.WEEKLY: timedelta(days=6, hours=23, minutes=30),
}
_MOST: Final = 50  # of one mail; the rest is in the bell


def send_digests(*, at: datetime) -> int:
    """Put together what waits, for everybody whose time has come; return how many mails."""
    turn = Q()
    for rhythm, every in _EVERY.items():
        turn |= Q(rhythm=rhythm) & (Q(digested_at=None) | Q(digested_at__lte=at - every))
    waiting = Notification.objects.filter(
        person=OuterRef("person"), delivery=Notification.Delivery.DIGEST, mailed_at=None
    )
    due = MailPreference.objects.filter(turn, Exists(waiting), person__is_active=True)
    return sum(_digest(pk, at=at) for pk in due.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _digest(preference: int, *, at: datetime) -> bool:
    """One person's, unless another worker has it in hand or has put it together."""
    row = MailPreference.objects.select_for_update(skip_locked=True).filter(pk=preference).first()
    every = _EVERY.get(MailPreference.Rhythm(row.rhythm)) if row else None
    if row is None or every is None or (row.digested_at and row.digested_at > at - every):
        return False
    waiting = Notification.objects.filter(
        person=row.person_id, delivery=Notification.Delivery.DIGEST, mailed_at=None
    ).order_by("created_at", "pk")
    unread = [each for each in waiting if each.read_at is None]
    waiting.update(mailed_at=at)
    row.digested_at = at
    row.save(update_fields=["digested_at"])
    if not unread:
        return False
    subject = ngettext("%(count)d notice for you", "%(count)d notices for you", len(unread))
    Notification.objects.create(
        person=row.person,
        address=row.person.email,
        subject=subject % {"count": len(unread)},
        body="\n\n".join(_lines(each) for each in unread[:_MOST]),
        link="/notices/",
        in_bell=False,
        created_at=at,
    )
    hint("notifications.send_waiting")
    return True


def _lines(notice: Notification) -> str:
    lines = [" ".join(notice.subject.split())]
    if notice.link:
        lines.append(settings.SITE_ADDRESS.rstrip("/") + notice.link)
    return "\n".join(lines)
