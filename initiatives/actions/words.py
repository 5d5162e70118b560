"""How an action stands in the days, in words: never a reproach."""

from collections.abc import Iterable
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from initiatives.actions.models import OPEN, Action, State


def lateness(action: Action, today: date) -> str:
    """ "3 days past its last day"; empty where nothing is late."""
    if action.state in OPEN and action.ends_on < today:
        days = (today - action.ends_on).days
        return ngettext("%(days)d day past its last day", "%(days)d days past its last day", days) % {
            "days": days
        }
    if action.state == State.PLANNED and action.starts_on < today:
        return _("not begun yet")
    return ""


def waiting_for(names: list[str]) -> str:
    """The way of a circle of actions, for people: "A waits for B, B waits for A"."""
    pairs = zip(names, names[1:] + names[:1], strict=True)
    return ", ".join(_("“%(one)s” waits for “%(other)s”") % {"one": a, "other": b} for a, b in pairs)


def in_a_sentence(actions: Iterable[Action], today: date) -> str:
    """What a timeline of these actions shows."""
    shown = list(actions)
    under_way = sum(each.state == State.UNDER_WAY for each in shown)
    late = sum(bool(lateness(each, today)) for each in shown)
    return _("%(all)s actions: %(under_way)s under way, %(done)s done, %(late)s past a day of theirs.") % {
        "all": len(shown),
        "under_way": under_way,
        "done": sum(each.state == State.DONE for each in shown),
        "late": late,
    }
