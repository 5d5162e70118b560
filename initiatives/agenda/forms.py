from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from backbone.web.codes import CodeField, settle_code
from backbone.web.forms import ModelForm
from initiatives.agenda.models import Outcome


class OutcomeForm(ModelForm):
    """What an outcome says. Its code is settled when it is added."""

    class Meta:
        model = Outcome
        fields = ("name", "statement")
        labels = {"statement": _("What we want to see")}
        help_texts = {
            "name": _("A condition of well-being in a few words: “Every child is ready for school”."),
            "statement": _("Whom it is about and how one would notice that it has come about."),
        }
        widgets = {"statement": forms.Textarea(attrs={"rows": 4})}


class NewOutcomeForm(OutcomeForm):
    code = CodeField()

    def clean(self) -> dict[str, Any]:
        super().clean()
        settle_code(self, Outcome.objects.in_initiative(self.instance.initiative))
        self.instance.code = self.cleaned_data.get("code", "")
        return self.cleaned_data
