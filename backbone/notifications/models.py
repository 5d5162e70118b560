from datetime import datetime
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models


class NotificationQuerySet(models.QuerySet["Notification"]):
    def waiting(self) -> Self:
        """What has not been sent by mail and has not failed too often."""
        return self.filter(mailed_at=None, attempts__lt=Notification.MAX_ATTEMPTS)

    def unread(self) -> Self:
        return self.filter(read_at=None)


class Notification(models.Model):
    """Something that one person should know: shown in the page, and sent by mail.

    The row is the truth, written in the transaction of what it tells of; the mail follows from it. To
    somebody who has no account yet it goes by address alone.
    """

    MAX_ATTEMPTS = 5

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

    def mark_read(self, *, at: datetime) -> None:
        self.read_at = at
        self.save(update_fields=["read_at"])
