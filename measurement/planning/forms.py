from datetime import date
from typing import Any, Final

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from backbone.web.codes import CodeField, settle_code
from backbone.web.days import DayField
from backbone.web.forms import Form, ModelForm
from initiatives.charter.models import Initiative
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.calendars.periods import MONTH_NAMES, START_OF_YEAR_MATTERS, Frequency, Span, spans_between

MOST_PERIODS: Final = 600  # ten years and more of weeks
_LONGEST_DUE = 730
_MONTHS = [(number, gettext_lazy(name)) for number, name in enumerate(MONTH_NAMES, start=1)]


def too_many(spans: int) -> str:
    return ngettext(
        "That would be %(count)d period. Make at most %(most)d at a time.",
        "That would be %(count)d periods. Make at most %(most)d at a time.",
        spans,
    ) % {"count": spans, "most": MOST_PERIODS}


class CalendarForm(ModelForm):
    """A calendar and the stretch of time for which its periods are made at once."""

    code = CodeField()
    first_month = forms.TypedChoiceField(
        label=gettext_lazy("First month of its year"),
        choices=_MONTHS,
        coerce=int,
        initial=1,
        help_text=gettext_lazy("For quarters, half years, school years and fiscal years."),
    )
    months = forms.TypedChoiceField(
        label=gettext_lazy("Months in a school year"),
        choices=[(number, str(number)) for number in range(1, 13)],
        coerce=int,
        initial=10,
        help_text=gettext_lazy("The rest is holiday and belongs to no period. Only for school years."),
    )
    first = DayField(label=gettext_lazy("Periods from"))
    last = DayField(label=gettext_lazy("Periods until"))

    class Meta:
        model = ReportingCalendar
        fields = ("name", "frequency", "first_month", "months", "due_after_days")
        labels = {
            "name": gettext_lazy("Name"),
            "frequency": gettext_lazy("Periods"),
            "due_after_days": gettext_lazy("Days until reports are due"),
        }
        help_texts = {"due_after_days": gettext_lazy("Counted from the last day of the period.")}

    field_order = ("name", "code", "frequency", "first_month", "months", "due_after_days", "first", "last")

    def __init__(self, *args: Any, initiative: Initiative, today: date, **kwargs: Any) -> None:
        initial = {"first": today.replace(month=1, day=1), "last": date(today.year + 1, 12, 31)}
        instance = ReportingCalendar(initiative=initiative)
        super().__init__(*args, instance=instance, initial={"months": 10, **initial}, **kwargs)
        self.fields["due_after_days"].validators.append(MaxValueValidator(_LONGEST_DUE))

    def clean(self) -> dict[str, Any]:
        super().clean()
        values = self.cleaned_data
        if values.get("frequency") != Frequency.SCHOOL_YEAR.value:
            values["months"] = 12
        if values.get("frequency") not in START_OF_YEAR_MATTERS:
            values["first_month"] = 1
        settle_code(self, ReportingCalendar.objects.filter(initiative=self.instance.initiative))
        self.instance.code = values.get("code", "")
        self._check_stretch(values.get("first"), values.get("last"))
        return values

    def _check_stretch(self, first: date | None, last: date | None) -> None:
        if first and last and last < first:
            self.add_error("last", _("The last day lies before the first."))

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.errors:
            return
        if not self.spans:
            self.add_error("last", _("No period of this calendar lies there."))
        elif len(self.spans) > MOST_PERIODS:
            self.add_error("last", too_many(len(self.spans)))

    @property
    def spans(self) -> list[Span]:
        """The periods that it makes."""
        return spans_between(self.instance.rule, self.cleaned_data["first"], self.cleaned_data["last"])


class MorePeriodsForm(Form):
    last = DayField(label=gettext_lazy("Make periods until"))

    def __init__(
        self, *args: Any, calendar: ReportingCalendar, newest: ReportingPeriod | None, **kw: Any
    ) -> None:
        super().__init__(*args, **kw)
        self.calendar, self.newest = calendar, newest

    def clean_last(self) -> date:
        last: date = self.cleaned_data["last"]
        if self.newest and last <= self.newest.end:
            raise forms.ValidationError(
                _("There are periods until then already: %(period)s is the last.")
                % {"period": self.newest.label}
            )
        count = len(spans_between(self.calendar.rule, self.first, last))
        if count > MOST_PERIODS:
            raise forms.ValidationError(too_many(count))
        return last

    @property
    def first(self) -> date:
        """From where on: nothing is left out after the newest."""
        return self.newest.end if self.newest else self.cleaned_data["last"]


class DueForm(Form):
    """When a period's reports are due. `was` carries the date that the person saw."""

    due_on = DayField(label=gettext_lazy("Due until the end of"))
    was = DayField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, period: ReportingPeriod, **kwargs: Any) -> None:
        super().__init__(*args, initial={"due_on": period.due_on, "was": period.due_on}, **kwargs)
        self.period = period

    def clean_due_on(self) -> date:
        due_on: date = self.cleaned_data["due_on"]
        if due_on < self.period.end:
            raise forms.ValidationError(_("The period is not over then. Choose its last day or a later one."))
        return due_on
