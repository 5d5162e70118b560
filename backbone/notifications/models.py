from datetime import datetime, timedelta
from typing import ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.db import models


class NotificationQuerySet(models.QuerySet["Notification"]):
    def due(self, at: datetime) -> Self:
        """What has not been sent by mail, has not failed too often, and whose next try has come."""
        turn = models.Q()
        for attempts, after in enumerate(Notification.TRIES_AFTER):
            turn |= models.Q(attempts=attempts, created_at__lte=at - after)
        return self.filter(turn, mailed_at=None)


class Notification(models.Model):
    """Something that one person should know: shown in the page, and sent by mail.

    The row is the truth, written in the transaction of what it tells of; the mail follows from it. To
    somebody who has no account yet it goes by address alone.
    """

    # Long enough to outlast a mail server that is down for a day.
    TRIES_AFTER: ClassVar[tuple[timedelta, ...]] = (
        timedelta(),
        timedelta(minutes=2),
        timedelta(minutes=20),
        timedelta(hours=3),
        timedelta(days=1),
    )

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    tenant_id = models.BigIntegerField(null=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="notifications"
    )
    address = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    link = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    mailed_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    read_at = models.DateTimeField(null=True)

    objects = NotificationQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        indexes = (
            models.Index(
                fields=["created_at"],
                condition=models.Q(mailed_at=None),
                name="notification_waiting",
            ),
            models.Index(fields=["person", "-created_at"], name="notification_of_person"),
        )

    def __str__(self) -> str:
        return self.subject
