"""Writing an agenda: one draft at a time, by several people at once.

A text is saved only by somebody who has seen what stands there (`seen`, its mark); else both texts are shown. What is
done to the tree (add, move, put under) is done to the tree as it stands at that moment.
"""

from collections.abc import Callable
from datetime import datetime
from hashlib import sha256

from django.db import transaction
from django.utils.translation import gettext as _

from backbone.accounts.models import User
from backbone.audit import trail
from backbone.web.codes import LONGEST_CODE, code_from
from initiatives.agenda import rows
from initiatives.agenda.models import SECTIONS, AgendaVersion, CommonAgenda, State
from initiatives.agenda.tree import Kind, Node, NotAllowed, Tree
from initiatives.charter.models import Initiative


class Stale(NotAllowed):
    """Somebody else has saved the same text in the meantime; `theirs` is what stands there now."""

    def __init__(self, theirs: str) -> None:
        super().__init__(_("Somebody else has changed this text while you were writing."))
        self.theirs = theirs


def mark(*texts: str) -> str:
    """What tells one state of a text from another."""
    return sha256("\0".join(texts).encode()).hexdigest()[:16]


def plain(text: str) -> str:
    """Line ends as they are stored: browsers send others."""
    return text.replace("\r\n", "\n").strip()


def agenda_of(initiative: Initiative) -> CommonAgenda:
    """The agenda in our hands until the end of the transaction; made where there is none yet."""
    CommonAgenda.objects.get_or_create(initiative=initiative)
    return CommonAgenda.objects.select_for_update(no_key=True).get(initiative=initiative)


def draft_of(initiative: Initiative) -> AgendaVersion | None:
    return AgendaVersion.objects.in_initiative(initiative).filter(state=State.DRAFT).first()


@transaction.atomic
def start(*, initiative: Initiative, by: User | None, at: datetime) -> AgendaVersion:
    """A draft with the words of the proposal or else of the adopted version. Where there is one already, that one."""
    agenda = agenda_of(initiative)
    there = draft_of(initiative)
    if there:
        return there
    before = AgendaVersion.objects.in_initiative(initiative)
    last = before.first()
    base = before.filter(state=State.PROPOSED).first() or before.filter(state=State.ADOPTED).first()
    is_proposal = base is not None and base.state == State.PROPOSED
    tree = base.nodes if base and is_proposal else rows.tree_of(initiative)
    made = AgendaVersion.objects.create(
        initiative=initiative,
        agenda=agenda,
        number=last.number + 1 if last else 1,
        tree=tree.to_json(),
        created_at=at,
        created_by=by,
        **({name: getattr(base, name) for name in SECTIONS} if base else {}),
    )
    trail.record("agenda.draft_started", about=made, by=by, at=at, details={"number": made.number})
    return made


@transaction.atomic
def discard(*, version: AgendaVersion, by: User, at: datetime) -> None:
    """The draft goes, and what it would have changed stays as it was."""
    draft = _locked(version)
    trail.record("agenda.draft_discarded", about=draft, by=by, at=at, details={"number": draft.number})
    draft.delete()


@transaction.atomic
def write(
    *, version: AgendaVersion, section: str, text: str, seen: str, by: User | None, at: datetime
) -> AgendaVersion:
    """Raises Stale where what stands there is not what was seen."""
    draft = _locked(version)
    before, after = getattr(draft, section), plain(text)
    if before == after:
        return draft
    if mark(before) != seen:
        raise Stale(before)
    setattr(draft, section, after)
    draft.save(update_fields=[section])
    trail.record("agenda.text_changed", about=draft, by=by, at=at, details={"section": section})
    return draft


@transaction.atomic
def add(
    *,
    version: AgendaVersion,
    kind: Kind,
    name: str,
    statement: str = "",
    under: str = "",
    by: User | None,
    at: datetime,
) -> Node:
    """A new node at the end of its siblings, with a code made from its name."""
    draft = _locked(version)
    code = _free_code(draft, name, kind)
    node = Node(code=code, kind=kind, name=name, statement=plain(statement), parent=under)
    _change(draft, lambda tree: tree.add(node))
    _record("agenda.node_added", draft, node, by=by, at=at)
    return node


@transaction.atomic
def reword(
    *, version: AgendaVersion, code: str, name: str, statement: str, seen: str, by: User, at: datetime
) -> None:
    """Another name or statement for a node. Raises Stale where what stands there is not what was seen."""
    draft = _locked(version)
    node = draft.nodes.get(code)
    if (node.name, node.statement) == (name, plain(statement)):
        return
    if mark(node.name, node.statement) != seen:
        raise Stale(f"{node.name}\n\n{node.statement}".strip())
    _change(draft, lambda tree: tree.reword(code, name=name, statement=plain(statement)))
    _record("agenda.node_reworded", draft, node, by=by, at=at)


@transaction.atomic
def shift(*, version: AgendaVersion, code: str, up: bool, by: User, at: datetime) -> None:
    draft = _locked(version)
    node = draft.nodes.get(code)
    _change(draft, lambda tree: tree.shift(code, up=up))
    _record("agenda.node_shifted", draft, node, by=by, at=at)


@transaction.atomic
def put_under(*, version: AgendaVersion, code: str, parent: str, by: User, at: datetime) -> None:
    draft = _locked(version)
    node = draft.nodes.get(code)
    _change(draft, lambda tree: tree.put_under(code, parent))
    _record("agenda.node_moved", draft, node, by=by, at=at)


@transaction.atomic
def remove(*, version: AgendaVersion, code: str, by: User, at: datetime) -> None:
    """Raises NotAllowed while anything rests on the node: what is under it, measures, actions."""
    draft = _locked(version)
    node = draft.nodes.get(code)
    smaller = draft.nodes.remove(code)
    row = rows.row_of(draft.initiative, code)
    if row:
        rows.refuse_what_is_used([row])
    _change(draft, lambda _tree: smaller)
    _record("agenda.node_removed", draft, node, by=by, at=at)


def _locked(version: AgendaVersion) -> AgendaVersion:
    """Raises NotAllowed unless it still is a draft."""
    draft = AgendaVersion.objects.select_for_update(no_key=True).filter(pk=version.pk).first()
    if draft is None:
        raise NotAllowed(_("This draft has been discarded in the meantime."))
    if draft.state != State.DRAFT:
        raise NotAllowed(
            _(
                "Version %(number)s has been proposed in the meantime: its text stays as it is. Start a new draft."
            )
            % {"number": draft.number}
        )
    return draft


def _change(draft: AgendaVersion, change: Callable[[Tree], Tree]) -> None:
    draft.tree = change(draft.nodes).to_json()
    draft.save(update_fields=["tree"])
    rows.follow(draft)


def _free_code(draft: AgendaVersion, name: str, kind: Kind) -> str:
    base = code_from(name) or kind.value
    taken = set(draft.nodes.by_code)
    for model in rows.MODELS.values():
        taken |= set(
            model._default_manager.filter(initiative=draft.initiative_id).values_list("code", flat=True)
        )
    code, number = base, 1
    while code in taken:
        number += 1
        ending = f"-{number}"
        code = f"{base[: LONGEST_CODE - len(ending)]}{ending}"
    return code


def _record(verb: str, draft: AgendaVersion, node: Node, *, by: User | None, at: datetime) -> None:
    details = {"number": draft.number, "kind": node.kind.value, "code": node.code, "name": node.name}
    trail.record(verb, about=draft, by=by, at=at, details=details)
