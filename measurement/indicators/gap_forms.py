from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backbone.web.days import DayField
from backbone.web.forms import ModelForm, NumberField
from measurement.indicators.gaps import MEASURED_AS, EquityGap, same_gaps, why_no_gap
from measurement.indicators.models import Category, Disaggregation
from measurement.indicators.selectors import breakdowns_of

_TARGET = ("baseline_on", "baseline", "due_on", "value")


class CategoryChoice(forms.ModelChoiceField):  # type: ignore[type-arg]
    """Categories with the name of their breakdown."""

    def label_from_instance(self, obj: Category) -> str:
        return f"{obj.disaggregation.name}: {obj.name}"


class GapForm(ModelForm):
    """Which category is compared with which, and where the gap should be by when. Values are as people read them."""

    category = CategoryChoice(label=gettext_lazy("The group"), queryset=Category.objects.none())
    reference = CategoryChoice(label=gettext_lazy("Compared with"), queryset=Category.objects.none())
    measured_as = forms.ChoiceField(
        label=gettext_lazy("The gap is"), choices=MEASURED_AS, widget=forms.RadioSelect
    )
    baseline_on = DayField(label=gettext_lazy("Baseline: on"), required=False)
    baseline = NumberField(label=gettext_lazy("Baseline: gap"), required=False)
    due_on = DayField(label=gettext_lazy("Target: by"), required=False)
    value = NumberField(
        label=gettext_lazy("Target: gap"),
        required=False,
        help_text=gettext_lazy(
            "A difference closes at 0, a ratio at 1. Without a target only the curve is shown."
        ),
    )

    class Meta:
        model = EquityGap
        fields = (
            "category",
            "reference",
            "measured_as",
            "baseline_on",
            "baseline",
            "due_on",
            "value",
            "note",
        )
        labels = {"note": gettext_lazy("Note")}
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, instance: EquityGap, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, **kwargs)
        known = categories_of(instance)
        for name in ("category", "reference"):
            self.fields[name].queryset = known  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        super().clean()
        said = self.cleaned_data
        missing = [name for name in _TARGET if said.get(name) is None and name not in self.errors]
        if 0 < len(missing) < len(_TARGET):
            for name in missing:
                self.add_error(name, _("A target needs this too: fill in all four, or none."))
        elif not missing and said.get("due_on") and said["due_on"] <= said["baseline_on"]:
            self.add_error("due_on", _("The target has to lie after its baseline."))
        if said.get("category") and said.get("reference"):
            reason = why_no_gap(self.instance.indicator, said["category"], said["reference"])
            if reason:
                self.add_error("reference", reason)
        return said

    def validate_unique(self) -> None:
        if not self.errors and same_gaps(self.instance).exists():
            self.add_error("measured_as", _("This gap is watched already. Change that one."))


def categories_of(gap: EquityGap) -> QuerySet[Category]:
    """What is known by at least one partner, and what the gap is of already."""
    breakdowns = Disaggregation.objects.filter(pk__in=breakdowns_of(gap.indicator).values("pk"))
    asked = Category.objects.filter(disaggregation__in=breakdowns, is_unknown=False)
    own = Category.objects.filter(pk__in=[gap.category_id, gap.reference_id])
    return (asked | own).select_related("disaggregation").order_by("disaggregation__name", "position", "pk")
