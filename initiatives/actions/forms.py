from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backbone.accounts.models import User
from backbone.web.days import DayField
from backbone.web.forms import Form, ModelForm, NumberField
from initiatives.actions.models import OPEN, Action, Commitment, Milestone, State
from initiatives.actions.operations import words_missing
from initiatives.agenda.models import Strategy
from initiatives.charter.models import Initiative
from initiatives.partners.models import Membership, Organization

_SHORT = {"rows": 4}
_MOST_MONEY = Decimal("999999999999.99")


class FilterForm(Form):
    """Which actions to show. Nonsense in the address counts as nothing said."""

    q = forms.CharField(label=gettext_lazy("Words"), required=False, max_length=200)
    state = forms.ChoiceField(label=gettext_lazy("How it stands"), required=False)
    strategy = forms.ModelChoiceField(
        label=gettext_lazy("Strategy"),
        required=False,
        queryset=Strategy.objects.none(),
        empty_label=gettext_lazy("All strategies"),
    )
    organization = forms.ModelChoiceField(
        label=gettext_lazy("Organization"),
        required=False,
        queryset=Organization.objects.none(),
        empty_label=gettext_lazy("All organizations"),
    )
    late = forms.BooleanField(label=gettext_lazy("Only what is past its day"), required=False)

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        states = [("", _("All")), ("open", _("Everything open")), *State.choices]
        self.fields["state"].choices = states  # type: ignore[attr-defined]
        _choose(self, "strategy", Strategy.objects.in_initiative(initiative), by="code")
        _choose(
            self,
            "organization",
            Organization.objects.filter(participations__initiative=initiative).distinct(),
        )

    def wanted(self) -> dict[str, Any]:
        self.is_valid()
        nothing = {"q": "", "state": "", "strategy": None, "organization": None, "late": False}
        return nothing | self.cleaned_data


class PersonField(forms.ModelChoiceField):  # type: ignore[type-arg]
    """People of some organizations, each once, with the name of theirs."""

    def label_from_instance(self, obj: User) -> str:
        return f"{obj.name}, {self.organizations.get(obj.pk, '')}"

    def among(self, organizations: QuerySet[Organization]) -> QuerySet[User]:
        memberships = Membership.objects.current().filter(organization__in=organizations)
        named = memberships.order_by("organization__name").values_list("person", "organization__name")
        self.organizations = dict(named)
        return User.objects.filter(pk__in=self.organizations, is_active=True).order_by("name", "pk")


class ActionForm(ModelForm):
    """An action. `seen` is the mark of what stood there when it was opened."""

    person = PersonField(
        label=gettext_lazy("Who looks after it"),
        help_text=gettext_lazy("A person of that organization. Reminders go to them."),
        required=False,
        queryset=User.objects.none(),
    )
    starts_on = DayField(label=gettext_lazy("First day"))
    ends_on = DayField(label=gettext_lazy("Last day"))
    budget = NumberField(
        label=gettext_lazy("Budget"),
        help_text=gettext_lazy("Only if you want to say it: everybody in the initiative can read this page."),
        required=False,
        min_value=Decimal(0),
        max_value=_MOST_MONEY,
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Action
        fields = (
            "name",
            "description",
            "strategy",
            "organization",
            "person",
            "starts_on",
            "ends_on",
            "budget",
            "budget_source",
        )
        labels = {
            "name": gettext_lazy("What it is called"),
            "description": gettext_lazy("What is done, and for whom"),
            "strategy": gettext_lazy("Strategy of the agenda"),
            "organization": gettext_lazy("Whose action it is"),
            "budget_source": gettext_lazy("Where the money comes from"),
        }
        widgets = {"description": forms.Textarea(_SHORT)}

    def __init__(self, *args: Any, organizations: QuerySet[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        strategies = Strategy.objects.in_initiative(self.instance.initiative)
        _choose(self, "strategy", strategies, by="code", empty=_("Not yet under a strategy"))
        _choose(self, "organization", organizations)
        people = self.fields["person"].among(organizations)  # type: ignore[attr-defined]
        _choose(self, "person", people, empty=_("Nobody in particular"))

    def clean(self) -> dict[str, Any]:
        super().clean()
        said = self.cleaned_data
        first, last = said.get("starts_on"), said.get("ends_on")
        if first and last and last < first:
            self.add_error(
                "ends_on", _("The last day comes before the first one. Put it on that day or later.")
            )
        person, organization = said.get("person"), said.get("organization")
        if person and organization and not _works_for(person, organization):
            self.add_error(
                "person",
                _("%(who)s does not belong to %(organization)s. Choose somebody who does.")
                % {"who": person.name, "organization": organization.name},
            )
        return said


def _works_for(person: User, organization: Organization) -> bool:
    return Membership.objects.current().of_person(person).filter(organization=organization).exists()


def _choose(
    form: forms.BaseForm, name: str, rows: QuerySet[Any], *, by: str = "public_id", empty: str | None = None
) -> None:
    """Let the field choose among these rows, which the page names by what everybody may know of them."""
    field: Any = form.fields[name]
    field.queryset, field.to_field_name = rows, by
    if empty is not None:
        field.empty_label = empty
    if isinstance(form, ModelForm) and getattr(form.instance, f"{name}_id"):
        form.initial[name] = getattr(form.instance, name)


class SayForm(Form):
    """How an action stands, and a word about it. `seen` is how it stood when the page was opened."""

    state = forms.ChoiceField(label=gettext_lazy("It is now"), choices=State.choices)
    text = forms.CharField(
        label=gettext_lazy("In your own words"),
        help_text=gettext_lazy("What happened, what is in the way, what you need from the others."),
        required=False,
        widget=forms.Textarea(_SHORT),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self) -> dict[str, Any]:
        super().clean()
        said = self.cleaned_data
        if "text" in said and "state" in said:
            moves = said["state"] != said.get("seen")
            missing = words_missing(said["state"] if moves else "", said["text"])
            if missing or not (moves or said["text"]):
                self.add_error("text", missing or _("Choose how it stands now, or say something about it."))
        return said


class MilestoneForm(ModelForm):
    due_on = DayField(label=gettext_lazy("By"))

    class Meta:
        model = Milestone
        fields = ("name", "due_on")
        labels = {"name": gettext_lazy("What will be there")}
        help_texts = {"name": gettext_lazy("Something that one can see or count: “30 families visited”.")}


class WaitForm(Form):
    needs = forms.ModelChoiceField(
        label=gettext_lazy("The action that has to be done before"),
        queryset=Action.objects.none(),
    )

    def __init__(self, *args: Any, action: Action, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = Action.objects.in_initiative(action.initiative).filter(state__in=OPEN).exclude(pk=action.pk)
        _choose(self, "needs", others.exclude(awaited__action=action).order_by("name"))


class PartForm(ModelForm):
    """What an organization takes on, or is asked to."""

    until = DayField(label=gettext_lazy("Until"), required=False)

    class Meta:
        model = Commitment
        fields = ("organization", "what", "until")
        labels = {"organization": gettext_lazy("Organization"), "what": gettext_lazy("What it takes on")}
        widgets = {"what": forms.Textarea(_SHORT)}

    def __init__(self, *args: Any, organizations: QuerySet[Organization], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _choose(self, "organization", organizations)


class AnswerForm(Form):
    answer = forms.ChoiceField(
        label=gettext_lazy("Does your organization take this on?"),
        choices=[("yes", gettext_lazy("Yes")), ("no", gettext_lazy("No, we cannot"))],
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=gettext_lazy("In your own words"), required=False, widget=forms.Textarea(_SHORT)
    )


class SettleForm(Form):
    kept = forms.ChoiceField(
        label=gettext_lazy("How did it go?"),
        choices=[("yes", gettext_lazy("We kept it")), ("no", gettext_lazy("It could not be kept"))],
        widget=forms.RadioSelect,
    )
    why = forms.CharField(
        label=gettext_lazy("In your own words"),
        help_text=gettext_lazy("What helped, or what came between."),
        required=False,
        widget=forms.Textarea(_SHORT),
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        said = self.cleaned_data
        if said.get("kept") == "no" and "why" in said and not said["why"]:
            self.add_error("why", _("Say what came between, so that the others can learn from it."))
        return said


def pks(organizations: Iterable[Organization]) -> QuerySet[Organization]:
    """The same organizations, as choices."""
    return Organization.objects.filter(pk__in=[each.pk for each in organizations])
