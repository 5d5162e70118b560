"""What partners can give or lend each other, what they need, and what all of them raise together."""

from typing import Self
from uuid import uuid4

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from initiatives.actions.models import Commitment
from initiatives.charter.models import Initiative, TenantRow
from initiatives.partners.models import Organization


class Side(models.TextChoices):
    OFFER = "offer", _("Offer")
    REQUEST = "request", _("Request")


class Kind(models.TextChoices):
    SPACE = "space", _("Space")
    STAFF = "staff", _("Staff time")
    DATA = "data", _("Data")
    SKILLS = "skills", _("Skills")
    GOODS = "goods", _("Goods")
    MONEY = "money", _("Money")


class Mode(models.TextChoices):
    GIVE = "give", _("To keep")
    LEND = "lend", _("To borrow")


class PostedQuerySet(models.QuerySet["Listing"]):
    def in_initiative(self, initiative: Initiative) -> Self:
        return self.filter(initiative=initiative)


class Listing(TenantRow):
    """One offer or request of one organization. It is closed, never deleted: what was agreed on it stays readable."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    side = models.CharField(_("which"), max_length=10, choices=Side)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    mode = models.CharField(_("to keep or to borrow"), max_length=5, choices=Mode, default=Mode.GIVE)
    until = models.DateField(_("until"), null=True, blank=True)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="listings")
    name = models.CharField(_("in a few words"), max_length=200)
    description = models.TextField(_("more about it"), blank=True)
    tags = ArrayField(models.CharField(max_length=40), default=list, blank=True)
    posted_at = models.DateTimeField()
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    objects = PostedQuerySet.as_manager()

    class Meta:
        ordering = ("-posted_at", "-pk")
        verbose_name = _("offer or request")
        verbose_name_plural = _("offers and requests")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(mode="give", until=None) | models.Q(mode="lend", until__isnull=False),
                name="listing_lent_until",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("initiatives:exchange:listing", args=[self.initiative.slug, self.public_id])

    @property
    def is_open(self) -> bool:
        return self.closed_at is None


class Deal(TenantRow):
    """Another organization's answer to an offer or a request. When both agree, whoever gives is committed."""

    class State(models.TextChoices):
        ASKED = "asked", _("Waiting for an answer")
        AGREED = "agreed", _("Agreed")
        DECLINED = "declined", _("Declined")

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    listing = models.ForeignKey(Listing, models.PROTECT, related_name="deals", db_constraint=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="deals")
    words = models.TextField(_("in your own words"), blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    commitment = models.ForeignKey(
        Commitment, models.PROTECT, null=True, blank=True, related_name="deals", db_constraint=False
    )
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("asked_at", "pk")
        verbose_name = _("exchange")
        verbose_name_plural = _("exchanges")
        constraints = (
            models.UniqueConstraint(
                fields=["listing", "organization"],
                condition=models.Q(state="asked"),
                name="deal_asked_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state="agreed", commitment__isnull=False)
                | (~models.Q(state="agreed") & models.Q(commitment=None)),
                name="deal_agreed_commits",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organization}: {self.listing}"


class Appeal(TenantRow):
    """Something that many give a part of, until a day: 200 books, 5,000 dollars, 40 hours."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="appeals")
    name = models.CharField(_("in a few words"), max_length=200)
    description = models.TextField(_("what it is for"), blank=True)
    goal = models.DecimalField(_("how much"), max_digits=14, decimal_places=2)
    unit = models.CharField(_("of what"), max_length=40)
    due_on = models.DateField(_("until"))
    posted_at = models.DateTimeField()
    posted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("due_on", "pk")
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = (models.CheckConstraint(condition=models.Q(goal__gt=0), name="appeal_has_a_goal"),)

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("initiatives:exchange:appeal", args=[self.initiative.slug, self.public_id])


class Pledge(TenantRow):
    """What one organization promises to an appeal; kept, or taken back, which leaves it readable."""

    class State(models.TextChoices):
        MADE = "made", _("Pledged")
        KEPT = "kept", _("Kept")
        WITHDRAWN = "withdrawn", _("Taken back")

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    appeal = models.ForeignKey(Appeal, models.PROTECT, related_name="pledges", db_constraint=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="pledges")
    amount = models.DecimalField(_("how much"), max_digits=14, decimal_places=2)
    words = models.TextField(_("in your own words"), blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.MADE)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("made_at", "pk")
        verbose_name = _("pledge")
        verbose_name_plural = _("pledges")
        constraints = (
            models.CheckConstraint(condition=models.Q(amount__gt=0), name="pledge_is_something"),
            models.CheckConstraint(
                condition=models.Q(state="made", settled_at=None)
                | (~models.Q(state="made") & models.Q(settled_at__isnull=False)),
                name="pledge_settled_at",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organization}: {self.amount}"
