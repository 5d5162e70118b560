"""Writing actions down, changing them, and saying how they stand."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backbone.access.permissions import Permission
from backbone.accounts.models import User
from backbone.audit import trail
from backbone.notifications import outbox
from backbone.web.dates import long_date
from initiatives.actions.models import OPEN, Action, Entry, Milestone, State, Wait
from initiatives.agenda.drafting import Stale, mark, plain
from initiatives.agenda.rows import what_rests_on
from initiatives.agenda.tree import NotAllowed
from initiatives.charter.people import people_who_may

WRITTEN = (
    "name",
    "description",
    "strategy",
    "organization",
    "person",
    "starts_on",
    "ends_on",
    "budget",
    "budget_source",
)
# What goes with an action, and holds nobody back from removing it.
_ITS_OWN = (Milestone._meta.get_field("action"), Wait._meta.get_field("action"))


def mark_of(action: Action) -> str:
    """What tells one state of what is written about it from another."""
    written = {field.name: field.attname for field in Action._meta.fields}
    return mark(*(str(getattr(action, written[name])) for name in WRITTEN))


@transaction.atomic
def add(*, action: Action, by: User | None, at: datetime) -> Action:
    action.description = plain(action.description)
    action.created_at, action.created_by = at, by
    action.save()
    trail.record("action.added", about=action, by=by, at=at)
    if action.person and action.person != by:
        _tell(action, [action.person], _("You are asked to look after “%(name)s”"), at=at)
    return action


@transaction.atomic
def change(*, action: Action, seen: str, by: User, at: datetime) -> None:
    """Raises Stale where what stands there is not what was seen."""
    stored = locked(action)
    action.description = plain(action.description)
    changed = [name for name in WRITTEN if getattr(stored, name) != getattr(action, name)]
    if not changed:
        return
    if mark_of(stored) != seen:
        raise Stale(described(stored))
    action.save(update_fields=changed)
    was = {name: str(getattr(stored, name)) for name in changed}
    trail.record("action.changed", about=action, by=by, at=at, details={"was": was})


def described(action: Action) -> str:
    """What is written about it, for somebody who has written something else."""
    lines = [
        action.name,
        action.description,
        str(action.strategy or ""),
        ", ".join(str(each) for each in (action.organization, action.person) if each),
        f"{long_date(action.starts_on)} – {long_date(action.ends_on)}",
        " ".join(str(each) for each in (action.budget, action.budget_source) if each),
    ]
    return "\n".join(filter(None, lines))


def words_missing(state: str, text: str) -> str:
    """What has to be said and is not, as a sentence; empty where nothing is missing."""
    if state == State.BLOCKED and not text:
        return _("Say what holds it up, so that the others can help.")
    if state == State.DROPPED and not text:
        return _("Say why it is dropped, so that the others can learn from it.")
    return ""


@transaction.atomic
def say(*, action: Action, state: str, text: str, seen: str, by: User | None, at: datetime) -> Entry:
    """How it stands now, or only a word about it. Raises Stale where it did not stand as `seen`."""
    stored, text = locked(action), plain(text)
    if stored.state != seen:
        raise Stale(str(stored.get_state_display()))
    moves = state != stored.state
    missing = words_missing(state if moves else "", text)
    if missing or not (moves or text):
        raise NotAllowed(missing or _("Choose how it stands now, or say something about it."))
    if moves:
        _move(stored, state, at)
    entry = Entry.objects.create(
        initiative=stored.initiative,
        action=stored,
        was=seen if moves else "",
        state=state if moves else "",
        text=text,
        by=by,
        at=at,
    )
    trail.record("action.said", about=stored, by=by, at=at, details={"was": seen, "state": state})
    if moves:
        _pass_on(stored, text, at=at)
    return entry


def _move(stored: Action, state: str, at: datetime) -> None:
    stored.state = state
    stored.closed_on = None if state in OPEN else stored.initiative.today(at)
    stored.save(update_fields=["state", "closed_on"])


def _pass_on(action: Action, text: str, *, at: datetime) -> None:
    """The backbone hears what is blocked; who waits for an action hears that it is through."""
    if action.state == State.BLOCKED:
        staff = people_who_may(Permission.ACTIONS_MANAGE, initiative=action.initiative)
        _tell(action, staff, _("“%(name)s” is blocked"), at=at, body=text)
    elif not action.is_open:
        subject = _("“%(name)s” is done") if action.state == State.DONE else _("“%(name)s” is dropped")
        waiting = Action.objects.filter(waits__needs=action, state__in=OPEN).select_related("person")
        people = {each.person for each in waiting if each.person}
        _tell(action, people, subject, at=at, body=_("An action of yours waits for it."))


def _tell(action: Action, people: Iterable[User], subject: str, *, at: datetime, body: str = "") -> None:
    outbox.tell(
        people,
        subject=subject % {"name": action.name},
        body=body or action.description or action.name,
        link=action.get_absolute_url(),
        at=at,
        tenant_id=action.tenant_id,
    )


def rests_on(action: Action) -> list[str]:
    """In words, what others have put on it: "2 commitments"."""
    return what_rests_on(action, beside=_ITS_OWN)


@transaction.atomic
def remove(*, action: Action, by: User, at: datetime) -> None:
    """Raises NotAllowed while anything of others rests on it: then it can be dropped, and its story stays."""
    stored = locked(action)
    used = rests_on(stored)
    if used:
        raise NotAllowed(
            _("“%(name)s” still carries %(what)s. Say that it is dropped instead: its story stays.")
            % {"name": stored.name, "what": ", ".join(used)}
        )
    trail.record("action.removed", about=stored, by=by, at=at)
    stored.delete()


def locked(action: Action) -> Action:
    """The row in our hands until the end of the transaction."""
    rows = Action.objects.select_for_update(no_key=True, of=("self",)).with_names()
    found = rows.filter(pk=action.pk).first()
    if found is None:
        raise NotAllowed(_("“%(name)s” has been removed in the meantime.") % {"name": action.name})
    return found
