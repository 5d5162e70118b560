from datetime import datetime
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from initiatives.charter.models import SIDE_CHOICES, TenantRow
from initiatives.partners.models import Organization
from measurement.api.scopes import Scope

SCOPE_NAMES = {
    Scope.READ: _("Read"),
    Scope.REPORT: _("Read and report"),
    Scope.REVIEW: _("Read and review"),
}


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def of(self, organization: Organization, side: str) -> Self:
        return self.filter(organization=organization, side=side)


class ApiKey(models.Model):
    """With it a program acts for an organization, wherever that takes part in the same way.

    Only a digest of the key is kept: who reads the database cannot use it. `account` is what steps are taken by:
    nobody can sign in with it.
    """

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="api_keys")
    side = models.CharField(max_length=10, choices=SIDE_CHOICES)
    scope = models.CharField(
        _("what it may do"),
        max_length=10,
        choices=[(scope.value, name) for scope, name in SCOPE_NAMES.items()],
    )
    name = models.CharField(_("name"), max_length=100)
    prefix = models.CharField(max_length=16, unique=True)
    digest = models.CharField(max_length=64)
    account = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="api_key")
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    expires_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    used_at = models.DateTimeField(null=True)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["organization", "side", "name"],
                condition=models.Q(revoked_at=None),
                name="api_key_name_once_while_it_works",
            ),
            models.CheckConstraint(
                condition=models.Q(revoked_at=None, revoked_by=None)
                | models.Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="api_key_revoked_at_with_by",
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"

    def works(self, at: datetime) -> bool:
        return self.revoked_at is None and (self.expires_at is None or at < self.expires_at)


class KeptAnswer(TenantRow):
    """What was answered to a change that came with an `Idempotency-Key`, to be answered again."""

    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    key_digest = models.CharField(max_length=64)
    request_digest = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    content_type = models.CharField(max_length=60)
    headers = models.JSONField(default=dict)
    body = models.TextField()
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["initiative", "by", "key_digest"], name="kept_answer_once"),
        )

    def __str__(self) -> str:
        return f"{self.status} {self.at:%Y-%m-%d %H:%M}"
