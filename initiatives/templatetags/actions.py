"""Actions in words: `{{ action|lateness:today }}`."""

from collections.abc import Iterable
from datetime import date

from django import template

from initiatives.actions import words
from initiatives.actions.models import Action

register = template.Library()


@register.filter
def lateness(action: Action, today: date) -> str:
    return words.lateness(action, today)


@register.filter
def in_a_sentence(actions: Iterable[Action], today: date) -> str:
    return words.in_a_sentence(actions, today)
