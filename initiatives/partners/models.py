from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from backbone.access.permissions import Role
from backbone.accounts.models import Invitation, User


class Sector(models.TextChoices):
    SCHOOL = "school", _("School or school district")
    CHARITY = "charity", _("Charity")
    GOVERNMENT = "government", _("City hall or other public body")
    COMPANY = "company", _("Company")
    FOUNDATION = "foundation", _("Foundation")
    UNIVERSITY = "university", _("University or college")
    OTHER = "other", _("Other")


ROLE_NAMES = {
    Role.BACKBONE_DIRECTOR: _("Director"),
    Role.DATA_MANAGER: _("Data manager"),
    Role.FACILITATOR: _("Facilitator"),
    Role.PARTNER_MANAGER: _("Manager of the partner's people"),
    Role.APPROVER: _("Approver"),
    Role.REPORTER: _("Reporter"),
    Role.VIEWER: _("Reader"),
    Role.FUNDER_VIEWER: _("Funder's reader"),
    Role.STEERING_MEMBER: _("Steering committee member"),
}
ROLE_CHOICES = [(role.value, name) for role, name in ROLE_NAMES.items()]


class Organization(models.Model):
    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    sector = models.CharField(_("sector"), max_length=20, choices=Sector, default=Sector.OTHER)
    website = models.URLField(_("website"), blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> Self:
        return self.filter(ended_at=None)

    def of_person(self, person: User) -> Self:
        return self.filter(person=person)


class Membership(models.Model):
    """A person's role in an organization. It ends; it is not deleted."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="memberships")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="memberships")
    role = models.CharField(_("role"), max_length=20, choices=ROLE_CHOICES)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["person", "organization", "role"],
                condition=models.Q(ended_at=None),
                name="membership_once_while_current",
            ),
        )

    def __str__(self) -> str:
        return f"{self.person}, {self.organization}"


class MembershipInvitation(models.Model):
    """What an invitation is to: a role in an organization."""

    invitation = models.OneToOneField(Invitation, models.PROTECT, related_name="membership")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="invitations")
    role = models.CharField(_("role"), max_length=20, choices=ROLE_CHOICES)

    def __str__(self) -> str:
        return f"{self.invitation}, {self.organization}"
