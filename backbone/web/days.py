"""Days that people write into forms."""

from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2199, 12, 31)


class DayField(forms.DateField):
    """A day of a year that somebody alive can mean: the arithmetic of periods never runs off the calendar."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}))
        super().__init__(**kwargs)
        sentence = _("Write a day between 1900 and 2199, such as 2026-04-15.")
        self.validators += [
            MinValueValidator(FIRST_DAY, message=sentence),
            MaxValueValidator(LAST_DAY, message=sentence),
        ]
        self.error_messages["invalid"] = _("Write a day, such as 2026-04-15.")
