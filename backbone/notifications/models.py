from datetime import datetime, timedelta
from typing import ClassVar, Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from backbone.accounts.models import User


class NotificationQuerySet(models.QuerySet["Notification"]):
    def due(self, at: datetime) -> Self:
        """What has not been sent by mail, has not failed too often, and whose next try has come."""
        turn = models.Q()
        for attempts, after in enumerate(Notification.TRIES_AFTER):
            turn |= models.Q(attempts=attempts, created_at__lte=at - after)
        return self.filter(turn, mailed_at=None, delivery=Notification.Delivery.NOW)

    def in_bell_of(self, person: User) -> Self:
        return self.filter(person=person, in_bell=True)


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

    class Delivery(models.TextChoices):
        NOW = "now", _("at once")
        DIGEST = "digest", _("with others")
        NEVER = "never", _("not by mail")

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    tenant_id = models.BigIntegerField(null=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="notifications"
    )
    address = models.EmailField()
    subject = models.CharField(max_length=200)
    body = models.TextField()
    link = models.CharField(max_length=500, blank=True)
    # What the mail says and leads to, where that is not what the page shows: a link that lets its reader in, say.
    mail_body = models.TextField(blank=True, default="", db_default="")
    mail_link = models.CharField(max_length=500, blank=True, default="", db_default="")
    delivery = models.CharField(max_length=6, choices=Delivery, default=Delivery.NOW, db_default=Delivery.NOW)
    in_bell = models.BooleanField(default=True, db_default=True)
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
            models.Index(
                fields=["person"],
                condition=models.Q(read_at=None, in_bell=True),
                name="notification_unread",
            ),
        )

    def __str__(self) -> str:
        return self.subject


class MailPreference(models.Model):
    """How often a person wants mail about what is not a due reminder; at once where there is no row."""

    class Rhythm(models.TextChoices):
        NOW = "now", _("At once, a mail for each")
        DAILY = "daily", _("Together, once a day")
        WEEKLY = "weekly", _("Together, once a week")
        NEVER = "never", _("Never: I look at the bell")

    person = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="mail_preference")
    rhythm = models.CharField(_("rhythm"), max_length=6, choices=Rhythm, default=Rhythm.NOW)
    digested_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.person}: {self.get_rhythm_display()}"
