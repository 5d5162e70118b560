from datetime import date, datetime
from typing import Self
from uuid import uuid4
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backbone.access.permissions import Side
from initiatives.partners.models import Organization

SIDE_NAMES = {Side.BACKBONE: _("Backbone"), Side.PARTNER: _("Partner"), Side.FUNDER: _("Funder")}
SIDE_CHOICES = [(side.value, name) for side, name in SIDE_NAMES.items()]


MAY_START = "initiatives.add_initiative"  # the right that the site administration gives


def known_time_zone(name: str) -> None:
    if name not in available_timezones():
        raise ValidationError(
            _("“%(name)s” is not a time zone we know. An example: America/Detroit."),
            params={"name": name},
        )


class Initiative(models.Model):
    """One collective-impact effort: the tenant."""

    slug = models.SlugField(_("address"), max_length=60, unique=True)
    name = models.CharField(_("name"), max_length=200)
    summary = models.TextField(_("what it is for"), blank=True)
    source_note = models.TextField(_("where its figures come from"), blank=True)
    licence = models.CharField(_("licence of what is published"), max_length=120, blank=True, db_default="")
    time_zone = models.CharField(_("time zone"), max_length=60, default="UTC", validators=[known_time_zone])
    currency = models.CharField(_("currency"), max_length=3, default="USD")
    final_at_completeness = models.DecimalField(
        _("share of partners from which a figure counts as complete"),
        max_digits=3,
        decimal_places=2,
        default="0.80",
    )
    release_k = models.PositiveSmallIntegerField(
        _("smallest published count of people"), default=10, db_default=10
    )
    release_fewest = models.PositiveSmallIntegerField(
        _("fewest partners behind a published figure"), default=3, db_default=3
    )
    created_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(release_k__gte=5, release_fewest__gte=3),
                name="initiative_publishes_with_care",
            ),
            models.CheckConstraint(
                condition=models.Q(final_at_completeness__gt=0, final_at_completeness__lte=1),
                name="initiative_completeness_is_a_share",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("initiatives:charter:landing", args=[self.slug])

    @property
    def tenant_id(self) -> int:
        return self.pk

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def today(self, at: datetime) -> date:
        """The date there."""
        return at.astimezone(self.zone).date()


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def in_initiative(self, initiative: Initiative) -> Self:
        return self.filter(initiative=initiative)

    def current(self, on: date) -> Self:
        return self.filter(models.Q(left_on=None) | models.Q(left_on__gt=on))

    def partners(self) -> Self:
        return self.filter(side=Side.PARTNER)


class Participation(models.Model):
    """An organization's part in an initiative. `left_on` is the first day on which it is gone."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="participations")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="participations")
    side = models.CharField(_("takes part as"), max_length=10, choices=SIDE_CHOICES)
    code = models.CharField(_("code"), max_length=60)
    joined_on = models.DateField(_("joined on"))
    left_on = models.DateField(_("left on"), null=True, blank=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        ordering = ("organization__name", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["initiative", "organization", "side"], name="participation_once_a_side"
            ),
            models.UniqueConstraint(fields=["initiative", "code", "side"], name="participation_code_once"),
            models.CheckConstraint(
                condition=models.Q(left_on=None) | models.Q(left_on__gt=models.F("joined_on")),
                name="participation_leaves_after_joining",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organization} ({self.get_side_display()})"

    def is_current(self, at: datetime) -> bool:
        """Whether it has not left by the date of that moment in the initiative's own time zone."""
        return self.left_on is None or self.left_on > self.initiative.today(at)

    @property
    def tenant_id(self) -> int:
        return self.initiative_id


class TenantRow(models.Model):
    """A row that belongs to one initiative.

    Foreign keys between such rows are composite in the database (see the migrations), so that a row
    cannot point into another initiative.
    """

    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="+")

    class Meta:
        abstract = True

    @property
    def tenant_id(self) -> int:
        return self.initiative_id


class PartnerGroup(TenantRow):
    """Partners that share a tag or a place: a rung of the roll-up."""

    class GroupKind(models.TextChoices):
        PLACE = "place", _("Place")
        TAG = "tag", _("Tag")

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    code = models.CharField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    kind = models.CharField(_("kind"), max_length=10, choices=GroupKind, default=GroupKind.TAG)
    organizations = models.ManyToManyField(Organization, through="GroupMember", related_name="+")

    class Meta:
        ordering = ("name", "pk")
        constraints = (models.UniqueConstraint(fields=["initiative", "code"], name="group_code_once"),)

    def __str__(self) -> str:
        return self.name


class GroupMemberQuerySet(models.QuerySet["GroupMember"]):
    def standing(self) -> Self:
        """What counts now of what was ever said."""
        return self.filter(superseded_at=None)

    def on(self, day: date | models.F | models.OuterRef) -> Self:
        """Who was in a group on that day, as known now."""
        begun = models.Q(joined_on=None) | models.Q(joined_on__lte=day)
        return self.standing().filter(begun, models.Q(left_on=None) | models.Q(left_on__gt=day))


class GroupMember(TenantRow):
    """That a partner is in a group, from a day on: None for all along. `left_on` is the first day on which it is gone.

    A figure counts in the groups that its partner was in on the last day of the figure's period. What is said is never
    changed but superseded, so that figures can be read as they were: `recorded_at` None for known all along.
    """

    group = models.ForeignKey(PartnerGroup, models.CASCADE, related_name="members", db_constraint=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="group_memberships")
    joined_on = models.DateField(_("in it since"), null=True, blank=True)
    left_on = models.DateField(_("first day without it"), null=True, blank=True)
    recorded_at = models.DateTimeField(null=True)
    superseded_at = models.DateTimeField(null=True)

    objects = GroupMemberQuerySet.as_manager()

    # The database refuses two that overlap (see the migrations): its figures would count twice.
    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(joined_on=None)
                | models.Q(left_on=None)
                | models.Q(left_on__gt=models.F("joined_on")),
                name="group_member_leaves_after_joining",
            ),
        )
        indexes = (models.Index(fields=["organization", "group"], name="group_member_of"),)

    def __str__(self) -> str:
        return f"{self.organization} in {self.group}"


def in_group(
    group: PartnerGroup, *, day: str = "period__end", organization: str = "organization"
) -> models.Exists:
    """A condition on rows: their organization was in the group on their day."""
    members = GroupMember.objects.on(models.OuterRef(day))
    return models.Exists(members.filter(group=group, organization=models.OuterRef(organization)))


def was_member(member: str, day: str) -> str:
    """The same in SQL: a condition on a row of memberships."""
    return (
        f"{member}.superseded_at IS NULL AND ({member}.joined_on IS NULL OR {member}.joined_on <= {day})"
        f" AND ({member}.left_on IS NULL OR {member}.left_on > {day})"
    )


class Change(TenantRow):
    """Something here that moves figures there: the roll-up claims these rows as it claims dirty keys."""

    class What(models.TextChoices):
        JOINED = "joined", _("joined")
        LEFT = "left", _("left")
        REGROUPED = "regrouped", _("changed group")
        TIME_ZONE = "time_zone", _("has another time zone")

    # None where it is about the initiative itself.
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=10, choices=What)
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.organization or self.initiative} {self.get_what_display()}"
