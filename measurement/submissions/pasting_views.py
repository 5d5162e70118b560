"""Pasting a block from a spreadsheet: see what it changes, then send it to be saved like anything typed."""

from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from backbone.access.permissions import Permission
from backbone.web.forms import Form
from backbone.web.htmx import render_page
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.submissions import selectors
from measurement.submissions.blocks import Sheet, sheet_of
from measurement.submissions.entry import may_fill_in
from measurement.submissions.grid import grid_of
from measurement.submissions.pasting import (
    LONGEST,
    MANNERS,
    NotABlock,
    Pasted,
    hidden_fields,
    lay_over,
    slots_of,
    table_of,
)


class PasteForm(Form):
    block = forms.CharField(
        label=gettext_lazy("Cells from your spreadsheet"),
        strip=False,
        max_length=LONGEST,
        help_text=gettext_lazy("With the names of measures and categories, or only the numbers."),
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": gettext_lazy("Paste the cells first.")},
    )
    at = forms.ChoiceField(label=gettext_lazy("Without names: begin at"), required=False)
    manner = forms.ChoiceField(
        choices=[("", ""), *((manner, manner) for manner in MANNERS)],
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args: object, sheet: Sheet, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        slots = [slot for measure in sheet.measures for slot in slots_of(measure)]
        self.fields["at"].choices = [  # type: ignore[attr-defined]
            (slot.field.id, f"{slot.line.cell.label} – {slot.field.label}") for slot in slots
        ]


@requires(Permission.OWN_REPORT_EDIT, visitors="report_id")
@require_http_methods(["GET", "HEAD", "POST"])
def paste(request: InitiativeRequest, initiative: Initiative, report_id: UUID) -> HttpResponse:
    submission = selectors.own_report(request.access, Permission.OWN_REPORT_EDIT, report_id)
    if not may_fill_in(request.access, submission):
        return redirect(submission)
    sheet = sheet_of(submission, grid_of(submission.expected_report, submission))
    form = PasteForm(request.POST if request.method == "POST" else None, sheet=sheet)
    pasted = _laid_over(form, sheet) if form.is_bound and form.is_valid() else None
    context = {
        "submission": submission,
        "report": submission.expected_report,
        "form": form,
        "pasted": pasted,
        "fields": list(hidden_fields(pasted)) if pasted else [],
    }
    status = 422 if form.is_bound and pasted is None else 200
    return render_page(request, "measurement/submissions/paste.html", context, status=status)


def _laid_over(form: PasteForm, sheet: Sheet) -> Pasted | None:
    sent = form.cleaned_data
    try:
        return lay_over(table_of(sent["block"]), sheet, at=sent["at"], manner=sent["manner"])
    except NotABlock as reason:
        form.add_error("block", str(reason))
        return None
