from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, gettext_lazy

from backbone.web.forms import ModelForm
from measurement.benchmarks import pasted
from measurement.benchmarks.models import Benchmark
from measurement.benchmarks.operations import why_not_beside


class BenchmarkForm(ModelForm):
    """A series from outside, with all its values."""

    link = forms.URLField(
        label=gettext_lazy("Where it can be read"), required=False, max_length=300, assume_scheme="https"
    )
    values = forms.CharField(
        label=gettext_lazy("Values"),
        help_text=gettext_lazy(
            "A day and a value on each line, as you copy two columns from a table: 2026-06-30 52.5."
            " A month (2026-06), quarter (2026-Q2) or year (2026) stands for its last day."
        ),
        max_length=60_000,
        widget=forms.Textarea(attrs={"rows": 10, "spellcheck": "false"}),
    )

    class Meta:
        model = Benchmark
        fields = ("name", "source", "licence", "link", "unit")
        labels = {
            "name": gettext_lazy("Name"),
            "source": gettext_lazy("Source"),
            "licence": gettext_lazy("Licence"),
            "unit": gettext_lazy("Unit"),
        }
        help_texts = {
            "name": gettext_lazy("As it stands at the curve: “The whole state”."),
            "source": gettext_lazy("Who published it, and as what."),
            "licence": gettext_lazy("On which terms it may be shown: “CC BY 4.0”, “public domain”."),
        }

    def __init__(self, *args: Any, instance: Benchmark, **kwargs: Any) -> None:
        known = {row.on: row.value for row in instance.values.all()} if instance.pk else {}
        initial = {"values": pasted.write(known, language=get_language() or "en")}
        if not instance.pk:
            initial["unit"] = instance.indicator.version.unit
        super().__init__(*args, instance=instance, initial=initial, **kwargs)
        self.read: dict[date, Decimal] = {}

    def clean_values(self) -> str:
        text: str = self.cleaned_data["values"]
        self.read, problems = pasted.read(text, language=get_language() or "en")
        if problems:
            raise ValidationError(problems)
        return text

    def clean(self) -> dict[str, Any]:
        super().clean()
        if "unit" in self.cleaned_data:
            self.instance.unit = self.cleaned_data["unit"]
            if reason := why_not_beside(self.instance):
                self.add_error("unit", reason)
        return self.cleaned_data

    def validate_unique(self) -> None:
        same = Benchmark.objects.filter(indicator=self.instance.indicator, name=self.instance.name)
        if not self.errors and same.exclude(pk=self.instance.pk).exists():
            self.add_error("name", gettext_lazy("There is already a series of this name beside the measure."))
