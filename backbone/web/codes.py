"""Codes: the short names in addresses and files, made from what people call a thing, each given once."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_slug
from django.db import IntegrityError, models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

LONGEST_CODE = 60


def code_from(name: str) -> str:
    """The code of a name: "Children in school" gives "children-in-school". Empty where no letter fits."""
    return slugify(name)[:LONGEST_CODE].strip("-_")


class CodeField(forms.CharField):
    """A code that may be left out: then it is made from the name by `settle_code`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs = {
            "label": gettext_lazy("Code"),
            "required": False,
            "max_length": LONGEST_CODE,
            "help_text": gettext_lazy(
                "A short name for addresses and files, such as “children-in-school”. It stays for good."
                " Left empty, it is made from the name."
            ),
            "validators": [validate_slug],
            **kwargs,
        }
        super().__init__(**kwargs)


def settle_code(form: forms.BaseForm, taken: models.QuerySet[Any], *, reserved: tuple[str, ...] = ()) -> None:
    """Make the code from the name where none was typed, and add an error to the form where it is taken.

    For `clean` of a form with the fields `name` and `code`; it writes `cleaned_data["code"]`.
    """
    if "code" in form.errors or not form.cleaned_data.get("name"):
        return
    typed = form.cleaned_data.get("code")
    code = typed or code_from(form.cleaned_data["name"])
    form.cleaned_data["code"] = code
    if not code:
        form.add_error("code", _("No code can be made from this name: write one."))
    elif code in reserved or taken.filter(code=code).exists():
        form.add_error(
            "code" if typed else "name",
            ValidationError(_("“%(code)s” is there already. Choose another name or code.") % {"code": code}),
        )


@contextmanager
def refusing_duplicates(refusal: Exception) -> Iterator[None]:
    """Raise `refusal` where the database holds the row already: two people at once, or one person twice."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as there_already:
        raise refusal from there_already
