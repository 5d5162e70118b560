"""What has to hold of the agenda in a package, beyond single cells."""

from collections.abc import Callable, Iterator, Mapping

from django.utils.translation import gettext as _

from initiatives.agenda.models import State
from initiatives.agenda.tree import Kind, Node, NotAllowed, Tree
from measurement.datapackage.tables import Row, Table

Tables = Mapping[str, Table]
_Wrong = Iterator[tuple[Row, str, str]]


def codes_of(name: str, *others: str) -> Callable[[Tables], _Wrong]:
    """The rule that a code is given once over goals, outcomes and strategies."""

    def check(tables: Tables) -> _Wrong:
        taken = {row.code for other in others if other in tables for row in tables[other].rows}
        for row in tables[name].rows:
            if row.code in taken:
                yield row, "code", _("Another part of the agenda has this code.")

    return check


def versions(tables: Tables) -> _Wrong:
    seen: set[str] = set()
    for row in tables["agenda_versions"].rows:
        if row.state != State.SUPERSEDED and row.state in seen:
            yield row, "state", _("Only one version can be in this state.")
        seen.add(row.state)
        if (row.state == State.DRAFT) == bool(row.proposed_at):
            yield row, "proposed_at", _("A draft has none, and every other version has one.")
        if row.state == State.ADOPTED and not row.adopted_at:
            yield row, "adopted_at", _("An adopted version needs the moment of its adoption.")
        if (row.state == State.SUPERSEDED) != bool(row.superseded_at):
            yield row, "superseded_at", _("A superseded version has one, and no other has.")


def nodes(tables: Tables) -> _Wrong:
    """Every tree has to be one that people could have made."""
    trees: dict[str, Tree] = {}
    for row in sorted(
        tables["agenda_nodes"].rows, key=lambda row: (list(Kind).index(row.kind), int(row.place))
    ):
        node = Node(row.code, Kind(row.kind), row.name, row.statement, row.parent)
        try:
            trees[row.version] = trees.get(row.version, Tree()).add(node)
        except NotAllowed as reason:
            yield row, "parent", str(reason)
