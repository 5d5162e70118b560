from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backbone.web.forms import Form, ModelForm
from initiatives.charter.models import Initiative
from measurement.indicators.models import Indicator
from measurement.networks.models import Network, NetworkMeasure
from measurement.networks.operations import why_not_the_same


class StartForm(ModelForm):
    measures = forms.MultipleChoiceField(
        label=gettext_lazy("Measures whose definition is shared"), widget=forms.CheckboxSelectMultiple
    )

    class Meta:
        model = Network
        fields = ("name", "purpose")
        labels = {"name": gettext_lazy("Name"), "purpose": gettext_lazy("What it is for")}
        widgets = {"purpose": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, indicators: list[Indicator], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.known = {each.code: each for each in indicators if each.version.rules.rolls_up}
        self.fields["measures"].choices = _named(self.known)  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[Indicator]:
        return [self.known[code] for code in self.cleaned_data["measures"]]


class JoinForm(Form):
    code = forms.CharField(
        label=gettext_lazy("Code of the network"),
        max_length=20,
        help_text=gettext_lazy("The host of the network gives it to you."),
    )

    def clean_code(self) -> str:
        code: str = self.cleaned_data["code"].strip().lower()
        self.network = Network.objects.filter(code=code).first()
        if self.network is None:
            raise ValidationError(_("No network has this code. Ask its host once more."))
        return code


class ProposeForm(Form):
    measure = forms.ChoiceField(label=gettext_lazy("Our measure that means the same"))

    def __init__(
        self, *args: Any, shared: NetworkMeasure, indicators: list[Indicator], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fitting = [each for each in indicators if not why_not_the_same(shared, each.version)]
        self.known = {each.code: each for each in fitting}
        self.fields["measure"].choices = [("", _("Choose a measure")), *_named(self.known)]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Indicator:
        return self.known[self.cleaned_data["measure"]]


def _named(known: dict[str, Indicator]) -> list[tuple[str, str]]:
    return [(code, each.version.name) for code, each in known.items()]


def measures_of(initiative: Initiative) -> list[Indicator]:
    return list(Indicator.objects.in_initiative(initiative).with_versions())
