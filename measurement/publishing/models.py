"""Ways to a release without signing in: a link to one of them, and the page for everybody."""

from datetime import datetime
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from initiatives.charter.models import Initiative, TenantRow
from measurement.releases.models import Release


class ShareLinkQuerySet(models.QuerySet["ShareLink"]):
    def of(self, release: Release) -> Self:
        return self.filter(initiative=release.initiative_id, release=release)


class ShareLink(TenantRow):
    """Opens one release, and nothing else. The token itself is kept nowhere: `digest` is its hash, as `passcode` is."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    release = models.ForeignKey(Release, models.PROTECT, related_name="+", db_constraint=False)
    name = models.CharField(_("for whom"), max_length=120)
    digest = models.CharField(max_length=64, unique=True)
    passcode = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        ordering = ("-made_at", "-pk")

    def __str__(self) -> str:
        return self.name

    def works(self, at: datetime) -> bool:
        return self.revoked_at is None and at < self.expires_at


class LinkUse(TenantRow):
    """One page read by a link. Who read it is not known, and nothing about them is kept."""

    link = models.ForeignKey(ShareLink, models.CASCADE, related_name="uses", db_constraint=False)
    at = models.DateTimeField()
    page = models.CharField(max_length=200)

    class Meta:
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=["link", "at"]),)

    def __str__(self) -> str:
        return self.page


class PublicPage(TenantRow):
    """Whether everybody may read what is released to the public, and which websites may show it in a frame."""

    is_open = models.BooleanField(_("There is a public page"), default=False)
    frames = models.JSONField(default=list)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["initiative"], name="public_page_once"),)

    def __str__(self) -> str:
        return str(self.is_open)


def public_page_of(initiative: Initiative) -> PublicPage:
    """Closed where nobody has decided."""
    found = PublicPage.objects.filter(initiative=initiative).first()
    return found or PublicPage(initiative=initiative)
