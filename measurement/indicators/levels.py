"""The levels of a rubric: named, ordered, the lowest first. Pure."""

from django.utils.translation import gettext as _

from measurement.indicators.kinds import MOST_LEVELS


class NotLevels(ValueError):
    """The text says so to people."""


def settled_levels(text: str) -> str:
    """One name a line, in one form. Raises NotLevels with a sentence."""
    names = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    if not 2 <= len(names) <= MOST_LEVELS:
        raise NotLevels(_("Write 2 to %(most)s levels, one a line.") % {"most": MOST_LEVELS})
    if len({name.casefold() for name in names}) < len(names):
        raise NotLevels(_("Two levels have the same name."))
    return "\n".join(names)
