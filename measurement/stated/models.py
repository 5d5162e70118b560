import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from backbone.web.exact import ExactField
from initiatives.charter.models import PartnerGroup, TenantRow
from measurement.calendars.models import ReportingPeriod
from measurement.indicators.models import Category, Indicator, IndicatorVersion


class Statement(TenantRow):
    """What staff state with a source. Never changed: of several about the same the newest counts."""

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+", db_constraint=False)
    period = models.ForeignKey(ReportingPeriod, models.PROTECT, related_name="+", db_constraint=False)
    source = models.CharField(_("source"), max_length=500)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        abstract = True


class PopulationFigure(Statement):
    """A figure of a whole community, from one source. Partners never add up to it."""

    version = models.ForeignKey(IndicatorVersion, models.PROTECT, related_name="+", db_constraint=False)
    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="+", db_constraint=False)
    amount = ExactField()
    base = ExactField(null=True)
    as_of = models.DateField(_("as of"))

    class Meta:
        ordering = ("-period__start", "category_id", "-recorded_at", "-pk")
        indexes = (
            models.Index(
                fields=["indicator", "period", "category", "-recorded_at"], name="population_newest"
            ),
        )
        triggers = (pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.period_id}: {self.amount}"


class Overlap(Statement):
    """How many people are counted more than once in a figure of different people."""

    group = models.ForeignKey(PartnerGroup, models.PROTECT, null=True, related_name="+", db_constraint=False)
    people = ExactField(_("counted more than once"))

    class Meta:
        ordering = ("-period__start", "group_id", "-recorded_at", "-pk")
        indexes = (
            models.Index(fields=["indicator", "period", "group", "-recorded_at"], name="overlap_newest"),
        )
        constraints = (
            models.CheckConstraint(condition=models.Q(people__gte=0), name="overlap_is_not_negative"),
        )
        triggers = (pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.period_id}: {self.people}"
