"""What a person has not read yet, and how often they want mail."""

from datetime import datetime
from functools import cache
from typing import Any

from django.db import transaction
from django.db.models import Count, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest

from backbone.accounts.models import User
from backbone.notifications.models import MailPreference, Notification

_KNOWN = "unread_notices"


def unread_of(person: User) -> Coalesce:
    """How many notices a person has not read, to be asked along with something else."""
    rows = Notification.objects.in_bell_of(person).filter(read_at=None).order_by()
    return Coalesce(Subquery(rows.values("person").annotate(count=Count("pk")).values("count")), 0)


def remember(request: HttpRequest, count: int) -> None:
    setattr(request, _KNOWN, count)


def unread(request: HttpRequest) -> dict[str, Any]:
    """Context processor: how many are unread, asked only where a page shows it and nobody has asked yet."""
    user = getattr(request, "user", None)

    @cache
    def count() -> int:
        if user is None or not user.is_authenticated:
            return 0
        if not hasattr(request, _KNOWN):
            remember(request, Notification.objects.in_bell_of(user).filter(read_at=None).count())
        return int(getattr(request, _KNOWN))

    return {"unread_notices": count}


def mark_read(notices: QuerySet[Notification], *, at: datetime) -> None:
    """What is read stays so: the first time counts."""
    notices.filter(read_at=None).update(read_at=at)


def rhythm_of(person: User) -> str:
    found = MailPreference.objects.filter(person=person).values_list("rhythm", flat=True).first()
    return found or MailPreference.Rhythm.NOW


@transaction.atomic
def prefer(*, person: User, rhythm: MailPreference.Rhythm) -> None:
    """From now on. What has waited for a digest that no longer comes is left in the bell."""
    MailPreference.objects.update_or_create(person=person, defaults={"rhythm": rhythm})
    if rhythm in {MailPreference.Rhythm.NOW, MailPreference.Rhythm.NEVER}:
        Notification.objects.filter(
            person=person, delivery=Notification.Delivery.DIGEST, mailed_at=None
        ).update(delivery=Notification.Delivery.NEVER)
