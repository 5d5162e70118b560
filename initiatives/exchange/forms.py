from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backbone.web.days import DayField
from backbone.web.forms import Form, ModelForm, NumberField
from initiatives.exchange.models import Appeal, Deal, Kind, Listing, Mode, Pledge, Side
from initiatives.partners.models import Organization

_SHORT = {"rows": 4}
_MOST = Decimal("999999999999.99")
_MOST_TAGS, _LONGEST_TAG = 10, 40


class FilterForm(Form):
    """What to show. Nonsense in the address counts as nothing said."""

    q = forms.CharField(label=gettext_lazy("Words"), required=False, max_length=200)
    side = forms.ChoiceField(
        label=gettext_lazy("Which"), required=False, choices=[("", gettext_lazy("Both")), *Side.choices]
    )
    kind = forms.ChoiceField(
        label=gettext_lazy("Kind"), required=False, choices=[("", gettext_lazy("All kinds")), *Kind.choices]
    )
    tag = forms.CharField(label=gettext_lazy("Tag"), required=False, max_length=_LONGEST_TAG)
    closed = forms.BooleanField(label=gettext_lazy("Also what is closed"), required=False)

    def wanted(self) -> dict[str, Any]:
        self.is_valid()
        return {"q": "", "side": "", "kind": "", "tag": "", "closed": False} | self.cleaned_data


class OfOrganization(ModelForm):
    """For whom it is said: one of the person's own organizations; staff may say it for anybody."""

    def __init__(self, *args: Any, organizations: QuerySet[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["organization"]
        field.queryset, field.to_field_name = organizations, "public_id"


class ListingForm(OfOrganization):
    until = DayField(label=gettext_lazy("Until, where it is to borrow"), required=False)
    tags = forms.CharField(
        label=gettext_lazy("Tags"),
        help_text=gettext_lazy("A few words with commas between them, such as “books, evenings”."),
        required=False,
        max_length=500,
    )

    class Meta:
        model = Listing
        fields = ("name", "kind", "mode", "until", "description", "tags", "organization")
        labels = {"name": gettext_lazy("In a few words"), "organization": gettext_lazy("For whom")}
        widgets = {"description": forms.Textarea(_SHORT)}

    def clean_tags(self) -> list[str]:
        words = [" ".join(each.lower().split()) for each in self.cleaned_data["tags"].split(",")]
        tags = list(dict.fromkeys(filter(None, words)))
        if len(tags) > _MOST_TAGS or any(len(each) > _LONGEST_TAG for each in tags):
            raise forms.ValidationError(
                _("At most %(most)s tags, each of at most %(longest)s characters.")
                % {"most": _MOST_TAGS, "longest": _LONGEST_TAG}
            )
        return tags

    def clean(self) -> dict[str, Any]:
        super().clean()
        said = self.cleaned_data
        if said.get("mode") == Mode.LEND and "until" in said and not said["until"]:
            self.add_error("until", _("Say until when it can be borrowed."))
        if said.get("mode") == Mode.GIVE:
            said["until"] = None
        return said


class DealForm(OfOrganization):
    class Meta:
        model = Deal
        fields = ("organization", "words")
        labels = {"organization": gettext_lazy("For whom")}
        widgets = {"words": forms.Textarea(_SHORT)}


class AppealForm(OfOrganization):
    goal = NumberField(label=gettext_lazy("How much"), min_value=Decimal("0.01"), max_value=_MOST)
    due_on = DayField(label=gettext_lazy("Until"))

    class Meta:
        model = Appeal
        fields = ("name", "description", "goal", "unit", "due_on", "organization")
        labels = {"name": gettext_lazy("In a few words"), "organization": gettext_lazy("For whom")}
        help_texts = {"unit": gettext_lazy("Such as “USD”, “hours” or “books”.")}
        widgets = {"description": forms.Textarea(_SHORT)}


class PledgeForm(OfOrganization):
    amount = NumberField(label=gettext_lazy("How much"), min_value=Decimal("0.01"), max_value=_MOST)

    class Meta:
        model = Pledge
        fields = ("amount", "organization", "words")
        labels = {"organization": gettext_lazy("For whom")}
        widgets = {"words": forms.Textarea(_SHORT)}
