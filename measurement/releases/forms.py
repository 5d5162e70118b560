from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backbone.web.forms import Form
from initiatives.charter.models import Initiative, PartnerGroup
from measurement.calendars.models import ReportingPeriod
from measurement.indicators.models import Disaggregation, Indicator
from measurement.releases.models import Audience
from measurement.rollups.selectors import periods_read

_MOST_CELLS = 20_000  # of measures, periods, groups and categories together


class _Measures(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.version.name)


class _Periods(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.label} ({obj.calendar.name})"


def _boxes() -> forms.CheckboxSelectMultiple:
    return forms.CheckboxSelectMultiple()


class ReleaseForm(Form):
    """What a release is to show, and to whom."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    audience = forms.ChoiceField(
        label=gettext_lazy("Who may read it"), choices=Audience.choices, widget=forms.RadioSelect
    )
    indicators = _Measures(
        label=gettext_lazy("Measures"),
        queryset=Indicator.objects.none(),
        to_field_name="public_id",
        widget=_boxes(),
    )
    periods = _Periods(
        label=gettext_lazy("Periods"),
        queryset=ReportingPeriod.objects.none(),
        to_field_name="public_id",
        widget=_boxes(),
    )
    disaggregations = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Broken down by"),
        queryset=Disaggregation.objects.none(),
        to_field_name="public_id",
        required=False,
        widget=_boxes(),
    )
    groups = forms.MultipleChoiceField(
        label=gettext_lazy("For groups of partners too"),
        choices=PartnerGroup.GroupKind.choices,
        required=False,
        widget=_boxes(),
    )
    crossed = forms.BooleanField(
        label=gettext_lazy("Break down each group as well"),
        required=False,
        help_text=gettext_lazy("Tells most, and needs most to be hidden."),
    )

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initiative = initiative
        self._choose("indicators", Indicator.objects.in_initiative(initiative).with_versions())
        self._choose("periods", periods_read(initiative).order_by("-end", "start"))
        breakdowns = Disaggregation.objects.filter(initiative=initiative)
        self._choose("disaggregations", breakdowns)

    def _choose(self, name: str, rows: Any) -> None:
        self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors and self._size() > _MOST_CELLS:
            raise ValidationError(
                _("That would be more than %(most)s figures. Choose fewer measures, periods or breakdowns."),
                params={"most": f"{_MOST_CELLS:,}"},
            )
        return self.cleaned_data

    def _size(self) -> int:
        chosen = self.cleaned_data
        categories: int = sum(each.categories.count() for each in chosen["disaggregations"])
        places = len(self._groups())
        lines = 1 + categories + places + (categories * places if chosen["crossed"] else 0)
        figures: int = len(chosen["indicators"]) * len(chosen["periods"]) * lines
        return figures

    def _groups(self) -> list[int]:
        kinds = self.cleaned_data["groups"]
        found = PartnerGroup.objects.filter(initiative=self.initiative, kind__in=kinds)
        return list(found.order_by("pk").values_list("pk", flat=True))

    @property
    def asked(self) -> dict[str, Any]:
        """The choice as a release keeps it."""
        chosen = self.cleaned_data
        several = ("indicators", "periods", "disaggregations")
        return {
            **{name: sorted(each.pk for each in chosen[name]) for name in several},
            "groups": self._groups(),
            "crossed": chosen["crossed"],
        }


class WithdrawForm(Form):
    because = forms.CharField(
        label=gettext_lazy("Why"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "Readers who come by its address are told that it was withdrawn, and not why."
        ),
    )
