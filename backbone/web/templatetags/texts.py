"""Texts that people wrote: `{{ text|markdown }}`. Addresses: `{{ url|with_query:"page=2" }}`."""

from django import template
from django.utils.safestring import SafeString

from backbone.web.markdown import render_markdown

register = template.Library()


@register.filter
def markdown(text: str | None) -> SafeString:
    return render_markdown(text or "")


@register.filter
def with_query(url: str, query: str | None) -> str:
    """An address that asks for something more."""
    if not query:
        return url
    return f"{url}{'&' if '?' in url else '?'}{query}"
