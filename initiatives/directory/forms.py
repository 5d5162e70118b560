from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.contrib.auth.password_validation import password_validators_help_texts, validate_password
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backbone.access.permissions import Permission, Role, Side
from backbone.accounts.models import User
from backbone.web.codes import CodeField, settle_code
from backbone.web.days import DayField
from backbone.web.forms import Form, ModelForm
from initiatives.charter.models import SIDE_NAMES, Initiative, PartnerGroup
from initiatives.directory.roles import choices, sides_to_add
from initiatives.partners.models import Organization

WHO = {
    Side.PARTNER: gettext_lazy("Partners"),
    Side.FUNDER: gettext_lazy("Funders"),
    Side.BACKBONE: gettext_lazy("Backbone"),
}


class SearchForm(Form):
    """What to show of the directory. Nonsense in the address counts as nothing said."""

    q = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=200)
    side = forms.ChoiceField(
        label=gettext_lazy("Who"), required=False, choices=[(side.value, name) for side, name in WHO.items()]
    )
    group = forms.ModelChoiceField(
        label=gettext_lazy("Group"),
        required=False,
        queryset=PartnerGroup.objects.none(),
        to_field_name="public_id",
        empty_label=gettext_lazy("All groups"),
    )
    left = forms.BooleanField(label=gettext_lazy("Also those who have left"), required=False)

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        group = self.fields["group"]
        group.queryset = PartnerGroup.objects.filter(initiative=initiative)  # type: ignore[attr-defined]

    def wanted(self) -> dict[str, Any]:
        self.is_valid()
        return {"q": "", "group": None, "left": False} | self.cleaned_data | {"side": self.wanted_side()}

    def wanted_side(self) -> Side:
        self.is_valid()
        return Side(self.cleaned_data.get("side") or Side.PARTNER)


class OrganizationForm(ModelForm):
    website = forms.URLField(
        label=gettext_lazy("Website"), required=False, max_length=200, assume_scheme="https"
    )

    class Meta:
        model = Organization
        fields = ("name", "sector", "website")
        labels = {"name": gettext_lazy("Name"), "sector": gettext_lazy("Kind of organization")}


class AddOrganizationForm(OrganizationForm):
    side = forms.ChoiceField(label=gettext_lazy("Takes part as"))
    joined_on = DayField(label=gettext_lazy("Joined on"))

    field_order = ("name", "side", "sector", "joined_on", "website")

    def __init__(self, *args: Any, held: frozenset[Permission], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["side"].choices = [  # type: ignore[attr-defined]
            (side.value, SIDE_NAMES[side]) for side in sides_to_add(held)
        ]


class LeaveForm(Form):
    on = DayField(
        label=gettext_lazy("First day without it"),
        help_text=gettext_lazy("Reports of periods that end before this day are still expected."),
    )
    name = forms.CharField(label=gettext_lazy("Its name, to be sure"), max_length=200)

    def __init__(self, *args: Any, organization: Organization, joined_on: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.organization, self.joined_on = organization, joined_on
        self.fields["name"].help_text = _("Write “%(name)s”.") % {"name": organization.name}

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on <= self.joined_on:
            raise ValidationError(_("Choose a day after the one on which it joined."))
        return on

    def clean_name(self) -> str:
        name: str = self.cleaned_data["name"]
        if name.casefold() != self.organization.name.strip().casefold():
            raise ValidationError(
                _("This is another name. Write “%(name)s”.") % {"name": self.organization.name}
            )
        return name


class InviteForm(Form):
    email = forms.EmailField(label=gettext_lazy("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=gettext_lazy("Role"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = choices(roles)  # type: ignore[attr-defined]


class RoleForm(Form):
    role = forms.ChoiceField(label=gettext_lazy("Role"), widget=forms.RadioSelect)

    def __init__(self, *args: Any, roles: Iterable[Role], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = choices(roles)  # type: ignore[attr-defined]


class GroupForm(ModelForm):
    code = CodeField()

    class Meta:
        model = PartnerGroup
        fields = ("name", "kind", "code")
        labels = {"name": gettext_lazy("Name"), "kind": gettext_lazy("What it is")}
        widgets = {"kind": forms.RadioSelect}

    def clean(self) -> dict[str, Any]:
        others = PartnerGroup.objects.filter(initiative_id=self.instance.initiative_id)
        settle_code(self, others.exclude(pk=self.instance.pk))
        return self.cleaned_data


class PutIntoGroupForm(Form):
    organization = forms.ModelChoiceField(
        label=gettext_lazy("Partner"),
        queryset=Organization.objects.none(),
        to_field_name="public_id",
        empty_label=gettext_lazy("Choose a partner"),
    )
    joined_on = DayField(
        label=gettext_lazy("In it since"),
        help_text=gettext_lazy(
            "Empty: all along. Its figures count here in periods that end on this day or later."
        ),
        required=False,
    )

    def __init__(self, *args: Any, organizations: QuerySet[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organization"].queryset = organizations  # type: ignore[attr-defined]


class LeaveGroupForm(Form):
    on = DayField(
        label=gettext_lazy("First day without it"),
        help_text=gettext_lazy("Its figures still count here in periods that end before this day."),
        required=False,
    )
    by_mistake = forms.BooleanField(
        label=gettext_lazy("It never belonged here: count none of its figures in this group"), required=False
    )

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if not said.get("by_mistake") and not said.get("on") and "on" not in self.errors:
            self.add_error("on", _("Say from which day on it is gone."))
        return said


class NewAccountForm(Form):
    """What a person who has no account yet says to come in."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=200,
        widget=forms.TextInput({"autocomplete": "name"}),
        help_text=gettext_lazy("As the others here know you."),
    )
    password = forms.CharField(
        label=gettext_lazy("Choose a password"),
        max_length=500,
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, email: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.email = email
        self.fields["password"].help_text = " ".join(password_validators_help_texts())

    def clean(self) -> dict[str, Any] | None:
        data = super().clean() or self.cleaned_data
        if "password" in data:
            try:
                validate_password(data["password"], User(email=self.email, name=data.get("name", "")))
            except ValidationError as weak:
                self.add_error("password", weak)
        return data
