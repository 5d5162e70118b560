"""Gaps between two categories of a measure that somebody wants to see closed: declared by staff, with a target.

Decisions. Only of shares, rates and averages: of counts the larger group always has more. Both categories are of the
same breakdown, and neither stands for those not known.
"""

from datetime import datetime
from uuid import uuid4

from django.db import models, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backbone.accounts.models import User
from backbone.audit import trail
from backbone.web.codes import refusing_duplicates
from backbone.web.exact import ExactField
from initiatives.charter.models import TenantRow
from measurement.indicators.models import Category, Indicator
from measurement.indicators.operations import NotAllowed
from measurement.judgement.gaps import GapKind

MEASURED_AS = (
    (GapKind.DIFFERENCE.value, gettext_lazy("Difference: the one minus the other")),
    (GapKind.RATIO.value, gettext_lazy("Ratio: the one over the other")),
)
_TARGET = ("baseline_on", "baseline", "due_on", "value")


class EquityGap(TenantRow):
    """How far `category` lies from `reference`. Values are as people read them: points, or a factor."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="+", db_constraint=False)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", db_constraint=False)
    reference = models.ForeignKey(Category, models.PROTECT, related_name="+", db_constraint=False)
    measured_as = models.CharField(gettext_lazy("measured as"), max_length=10, choices=MEASURED_AS)
    baseline_on = models.DateField(gettext_lazy("baseline date"), null=True, blank=True)
    baseline = ExactField(gettext_lazy("baseline"), null=True, blank=True)
    due_on = models.DateField(gettext_lazy("target date"), null=True, blank=True)
    value = ExactField(gettext_lazy("target"), null=True, blank=True)
    note = models.TextField(gettext_lazy("note"), blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=["indicator", "category", "reference", "measured_as"], name="gap_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(category=models.F("reference")), name="gap_of_two_categories"
            ),
            models.CheckConstraint(
                condition=models.Q(**dict.fromkeys(_TARGET))
                | models.Q(
                    **{f"{name}__isnull": False for name in _TARGET}, due_on__gt=models.F("baseline_on")
                ),
                name="gap_target_whole",
            ),
        )

    def __str__(self) -> str:
        return _("%(category)s against %(reference)s") % {
            "category": self.category,
            "reference": self.reference,
        }

    @property
    def kind(self) -> GapKind:
        return GapKind(self.measured_as)


def gaps_of(indicator: Indicator) -> models.QuerySet[EquityGap]:
    rows = EquityGap.objects.filter(indicator=indicator)
    return rows.select_related("category__disaggregation", "reference__disaggregation")


def why_no_gap(indicator: Indicator, category: Category, reference: Category) -> str:
    """Why the gap cannot be watched; empty where it can."""
    if not indicator.version.rules.has_base:
        return _(
            "A gap can be told of shares, rates and averages only: of counts the larger group always has more."
        )
    if category.disaggregation_id != reference.disaggregation_id:
        return _("Choose two categories of the same breakdown.")
    if category == reference:
        return _("Choose two different categories.")
    if category.is_unknown or reference.is_unknown:
        return _("Those not known are no group to compare.")
    return ""


def same_gaps(gap: EquityGap) -> models.QuerySet[EquityGap]:
    """Others that are watched already and say the same."""
    return EquityGap.objects.filter(
        indicator=gap.indicator,
        category=gap.category,
        reference=gap.reference,
        measured_as=gap.measured_as,
    ).exclude(pk=gap.pk)


@transaction.atomic
def watch_gap(*, gap: EquityGap, by: User | None, at: datetime) -> EquityGap:
    """Store a gap, new or changed. Raises NotAllowed with a sentence for people."""
    if reason := why_no_gap(gap.indicator, gap.category, gap.reference):
        raise NotAllowed(reason)
    with refusing_duplicates(NotAllowed(_("This gap is watched already. Change that one."))):
        gap.save()
    target = str(gap.value) if gap.value is not None else ""
    trail.record("gap.watched", about=gap, by=by, at=at, details={"gap": str(gap), "target": target})
    return gap


@transaction.atomic
def drop_gap(*, gap: EquityGap, by: User, at: datetime) -> None:
    """No longer watched. Figures stay."""
    trail.record("gap.dropped", about=gap, by=by, at=at, details={"gap": str(gap)})
    gap.delete()
