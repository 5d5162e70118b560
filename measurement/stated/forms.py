from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backbone.web.days import DayField
from backbone.web.forms import ModelForm, NumberField
from initiatives.charter.models import PartnerGroup
from measurement.calendars.models import ReportingPeriod
from measurement.indicators.models import Category
from measurement.stated.models import Overlap, PopulationFigure
from measurement.submissions.reading import wrong


class _OfPeriod(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, period: Any) -> str:
        return f"{period.label} ({period.calendar.name})"


class _OfCategory(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, category: Any) -> str:
        return f"{category.disaggregation.name}: {category.name}"


def _periods(initiative_id: int) -> QuerySet[ReportingPeriod]:
    return (
        ReportingPeriod.objects.filter(initiative_id=initiative_id)
        .select_related("calendar")
        .order_by("-start", "end")
    )


class PopulationForm(ModelForm):
    """One figure of a whole population, with its source."""

    period = _OfPeriod(ReportingPeriod.objects.none(), label=gettext_lazy("Period"))
    category = _OfCategory(
        Category.objects.none(),
        label=gettext_lazy("Of"),
        required=False,
        empty_label=gettext_lazy("The whole population"),
    )
    amount = NumberField(label=gettext_lazy("Value"))
    base = NumberField(label=gettext_lazy("Out of"), required=False)
    as_of = DayField(label=gettext_lazy("As of"))

    class Meta:
        model = PopulationFigure
        fields = ("period", "category", "amount", "base", "as_of", "source")
        help_texts = {"source": gettext_lazy("The survey or register, with its edition.")}

    def __init__(self, *args: Any, instance: PopulationFigure, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, **kwargs)
        self.version = instance.indicator.version
        self.fields["period"].queryset = _periods(instance.initiative_id)  # type: ignore[attr-defined]
        self.fields["category"].queryset = Category.objects.filter(  # type: ignore[attr-defined]
            initiative_id=instance.initiative_id
        ).select_related("disaggregation")
        self.fields["amount"].label = self.version.amount_label or self.version.name
        if self.version.rules.has_base:
            self.fields["base"].label, self.fields["base"].required = self.version.base_label, True
        else:
            del self.fields["base"]

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.errors:
            return self.cleaned_data
        for where, sentence in wrong(
            self.version, self.cleaned_data["amount"], self.cleaned_data.get("base")
        ):
            self.add_error(where if where in self.fields else "amount", sentence)
        return self.cleaned_data


class OverlapForm(ModelForm):
    """How many people several partners, or several periods, have counted."""

    period = _OfPeriod(ReportingPeriod.objects.none(), label=gettext_lazy("Period"))
    people = NumberField(
        label=gettext_lazy("People counted more than once"),
        min_value=Decimal(0),
        help_text=gettext_lazy("So many less than all figures together are different people."),
    )

    class Meta:
        model = Overlap
        fields = ("period", "group", "people", "source")
        labels = {"group": gettext_lazy("Partners")}
        help_texts = {"source": gettext_lazy("How this is known: a comparison of lists, a survey.")}

    def __init__(self, *args: Any, instance: Overlap, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, **kwargs)
        self.fields["period"].queryset = _periods(instance.initiative_id)  # type: ignore[attr-defined]
        group = self.fields["group"]
        group.queryset = PartnerGroup.objects.filter(initiative_id=instance.initiative_id)  # type: ignore[attr-defined]
        group.required, group.empty_label = False, _("All partners")  # type: ignore[attr-defined]
