from decimal import Decimal
from typing import Any

from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backbone.web.days import DayField
from backbone.web.forms import ModelForm, NumberField
from measurement.rates.models import ExchangeRate

_CODE = RegexValidator(r"\A[A-Z]{3}\Z", gettext_lazy("Write the three letters of the currency, such as EUR."))


class RateForm(ModelForm):
    """One of a currency in another, from a day on."""

    on = DayField(label=gettext_lazy("From this day on"))
    rate = NumberField(label=gettext_lazy("Rate"), min_value=Decimal("0.000001"))

    class Meta:
        model = ExchangeRate
        fields = ("currency", "into", "rate", "on", "source")
        labels = {
            "currency": gettext_lazy("One of this currency"),
            "into": gettext_lazy("Is so much of this one"),
            "source": gettext_lazy("Source"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("currency", "into"):
            self.fields[name].validators.append(_CODE)

    def clean(self) -> dict[str, Any]:
        super().clean()
        if self.cleaned_data.get("currency") and self.cleaned_data["currency"] == self.cleaned_data.get(
            "into"
        ):
            self.add_error("into", _("Choose another currency."))
        return self.cleaned_data

    def validate_unique(self) -> None:
        """Another rate for the same day takes its place."""
