"""The tree of an agenda: goals, under them outcomes, under these strategies. Pure: every change makes a new tree.

A node stands behind those of its siblings that come before it in `nodes`. Levels are fixed, so no node can ever
stand under itself; whoever tries is told.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property
from typing import Any, Final, Self

from django.utils.translation import gettext as _

MOST_NODES: Final = 5_000


class NotAllowed(Exception):
    """It does not fit how things stand. The text says so to people."""


class Gone(NotAllowed):
    """The node is not there, or not any more."""


class Kind(StrEnum):
    GOAL = "goal"
    OUTCOME = "outcome"
    STRATEGY = "strategy"


# Under what a node may stand; None is the top.
PARENTS: Final[dict[Kind, tuple[Kind | None, ...]]] = {
    Kind.GOAL: (None,),
    Kind.OUTCOME: (Kind.GOAL, None),
    Kind.STRATEGY: (Kind.OUTCOME,),
}
CHILD: Final[dict[Kind, Kind | None]] = {
    Kind.GOAL: Kind.OUTCOME,
    Kind.OUTCOME: Kind.STRATEGY,
    Kind.STRATEGY: None,
}


@dataclass(frozen=True)
class Node:
    """`parent` is the code of the node above, empty at the top."""

    code: str
    kind: Kind
    name: str
    statement: str = ""
    parent: str = ""


@dataclass(frozen=True)
class Item:
    """A node with what is shown under it; `hidden` counts what belongs under it and is not shown."""

    node: Node
    children: tuple["Item", ...]
    hidden: int


@dataclass(frozen=True)
class Tree:
    nodes: tuple[Node, ...] = ()

    @classmethod
    def from_json(cls, rows: Iterable[Mapping[str, Any]]) -> Self:
        return cls(tuple(Node(**{**row, "kind": Kind(row["kind"])}) for row in rows))

    def to_json(self) -> list[dict[str, str]]:
        return [
            {
                "code": node.code,
                "kind": node.kind.value,
                "name": node.name,
                "statement": node.statement,
                "parent": node.parent,
            }
            for node in self.nodes
        ]

    @cached_property
    def by_code(self) -> dict[str, Node]:
        return {node.code: node for node in self.nodes}

    @cached_property
    def _under(self) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for node in self.nodes:
            found.setdefault(node.parent, []).append(node)
        return found

    def get(self, code: str) -> Node:
        """Raises Gone where there is no such node."""
        if code not in self.by_code:
            raise Gone(_("This part of the agenda has been removed in the meantime."))
        return self.by_code[code]

    def children(self, code: str = "") -> list[Node]:
        """What stands right under a node, or at the top: goals, and the outcomes without a goal behind them."""
        found = self._under.get(code, [])
        return found if code else sorted(found, key=lambda node: node.kind is not Kind.GOAL)

    def beneath(self, code: str) -> list[Node]:
        """Everything that belongs to a node, without itself."""
        found = []
        for child in self.children(code):
            found += [child, *self.beneath(child.code)]
        return found

    def above(self, code: str) -> list[Node]:
        """The way down to a node, from the top, without itself."""
        parent = self.by_code.get(self.get(code).parent)
        return [*self.above(parent.code), parent] if parent else []

    def of_kind(self, kind: Kind) -> list[Node]:
        return [node for node in self.nodes if node.kind is kind]

    def may_hold(self, code: str) -> list[Node]:
        """The nodes under which this one may be put."""
        kinds = PARENTS[self.get(code).kind]
        return [node for node in self.nodes if node.kind in kinds]

    # --- changes

    def add(self, node: Node) -> "Tree":
        """At the end of its siblings. Raises NotAllowed where it does not fit there."""
        if len(self.nodes) >= MOST_NODES:
            raise NotAllowed(
                _("An agenda holds at most %(most)s goals, outcomes and strategies. Remove some first.")
                % {"most": f"{MOST_NODES:,}"}
            )
        if node.code in self.by_code:
            raise NotAllowed(_("There is already a part with the code “%(code)s”.") % {"code": node.code})
        self._fits(node.kind, node.parent)
        return Tree((*self.nodes, node))

    def reword(self, code: str, *, name: str, statement: str) -> "Tree":
        return self._with(replace(self.get(code), name=name, statement=statement))

    def shift(self, code: str, *, up: bool) -> "Tree":
        """One place up or down among its siblings. The first stays first and the last stays last."""
        node = self.get(code)
        siblings = [each for each in self._under[node.parent] if each.kind is node.kind]
        place = siblings.index(node)
        other = place - 1 if up else place + 1
        if not 0 <= other < len(siblings):
            return self
        swapped = {code: siblings[other], siblings[other].code: node}
        return Tree(tuple(swapped.get(each.code, each) for each in self.nodes))

    def put_under(self, code: str, parent: str) -> "Tree":
        """Under another node, behind what stands there. Raises NotAllowed where it does not fit."""
        node = self.get(code)
        if parent == code or any(each.code == parent for each in self.beneath(code)):
            raise NotAllowed(
                _("“%(name)s” cannot stand under itself or under what belongs to it.") % {"name": node.name}
            )
        self._fits(node.kind, parent)
        if parent == node.parent:
            return self
        others = tuple(each for each in self.nodes if each.code != code)
        return Tree((*others, replace(node, parent=parent)))

    def remove(self, code: str) -> "Tree":
        """Raises NotAllowed while other nodes stand under it."""
        node = self.get(code)
        held = self.children(code)
        if held:
            raise NotAllowed(
                _("“%(name)s” still holds %(held)s. Move or remove what is under it first.")
                % {"name": node.name, "held": _names(held)}
            )
        return Tree(tuple(each for each in self.nodes if each.code != code))

    def _with(self, node: Node) -> "Tree":
        return Tree(tuple(node if each.code == node.code else each for each in self.nodes))

    def _fits(self, kind: Kind, parent: str) -> None:
        above = self.get(parent).kind if parent else None
        if above not in PARENTS[kind]:
            raise NotAllowed(_where(kind))

    # --- reading

    def outline(self, roots: Iterable[Node], *, at_most: int) -> tuple[Item, ...]:
        """These nodes with whole levels under them, as long as there are no more than so many of them all."""
        shown = list(roots)
        level, budget = shown, at_most - len(shown)
        opened: set[str] = set()
        while level:
            below = [child for node in level for child in self.children(node.code)]
            budget -= len(below)
            if budget < 0:
                break
            opened.update(node.code for node in level)
            level = below
        return tuple(self._item(node, opened) for node in shown)

    def _item(self, node: Node, opened: set[str]) -> Item:
        if node.code not in opened:
            return Item(node, (), len(self.beneath(node.code)))
        children = tuple(self._item(child, opened) for child in self.children(node.code))
        return Item(node, children, 0)


def _names(nodes: list[Node], *, at_most: int = 3) -> str:
    shown = ", ".join(f"“{node.name}”" for node in nodes[:at_most])
    more = len(nodes) - at_most
    return _("%(names)s and %(more)s more") % {"names": shown, "more": more} if more > 0 else shown


def _where(kind: Kind) -> str:
    if kind is Kind.GOAL:
        return _("A goal stands at the top, under nothing else.")
    if kind is Kind.OUTCOME:
        return _("An outcome stands under a goal, or at the top.")
    return _("A strategy stands under an outcome.")
