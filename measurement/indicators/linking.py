"""Which measures tell about a goal, an outcome or a strategy, or an action should move, and in which order."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from backbone.accounts.models import User
from backbone.audit import trail
from initiatives.actions.models import Action
from initiatives.agenda.models import AgreedNode
from measurement.indicators.links import EVERY_LINK, LINKS, NodeIndicator
from measurement.indicators.models import Indicator
from measurement.indicators.operations import NotAllowed


def links_of(node: AgreedNode | Action) -> QuerySet[Any]:
    """Its links to measures, in their order."""
    model, field = EVERY_LINK[type(node)]
    return model._default_manager.filter(**{field: node})


def nodes_of(indicator: Indicator) -> list[AgreedNode]:
    """The goals, outcomes and strategies that it tells about."""
    found: list[AgreedNode] = []
    for model, field in LINKS.values():
        links = model._default_manager.filter(indicator=indicator).select_related(field)
        found += [getattr(each, field) for each in links]
    return found


@transaction.atomic
def link(*, node: AgreedNode | Action, indicator: Indicator, by: User | None, at: datetime) -> NodeIndicator:
    """At the end of the node's measures. Twice is the same as once."""
    _lock(node)
    model, field = EVERY_LINK[type(node)]
    last = links_of(node).last()
    made, created = model._default_manager.get_or_create(
        **{field: node},
        indicator=indicator,
        defaults={"initiative_id": node.initiative_id, "position": last.position + 1 if last else 1},
    )
    if created:
        _record("measure_added", node, indicator, by=by, at=at)
    return made


@transaction.atomic
def unlink(*, node: AgreedNode | Action, indicator: Indicator, by: User, at: datetime) -> None:
    """The measure and its figures stay. Twice is the same as once."""
    _lock(node)
    gone, _rows = links_of(node).filter(indicator=indicator).delete()
    if gone:
        _record("measure_removed", node, indicator, by=by, at=at)


@transaction.atomic
def move_link(*, node: AgreedNode | Action, indicator: Indicator, up: bool, by: User, at: datetime) -> None:
    """One place up or down among the node's measures. The first stays first and the last stays last."""
    _lock(node)
    order = list(links_of(node))
    place = next((i for i, each in enumerate(order) if each.indicator_id == indicator.pk), None)
    if place is None:
        raise NotAllowed(_("This measure has been taken off in the meantime."))
    other = place - 1 if up else place + 1
    if not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    for position, each in enumerate(order, start=1):
        each.position = position
    EVERY_LINK[type(node)][0]._default_manager.bulk_update(order, ["position"])
    _record("measure_moved", node, indicator, by=by, at=at)


def _lock(node: AgreedNode | Action) -> None:
    if not type(node)._default_manager.select_for_update().filter(pk=node.pk).exists():
        raise NotAllowed(_("“%(name)s” has been removed in the meantime.") % {"name": node.name})


def _record(
    what: str, node: AgreedNode | Action, indicator: Indicator, *, by: User | None, at: datetime
) -> None:
    verb = f"{node._meta.model_name}.{what}"
    trail.record(verb, about=node, by=by, at=at, details={"measure": indicator.code})
