"""Choosing who reports a measure, among three partners or among a thousand."""

from collections.abc import Collection
from datetime import date
from typing import Any, Final

from django import forms
from django.db.models import Count, Q, QuerySet
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backbone.web.days import DayField
from backbone.web.forms import Form
from initiatives.charter.models import GroupMember, Initiative, Participation, PartnerGroup
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.indicators.models import Disaggregation
from measurement.submissions.models import Assignment

MOST_SHOWN: Final = 50
_WHO: Final = ("everybody", "groups", "partners")
_SEVERAL: Final = ("groups", "partners", "disaggregations")


class _Groups(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.partners})"


class AssignForm(Form):
    calendar = forms.ModelChoiceField(
        label=gettext_lazy("Calendar"),
        queryset=ReportingCalendar.objects.none(),
        to_field_name="public_id",
        empty_label=gettext_lazy("Choose one"),
    )
    starts_on = DayField(label=gettext_lazy("From"))
    ends_on = DayField(
        label=gettext_lazy("Until"), required=False, help_text=gettext_lazy("Empty: until further notice.")
    )
    disaggregations = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Broken down by"),
        queryset=Disaggregation.objects.none(),
        to_field_name="public_id",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    everybody = forms.BooleanField(required=False)
    groups = _Groups(
        label=gettext_lazy("Groups of partners"),
        queryset=PartnerGroup.objects.none(),
        to_field_name="public_id",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    partners = forms.MultipleChoiceField(label=gettext_lazy("Single partners"), required=False)

    def __init__(self, *args: Any, initiative: Initiative, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        here = {"initiative": initiative}
        self.today = today
        self.eligible = {str(each.public_id): each for each in _taking_part(initiative, today)}
        self._choose("calendar", ReportingCalendar.objects.filter(**here))
        self._choose("disaggregations", Disaggregation.objects.filter(**here))
        groups = PartnerGroup.objects.filter(**here).annotate(partners=Count("members"))
        self._choose("groups", groups.order_by("name", "pk"))
        self.fields["partners"].choices = [  # type: ignore[attr-defined]
            (key, each.name) for key, each in self.eligible.items()
        ]
        self.fields["everybody"].label = _("All partners that take part (%(count)d)") % {
            "count": len(self.eligible)
        }

    def _choose(self, name: str, among: QuerySet[Any]) -> None:
        self.fields[name].queryset = among  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        super().clean()
        start, end = self.cleaned_data.get("starts_on"), self.cleaned_data.get("ends_on")
        if start and end and end < start:
            self.add_error("ends_on", _("It cannot end before it begins."))
        if not any(self.cleaned_data.get(name) or name in self.errors for name in _WHO):
            self.add_error("partners", _("Choose at least one partner, a group, or all."))
        return self.cleaned_data

    @property
    def organizations(self) -> list[Organization]:
        """Everybody who was chosen in one way or another, each once."""
        if self.cleaned_data["everybody"]:
            return list(self.eligible.values())
        members = set(
            GroupMember.objects.on(self.today)
            .filter(group__in=self.cleaned_data["groups"])
            .values_list("organization_id", flat=True)
        )
        single = set(self.cleaned_data["partners"])
        return [each for key, each in self.eligible.items() if key in single or each.pk in members]

    @property
    def terms(self) -> dict[str, Any]:
        """On which calendar, from when to when, broken down how."""
        return {
            name: self.cleaned_data[name] for name in ("calendar", "starts_on", "ends_on", "disaggregations")
        }

    def shown(self, find: str, ticked: Collection[str]) -> list[Organization]:
        """The partners to tick: those ticked already, and the first ones whose name has `find` in it."""
        wanted = find.strip().casefold()
        found = [key for key, each in self.eligible.items() if wanted in each.name.casefold()][:MOST_SHOWN]
        return [each for key, each in self.eligible.items() if key in {*ticked, *found}]


def as_initial(typed: QueryDict) -> dict[str, Any]:
    """What was typed so far, to go on with and not to be judged yet."""
    return {name: typed.getlist(name) if name in _SEVERAL else typed.get(name) for name in typed}


class EndForm(Form):
    ends_on = DayField(label=gettext_lazy("Last day"))

    def __init__(self, *args: Any, assignment: Assignment, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.assignment = assignment

    def clean_ends_on(self) -> date:
        ends_on: date = self.cleaned_data["ends_on"]
        if ends_on < self.assignment.starts_on:
            raise forms.ValidationError(_("It cannot end before it begins."))
        return ends_on


class BreakdownsForm(Form):
    """Which breakdowns a partner is asked for, and from which period on."""

    since = forms.ModelChoiceField(
        label=gettext_lazy("From the period"), queryset=ReportingPeriod.objects.none(), to_field_name="code"
    )
    disaggregations = forms.ModelMultipleChoiceField(
        label=gettext_lazy("Broken down by"),
        queryset=Disaggregation.objects.none(),
        to_field_name="public_id",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    everybody = forms.BooleanField(
        label=gettext_lazy("For every partner that reports it on this calendar"), required=False
    )

    def __init__(self, *args: Any, assignment: Assignment, **kwargs: Any) -> None:
        initial = {"disaggregations": assignment.disaggregations.all()}
        super().__init__(*args, initial=initial, **kwargs)
        self.assignment = assignment
        since: Any = self.fields["since"]
        since.queryset = assignment.calendar.periods.exclude(state=ReportingPeriod.State.CLOSED)
        if assignment.ends_on is not None:
            since.queryset = since.queryset.filter(start__lte=assignment.ends_on)
        choices: Any = self.fields["disaggregations"]
        choices.queryset = Disaggregation.objects.filter(initiative=assignment.initiative)

    @property
    def assignments(self) -> QuerySet[Assignment]:
        """Those that hold in the period chosen, of one partner or of all."""
        chosen: ReportingPeriod = self.cleaned_data["since"]
        its = Assignment.objects.filter(
            indicator=self.assignment.indicator, calendar=self.assignment.calendar
        )
        held = its.filter(Q(ends_on=None) | Q(ends_on__gte=chosen.start), starts_on__lte=chosen.end)
        return held if self.cleaned_data["everybody"] else held.filter(pk=self.assignment.pk)

    def clean(self) -> dict[str, Any]:
        super().clean()
        if "since" in self.cleaned_data and not self.assignments.exists():
            self.add_error("since", _("This partner is not asked for it then."))
        return self.cleaned_data


def _taking_part(initiative: Initiative, today: date) -> QuerySet[Organization]:
    partners = Participation.objects.in_initiative(initiative).partners().current(today)
    return Organization.objects.filter(participations__in=partners).order_by("name", "pk")
