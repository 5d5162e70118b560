from datetime import datetime
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models

from initiatives.charter.models import TenantRow
from initiatives.partners.models import Organization


class VisitLinkQuerySet(models.QuerySet["VisitLink"]):
    def working(self, at: datetime) -> Self:
        return self.filter(revoked_at=None, expires_at__gt=at, person__is_active=True)


class VisitLink(TenantRow):
    """A mailed link that lets one person do one thing for one organization, without a password.

    `about` is the public id of what was asked for; `opens` is what stands in the addresses that it opens, known from
    its first use on. Only a digest of its token is kept: who reads the database cannot use it.
    """

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="visit_links")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="visit_links")
    about = models.UUIDField(db_index=True)
    opens = models.UUIDField(null=True)
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    # None where a reminder brought it.
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = VisitLinkQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(revoked_at=None, revoked_by=None)
                | models.Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="visit_link_revoked_at_with_by",
            ),
        )
        indexes = (models.Index(fields=["initiative", "-made_at"], name="visit_link_newest"),)

    def __str__(self) -> str:
        return f"{self.person}, {self.organization}"

    def works(self, at: datetime) -> bool:
        return self.revoked_at is None and at < self.expires_at
