"""Parts of an agenda in words: `{{ node.kind|kind_name }}`."""

from collections.abc import Mapping
from typing import Any

from django import template

from initiatives.agenda.tree import CHILD, Kind
from initiatives.agenda.words import ADD, KIND_NAMES

register = template.Library()


@register.filter
def kind_name(kind: str) -> str:
    return str(KIND_NAMES[Kind(kind)])


@register.filter
def child_kind(kind: str) -> Kind | None:
    """What may stand right under it."""
    return CHILD[Kind(kind)]


@register.filter
def add_words(kind: str) -> str:
    return str(ADD[Kind(kind)])


@register.filter
def of(found: Mapping[int, Any], key: int) -> Any:
    """What a mapping holds for a key; nothing where it holds nothing."""
    return found.get(key, ())
