"""What is asked when a measure is defined: only what its kind needs."""

from datetime import date
from decimal import Decimal
from typing import Any, Final

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backbone.access.permissions import Permission
from backbone.web.codes import CodeField, settle_code
from backbone.web.days import DayField
from backbone.web.forms import ModelForm, NumberField
from initiatives.charter.models import Initiative
from initiatives.charter.people import people_who_may
from measurement.indicators.computing import why_not_computed
from measurement.indicators.kinds import RULES, Kind
from measurement.indicators.labels import HELP, LABELS, MUST
from measurement.indicators.levels import NotLevels, settled_levels
from measurement.indicators.models import (
    OVER_TIME_CHOICES,
    Indicator,
    IndicatorVersion,
    Perspective,
    Tier,
)
from measurement.indicators.offers import OFFERS
from measurement.indicators.operations import why_not_from
from measurement.indicators.selectors import differs
from measurement.indicators.units import NotAUnit, settled_units

_MOST_DECIMALS, _LONGEST_CARRY = 6, 60
_SMALLEST_SCALE = Decimal("0.000001")


_FIRST: Final = ("name", "definition")
_LAST: Final = (
    "polarity",
    "inclusion",
    "source",
    "method",
    "frequency",
    "steward",
    "deputy",
    "effective_from",
)


def _short_lines(rows: int = 2) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class MeaningForm(ModelForm):
    """The meaning of a measure of one kind, as a version says it."""

    per = NumberField(
        label=gettext_lazy("Shown per"),
        min_value=_SMALLEST_SCALE,
        help_text=gettext_lazy("100 for percent, 1000 for “per thousand”, 1 for a plain share or quotient."),
    )
    multiplier = NumberField(
        label=gettext_lazy("Handed in in multiples of"),
        min_value=_SMALLEST_SCALE,
        help_text=gettext_lazy("1 as a rule; 1000 where partners write thousands."),
    )
    plausible_low = NumberField(label=gettext_lazy("Lowest plausible value"), required=False)
    plausible_high = NumberField(
        label=gettext_lazy("Highest plausible value"),
        required=False,
        help_text=gettext_lazy("As people read it. Beyond it we ask back; we never refuse the figure."),
    )
    effective_from = DayField(label=gettext_lazy("Counts from"))

    class Meta:
        model = IndicatorVersion
        fields = (
            "name",
            "definition",
            "amount_label",
            "base_label",
            "levels",
            "from_level",
            "expression",
            "is_proportion",
            "per",
            "unit",
            "decimals",
            "over_time",
            "base_over_time",
            "carry_periods",
            "multiplier",
            "hand_in_units",
            "whole_numbers",
            "allows_negative",
            "counts_people",
            "plausible_low",
            "plausible_high",
            *_LAST,
        )
        labels = {
            "unit": gettext_lazy("Unit"),
            "steward": gettext_lazy("Looked after by"),
            "deputy": gettext_lazy("In their absence"),
        }
        help_texts = {
            "name": gettext_lazy("As it stands on pages: “Children tutored”."),
            "definition": gettext_lazy(
                "What is counted, so that two partners who have never met count the same."
            ),
            "carry_periods": gettext_lazy("0: a level that is not in is not known."),
            "counts_people": gettext_lazy("Small counts of people are protected when figures are published."),
            "hand_in_units": gettext_lazy(
                "One a line, with how many of the measure’s own unit one of it is: “minutes = 1/60”. Partners choose."
            ),
            "expression": gettext_lazy(
                "Codes of measures, numbers, + - * / and brackets: “100 * meals / (meals + packages)”."
                " A minus stands between spaces."
            ),
            "from_level": gettext_lazy("Its number in the list: 3 for the third line."),
            "base_over_time": gettext_lazy("The last one where it is a level, such as enrolment."),
        }
        widgets = {name: _short_lines() for name in ("inclusion", "source", "method")} | {
            "definition": _short_lines(4),
            "levels": _short_lines(5),
            "hand_in_units": _short_lines(3),
        }

    def __init__(
        self,
        *args: Any,
        kind: Kind,
        initiative: Initiative,
        granted: dict[str, Any] | None = None,
        **kwargs: Any,
    ) -> None:
        self.kind, self.initiative = kind, initiative
        super().__init__(*args, initial=granted or {}, **kwargs)
        asked = {*_FIRST, *OFFERS[kind].fields, *_LAST}
        for name in set(self._meta.fields or ()) - asked:
            del self.fields[name]
        self._fit_to_kind()

    def _fit_to_kind(self) -> None:
        people = people_who_may(Permission.SUBMISSIONS_VIEW_ALL, initiative=self.initiative)
        for name in ("steward", "deputy"):
            self.fields[name].queryset = people  # type: ignore[attr-defined]
        for name, most in (("decimals", _MOST_DECIMALS), ("carry_periods", _LONGEST_CARRY)):
            if name in self.fields:
                self.fields[name].validators.append(MaxValueValidator(most))
        if "over_time" in self.fields:
            words = dict(OVER_TIME_CHOICES)
            self.fields["over_time"].choices = [  # type: ignore[attr-defined]
                (each.value, words[each.value]) for each in RULES[self.kind].over_time
            ]
        for name in self.fields.keys() & MUST:
            self.fields[name].required = self.kind in MUST[name]
        for name in self.fields.keys() & {name for kind, name in HELP if kind is self.kind}:
            self.fields[name].help_text = HELP[self.kind, name]
        self._name_fields()

    @property
    def own_code(self) -> str:
        """Of the measure, where it has one already."""
        return self.instance.indicator.code if self.instance.indicator_id else ""

    def _name_fields(self) -> None:
        for (kind, name), label in LABELS.items():
            if kind is self.kind and name in self.fields:
                self.fields[name].label = label
                self.fields[name].error_messages["required"] = _("Fill in “%(label)s”.") % {"label": label}

    def clean_hand_in_units(self) -> str:
        own = self.cleaned_data.get("unit") or self.initiative.currency
        try:
            return settled_units(self.kind, self.cleaned_data["hand_in_units"], own=own)
        except NotAUnit as sentence:
            raise forms.ValidationError(str(sentence)) from sentence

    def clean_levels(self) -> str:
        try:
            return settled_levels(self.cleaned_data["levels"])
        except NotLevels as sentence:
            raise forms.ValidationError(str(sentence)) from sentence

    def clean_from_level(self) -> int:
        level: int = self.cleaned_data["from_level"]
        names = self.cleaned_data.get("levels", "").splitlines()
        if names and not 1 <= level <= len(names):
            raise forms.ValidationError(_("Choose a level from 1 to %(last)s.") % {"last": len(names)})
        return level

    def clean(self) -> dict[str, Any]:
        super().clean()
        low, high = self.cleaned_data.get("plausible_low"), self.cleaned_data.get("plausible_high")
        if low is not None and high is not None and low > high:
            self.add_error("plausible_high", _("The highest plausible value is below the lowest."))
        expression = self.cleaned_data.get("expression")
        reason = why_not_computed(self.initiative, self.own_code, expression) if expression else ""
        if reason:
            self.add_error("expression", reason)
        steward = self.cleaned_data.get("steward")
        if steward and steward == self.cleaned_data.get("deputy"):
            self.add_error("deputy", _("Choose somebody else: this person looks after it already."))
        return self.cleaned_data


class DefineForm(MeaningForm):
    """A new measure: its first meaning, and its place in the registry."""

    code = CodeField()
    perspective = forms.ChoiceField(
        label=gettext_lazy("What it tells"), choices=[("", "—"), *Perspective.choices], required=False
    )
    tier = forms.ChoiceField(label=gettext_lazy("Core or contributing"), choices=Tier.choices)

    field_order = ("name", "code", "definition", "perspective", "tier")

    def __init__(self, *args: Any, kind: Kind, initiative: Initiative, today: date) -> None:
        granted = {"effective_from": today.replace(month=1, day=1), **OFFERS[kind].initial}
        if kind is Kind.MONEY:
            granted["unit"] = initiative.currency
        plain = {name: str(value) if isinstance(value, Promise) else value for name, value in granted.items()}
        super().__init__(
            *args,
            kind=kind,
            initiative=initiative,
            granted=granted,
            instance=IndicatorVersion(kind=kind.value, **plain),
        )

    def clean(self) -> dict[str, Any]:
        super().clean()
        settle_code(self, Indicator.objects.in_initiative(self.initiative), reserved=("new",))
        return self.cleaned_data

    @property
    def indicator(self) -> Indicator:
        return Indicator(
            initiative=self.initiative,
            code=self.cleaned_data["code"],
            perspective=self.cleaned_data["perspective"],
            tier=self.cleaned_data["tier"],
        )


class RedefineForm(MeaningForm):
    """The next version. What was reported keeps the meaning that it was reported with."""

    break_note = forms.CharField(
        label=gettext_lazy("Why figures before and after cannot be compared"),
        required=False,
        widget=_short_lines(),
        help_text=gettext_lazy(
            "With a note here the curve is broken on that day. Leave empty if they can be."
        ),
    )

    field_order = ("effective_from", "break_note")

    def __init__(self, *args: Any, newest: IndicatorVersion) -> None:
        self.newest = newest
        copy = IndicatorVersion(
            **{
                field.attname: getattr(newest, field.attname)
                for field in IndicatorVersion._meta.concrete_fields
                if field.name not in {"id", "created_at"}
            }
        )
        copy.number += 1
        super().__init__(
            *args,
            kind=Kind(newest.kind),
            initiative=newest.initiative,
            granted={"effective_from": None},
            instance=copy,
        )

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        reason = why_not_from(self.newest.indicator, self.newest, self.instance)
        if reason:
            self.add_error("effective_from", reason)
        elif not differs(self.newest, self.instance) and not self.cleaned_data["break_note"]:
            self.add_error(
                None, _("Nothing is different from version %(number)s.") % {"number": self.newest.number}
            )
