"""The rows to which measures and actions are tied, kept in step with the agenda in force."""

from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Field, Model, Value
from django.utils.translation import gettext as _

from initiatives.agenda.models import AgendaVersion, AgreedNode, Goal, Outcome, State, Strategy
from initiatives.agenda.tree import Kind, Node, NotAllowed, Tree
from initiatives.charter.models import Initiative

MODELS: dict[Kind, type[AgreedNode]] = {
    Kind.GOAL: Goal,
    Kind.OUTCOME: Outcome,
    Kind.STRATEGY: Strategy,
}
_ABOVE = {Kind.GOAL: "", Kind.OUTCOME: "goal", Kind.STRATEGY: "outcome"}
_COMMON = ("id", "initiative_id", "public_id", "code", "name", "statement", "position")
_OWN = {Goal, Outcome, Strategy}


def row_of(initiative: Initiative, code: str) -> AgreedNode | None:
    """The goal, outcome or strategy with that code, in one query; a code is given once over all of them."""
    first, *others = (
        model._default_manager.filter(initiative=initiative, code=code)
        .order_by()
        .annotate(kind=Value(kind.value))
        .values_list("kind", *_COMMON)
        for kind, model in MODELS.items()
    )
    found = first.union(*others, all=True).first()
    if found is None:
        return None
    kind, *values = found
    row: AgreedNode = MODELS[Kind(kind)].from_db(None, _COMMON, values)
    row.initiative = initiative
    return row


def tree_of(initiative: Initiative) -> Tree:
    """The tree in force, read from its rows."""
    return Tree(tuple(_nodes(initiative)))


def _nodes(initiative: Initiative) -> Iterable[Node]:
    for kind, model in MODELS.items():
        rows = model._default_manager.filter(initiative=initiative)
        above = _ABOVE[kind]
        for row in rows.select_related(above) if above else rows:
            parent = getattr(row, above) if above else None
            yield Node(row.code, kind, row.name, row.statement, parent.code if parent else "")


def follow(version: AgendaVersion) -> None:
    """Let the rows follow a version, unless another one has been adopted.

    Raises NotAllowed where something rests on a row that would go.
    """
    adopted = AgendaVersion.objects.filter(initiative=version.initiative_id, state=State.ADOPTED).first()
    if adopted is None or adopted.pk == version.pk:
        settle(version.initiative, version.nodes)


def settle(initiative: Initiative, tree: Tree) -> None:
    keys: dict[str, int] = {}
    for kind, model in MODELS.items():
        _write(initiative, tree, kind, keys)
        keys = dict(model._default_manager.filter(initiative=initiative).values_list("code", "pk"))
    for kind in reversed(MODELS):
        kept = [node.code for node in tree.of_kind(kind)]
        gone = MODELS[kind]._default_manager.filter(initiative=initiative).exclude(code__in=kept)
        rows = list(gone.select_for_update())
        refuse_what_is_used(rows)
        gone.filter(pk__in=[row.pk for row in rows]).delete()


def _write(initiative: Initiative, tree: Tree, kind: Kind, keys: dict[str, int]) -> None:
    above = _ABOVE[kind]
    rows = [
        MODELS[kind](
            initiative=initiative,
            code=node.code,
            name=node.name,
            statement=node.statement,
            position=place,
            **({f"{above}_id": keys.get(node.parent)} if above else {}),
        )
        for place, node in enumerate(tree.of_kind(kind), start=1)
    ]
    MODELS[kind]._default_manager.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["initiative", "code"],
        update_fields=["name", "statement", "position", *([above] if above else [])],
    )


def refuse_what_is_used(rows: list[AgreedNode]) -> None:
    for row in rows:
        used = what_rests_on(row)
        if used:
            raise NotAllowed(
                _("“%(name)s” still carries %(what)s. Take these off first; then it can be removed.")
                % {"what": ", ".join(used), "name": row.name}
            )


def what_rests_on(row: Model, *, beside: Collection["Field[Any, Any]"] = ()) -> list[str]:
    """In words, what points at it beside the tree: "3 measures". What that can be is no business of this room.

    `beside` are the fields of what belongs to it and goes with it.
    """
    found = []
    for relation in row._meta.related_objects:
        if relation.related_model in _OWN or relation.field in beside:
            continue
        count = relation.related_model._base_manager.filter(**{relation.field.name: row}).count()
        if count:
            names = relation.related_model._meta
            found.append(f"{count} {names.verbose_name if count == 1 else names.verbose_name_plural}")
    return found
