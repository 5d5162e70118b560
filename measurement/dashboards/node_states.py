"""How it stands with each part of the agenda: what its measures say, and those of everything under it.

Decisions. A part is as well as the weakest of its measures that can be judged, and the words say how many of how many
are on track, so that one bad measure of twenty does not look like twenty.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from initiatives.agenda.tree import Tree
from initiatives.charter.models import Initiative
from measurement.dashboards import cards, selectors
from measurement.indicators.links import LINKS

_WEAKEST_FIRST = ("off_track", "at_risk", "on_track")


@dataclass(frozen=True)
class NodeState:
    """`status` is a word of status.html; `measures` counts those of the node and of what is under it."""

    status: str
    measures: int
    judged: int
    on_track: int

    @property
    def words(self) -> str:
        if not self.measures:
            return _("No measure yet")
        if not self.judged:
            return _("Not judged yet")
        words = {"on": self.on_track, "of": self.judged}
        if self.status == "on_track":
            return _("On track: %(on)s of %(of)s") % words
        if self.status == "at_risk":
            return _("At risk: %(on)s of %(of)s on track") % words
        return _("Off track: %(on)s of %(of)s on track") % words


def state_of(statuses: Iterable[str | None]) -> NodeState:
    """The state of a node, from what is said of its measures."""
    said = list(statuses)
    judged = [status for status in said if status in _WEAKEST_FIRST]
    weakest = next((status for status in _WEAKEST_FIRST if status in judged), "not_judged")
    return NodeState(weakest, len(said), len(judged), judged.count("on_track"))


def states_of(initiative: Initiative, tree: Tree, *, sees_all: bool, at: datetime) -> Mapping[str, NodeState]:
    """By the codes of the nodes, in five queries whatever their number."""
    _choice, readings, _left = selectors.readings_of(initiative, {}, sees_all=sees_all, at=at)
    statuses = {key: _status(reading) for key, reading in readings.items()}
    own = _measures(initiative)
    beneath: dict[str, set[int]] = {}
    for node in reversed(_downwards(tree)):
        found = own.get(node, set()) | beneath.get(node, set())
        beneath[node] = found
        parent = tree.by_code[node].parent
        if parent:
            beneath.setdefault(parent, set()).update(found)
    return {code: state_of(statuses.get(key) for key in keys) for code, keys in beneath.items()}


def _downwards(tree: Tree) -> list[str]:
    """Codes, each behind the node above it."""
    level, found = tree.children(), []
    while level:
        found += [node.code for node in level]
        level = [child for node in level for child in tree.children(node.code)]
    return found


def _measures(initiative: Initiative) -> dict[str, set[int]]:
    """The keys of the indicators that tell about a node, by its code."""
    first, *others = (
        model._default_manager.filter(initiative=initiative)
        .order_by()
        .values_list(f"{field}__code", "indicator")
        for model, field in LINKS.values()
    )
    found: dict[str, set[int]] = {}
    for code, indicator in first.union(*others, all=True):
        found.setdefault(code, set()).add(indicator)
    return found


def _status(reading: selectors.Reading) -> str | None:
    curve, _later = cards.headline(reading.figures)
    return cards.status_of(curve[-1], reading.measure) if curve else None
