"""Forms that say what is wrong in plain words, keep what was typed, and take no text without end."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from backbone.web.numbers import NumberNotRead, format_number, read_number, write_number

LONGEST_TEXT = 10_000  # characters, where a field does not say otherwise
_LONGEST_NUMBER = 60  # what fits an input for a number, separators included
_DJANGO_REQUIRED = forms.Field.default_error_messages["required"]


class PlainWords:
    """A form mixin: every text field has an end, refuses NUL, and says "Fill in ..." with its own label."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            _name_what_is_missing(field, field.label or name.replace("_", " ").capitalize())
            if isinstance(field, forms.CharField):
                _bound_text(field)


class Form(PlainWords, forms.Form):
    """The form to inherit from."""


class ModelForm(PlainWords, forms.ModelForm):  # type: ignore[type-arg]
    """The model form to inherit from."""


def _name_what_is_missing(field: forms.Field, label: Any) -> None:
    if field.error_messages.get("required") == _DJANGO_REQUIRED:
        field.error_messages["required"] = format_lazy(_what_to_do(field), label=label)


def _what_to_do(field: forms.Field) -> Any:
    if isinstance(field, forms.BooleanField):
        return gettext_lazy("Tick “{label}”.")
    if isinstance(field, forms.ChoiceField):
        return gettext_lazy("Choose “{label}”.")
    return gettext_lazy("Fill in “{label}”.")


def _bound_text(field: forms.CharField) -> None:
    if field.max_length is None:
        field.max_length = LONGEST_TEXT
        field.validators = [*field.validators, MaxLengthValidator(LONGEST_TEXT)]
    # A browser would cut off the end of what is pasted, without a word.
    field.widget.attrs.pop("maxlength", None)
    field.validators = [_in_plain_words(validator) for validator in field.validators]


def _in_plain_words(validator: Callable[[Any], None]) -> Callable[[Any], None]:
    if isinstance(validator, ProhibitNullCharactersValidator):
        return ProhibitNullCharactersValidator(
            message=gettext_lazy(
                "The text holds a character that cannot be stored. Type it again, without copying."
            )
        )
    if isinstance(validator, MaxLengthValidator):
        return MaxLengthValidator(
            validator.limit_value,
            message=gettext_lazy("Shorten the text to %(limit_value)d characters: it has %(show_value)d."),
        )
    return validator


class NumberField(forms.Field):
    """An exact decimal, read in the marks of the reader's language. `None` where nothing was written."""

    widget = forms.TextInput

    def __init__(
        self, *, min_value: Decimal | None = None, max_value: Decimal | None = None, **kwargs: Any
    ) -> None:
        self.min_value = min_value
        self.max_value = max_value
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {"inputmode": "decimal", "autocomplete": "off", "maxlength": str(_LONGEST_NUMBER)}

    def prepare_value(self, value: Any) -> Any:
        return write_number(value, language=_language()) if isinstance(value, Decimal) else value

    def to_python(self, value: Any) -> Decimal | None:
        text = str(value).strip() if value is not None else ""
        if not text:
            return None
        try:
            return read_number(text, language=_language())
        except NumberNotRead as problem:
            raise ValidationError(problem.sentence, code="not_a_number") from problem

    def validate(self, value: Decimal | None) -> None:
        super().validate(value)
        if value is None:
            return
        if self.min_value is not None and value < self.min_value:
            raise ValidationError(
                _bound_sentence(_("Write %(bound)s or more."), self.min_value), code="too_small"
            )
        if self.max_value is not None and value > self.max_value:
            raise ValidationError(
                _bound_sentence(_("Write %(bound)s or less."), self.max_value), code="too_large"
            )

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return self.to_python(data) != (self.to_python(self.prepare_value(initial)))
        except ValidationError:
            return True


def _bound_sentence(sentence: str, bound: Decimal) -> str:
    exponent = bound.normalize().as_tuple().exponent
    decimals = max(0, -cast(int, exponent))
    return sentence % {"bound": format_number(bound, decimals, language=_language())}


def _language() -> str:
    return get_language() or "en"


@dataclass(frozen=True)
class ErrorLine:
    """One line of the summary on top of a page: the sentence, and the id of the field that it is about."""

    sentence: str
    field_id: str = ""


def error_lines(*several: forms.BaseForm) -> list[ErrorLine]:
    """Every problem of the forms, in the order in which their fields stand on the page."""
    return [line for form in several for line in _lines_of(form)]


def _lines_of(form: forms.BaseForm) -> Iterable[ErrorLine]:
    for sentence in form.errors.get(NON_FIELD_ERRORS, ()):
        yield ErrorLine(str(sentence))
    for bound in form:
        for sentence in bound.errors:
            yield ErrorLine(str(sentence), first_input_id(bound))


def first_input_id(bound: forms.BoundField) -> str:
    """Where a link to the field leads: of several radio buttons or boxes, to the first."""
    return bound.id_for_label or f"{bound.auto_id}_0"
