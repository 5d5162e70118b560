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
    numerator = NumberField(label=gettext_lazy("Target: upper number"), required=False, min_value=Decimal(0))
    denominator = NumberField(
        label=gettext_lazy("Target: lower number"),
        required=False,
        min_value=Decimal("0.000001"),
        help_text=gettext_lazy(
            "Of a share or rate of one partner: 80 and 100. With them targets of partners make one of all together,"
            " and the value follows from them."
        ),
    )
    tolerance = NumberField(
        label=gettext_lazy("Band within which it counts as kept"),
        required=False,
        min_value=Decimal(0),
        help_text=gettext_lazy("For a measure that should stay where it is: so much above or below is fine."),
    )

    class Meta:
        model = Target
        fields = (
            *("organization", "baseline_on", "baseline", "due_on", "value", "numerator", "denominator"),
            *("tolerance", "note"),
        )
        labels = {"organization": gettext_lazy("For"), "note": gettext_lazy("Note")}
        widgets = {"note": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, instance: Target, **kwargs: Any) -> None:
        super().__init__(*args, instance=instance, **kwargs)
        partners = self.fields["organization"]
        partners.queryset = partners_that_ever_took_part(instance.initiative)  # type: ignore[attr-defined]
        partners.empty_label = _("The whole initiative")  # type: ignore[attr-defined]

        self.version = instance.indicator.version
        if not self.version.rules.has_base:
            del self.fields["numerator"], self.fields["denominator"]
        elif self.data.get("numerator") and self.data.get("denominator"):
            self.fields["value"].required = False

    def _settle_ratio(self) -> None:
        """Both numbers or none; the value follows from them."""
        upper, lower = self.cleaned_data.get("numerator"), self.cleaned_data.get("denominator")
        if (upper is None) != (lower is None):
            self.add_error("denominator", _("Give both numbers of the target, or none of them."))
        elif upper is not None and lower is not None:
            self.cleaned_data["value"] = upper * self.version.per / lower

    def clean(self) -> dict[str, Any]:
        super().clean()
        if "numerator" in self.fields:
            self._settle_ratio()
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
