from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backbone.web.forms import Form
from initiatives.agenda.models import SECTIONS, Answer
from initiatives.agenda.tree import Kind, Tree
from initiatives.agenda.words import HINTS, LABELS

_LONG = {"rows": 14}
_SHORT = {"rows": 4}


class SectionForm(Form):
    """One text of the agenda. `seen` is the mark of what stood there when it was opened."""

    text = forms.CharField(required=False, widget=forms.Textarea(_LONG))
    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, section: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = LABELS[section]
        self.fields["text"].help_text = HINTS[section]


class NodeForm(Form):
    name = forms.CharField(label=gettext_lazy("Name"), max_length=200)
    statement = forms.CharField(
        label=gettext_lazy("What we want to see"),
        help_text=gettext_lazy("Whom it is about and how one would notice that it has come about."),
        required=False,
        widget=forms.Textarea(_SHORT),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class UnderForm(Form):
    """Under which node a node is put. What is chosen is judged by the tree itself, which says why it does not fit."""

    parent = forms.ChoiceField(label=gettext_lazy("Put it under"), required=False)

    def __init__(self, tree: Tree, code: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fitting = [(node.code, node.name) for node in tree.may_hold(code)]
        top = [("", _("Nothing: at the top"))] if tree.get(code).kind is not Kind.STRATEGY else []
        self.fields["parent"].choices = [*top, *fitting]  # type: ignore[attr-defined]
        self.fields["parent"].initial = tree.get(code).parent


class ProposeForm(Form):
    answers_due_on = forms.DateField(
        label=gettext_lazy("Answers are asked for by"),
        required=False,
        widget=forms.DateInput({"type": "date"}),
        help_text=gettext_lazy("Nobody is shut out afterwards. It stands in the message to the partners."),
    )

    def __init__(self, today: date, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_answers_due_on(self) -> date | None:
        day: date | None = self.cleaned_data["answers_due_on"]
        if day and day < self.today:
            raise ValidationError(_("This day has passed. Choose one that is still to come."))
        return day


class CommentForm(Form):
    section = forms.ChoiceField(
        label=gettext_lazy("It is about"), choices=[(name, LABELS[name]) for name in (*SECTIONS, "tree")]
    )
    text = forms.CharField(label=gettext_lazy("Your comment"), widget=forms.Textarea(_SHORT))


class AnswerForm(Form):
    answer = forms.ChoiceField(
        label=gettext_lazy("Does your organization stand behind it?"),
        choices=Answer.choices,
        widget=forms.RadioSelect,
    )
    words = forms.CharField(
        label=gettext_lazy("In your own words"),
        help_text=gettext_lazy(
            "Everybody in the initiative can read this. Say it where you have reservations."
        ),
        required=False,
        widget=forms.Textarea(_SHORT),
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        said = self.cleaned_data
        if said.get("answer") in {Answer.RESERVATIONS, Answer.NO} and "words" in said and not said["words"]:
            self.add_error("words", _("Say what holds you back, so that the others can respond to it."))
        return said


class QuorumForm(Form):
    percent = forms.IntegerField(
        label=gettext_lazy("Share of the partners that has to agree, in percent"),
        min_value=1,
        max_value=100,
        help_text=gettext_lazy(
            "“Yes” and “yes, with reservations” both agree. Who has not answered does not."
        ),
    )
