"""For the form components: `{{ field|control }}`, `{% error_lines form as lines %}`."""

from typing import Any

from django import forms, template
from django.utils.safestring import SafeString

from backbone.web import forms as web_forms

register = template.Library()

_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxInput, "form-check-input"),
    (forms.RadioSelect, "choice-input"),
    (forms.CheckboxSelectMultiple, "choice-input"),
    (forms.Select, "form-select"),
    (forms.Widget, "form-control"),
)


@register.filter
def control(field: forms.BoundField, extra_class: str = "") -> SafeString:
    """The field's input in our look. Its classes stay; a placeholder goes: labels and hints do not vanish."""
    widget = field.field.widget
    look = next(css for kind, css in _CLASSES if isinstance(widget, kind))
    names = [widget.attrs.get("class", ""), look, extra_class, "is-invalid" if field.errors else ""]
    return field.as_widget(attrs={"class": " ".join(filter(None, names)), "placeholder": False})


@register.filter
def is_box(field: forms.BoundField) -> bool:
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.simple_tag
def error_lines(*several: Any) -> list[web_forms.ErrorLine]:
    return web_forms.error_lines(*(form for form in several if isinstance(form, forms.BaseForm)))
