"""The dated steps of an action, and what it waits for."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backbone.accounts.models import User
from backbone.audit import trail
from initiatives.actions.models import Action, Milestone, Wait
from initiatives.actions.operations import locked
from initiatives.actions.words import waiting_for
from initiatives.agenda.tree import NotAllowed
from initiatives.charter.models import Initiative


@transaction.atomic
def save_milestone(*, milestone: Milestone, by: User | None, at: datetime) -> Milestone:
    action = locked(milestone.action)
    verb = "action.milestone_changed" if milestone.pk else "action.milestone_added"
    milestone.save()
    _record(verb, action, milestone, by=by, at=at)
    return milestone


@transaction.atomic
def tick(*, milestone: Milestone, done: bool, by: User | None, at: datetime) -> None:
    """Done today, or not done after all. Twice is the same as once."""
    action = locked(milestone.action)
    stored = _again(milestone)
    if (stored.done_on is not None) == done:
        return
    stored.done_on = action.initiative.today(at) if done else None
    stored.save(update_fields=["done_on"])
    _record("action.milestone_done" if done else "action.milestone_reopened", action, stored, by=by, at=at)


@transaction.atomic
def remove_milestone(*, milestone: Milestone, by: User, at: datetime) -> None:
    action = locked(milestone.action)
    stored = _again(milestone)
    _record("action.milestone_removed", action, stored, by=by, at=at)
    stored.delete()


def _again(milestone: Milestone) -> Milestone:
    found = Milestone.objects.filter(pk=milestone.pk).first()
    if found is None:
        raise NotAllowed(_("“%(name)s” has been removed in the meantime.") % {"name": milestone.name})
    return found


def _record(verb: str, action: Action, milestone: Milestone, *, by: User | None, at: datetime) -> None:
    trail.record(verb, about=action, by=by, at=at, details={"milestone": milestone.name})


@transaction.atomic
def wait_for(*, action: Action, needs: Action, by: User | None, at: datetime) -> Wait:
    """Raises NotAllowed where the action would in the end wait for itself, and names the circle."""
    initiative = Initiative.objects.select_for_update(no_key=True).get(pk=action.initiative_id)
    if action.pk == needs.pk:
        raise NotAllowed(_("An action cannot wait for itself. Choose another one."))
    way = _way(initiative, needs.pk, action.pk)
    if way:
        names = dict(Action.objects.filter(pk__in=way).values_list("pk", "name"))
        circle = waiting_for([action.name, *(names[each] for each in way[:-1])])
        raise NotAllowed(
            _("That would be a circle in which nobody can begin: %(circle)s.") % {"circle": circle}
        )
    made, created = Wait.objects.get_or_create(initiative=initiative, action=action, needs=needs)
    if created:
        trail.record("action.waits", about=action, by=by, at=at, details={"for": needs.name})
    return made


def _way(initiative: Initiative, first: int, last: int) -> list[int]:
    """The shortest way from one action to another along what each waits for; empty where there is none."""
    needed: dict[int, list[int]] = {}
    for action, needs in (
        Wait.objects.filter(initiative=initiative).order_by("pk").values_list("action", "needs")
    ):
        needed.setdefault(action, []).append(needs)
    ways, seen = [[first]], {first}
    for way in ways:
        if way[-1] == last:
            return way
        fresh = [each for each in needed.get(way[-1], []) if each not in seen]
        seen.update(fresh)
        ways += [[*way, each] for each in fresh]
    return []


@transaction.atomic
def wait_no_more(*, wait: Wait, by: User, at: datetime) -> None:
    """Twice is the same as once."""
    gone, _rows = Wait.objects.filter(pk=wait.pk).delete()
    if gone:
        trail.record(
            "action.waits_no_more", about=wait.action, by=by, at=at, details={"for": wait.needs.name}
        )
