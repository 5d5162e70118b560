from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backbone.web.codes import CodeField, settle_code
from backbone.web.forms import Form
from initiatives.charter.models import Initiative
from measurement.indicators.models import Category, Disaggregation

_LONGEST_NAME, _MOST_CATEGORIES, _MOST_CELLS = 200, 100, 200


def _name(label: Any, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=_LONGEST_NAME, **kwargs)


class NewBreakdownForm(Form):
    """A breakdown: what people are told apart by, and how many of its categories somebody can be in."""

    name = _name(gettext_lazy("Name"), help_text=gettext_lazy("What people are told apart by: “Age”."))
    code = CodeField()
    categories = forms.CharField(
        label=gettext_lazy("Categories, one a line"),
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    adds_up = forms.ChoiceField(
        label=gettext_lazy("How the categories stand to the total"),
        choices=Disaggregation.AddsUp.choices,
        initial=Disaggregation.AddsUp.PARTITION,
        required=False,
        widget=forms.RadioSelect,
        help_text=gettext_lazy(
            "In exactly one: the categories add up to the total. In several: they are never added up, and percentages"
            " are of the people whose answer is known. Not everybody in one: they may stay below the total."
        ),
    )
    unknown = _name(
        gettext_lazy("Name of the category for those not known"),
        required=False,
        initial=gettext_lazy("Unknown"),
        help_text=gettext_lazy(
            "Where everybody is in exactly one, it is worked out when left blank. Leave empty if there is no such"
            " category."
        ),
    )

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initiative = initiative

    def clean_adds_up(self) -> str:
        return self.cleaned_data["adds_up"] or str(Disaggregation.AddsUp.PARTITION)

    def clean_categories(self) -> list[str]:
        names = [line.strip() for line in self.cleaned_data["categories"].splitlines() if line.strip()]
        if len({name.casefold() for name in names}) < len(names):
            raise forms.ValidationError(_("A category stands there twice."))
        if any(len(name) > _LONGEST_NAME for name in names):
            raise forms.ValidationError(
                _("Shorten each category to %(most)d characters.") % {"most": _LONGEST_NAME}
            )
        if len(names) > _MOST_CATEGORIES:
            raise forms.ValidationError(
                _("At most %(most)d categories, please.") % {"most": _MOST_CATEGORIES}
            )
        return names

    def clean(self) -> dict[str, Any]:
        super().clean()
        names, unknown = self.cleaned_data.get("categories", []), self.cleaned_data.get("unknown")
        if names and len(names) + bool(unknown) < 2:
            self.add_error("categories", _("Write at least two categories."))
        if unknown and unknown.casefold() in {name.casefold() for name in names}:
            self.add_error("unknown", _("This category stands above already."))
        settle_code(self, Disaggregation.objects.filter(initiative=self.initiative))
        return self.cleaned_data


class CrossTableForm(Form):
    """Two breakdowns asked for together: a cell for each pair of their categories."""

    name = _name(gettext_lazy("Name"), required=False, help_text=gettext_lazy("Empty: named after the two."))
    rows = forms.ModelChoiceField(
        label=gettext_lazy("Rows"), queryset=Disaggregation.objects.none(), to_field_name="public_id"
    )
    columns = forms.ModelChoiceField(
        label=gettext_lazy("Columns"), queryset=Disaggregation.objects.none(), to_field_name="public_id"
    )
    code = CodeField()

    def __init__(self, *args: Any, initiative: Initiative, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initiative = initiative
        for name in ("rows", "columns"):
            self.fields[name].queryset = Disaggregation.objects.filter(  # type: ignore[attr-defined]
                initiative=initiative, rows=None
            )

    def clean(self) -> dict[str, Any]:
        super().clean()
        rows, columns = self.cleaned_data.get("rows"), self.cleaned_data.get("columns")
        if rows and columns and rows == columns:
            self.add_error("columns", _("Choose two different breakdowns."))
        elif rows and columns:
            if rows.categories.count() * columns.categories.count() > _MOST_CELLS:
                self.add_error("columns", _("At most %(most)d cells, please.") % {"most": _MOST_CELLS})
            both = _("%(rows)s by %(columns)s") % {"rows": rows.name, "columns": columns.name}
            self.cleaned_data["name"] = self.cleaned_data.get("name") or both[:_LONGEST_NAME]
            settle_code(self, Disaggregation.objects.filter(initiative=self.initiative))
        return self.cleaned_data


class RenameForm(Form):
    """The words for a breakdown and its categories."""

    name = _name(gettext_lazy("Name of the breakdown"))

    def __init__(self, *args: Any, breakdown: Disaggregation, **kwargs: Any) -> None:
        super().__init__(*args, initial={"name": breakdown.name}, **kwargs)
        self.categories = list(breakdown.categories.all())
        for place, category in enumerate(self.categories, start=1):
            label = _("Category %(place)d") % {"place": place}
            field = _name(label, initial=category.name)
            field.error_messages["required"] = _("Fill in “%(label)s”.") % {"label": label}
            self.fields[self._field(category)] = field

    @property
    def names(self) -> dict[int, str]:
        return {each.pk: self.cleaned_data[self._field(each)] for each in self.categories}

    def clean(self) -> dict[str, Any]:
        super().clean()
        seen: set[str] = set()
        for category in self.categories:
            name = self.cleaned_data.get(self._field(category), "").casefold()
            if name and name in seen:
                self.add_error(self._field(category), _("This category stands above already."))
            seen.add(name)
        return self.cleaned_data

    @staticmethod
    def _field(category: Category) -> str:
        return f"category-{category.pk}"


class CategoryForm(Form):
    name = _name(gettext_lazy("New category"))
    is_unknown = forms.BooleanField(label=gettext_lazy("It stands for those not known"), required=False)

    def __init__(self, *args: Any, breakdown: Disaggregation, **kwargs: Any) -> None:
        super().__init__(*args, prefix="new", **kwargs)
        self.breakdown = breakdown

    def clean(self) -> dict[str, Any]:
        super().clean()
        here = self.breakdown.categories
        if here.filter(name__iexact=self.cleaned_data.get("name", "")).exists():
            self.add_error("name", _("This category is there already."))
        if self.cleaned_data.get("is_unknown") and here.filter(is_unknown=True).exists():
            self.add_error("is_unknown", _("There is already a category for those not known."))
        return self.cleaned_data
