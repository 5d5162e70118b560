from decimal import Decimal
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backbone.web.forms import ModelForm, NumberField
from initiatives.charter.models import Initiative

_PLACES = (
    "Africa/",
    "America/",
    "Antarctica/",
    "Asia/",
    "Atlantic/",
    "Australia/",
    "Europe/",
    "Indian/",
    "Pacific/",
)


@cache  # the names are read from as many files
def time_zones() -> list[tuple[str, str]]:
    """Those that are named after a place, as a person looks for them, and UTC."""
    named = sorted(name for name in available_timezones() if name.startswith(_PLACES))
    return [("UTC", "UTC"), *((name, name.replace("_", " ")) for name in named)]


class SettingsForm(ModelForm):
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=time_zones,
        help_text=gettext_lazy("A report is due at the end of the day there."),
    )
    currency = forms.CharField(
        label=gettext_lazy("Currency"),
        max_length=3,
        validators=[RegexValidator("^[A-Z]{3}$", gettext_lazy("Write three letters, such as USD or EUR."))],
        help_text=gettext_lazy("Three letters, such as USD. Amounts of money are shown in it."),
    )
    complete_at = NumberField(
        label=gettext_lazy("A figure counts as complete from"),
        min_value=Decimal(1),
        max_value=Decimal(100),
        help_text=gettext_lazy(
            "The share of the expected partners that have to be in. Below it a figure is marked as partial."
        ),
    )

    release_k = forms.IntegerField(
        label=gettext_lazy("Smallest published count of people"),
        min_value=5,
        max_value=1000,
        help_text=gettext_lazy(
            "Releases show no smaller count, other than 0, nor anything that would give one away. At least 5."
        ),
    )
    release_fewest = forms.IntegerField(
        label=gettext_lazy("Fewest partners behind a published figure"),
        min_value=3,
        max_value=1000,
        help_text=gettext_lazy("With two, each would know the other's figure. At least 3."),
    )

    class Meta:
        model = Initiative
        fields = (
            "name",
            "summary",
            "source_note",
            "licence",
            "time_zone",
            "currency",
            "release_k",
            "release_fewest",
        )
        labels = {
            "name": gettext_lazy("Name"),
            "summary": gettext_lazy("What it is for"),
            "source_note": gettext_lazy("Where its figures come from"),
            "licence": gettext_lazy("Licence of what is published"),
        }
        help_texts = {
            "source_note": gettext_lazy("Shown under the figures, so that readers can trust them."),
            "licence": gettext_lazy(
                "On which terms others may use released figures, such as “CC BY 4.0”. It stands in every file."
            ),
        }
        widgets = {"summary": forms.Textarea({"rows": 4}), "source_note": forms.Textarea({"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        share = self.instance.final_at_completeness
        self.fields["complete_at"].initial = (share * 100).quantize(Decimal(1))
        known = {value for value, _name in time_zones()}
        if self.instance.time_zone not in known:  # kept as it is where it came from a file
            kept = [(self.instance.time_zone, self.instance.time_zone)]
            self.fields["time_zone"].choices = [*kept, *time_zones()]  # type: ignore[attr-defined]

    def clean_complete_at(self) -> Decimal:
        percent: Decimal = self.cleaned_data["complete_at"]
        if percent != percent.to_integral_value():
            raise ValidationError(_("Write a whole number of percent, such as 80."))
        self.instance.final_at_completeness = (percent / 100).quantize(Decimal("0.01"))
        return percent
