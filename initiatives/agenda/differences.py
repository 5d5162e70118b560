"""What one version says otherwise than another: texts word by word, trees by what happened to each node. Pure."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from initiatives.agenda.tree import Node, Tree

_WORDS = re.compile(r"\S+\s*|\s+")
# Comparing takes time by the square of it and more: longer passages are shown as taken out and put in.
_MOST_LINES: Final = 500
_MOST_WORDS: Final = 2_000


class Said(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Piece:
    said: Said
    text: str


def texts(before: str, after: str) -> list[Piece]:
    """The pieces of both texts in order. Those that are the same or added make the one after, exactly."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    found: list[Piece] = []
    for same, was, now in _compared(old, new, at_most=_MOST_LINES):
        found += [Piece(Said.SAME, now)] if same else _words(was, now)
    return list(_joined(found))


def _words(before: str, after: str) -> Iterator[Piece]:
    for same, was, now in _compared(_WORDS.findall(before), _WORDS.findall(after), at_most=_MOST_WORDS):
        if same:
            yield Piece(Said.SAME, now)
            continue
        yield Piece(Said.REMOVED, was)
        yield Piece(Said.ADDED, now)


def _compared(old: list[str], new: list[str], *, at_most: int) -> Iterator[tuple[bool, str, str]]:
    """Passages in order: whether both have it, what stood there, what stands there now."""
    if max(len(old), len(new)) > at_most:
        yield old == new, "".join(old), "".join(new)
        return
    # What comes again and again is no landmark, and to look for it would take long.
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=True).get_opcodes():
        yield tag == "equal", "".join(old[a:b]), "".join(new[c:d])


def _joined(pieces: Iterable[Piece]) -> Iterator[Piece]:
    """Neighbours of one kind as one, and none that is empty."""
    last: Piece | None = None
    for piece in pieces:
        if not piece.text:
            continue
        if last and last.said is piece.said:
            last = Piece(piece.said, last.text + piece.text)
            continue
        if last:
            yield last
        last = piece
    if last:
        yield last


@dataclass(frozen=True)
class Renamed:
    node: Node
    before: Node


@dataclass(frozen=True)
class Moved:
    """`old` and `new` are the nodes above; None is the top."""

    node: Node
    old: Node | None
    new: Node | None


@dataclass(frozen=True)
class Reworded:
    node: Node
    pieces: list[Piece]


@dataclass(frozen=True)
class TreeChanges:
    """`reordered`: nodes whose children stand in another order; None is the top."""

    added: list[Node]
    removed: list[Node]
    renamed: list[Renamed]
    moved: list[Moved]
    reworded: list[Reworded]
    reordered: list[Node | None]

    def __bool__(self) -> bool:
        return any((self.added, self.removed, self.renamed, self.moved, self.reworded, self.reordered))


def trees(before: Tree, after: Tree) -> TreeChanges:
    both = [(before.by_code[node.code], node) for node in after.nodes if node.code in before.by_code]
    return TreeChanges(
        added=[node for node in after.nodes if node.code not in before.by_code],
        removed=[node for node in before.nodes if node.code not in after.by_code],
        renamed=[Renamed(new, old) for old, new in both if old.name != new.name],
        moved=[
            Moved(new, before.by_code.get(old.parent), after.by_code.get(new.parent))
            for old, new in both
            if old.parent != new.parent
        ],
        reworded=[
            Reworded(new, texts(old.statement, new.statement))
            for old, new in both
            if old.statement != new.statement
        ],
        reordered=list(_reordered(before, after)),
    )


def _reordered(before: Tree, after: Tree) -> Iterator[Node | None]:
    for code in ("", *(node.code for node in after.nodes)):
        old = [node.code for node in before.children(code)]
        new = [node.code for node in after.children(code)]
        both = {*old} & {*new}
        if [each for each in old if each in both] != [each for each in new if each in both]:
            yield after.by_code.get(code)
