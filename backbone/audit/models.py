import pgtrigger
from django.conf import settings
from django.db import models


class Event(models.Model):
    """One thing that happened. The tenant is a bare number: this room knows nothing of what it stands for."""

    tenant_id = models.BigIntegerField(null=True)
    verb = models.CharField(max_length=80)
    about_type = models.CharField(max_length=80)
    about_id = models.CharField(max_length=64)
    about_name = models.CharField(max_length=300)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    details = models.JSONField(default=dict)

    class Meta:
        indexes = (
            models.Index(fields=["tenant_id", "-at"], name="event_of_tenant"),
            models.Index(fields=["about_type", "about_id"], name="event_about"),
        )
        triggers = (pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.verb} {self.about_name}"


class Seal(models.Model):
    """A link of the chain: the hash of an event and of the seal before."""

    position = models.BigIntegerField(primary_key=True)
    event = models.OneToOneField(Event, models.PROTECT, related_name="seal")
    hash = models.CharField(max_length=64)

    class Meta:
        triggers = (pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.position}: {self.hash[:12]}"
