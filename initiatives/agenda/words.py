"""What the parts of an agenda are called, and what to write there."""

from django.utils.translation import gettext_lazy as _

from initiatives.agenda.tree import Kind

LABELS = {
    "problem": _("The problem"),
    "boundaries": _("The boundaries"),
    "vision": _("Our vision"),
    "measurable_goals": _("What we want to achieve"),
    "principles": _("Our principles"),
    "learning": _("How we learn"),
    "priorities": _("Priorities for now"),
    "tree": _("Goals, outcomes and strategies"),
}
HINTS = {
    "problem": _("What is wrong today, for whom, and why no one of us can solve it alone."),
    "boundaries": _("Which people and which place it is about, and what we leave out on purpose."),
    "vision": _("What will be different when we have succeeded."),
    "measurable_goals": _("The change in figures, from where to where, and by when. The goals follow below."),
    "principles": _("How we treat each other and the people whom it is about."),
    "learning": _("How we look at our figures together, and what we do with what we see."),
    "priorities": _("What comes first in the months ahead."),
}
KIND_NAMES = {
    Kind.GOAL: _("Goal"),
    Kind.OUTCOME: _("Outcome"),
    Kind.STRATEGY: _("Strategy"),
}
ADD = {
    Kind.GOAL: _("Add a goal"),
    Kind.OUTCOME: _("Add an outcome"),
    Kind.STRATEGY: _("Add a strategy"),
}
EXAMPLES = {
    Kind.GOAL: _("A change that can be measured: “By 2030, 80 in 100 children read well in grade 3”."),
    Kind.OUTCOME: _("A condition of well-being in a few words: “Every child is ready for school”."),
    Kind.STRATEGY: _("A line of approach: “Home visits for families with small children”."),
}
