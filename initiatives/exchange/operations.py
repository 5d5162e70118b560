"""Offering, asking, agreeing; calling for something and pledging a part of it."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import models, transaction
from django.utils.translation import gettext as _

from backbone.access.permissions import Permission
from backbone.accounts.models import User
from backbone.audit import trail
from backbone.notifications import outbox
from initiatives.actions import commitments
from initiatives.actions.models import Commitment
from initiatives.agenda.tree import NotAllowed
from initiatives.charter.people import people_who_may
from initiatives.exchange.models import Appeal, Deal, Listing, Pledge, Side
from initiatives.partners.models import Organization


@transaction.atomic
def post(*, posted: Listing | Appeal, by: User | None, at: datetime) -> None:
    posted.posted_at, posted.posted_by = at, by
    posted.save()
    trail.record(f"{posted._meta.model_name}.posted", about=posted, by=by, at=at)


@transaction.atomic
def close(*, posted: Listing | Appeal, by: User, at: datetime) -> None:
    """It takes no more answers; what was agreed stays. Twice is the same as once."""
    stored = _locked(posted)
    if stored.closed_at is None:
        stored.closed_at = at
        stored.save(update_fields=["closed_at"])
        trail.record(f"{posted._meta.model_name}.closed", about=stored, by=by, at=at)


@transaction.atomic
def respond(*, deal: Deal, by: User | None, at: datetime) -> Deal:
    """Say that one takes an offer, or helps with a request."""
    listing = _open(deal.listing)
    if deal.organization_id == listing.organization_id:
        raise NotAllowed(_("This is your own. Others answer it."))
    if listing.deals.filter(organization=deal.organization, state=Deal.State.ASKED).exists():
        raise NotAllowed(
            _("You have answered already: it waits for %(who)s.") % {"who": listing.organization}
        )
    deal.asked_at, deal.asked_by = at, by
    deal.save()
    trail.record("exchange.asked", about=deal, by=by, at=at)
    subject = (
        _("%(who)s would like “%(what)s”")
        if listing.side == Side.OFFER
        else _("%(who)s can help with “%(what)s”")
    )
    _tell(
        listing, listing.organization, subject % {"who": deal.organization, "what": listing}, deal.words, at
    )
    return deal


@transaction.atomic
def answer(*, deal: Deal, agree: bool, by: User | None, at: datetime) -> None:
    """Agreeing commits whoever gives: it stands among what they have taken on."""
    rows = Deal.objects.select_for_update(no_key=True, of=("self",))
    stored = rows.select_related("listing__initiative", "listing__organization", "organization").get(
        pk=deal.pk
    )
    if stored.state != Deal.State.ASKED:
        raise NotAllowed(
            _("This has been answered in the meantime: it stands at “%(state)s”.")
            % {"state": stored.get_state_display()}
        )
    stored.state = Deal.State.AGREED if agree else Deal.State.DECLINED
    stored.answered_at, stored.answered_by = at, by
    stored.commitment = _commit(stored, by=by, at=at) if agree else None
    stored.save(update_fields=["state", "answered_at", "answered_by", "commitment"])
    trail.record(f"exchange.{stored.state}", about=stored, by=by, at=at)
    subject = _("Agreed: “%(what)s”") if agree else _("It does not work out: “%(what)s”")
    _tell(stored.listing, stored.organization, subject % {"what": stored.listing}, "", at)


def _commit(deal: Deal, *, by: User | None, at: datetime) -> Commitment:
    listing = deal.listing
    giver, taker = listing.organization, deal.organization
    if listing.side == Side.REQUEST:
        giver, taker = taker, giver
    made = Commitment(
        initiative=listing.initiative,
        organization=giver,
        towards=taker,
        what=listing.name,
        until=listing.until,
    )
    return commitments.take_on(commitment=made, by=by, at=at)


@transaction.atomic
def pledge(*, pledge: Pledge, by: User | None, at: datetime) -> Pledge:
    appeal = _open(pledge.appeal)
    pledge.made_at, pledge.made_by = at, by
    pledge.save()
    trail.record("pledge.made", about=pledge, by=by, at=at, details={"amount": str(pledge.amount)})
    said = _("%(who)s pledges %(amount)s %(unit)s") % {
        "who": pledge.organization,
        "amount": pledge.amount,
        "unit": appeal.unit,
    }
    _tell(appeal, appeal.organization, said, pledge.words, at)
    return pledge


@transaction.atomic
def settle(*, pledge: Pledge, kept: bool, by: User, at: datetime) -> None:
    """Kept, or taken back; said once."""
    stored = Pledge.objects.select_for_update(no_key=True).get(pk=pledge.pk)
    if stored.state != Pledge.State.MADE:
        raise NotAllowed(
            _("It has been settled in the meantime: it stands at “%(state)s”.")
            % {"state": stored.get_state_display()}
        )
    stored.state, stored.settled_at = Pledge.State.KEPT if kept else Pledge.State.WITHDRAWN, at
    stored.save(update_fields=["state", "settled_at"])
    trail.record(f"pledge.{stored.state}", about=stored, by=by, at=at)


def _locked(posted: models.Model) -> Any:
    rows = type(posted)._default_manager.select_for_update(no_key=True, of=("self",))
    return rows.select_related("initiative", "organization").get(pk=posted.pk)


def _open(posted: models.Model) -> Any:
    stored = _locked(posted)
    if stored.closed_at is not None:
        raise NotAllowed(_("“%(name)s” has been closed in the meantime.") % {"name": stored})
    return stored


def _tell(about: Listing | Appeal, organization: Organization, subject: str, body: str, at: datetime) -> None:
    people: Iterable[User] = people_who_may(
        Permission.OWN_COMMITMENTS_ANSWER, initiative=about.initiative, organization=organization
    )
    outbox.tell(
        people,
        subject=subject,
        body=body or about.name,
        link=about.get_absolute_url(),
        at=at,
        tenant_id=about.tenant_id,
    )
