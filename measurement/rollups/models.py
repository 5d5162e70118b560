from typing import Self
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from backbone.web.exact import ExactField
from initiatives.charter.models import Initiative, PartnerGroup, TenantRow
from measurement.calendars.models import ReportingPeriod
from measurement.indicators.models import Category, Indicator, IndicatorVersion


class RollUpRun(models.Model):
    """One computation of sums: why it ran, how far it has come."""

    class Why(models.TextChoices):
        CHANGED = "changed", _("figures changed")
        REBUILT = "rebuilt", _("everything was added up again")

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    initiative = models.ForeignKey(Initiative, models.PROTECT, related_name="roll_up_runs")
    why = models.CharField(max_length=8, choices=Why)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    cells = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ("-started_at", "-pk")
        indexes = (models.Index(fields=["initiative", "-started_at"], name="run_of_initiative"),)

    def __str__(self) -> str:
        return f"{self.get_why_display()} {self.started_at:%Y-%m-%d %H:%M}"


class CellQuerySet(models.QuerySet["Cell"]):
    def in_initiative(self, initiative: Initiative) -> Self:
        return self.filter(initiative=initiative)


class SumsRow(TenantRow):
    """Exact sums of one indicator over one period, for the whole initiative or one group of partners, in total
    or for one category.

    `amount` and `base` are summed components (see measurement.indicators.kinds); `figures` is how many
    values are in them. The other counts are of expected values, by status.

    These rows are made from current figures, which carry every key and its constraint; they are remade and
    never edited, so the database does not check their keys a second time (that took half of a rebuild).
    """

    initiative = models.ForeignKey(
        Initiative, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )

    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    period = models.ForeignKey(
        ReportingPeriod, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    group = models.ForeignKey(
        PartnerGroup, models.CASCADE, null=True, related_name="+", db_constraint=False, db_index=False
    )
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, related_name="+", db_constraint=False, db_index=False
    )
    version = models.ForeignKey(
        IndicatorVersion, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )

    amount = ExactField(null=True)
    base = ExactField(null=True)
    squares = ExactField(null=True)  # None too where one of the bases comes without
    levels = ArrayField(ExactField(), null=True)
    withheld_low = ExactField(null=True)
    withheld_high = ExactField(null=True)
    # Of `amount`, what has a `base` beside it: a share is of this only.
    based = ExactField(null=True)
    # Of a total: the last known volume of the partners expected, and of those that are in (see volumes.py).
    volume = ExactField(null=True)
    volume_in = ExactField(null=True)
    lowest = ExactField(null=True)
    highest = ExactField(null=True)
    figures = models.IntegerField(default=0)
    # Of at least how many partners: of one period exactly, of a longer one the most that any period in it has.
    contributors = models.IntegerField(default=0, db_default=0)
    expected = models.IntegerField(default=0)
    received = models.IntegerField(default=0)
    on_time = models.IntegerField(default=0)
    missing = models.IntegerField(default=0)
    zeros = models.IntegerField(default=0)
    without_cases = models.IntegerField(default=0)
    not_applicable = models.IntegerField(default=0)
    not_collected = models.IntegerField(default=0)
    withheld = models.IntegerField(default=0)
    estimated = models.IntegerField(default=0)
    provisional = models.IntegerField(default=0)
    included_elsewhere = models.IntegerField(default=0)
    carried = models.IntegerField(default=0)
    versions = models.IntegerField(default=1)
    recorded_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True


class Leaf(SumsRow):
    """The sums of the figures of exactly this period: what the cells of this period and of every longer one are
    made from."""

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["indicator", "period", "group", "category"],
                nulls_distinct=False,
                name="leaf_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.period_id}: {self.amount}"


class Cell(SumsRow):
    """What people read: the sums over a period and all periods in it. The value shown is a pure function of it."""

    run = models.ForeignKey(RollUpRun, models.PROTECT, related_name="+", db_constraint=False, db_index=False)

    objects = CellQuerySet.as_manager()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["indicator", "period", "group", "category"],
                nulls_distinct=False,
                name="cell_once",
            ),
        )
        indexes = (models.Index(fields=["initiative", "indicator", "group"], name="cell_of_initiative"),)

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.period_id}: {self.amount}"
