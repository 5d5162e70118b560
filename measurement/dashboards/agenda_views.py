"""Figures for the agenda: the curves beside a goal or an outcome, and the map with the state of each node."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from backbone.access.permissions import Permission
from backbone.web.htmx import is_htmx, render_page
from backbone.web.pagination import paginate
from initiatives.agenda.models import AgreedNode
from initiatives.agenda.rows import row_of
from initiatives.agenda.selectors import is_cut, standing_of, tree_in_force
from initiatives.agenda.tree import Item
from initiatives.agenda.words import KIND_NAMES
from initiatives.charter.access import InitiativeRequest, requires
from initiatives.charter.models import Initiative
from measurement.charts.tree import Box, tree_svg
from measurement.dashboards import cards, selectors
from measurement.dashboards.node_states import NodeState, state_of, states_of
from measurement.indicators import linking
from measurement.indicators.models import Tier

MOST_BOXES: Final = 150
_TOP_BOXES: Final = 40
# Signs and colours as in _components/status.html and theme.css.
_LOOKS: Final = {
    "on_track": ("✓", "#0072B2"),
    "at_risk": ("!", "#8A5A00"),
    "off_track": ("✕", "#A32A00"),
    "not_judged": ("–", "#595959"),
}


@requires(Permission.DASHBOARD_VIEW)
@require_safe
def node_curves(request: InitiativeRequest, initiative: Initiative, code: str) -> HttpResponse:
    """What tells about one part of the agenda: a page, and a fragment for the pages of the agenda."""
    node = row_of(initiative, code)
    if node is None:
        raise Http404
    agenda = {"label": _("Agenda"), "url": reverse("initiatives:agenda:agenda", args=[initiative.slug])}
    own = {"label": node.name, "url": reverse("initiatives:agenda:node", args=[initiative.slug, code])}
    context = {
        "node": node,
        "cards": _cards(request, initiative, node, now()),
        "may_measure": request.access.may(Permission.INDICATORS_MANAGE),
        "trail": [agenda, own],
    }
    part = "#curves" if is_htmx(request) else ""
    return render_page(request, f"measurement/dashboards/node_curves.html{part}", context)


def _cards(
    request: InitiativeRequest, initiative: Initiative, node: AgreedNode, at: datetime
) -> dict[str, list[cards.Card]]:
    """Those of core measures, and those of measures that contribute, each in the order of the links."""
    linked = list(linking.links_of(node).values_list("indicator", flat=True))
    found: dict[str, list[cards.Card]] = {tier.value: [] for tier in Tier}
    if not linked:
        return found
    sees_all = request.access.may(Permission.FIGURES_VIEW_ALL)
    _choice, readings, _left = selectors.readings_of(initiative, {}, sees_all=sees_all, at=at)
    for key in linked:
        if reading := readings.get(key):
            card = cards.card_of(
                reading, initiative=initiative, group=None, latest=True, at=at, within=f"{node.code}-"
            )
            found[reading.measure.indicator.tier].append(card)
    return found


@requires(Permission.DASHBOARD_VIEW)
@require_safe
def strategy_map(request: InitiativeRequest, initiative: Initiative) -> HttpResponse:
    """The tree as a picture, or what stands under one of its nodes (`?under=`), with a list beside it to read."""
    tree = tree_in_force(initiative, standing_of(initiative, drafts=False))
    under = request.GET.get("under", "")
    if under and under not in tree.by_code:
        raise Http404
    sees_all = request.access.may(Permission.FIGURES_VIEW_ALL)
    states = states_of(initiative, tree, sees_all=sees_all, at=now())
    children = tree.children(under)
    roots = [tree.get(under)] if under and len(children) < MOST_BOXES else children
    page = paginate(request, roots, per_page=_TOP_BOXES)
    items = tree.outline(page.object_list, at_most=MOST_BOXES)
    context = {
        "items": [_read(item, initiative, states) for item in items],
        "page": page,
        "under": tree.by_code.get(under),
        "above": tree.above(under) if under else [],
        "drawing": _drawing(items, initiative, states) if items else "",
        "is_cut": any(is_cut(item) for item in items),
        "count": len(tree.nodes),
        "trail": [
            {"label": _("Agenda"), "url": reverse("initiatives:agenda:agenda", args=[initiative.slug])}
        ],
    }
    return render_page(request, "measurement/dashboards/strategy_map.html", context)


def _drawing(items: tuple[Item, ...], initiative: Initiative, states: Mapping[str, NodeState]) -> str:
    return tree_svg(
        [_box(item, initiative, states) for item in items],
        title=_("Strategy map"),
        description=_(
            "Goals on the left, outcomes and strategies to the right of them. The same as a list stands below."
        ),
        element_id="strategy-map",
    )


def _box(item: Item, initiative: Initiative, states: Mapping[str, NodeState]) -> Box:
    node = item.node
    state = states.get(node.code) or state_of([])
    sign, colour = _LOOKS[state.status]
    return Box(
        name=node.name,
        kind=str(KIND_NAMES[node.kind]),
        url=_map_url(initiative, node.code) if item.hidden else _node_url(initiative, node.code),
        sign=sign,
        words=state.words,
        colour=colour,
        note=_more(item.hidden),
        children=tuple(_box(child, initiative, states) for child in item.children),
    )


def _read(item: Item, initiative: Initiative, states: Mapping[str, NodeState]) -> dict[str, object]:
    node = item.node
    return {
        "node": node,
        "kind": KIND_NAMES[node.kind],
        "state": states.get(node.code) or state_of([]),
        "children": [_read(child, initiative, states) for child in item.children],
        "more": _more(item.hidden),
        "more_url": _map_url(initiative, node.code) if item.hidden else "",
    }


def _more(hidden: int) -> str:
    if not hidden:
        return ""
    return ngettext("%(count)s more under it", "%(count)s more under it", hidden) % {"count": hidden}


def _node_url(initiative: Initiative, code: str) -> str:
    return reverse("initiatives:agenda:node", args=[initiative.slug, code])


def _map_url(initiative: Initiative, code: str) -> str:
    return f"{reverse('measurement:dashboards:strategy-map', args=[initiative.slug])}?under={code}"
