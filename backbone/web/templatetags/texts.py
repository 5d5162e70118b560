"""Texts that people wrote: `{{ text|markdown }}`."""

from django import template
from django.utils.safestring import SafeString

from backbone.web.markdown import render_markdown

register = template.Library()


@register.filter
def markdown(text: str | None) -> SafeString:
    return render_markdown(text or "")
