"""What the pages of the agenda read."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.paginator import Page
from django.http import HttpRequest
from django.utils.translation import gettext as _

from backbone.web.pagination import paginate
from initiatives.agenda import rows
from initiatives.agenda.answers import Progress, progress_of
from initiatives.agenda.models import SECTIONS, AgendaVersion, Comment, CommonAgenda, State
from initiatives.agenda.tree import Item, Node, Tree
from initiatives.agenda.words import HINTS, LABELS
from initiatives.charter.models import Initiative

MOST_NODES_ON_A_PAGE = 300


@dataclass(frozen=True)
class Section:
    """One text with what was said about it."""

    name: str
    label: str
    hint: str
    text: str
    comments: list[Comment]


@dataclass(frozen=True)
class Standing:
    """How things stand: at most one version of each kind."""

    adopted: AgendaVersion | None
    proposed: AgendaVersion | None
    draft: AgendaVersion | None
    quorum: int

    @property
    def read(self) -> AgendaVersion | None:
        """The version whose words everybody reads."""
        return self.adopted or self.proposed


def standing_of(initiative: Initiative, *, drafts: bool) -> Standing:
    live = AgendaVersion.objects.in_initiative(initiative).seen(drafts=drafts).exclude(state=State.SUPERSEDED)
    by_state = {version.state: version for version in live.select_related("initiative", "agenda")}
    agenda = next((version.agenda for version in by_state.values()), None)
    return Standing(
        by_state.get(State.ADOPTED),
        by_state.get(State.PROPOSED),
        by_state.get(State.DRAFT),
        agenda.quorum if agenda else quorum_of(initiative),
    )


def quorum_of(initiative: Initiative) -> int:
    agenda = CommonAgenda.objects.filter(initiative=initiative).first()
    return agenda.quorum if agenda else CommonAgenda.USUAL_QUORUM


def tree_in_force(initiative: Initiative, standing: Standing) -> Tree:
    """As it was agreed; while nothing has been, as it stands in the rows to which measures are tied."""
    return standing.adopted.nodes if standing.adopted else rows.tree_of(initiative)


def sections_of(version: AgendaVersion, comments: list[Comment] | None = None) -> list[Section]:
    said: dict[str, list[Comment]] = {}
    for comment in comments or []:
        said.setdefault(comment.section, []).append(comment)
    return [
        Section(name, str(LABELS[name]), str(HINTS[name]), getattr(version, name), said.get(name, []))
        for name in SECTIONS
    ]


@dataclass(frozen=True)
class Shown:
    """One page of a tree, with whole levels as far as they go; `is_cut` where some are not shown.

    `under` is the node that the address asks for.
    """

    items: tuple[Item, ...]
    page: Page[Any]
    count: int
    under: Node | None

    @property
    def is_cut(self) -> bool:
        return any(is_cut(item) for item in self.items)


def is_cut(item: Item) -> bool:
    return bool(item.hidden) or any(is_cut(child) for child in item.children)


def shown(request: HttpRequest, tree: Tree, under: str = "") -> Shown:
    """What stands under a node; under the one that the address names, or at the top, where none is given."""
    asked = None if under else tree.by_code.get(request.GET.get("under", ""))
    page = paginate(request, tree.children(under or (asked.code if asked else "")))
    items = tree.outline(page.object_list, at_most=MOST_NODES_ON_A_PAGE)
    return Shown(items, page, len(tree.nodes), asked)


def agreed_since(initiative: Initiative, code: str) -> AgendaVersion | None:
    """The first adopted version in which the node stands."""
    adopted = AgendaVersion.objects.in_initiative(initiative).filter(adopted_at__isnull=False)
    return adopted.filter(tree__contains=[{"code": code}]).order_by("number").first()


def found_in(initiative: Initiative, code: str, *, drafts: bool) -> AgendaVersion | None:
    """The newest version in which a node stands that is not in force."""
    versions = AgendaVersion.objects.in_initiative(initiative).seen(drafts=drafts)
    return versions.filter(tree__contains=[{"code": code}]).first()


@dataclass(frozen=True)
class Round:
    """The answers to a version, in words and numbers for its page."""

    version: AgendaVersion
    progress: Progress
    needed: int

    @property
    def sentence(self) -> str:
        words = {
            "answered": self.progress.answered,
            "partners": self.progress.partners,
            "agree": self.progress.agree,
        }
        return _("%(answered)s of %(partners)s partners have answered, %(agree)s agree.") % words

    @property
    def is_enough(self) -> bool:
        return self.progress.agree >= self.needed > 0


def round_of(version: AgendaVersion, quorum: int, *, at: datetime) -> Round:
    progress = progress_of(version, at=at)
    return Round(version, progress, progress.needed(quorum))


def path_to(tree: Tree, node: Node) -> list[Node]:
    return tree.above(node.code)
