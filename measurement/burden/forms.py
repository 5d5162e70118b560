from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from backbone.web.forms import Form
from initiatives.charter.models import Initiative
from measurement.calendars.models import ReportingPeriod


class BurdenForm(Form):
    """Which period the ledger is about; nonsense in the address counts as all."""

    period = forms.ModelChoiceField(
        ReportingPeriod.objects.none(),
        label=gettext_lazy("Period"),
        required=False,
        to_field_name="public_id",
        empty_label=gettext_lazy("All periods"),
    )

    def __init__(self, data: QueryDict, *, initiative: Initiative) -> None:
        super().__init__(data)
        periods = ReportingPeriod.objects.in_initiative(initiative).opened().order_by("-start", "label")
        self.fields["period"].queryset = periods  # type: ignore[attr-defined]

    @property
    def chosen(self) -> int | None:
        if not self.is_valid():
            return None
        period = self.cleaned_data["period"]
        return period.pk if period else None
