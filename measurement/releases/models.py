"""What was published, kept as it was.

A release is a draft until a worker has built it; then it can be looked at and published. From then on neither it nor
its cells can be changed: the database refuses. It can only be withdrawn, or followed by the next one for the same
readers.
"""

from typing import Self
from uuid import uuid4

import pgtrigger
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backbone.web.exact import ExactField
from initiatives.charter.models import Initiative, PartnerGroup, TenantRow
from initiatives.jobs.models import JobRun
from measurement.calendars.models import ReportingPeriod
from measurement.indicators.models import Category, Indicator


class Audience(models.TextChoices):
    PUBLIC = "public", _("Everybody")
    FUNDER = "funder", _("Funders")
    PARTNERS = "partners", _("Partners")


class ReleaseQuerySet(models.QuerySet["Release"]):
    def in_initiative(self, initiative: Initiative) -> Self:
        return self.filter(initiative=initiative)

    def readable(self) -> Self:
        """Those that their readers may open now: published, or followed by a newer one."""
        return self.filter(state__in=[Release.State.PUBLISHED, Release.State.SUPERSEDED])

    def told(self) -> Self:
        """Everything that somebody outside may have read, also what was withdrawn since."""
        return self.exclude(published_at=None)


class Release(TenantRow):
    """`asked`: what staff chose, by keys. `measures`, `periods`: definitions as they were; `rules`: the thresholds.
    `outcome`: what was left and hidden of each measure. `basis`: the numbers of the releases it was judged with."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Not built yet")
        BUILDING = "building", _("Being built")
        READY = "ready", _("Ready to publish")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        SUPERSEDED = "superseded", _("Followed by a newer one")

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    number = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=200)
    audience = models.CharField(_("for"), max_length=8, choices=Audience)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    asked = models.JSONField(default=dict)
    as_of = models.DateTimeField(null=True)
    measures = models.JSONField(default=list)
    periods = models.JSONField(default=list)
    rules = models.JSONField(default=dict)
    outcome = models.JSONField(default=dict)
    basis = models.JSONField(default=list)
    hash = models.CharField(max_length=64, blank=True)
    audited_hash = models.CharField(max_length=64, blank=True)
    run = models.ForeignKey(JobRun, models.PROTECT, null=True, related_name="+", db_constraint=False)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    published_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_because = models.TextField(blank=True)
    superseded_at = models.DateTimeField(null=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=["initiative", "number"], name="release_number_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["draft", "building", "ready"])
                | models.Q(hash=models.F("audited_hash"), published_at__isnull=False) & ~models.Q(hash=""),
                name="release_published_as_audited",
            ),
            models.UniqueConstraint(
                fields=["initiative", "audience"],
                condition=models.Q(state="published"),
                name="release_one_at_a_time",
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="published_stays",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Q(old__published_at__isnull=False),
            ),
            pgtrigger.Protect(
                name="published_as_it_was",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__published_at__isnull=False)
                & (
                    pgtrigger.Q(old__hash__df=pgtrigger.F("new__hash"))
                    | pgtrigger.Q(old__audited_hash__df=pgtrigger.F("new__audited_hash"))
                    | pgtrigger.Q(old__measures__df=pgtrigger.F("new__measures"))
                    | pgtrigger.Q(old__as_of__df=pgtrigger.F("new__as_of"))
                    | pgtrigger.Q(old__published_at__df=pgtrigger.F("new__published_at"))
                ),
            ),
        )

    def __str__(self) -> str:
        return f"{self.title} ({self.number})"

    def get_absolute_url(self) -> str:
        return reverse("measurement:releases:release", args=[self.initiative.slug, self.number])


def _kept_once_published(name: str, operation: pgtrigger.Operation, row: str) -> pgtrigger.Trigger:
    return pgtrigger.Trigger(
        name=name,
        operation=operation,
        when=pgtrigger.Before,
        func=(
            f"IF EXISTS (SELECT FROM measurement_release r WHERE r.id = {row}.release_id"
            " AND r.published_at IS NOT NULL)"
            " THEN RAISE EXCEPTION 'what was published stays as it was'; END IF;"
            f" RETURN {row};"
        ),
    )


class ReleasedRow(TenantRow):
    """What a figure is about."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="%(class)ss", db_constraint=False)
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", db_constraint=False)
    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="+", db_constraint=False)
    group = models.ForeignKey(PartnerGroup, models.PROTECT, null=True, related_name="+", db_constraint=False)
    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="+", db_constraint=False)

    class Meta:
        abstract = True


class ReleaseCell(ReleasedRow):
    """One figure of a release. A hidden one holds no number at all: neither its own, nor one that it is made of.

    `together`: the categories that are put together with `category`, by their keys. `value` is in the unit of the
    measure, unrounded; `low` and `high` are its range, or the interval of a percentage.
    """

    class State(models.TextChoices):
        SHOWN = "shown", _("shown")
        HIDDEN = "hidden", _("not shown, to protect people")
        NO_DATA = "no_data", _("no data")

    state = models.CharField(max_length=8, choices=State)
    together = models.JSONField(default=list)
    place_label = models.CharField(max_length=200, blank=True)
    category_label = models.CharField(max_length=400, blank=True)
    breakdown_label = models.CharField(max_length=200, blank=True)
    breakdown_code = models.CharField(max_length=60, blank=True)
    value = ExactField(null=True)
    amount = ExactField(null=True)
    base = ExactField(null=True)
    low = ExactField(null=True)
    high = ExactField(null=True)
    interval_low = ExactField(null=True)
    interval_high = ExactField(null=True)
    is_small = models.BooleanField(default=False)
    standing = models.CharField(max_length=12)
    received = models.IntegerField()
    expected = models.IntegerField()
    version_number = models.PositiveSmallIntegerField()
    mixed_definitions = models.BooleanField(default=False)
    has_estimates = models.BooleanField(default=False)
    has_provisional = models.BooleanField(default=False)
    is_carried = models.BooleanField(default=False)
    latest_on = models.DateField(null=True)
    target_status = models.CharField(max_length=12, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["release", "indicator", "period", "group", "category"],
                nulls_distinct=False,
                name="release_cell_once",
            ),
            models.CheckConstraint(
                condition=models.Q(state="shown")
                | models.Q(
                    value=None,
                    amount=None,
                    base=None,
                    low=None,
                    high=None,
                    interval_low=None,
                    interval_high=None,
                ),
                name="release_cell_hidden_is_empty",
            ),
        )
        triggers = (
            _kept_once_published("cell_not_added", pgtrigger.Insert, "NEW"),
            _kept_once_published("cell_not_changed", pgtrigger.Update, "NEW"),
            _kept_once_published("cell_not_removed", pgtrigger.Delete, "OLD"),
        )

    def __str__(self) -> str:
        return f"{self.release_id}: {self.indicator_id} {self.period_id}"


class Restatement(ReleasedRow):
    """A figure that the release before for the same readers showed with another value."""

    class Why(models.TextChoices):
        CORRECTED = "corrected", _("A report was corrected.")
        LATE = "late", _("A report came in after the earlier release.")
        REGROUPED = "regrouped", _("Other partners are counted in it.")
        REDEFINED = "redefined", _("The measure was defined anew.")

    previous = models.ForeignKey(Release, models.PROTECT, related_name="+", db_constraint=False)
    old = ExactField()
    new = ExactField()
    why = models.CharField(max_length=10, choices=Why)

    class Meta:
        ordering = ("pk",)
        triggers = (
            _kept_once_published("restatement_not_added", pgtrigger.Insert, "NEW"),
            _kept_once_published("restatement_not_changed", pgtrigger.Update, "NEW"),
            _kept_once_published("restatement_not_removed", pgtrigger.Delete, "OLD"),
        )

    def __str__(self) -> str:
        return f"{self.old} → {self.new}"
