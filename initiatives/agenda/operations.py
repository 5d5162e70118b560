"""What the initiative wants to bring about, in its order."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backbone.accounts.models import User
from backbone.audit import trail
from backbone.web.codes import refusing_duplicates
from initiatives.agenda.models import Outcome
from initiatives.charter.models import Initiative


class NotAllowed(Exception):
    """It does not fit how things stand. The text says so to people."""


@transaction.atomic
def add_outcome(*, outcome: Outcome, by: User | None, at: datetime) -> Outcome:
    """A new outcome, at the end of the list."""
    last = Outcome.objects.in_initiative(outcome.initiative).last()
    outcome.position = last.position + 1 if last else 1
    with refusing_duplicates(
        NotAllowed(_("There is already an outcome with the code “%(code)s”.") % {"code": outcome.code})
    ):
        outcome.save()
    trail.record("outcome.added", about=outcome, by=by, at=at)
    return outcome


@transaction.atomic
def change_outcome(*, outcome: Outcome, by: User, at: datetime) -> Outcome:
    outcome.save(update_fields=["name", "statement"])
    trail.record("outcome.changed", about=outcome, by=by, at=at)
    return outcome


@transaction.atomic
def move_outcome(*, outcome: Outcome, up: bool, by: User, at: datetime) -> None:
    """One place up or down. The first stays first and the last stays last."""
    order = _in_order(outcome.initiative)
    place = next((i for i, each in enumerate(order) if each.pk == outcome.pk), None)
    if place is None:
        raise NotAllowed(_("“%(name)s” has been removed in the meantime.") % {"name": outcome.name})
    other = place - 1 if up else place + 1
    if not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    for position, each in enumerate(order, start=1):
        each.position = position
    Outcome.objects.bulk_update(order, ["position"])
    trail.record("outcome.moved", about=outcome, by=by, at=at, details={"place": other + 1})


def _in_order(initiative: Initiative) -> list[Outcome]:
    return list(Outcome.objects.in_initiative(initiative).select_for_update(no_key=True))


@transaction.atomic
def remove_outcome(*, outcome: Outcome, by: User, at: datetime) -> None:
    """Raises NotAllowed while anything is tied to it: measures, say."""
    locked = Outcome.objects.select_for_update().filter(pk=outcome.pk).first()
    if locked is None:
        return
    if is_used(locked):
        raise NotAllowed(
            _("“%(name)s” has measures. Take them off it first; then it can be removed.")
            % {"name": locked.name}
        )
    trail.record("outcome.removed", about=locked, by=by, at=at)
    locked.delete()


def is_used(outcome: Outcome) -> bool:
    """Whether anything at all points at it. What does is no business of this room: Django knows."""
    return any(
        relation.related_model._base_manager.filter(**{relation.field.name: outcome}).exists()
        for relation in outcome._meta.related_objects
    )
