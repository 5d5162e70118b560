"""What organizations take on: asked for, answered by their own people, kept or not."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from backbone.access.permissions import Permission
from backbone.accounts.models import User
from backbone.audit import trail
from backbone.notifications import outbox
from initiatives.actions.models import Commitment
from initiatives.agenda.drafting import plain
from initiatives.agenda.tree import NotAllowed
from initiatives.charter.people import people_who_may

_State = Commitment.State


@transaction.atomic
def ask(*, commitment: Commitment, by: User | None, at: datetime) -> Commitment:
    """Put it to the organization, whose own people answer."""
    commitment.what = plain(commitment.what)
    commitment.asked_at, commitment.asked_by = at, by
    commitment.save()
    _record("commitment.asked", commitment, by=by, at=at)
    if commitment.state == _State.PROPOSED:
        people = people_who_may(
            Permission.OWN_COMMITMENTS_ANSWER,
            initiative=commitment.initiative,
            organization=commitment.organization,
        )
        _tell(commitment, people, _("%(who)s is asked to take part"), body=commitment.what, at=at)
    return commitment


@transaction.atomic
def take_on(*, commitment: Commitment, by: User | None, at: datetime) -> Commitment:
    """The same by the organization's own people, who need not be asked."""
    commitment.state = _State.ACCEPTED
    commitment.answered_at, commitment.answered_by = at, by
    return ask(commitment=commitment, by=by, at=at)


@transaction.atomic
def answer(*, commitment: Commitment, accept: bool, words: str, by: User | None, at: datetime) -> None:
    stored = _locked(commitment, (_State.PROPOSED,))
    stored.state = _State.ACCEPTED if accept else _State.DECLINED
    stored.why, stored.answered_at, stored.answered_by = plain(words), at, by
    stored.save(update_fields=["state", "why", "answered_at", "answered_by"])
    _record(f"commitment.{stored.state}", stored, by=by, at=at)
    subject = _("%(who)s takes part") if accept else _("%(who)s cannot take part")
    _tell(stored, _who_asked(stored, by), subject, body=stored.why or stored.what, at=at)


@transaction.atomic
def settle(*, commitment: Commitment, kept: bool, why: str, by: User | None, at: datetime) -> None:
    """Whether it was kept; can be said again when something has changed."""
    stored = _locked(commitment, (_State.ACCEPTED, _State.KEPT, _State.NOT_KEPT))
    if not kept and not plain(why):
        raise NotAllowed(_("Say what came between, so that the others can learn from it."))
    stored.state = _State.KEPT if kept else _State.NOT_KEPT
    stored.why, stored.settled_at, stored.settled_by = plain(why), at, by
    stored.save(update_fields=["state", "why", "settled_at", "settled_by"])
    _record(f"commitment.{stored.state}", stored, by=by, at=at)


@transaction.atomic
def withdraw(*, commitment: Commitment, by: User, at: datetime) -> None:
    """Ask no more. What was accepted stays and is kept or not."""
    stored = _locked(commitment, (_State.PROPOSED, _State.DECLINED))
    _record("commitment.withdrawn", stored, by=by, at=at)
    stored.delete()


def _locked(commitment: Commitment, states: Iterable[str]) -> Commitment:
    rows = Commitment.objects.select_for_update(no_key=True, of=("self",))
    stored = rows.select_related("initiative", "organization", "action").filter(pk=commitment.pk).first()
    if stored is None:
        raise NotAllowed(_("This has been taken back in the meantime."))
    if stored.state not in states:
        raise NotAllowed(
            _("This has been answered in the meantime: it stands at “%(state)s”.")
            % {"state": stored.get_state_display()}
        )
    return stored


def _who_asked(commitment: Commitment, by: User | None) -> list[User]:
    asked = commitment.asked_by
    return [asked] if asked and asked != by else []


def _record(verb: str, commitment: Commitment, *, by: User | None, at: datetime) -> None:
    about = {"organization": commitment.organization.name, "what": commitment.what[:200]}
    trail.record(verb, about=commitment, by=by, at=at, details=about)


def _tell(commitment: Commitment, people: Iterable[User], subject: str, *, body: str, at: datetime) -> None:
    about = f"“{commitment.action.name}”\n\n" if commitment.action else ""
    outbox.tell(
        people,
        subject=subject % {"who": commitment.organization.name},
        body=about + body,
        link=commitment.action.get_absolute_url()
        if commitment.action
        else reverse("initiatives:actions:ours", args=[commitment.initiative.slug]),
        at=at,
        tenant_id=commitment.tenant_id,
    )
