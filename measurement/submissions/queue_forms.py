"""The choices of the review queue."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy

from backbone.web.forms import Form
from initiatives.charter.models import Initiative, PartnerGroup
from measurement.calendars.models import ReportingPeriod
from measurement.indicators.models import Indicator
from measurement.submissions.models import Submission
from measurement.submissions.queue import Mark

NOT_IN_YET = "not_started"

_MARKS = {
    Mark.OPEN: gettext_lazy("with an open question"),
    Mark.ASKED: gettext_lazy("with any question"),
    Mark.NOTED: gettext_lazy("with notes or evidence"),
    Mark.AFTER: gettext_lazy("after the due date"),
    Mark.AGAIN: gettext_lazy("handed in again"),
}


def _choice(queryset: object, label: object, every: object) -> forms.ModelChoiceField:  # type: ignore[type-arg]
    return forms.ModelChoiceField(
        queryset,  # type: ignore[arg-type]
        label=label,  # type: ignore[arg-type]
        required=False,
        to_field_name="public_id",
        empty_label=every,  # type: ignore[arg-type]
    )


class QueueForm(Form):
    """Choices of the review queue; nonsense in the address counts as no choice."""

    q = forms.CharField(label=gettext_lazy("Partner’s name"), required=False, max_length=100)
    period = _choice(ReportingPeriod.objects.none(), gettext_lazy("Period"), gettext_lazy("All periods"))
    group = _choice(PartnerGroup.objects.none(), gettext_lazy("Group"), gettext_lazy("All groups"))
    measure = forms.ModelChoiceField(
        Indicator.objects.none(),
        label=gettext_lazy("Measure"),
        required=False,
        to_field_name="code",
        empty_label=gettext_lazy("All measures"),
    )
    only = forms.ChoiceField(
        label=gettext_lazy("Only those"),
        required=False,
        choices=[("", gettext_lazy("All")), *((mark.value, name) for mark, name in _MARKS.items())],
    )
    status = forms.ChoiceField(
        choices=[("", ""), (NOT_IN_YET, ""), *Submission.Status.choices],
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, data: QueryDict, *, initiative: Initiative) -> None:
        super().__init__(data)
        periods = ReportingPeriod.objects.in_initiative(initiative).opened().order_by("-start", "label")
        self.fields["period"].queryset = periods  # type: ignore[attr-defined]
        groups = PartnerGroup.objects.filter(initiative=initiative)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]
        measures = Indicator.objects.filter(initiative=initiative, assignments__isnull=False).distinct()
        self.fields["measure"].queryset = measures  # type: ignore[attr-defined]
