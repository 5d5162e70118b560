from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from backbone.web.exact import ExactField
from initiatives.charter.models import Initiative, TenantRow
from initiatives.partners.models import Organization
from measurement.indicators.kinds import RULES, Kind, OverTime, Rules
from measurement.indicators.units import divisor_of

KIND_NAMES = {
    Kind.FLOW: _("Count or quantity of a period"),
    Kind.STOCK: _("Level at the end of a period"),
    Kind.PEAK: _("Highest level within a period"),
    Kind.UNIQUE_PEOPLE: _("Different people, year to date"),
    Kind.RATIO: _("Share or percentage"),
    Kind.RATE: _("Rate, events by exposure"),
    Kind.MEAN: _("Average, weighted by a number of cases"),
    Kind.MEDIAN: _("Median, index or rank"),
    Kind.ORDINAL: _("Rubric with levels"),
    Kind.MILESTONE: _("Reached: yes or no"),
    Kind.MONEY: _("Money"),
    Kind.CUMULATIVE: _("Year to date"),
    Kind.TEXT: _("Words"),
    Kind.POPULATION: _("Whole population, from one source"),
    Kind.DERIVED: _("Computed from other measures"),
}
KIND_CHOICES = [(kind.value, name) for kind, name in KIND_NAMES.items()]
OVER_TIME_CHOICES = [
    (OverTime.SUM.value, _("Added up")),
    (OverTime.LAST.value, _("The last one")),
    (OverTime.AVERAGE.value, _("The average")),
    (OverTime.MAX.value, _("The highest")),
    (OverTime.NONE.value, _("Not summarised")),
]


class Level(models.TextChoices):
    POPULATION = "population", _("A whole population")
    PERFORMANCE = "performance", _("Partners' own work")


class Perspective(models.TextChoices):
    HOW_MUCH = "how_much", _("How much did we do?")
    HOW_WELL = "how_well", _("How well did we do it?")
    BETTER_OFF = "better_off", _("Is anyone better off?")


class Tier(models.TextChoices):
    CORE = "core", _("Core")
    CONTRIBUTING = "contributing", _("Contributing")


class Polarity(models.TextChoices):
    HIGHER = "higher", _("Higher is better")
    LOWER = "lower", _("Lower is better")
    MAINTAIN = "maintain", _("Should stay where it is")
    NEUTRAL = "neutral", _("Neither is better")


class IndicatorQuerySet(models.QuerySet["Indicator"]):
    def in_initiative(self, initiative: Initiative) -> Self:
        return self.filter(initiative=initiative)

    def with_versions(self) -> Self:
        return self.prefetch_related("versions")


class Indicator(TenantRow):
    """The registry entry of something measured. Its meaning lives in its versions."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    code = models.SlugField(_("code"), max_length=60)
    level = models.CharField(_("level"), max_length=12, choices=Level, default=Level.PERFORMANCE)
    perspective = models.CharField(_("perspective"), max_length=12, choices=Perspective, blank=True)
    tier = models.CharField(_("tier"), max_length=12, choices=Tier, default=Tier.CORE)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)
    release_k = models.PositiveSmallIntegerField(
        _("smallest published count of people"), null=True, blank=True
    )
    is_sensitive = models.BooleanField(_("delicate for the people counted"), default=False, db_default=False)
    is_exempt = models.BooleanField(_("needs no protection"), default=False, db_default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = IndicatorQuerySet.as_manager()

    class Meta:
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(fields=["initiative", "code"], name="indicator_code_once"),
            models.CheckConstraint(
                condition=models.Q(release_k=None) | models.Q(release_k__gte=5),
                name="indicator_publishes_with_care",
            ),
        )

    def __str__(self) -> str:
        return self.code

    @property
    def version(self) -> "IndicatorVersion":
        """The newest version. Read over prefetched versions where there are many indicators."""
        return max(self.versions.all(), key=lambda version: version.number)

    def version_on(self, day: date) -> "IndicatorVersion":
        """The version that says what a figure about a period starting on that day means."""
        versions = sorted(self.versions.all(), key=lambda version: version.number)
        valid = [version for version in versions if version.effective_from <= day]
        return valid[-1] if valid else versions[0]


class IndicatorVersion(TenantRow):
    """The meaning of an indicator from a date on: its reference sheet. Figures stay with theirs."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="versions", db_constraint=False)
    number = models.PositiveSmallIntegerField()
    effective_from = models.DateField(_("counts from"))
    name = models.CharField(_("name"), max_length=200)
    definition = models.TextField(_("definition"))
    kind = models.CharField(_("kind"), max_length=14, choices=KIND_CHOICES)
    over_time = models.CharField(_("over time"), max_length=8, choices=OVER_TIME_CHOICES)
    base_over_time = models.CharField(
        _("lower number over time"),
        max_length=8,
        choices=[OVER_TIME_CHOICES[0], OVER_TIME_CHOICES[1]],
        default=OverTime.SUM.value,
    )
    carry_periods = models.PositiveSmallIntegerField(
        _("periods for which a last known level may stand in"), default=0
    )
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    decimals = models.PositiveSmallIntegerField(_("decimals shown"), default=0)
    per = ExactField(_("shown per"), default=Decimal(1))
    multiplier = ExactField(_("handed in in multiples of"), default=Decimal(1))
    whole_numbers = models.BooleanField(_("whole numbers only"), default=False)
    allows_negative = models.BooleanField(_("may be negative"), default=False)
    is_proportion = models.BooleanField(_("the upper number is part of the lower one"), default=False)
    counts_people = models.BooleanField(_("counts people"), default=True)
    plausible_low = ExactField(_("lowest plausible value"), null=True, blank=True)
    plausible_high = ExactField(_("highest plausible value"), null=True, blank=True)
    polarity = models.CharField(_("direction"), max_length=8, choices=Polarity, default=Polarity.HIGHER)
    amount_label = models.CharField(
        _("name of the number, or of the upper number"), max_length=200, blank=True
    )
    base_label = models.CharField(_("name of the lower number"), max_length=200, blank=True)
    levels = models.TextField(_("levels, the lowest first, one a line"), blank=True)
    from_level = models.PositiveSmallIntegerField(_("counted from level"), null=True, blank=True)
    hand_in_units = models.TextField(_("other units that may be handed in"), blank=True)
    expression = models.CharField(_("computed as"), max_length=500, blank=True)
    inclusion = models.TextField(_("who and what counts"), blank=True)
    source = models.TextField(_("source"), blank=True)
    method = models.TextField(_("method"), blank=True)
    frequency = models.CharField(_("how often"), max_length=100, blank=True)
    steward = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    deputy = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("indicator_id", "number")
        constraints = (
            models.UniqueConstraint(fields=["indicator", "number"], name="version_number_once"),
            models.UniqueConstraint(
                fields=["indicator", "effective_from"], name="version_effective_from_once"
            ),
            models.CheckConstraint(
                condition=models.Q(per__gt=0, multiplier__gt=0), name="version_scales_are_positive"
            ),
        )

    def __str__(self) -> str:
        return f"{self.name} (version {self.number})"

    @property
    def rules(self) -> Rules:
        rules = RULES[Kind(self.kind)]
        if self.kind == Kind.POPULATION and self.base_label:
            return replace(rules, has_base=True)
        return rules

    @property
    def divisor(self) -> Decimal:
        """In how many parts the unit is kept: see measurement.indicators.units."""
        return Decimal(1) if self.kind == Kind.MONEY else divisor_of(self.hand_in_units)

    @property
    def scale(self) -> Decimal:
        """How many of the kept parts the number 1 is, typed as the measure asks for it."""
        scale: Decimal = self.multiplier * self.divisor
        return scale

    @property
    def level_names(self) -> list[str]:
        """Of a rubric, the lowest first."""
        return [name.strip() for name in self.levels.splitlines() if name.strip()]


class SeriesBreak(TenantRow):
    """From this day on figures are not comparable with those before."""

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="breaks", db_constraint=False)
    on = models.DateField(_("from"))
    note = models.TextField(_("what changed"))

    class Meta:
        ordering = ("on",)
        constraints = (models.UniqueConstraint(fields=["indicator", "on"], name="break_once_a_day"),)

    def __str__(self) -> str:
        return f"{self.indicator} {self.on}"


class Disaggregation(TenantRow):
    """A breakdown, and how its categories add up."""

    class AddsUp(models.TextChoices):
        PARTITION = "partition", _("Everybody is in exactly one")
        OVERLAPPING = "overlapping", _("Somebody may be in several")
        PARTIAL = "partial", _("Not everybody is in one")

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    code = models.SlugField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    adds_up = models.CharField(_("adds up"), max_length=12, choices=AddsUp, default=AddsUp.PARTITION)
    rows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )
    columns = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", db_constraint=False
    )

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=["initiative", "code"], name="disaggregation_code_once"),
            models.CheckConstraint(
                condition=models.Q(rows=None, columns=None)
                | models.Q(rows__isnull=False, columns__isnull=False) & ~models.Q(rows=models.F("columns")),
                name="cross_table_of_two_margins",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def is_cross_table(self) -> bool:
        return self.rows_id is not None


class Category(TenantRow):
    """One answer of a breakdown; of a cross-table the cell where a category of each margin meets.

    `merged_into`: what its figures count in too, of the same breakdown or of a coarser one. A category with dates is
    asked for in the periods that begin between them.
    """

    disaggregation = models.ForeignKey(
        Disaggregation, models.CASCADE, related_name="categories", db_constraint=False
    )
    code = models.SlugField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    position = models.PositiveSmallIntegerField(default=0)
    is_unknown = models.BooleanField(_("stands for those not known"), default=False)
    row = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="+", db_constraint=False
    )
    column = models.ForeignKey(
        "self", models.CASCADE, null=True, blank=True, related_name="+", db_constraint=False
    )
    merged_into = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="merged", db_constraint=False
    )
    starts_on = models.DateField(_("asked for from"), null=True, blank=True)
    ends_on = models.DateField(_("asked for until"), null=True, blank=True)

    class Meta:
        ordering = ("position", "pk")
        constraints = (
            models.UniqueConstraint(fields=["disaggregation", "code"], name="category_code_once"),
            models.UniqueConstraint(
                fields=["disaggregation"],
                condition=models.Q(is_unknown=True),
                name="category_unknown_once",
            ),
            models.CheckConstraint(
                condition=models.Q(row=None, column=None) | models.Q(row__isnull=False, column__isnull=False),
                name="category_of_two_margins",
            ),
            models.CheckConstraint(
                condition=~models.Q(merged_into=models.F("id")), name="category_not_merged_into_itself"
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on=None)
                | models.Q(ends_on=None)
                | models.Q(ends_on__gte=models.F("starts_on")),
                name="category_ends_after_start",
            ),
        )

    def __str__(self) -> str:
        return self.name


class Target(TenantRow):
    """From where to where, by when: for the whole initiative or for one partner.

    Values are as people read them (52.5 for 52.5 %). Where targets of partners are added up for a
    share, their numerators and denominators are.
    """

    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="targets", db_constraint=False)
    organization = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="targets"
    )
    baseline_on = models.DateField(_("baseline date"))
    baseline = ExactField(_("baseline"))
    due_on = models.DateField(_("target date"))
    value = ExactField(_("target"))
    numerator = ExactField(null=True, blank=True)
    denominator = ExactField(null=True, blank=True)
    tolerance = ExactField(_("band within which it counts as kept"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)

    class Meta:
        ordering = ("due_on", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["indicator", "organization", "due_on"],
                nulls_distinct=False,
                name="target_once_a_date",
            ),
            models.CheckConstraint(
                condition=models.Q(due_on__gt=models.F("baseline_on")), name="target_after_baseline"
            ),
        )

    def __str__(self) -> str:
        return f"{self.indicator}: {self.value} by {self.due_on}"
