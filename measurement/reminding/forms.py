"""What people say about reminders."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backbone.accounts.models import User
from backbone.web.days import DayField
from backbone.web.forms import Form, ModelForm
from measurement.reminding.models import ReminderSchedule

_LONGEST = timedelta(days=60)


class LaterForm(Form):
    until = DayField(label=gettext_lazy("Remind me on"))

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_until(self) -> date:
        day: date = self.cleaned_data["until"]
        if day <= self.today:
            raise forms.ValidationError(_("Choose a day after today."))
        if day > self.today + _LONGEST:
            raise forms.ValidationError(_("Choose a day within the next 60 days."))
        return day


class AskForm(Form):
    colleague = forms.ChoiceField(label=gettext_lazy("Whom?"), widget=forms.RadioSelect)
    words = forms.CharField(
        label=gettext_lazy("A word to go with it"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, people: Sequence[User], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people = {str(each.public_id): each for each in people}
        choices = [(key, str(each)) for key, each in self.people.items()]
        self.fields["colleague"].choices = choices  # type: ignore[attr-defined]

    def clean_colleague(self) -> User:
        return self.people[self.cleaned_data["colleague"]]


class ScheduleForm(ModelForm):
    class Meta:
        model = ReminderSchedule
        fields = ("is_on", "at_opening", "days_before", "on_the_day", "days_after", "with_link")
        help_texts = {
            "days_before": gettext_lazy("From 1 to 60. Empty: not at all."),
            "days_after": gettext_lazy("From 1 to 60. Empty: not at all."),
            "with_link": gettext_lazy(
                "Whoever has the mail can fill in the report. Without it people sign in."
            ),
        }

    def clean_days_before(self) -> int | None:
        return _few(self.cleaned_data["days_before"])

    def clean_days_after(self) -> int | None:
        return _few(self.cleaned_data["days_after"])


def _few(days: int | None) -> int | None:
    if days is not None and not 1 <= days <= 60:
        raise forms.ValidationError(_("Write a number from 1 to 60, or leave it empty."))
    return days
