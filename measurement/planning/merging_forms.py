"""Forms for categories that become one, and for those that are parts of a coarser breakdown."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backbone.web.days import DayField
from backbone.web.forms import Form
from measurement.indicators.models import Category, Disaggregation
from measurement.submissions.merging import outermost


class MergeForm(Form):
    categories = forms.ModelMultipleChoiceField(
        label=gettext_lazy("These categories"),
        queryset=Category.objects.none(),
        to_field_name="code",
        widget=forms.CheckboxSelectMultiple,
    )
    name = forms.CharField(label=gettext_lazy("become the category"), max_length=200)
    starts_on = DayField(
        label=gettext_lazy("From"),
        help_text=gettext_lazy("Periods that begin on this day or later ask for the new category."),
    )

    def __init__(self, *args: Any, breakdown: Disaggregation, **kwargs: Any) -> None:
        super().__init__(*args, prefix="merge", **kwargs)
        self.breakdown = breakdown
        self.fields["categories"].queryset = breakdown.categories.filter(  # type: ignore[attr-defined]
            ends_on=None, is_unknown=False
        )

    def clean(self) -> dict[str, Any]:
        super().clean()
        name, chosen = self.cleaned_data.get("name", ""), self.cleaned_data.get("categories") or []
        others = self.breakdown.categories.filter(ends_on=None).exclude(pk__in=[each.pk for each in chosen])
        if name and others.filter(name__iexact=name).exists():
            self.add_error("name", _("Another category is called so."))
        return self.cleaned_data


class _Places(forms.ModelChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.disaggregation}: {obj}"


class NestForm(Form):
    """Where each category of a breakdown belongs in a coarser one."""

    def __init__(self, *args: Any, breakdown: Disaggregation, **kwargs: Any) -> None:
        super().__init__(*args, prefix="nest", **kwargs)
        self.categories = outermost(breakdown)
        places = Category.objects.filter(
            disaggregation__initiative=breakdown.initiative,
            disaggregation__adds_up=Disaggregation.AddsUp.PARTITION,
            disaggregation__rows=None,
        )
        places = places.exclude(disaggregation=breakdown).select_related("disaggregation")
        for category in self.categories:
            self.fields[category.code] = _Places(
                label=category.name,
                queryset=places.order_by("disaggregation__name", "position", "pk"),
                required=False,
                initial=category.merged_into,
                empty_label=_("In none"),
            )

    @property
    def parents(self) -> dict[int, Category | None]:
        return {each.pk: self.cleaned_data[each.code] for each in self.categories}
