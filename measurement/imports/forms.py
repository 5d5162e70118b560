from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from backbone.web.forms import Form
from measurement.imports.models import ImportFile, ImportLine
from measurement.imports.operations import LARGEST


class UploadForm(Form):
    file = forms.FileField(
        label=gettext_lazy("The file"),
        help_text=gettext_lazy(
            "An Excel workbook (.xlsx) or a CSV file, as Excel, LibreOffice or Google Sheets save it."
        ),
        error_messages={
            "required": gettext_lazy("Choose a file first."),
            "empty": gettext_lazy("This file is empty."),
            "missing": gettext_lazy("Choose a file first."),
            "invalid": gettext_lazy("The file did not arrive. Choose it again."),
            "max_length": gettext_lazy("The file’s name is too long. Give it a shorter one."),
        },
        max_length=255,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.txt,.tsv"}),
    )
    decimal_mark = forms.ChoiceField(
        label=gettext_lazy("How are decimals written in a CSV file?"),
        choices=ImportFile.DecimalMark.choices,
        required=False,
    )

    def clean_file(self) -> "UploadedFile[bytes]":
        content: UploadedFile[bytes] = self.cleaned_data["file"]
        if content.size is not None and content.size > LARGEST:
            raise forms.ValidationError(
                _("The file is too large: it may have at most %(size)s.") % {"size": filesizeformat(LARGEST)}
            )
        return content


class RecordingForm(UploadForm):
    """For staff, who record figures of partners."""

    reason = forms.CharField(
        label=gettext_lazy("Why are these figures recorded by you?"),
        help_text=gettext_lazy("This stays on record beside every figure, and its partner reads it."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class LinesForm(forms.Form):
    """Which lines are shown; nonsense in the address counts as no choice."""

    what = forms.ChoiceField(choices=[("", ""), *ImportLine.What.choices], required=False)

    def chosen(self) -> str:
        return str(self.cleaned_data["what"]) if self.is_valid() else ""


def fields_of(form: UploadForm) -> dict[str, Any]:
    """What the operation is given."""
    cleaned = form.cleaned_data
    return {
        "content": cleaned["file"],
        "decimal_mark": cleaned["decimal_mark"],
        "reason": cleaned.get("reason", ""),
    }
