from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backbone.web.days import DayField
from backbone.web.forms import ModelForm, NumberField
from measurement.indicators.models import Target
from measurement.indicators.selectors import partners_that_ever_took_part


class TargetForm(ModelForm):
    """From where to where, by when. Values are as people read them: 52.5 for 52.5 %."""

    baseline_on = DayField(label=gettext_lazy("Baseline: on"))
    baseline = NumberField(label=gettext_lazy("Baseline: value"))
    due_on = DayField(label=gettext_lazy("Target: by"))
    value = NumberField(label=gettext_lazy("Target: value"))
    tolerance = NumberField(
        label=gettext_lazy("Band within which it counts as kept"),
        required=False,
        min_value=Decimal(0),
        help_text=gettext_lazy("For a measure that should stay where it is: so much above or below is fine."),
    )

    class Meta:
        model = Target
        fields = ("organization", "baseline_on", "baseline", "due_on", "value", "tolerance", "note")
        labels = {"organization": gettext_lazy("For"), "note": gettext_lazy("Note")}
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, instance: Target, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, **kwargs)
        partners = self.fields["organization"]
        partners.queryset = partners_that_ever_took_part(instance.initiative)  # type: ignore[attr-defined]
        partners.empty_label = _("The whole initiative")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        super().clean()
        start, end = self.cleaned_data.get("baseline_on"), self.cleaned_data.get("due_on")
        if start and end and end <= start:
            self.add_error("due_on", _("The target has to lie after its baseline."))
        elif end and self._others().filter(due_on=end).exists():
            self.add_error("due_on", _("There is already a target for that day. Change that one."))
        return self.cleaned_data

    def _others(self) -> Any:
        return Target.objects.filter(
            indicator=self.instance.indicator, organization=self.cleaned_data.get("organization")
        ).exclude(pk=self.instance.pk)
