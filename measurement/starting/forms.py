from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backbone.web.codes import CodeField, code_from
from backbone.web.days import DayField
from backbone.web.forms import Form
from initiatives.charter.forms import time_zones
from initiatives.charter.models import Initiative
from initiatives.partners.models import Sector
from measurement.starting.beginning import Wish
from measurement.starting.templates import Template, offered


def _choices() -> list[tuple[str, str]]:
    named = [(template.code, f"{template.name}: {template.summary}") for template in offered()]
    return [*named, ("", _("Nothing: define goals, measures and calendars yourselves"))]


class StartForm(Form):
    name = forms.CharField(label=gettext_lazy("Name of the initiative"), max_length=200)
    slug = CodeField(
        label=gettext_lazy("Address"),
        help_text=gettext_lazy(
            "A short name for its pages, such as “great-lakes”. It stays for good."
            " Left empty, it is made from the name."
        ),
    )
    backbone = forms.CharField(
        label=gettext_lazy("Backbone organization"),
        max_length=200,
        help_text=gettext_lazy(
            "The organization that holds the effort together: yours. You become its director."
        ),
    )
    sector = forms.ChoiceField(
        label=gettext_lazy("Kind of organization"), choices=Sector, initial=Sector.CHARITY
    )
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=time_zones,
        help_text=gettext_lazy("A report is due at the end of the day there."),
    )
    currency = forms.CharField(
        label=gettext_lazy("Currency"),
        max_length=3,
        initial="USD",
        validators=[
            RegexValidator(r"\A[A-Z]{3}\Z", gettext_lazy("Write three letters, such as USD or EUR."))
        ],
    )
    template = forms.ChoiceField(
        label=gettext_lazy("Start from"), choices=_choices, required=False, widget=forms.RadioSelect
    )
    first_day = DayField(
        label=gettext_lazy("A day in the first period that is reported"),
        help_text=gettext_lazy("The periods of one year from there are planned. None of them is open yet."),
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        if not self.errors.keys() & {"name", "slug"}:
            self._settle_address()
        return self.cleaned_data

    def _settle_address(self) -> None:
        typed = self.cleaned_data["slug"]
        self.cleaned_data["slug"] = slug = typed or code_from(self.cleaned_data["name"])
        if not slug:
            self.add_error("slug", _("No address can be made from this name: write one."))
        elif Initiative.objects.filter(slug=slug).exists():
            self.add_error(
                "slug", _("There is already an initiative at the address “%(slug)s”.") % {"slug": slug}
            )

    @property
    def wish(self) -> Wish:
        return Wish(**{name: value for name, value in self.cleaned_data.items() if name != "template"})

    @property
    def chosen(self) -> Template | None:
        return next((each for each in offered() if each.code == self.cleaned_data["template"]), None)
