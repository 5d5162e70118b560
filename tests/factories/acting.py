"""Actions and the exchange for tests, all reached through the operations that people use."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.timezone import now

from initiatives.actions import commitments, operations, steps
from initiatives.actions.models import Action, Commitment, Milestone, Wait
from initiatives.charter.models import Initiative
from initiatives.exchange import operations as exchanging
from initiatives.exchange.models import Appeal, Deal, Listing, Pledge
from initiatives.partners.models import Organization


def action(where: Initiative, of: Organization, name: str = "Home visits", **fields: Any) -> Action:
    days = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31)}
    made = Action(initiative=where, organization=of, name=name, **{**days, **fields})
    return operations.add(action=made, by=None, at=now())


def milestone(
    action: Action, name: str = "30 families visited", due_on: date = date(2026, 6, 30)
) -> Milestone:
    made = Milestone(initiative=action.initiative, action=action, name=name, due_on=due_on)
    return steps.save_milestone(milestone=made, by=None, at=now())


def wait(action: Action, needs: Action) -> Wait:
    return steps.wait_for(action=action, needs=needs, by=None, at=now())


def asked(
    action: Action | None, of: Organization, what: str = "Two people a week", **fields: Any
) -> Commitment:
    where = action.initiative if action else fields.pop("initiative")
    made = Commitment(initiative=where, action=action, organization=of, what=what, **fields)
    return commitments.ask(commitment=made, by=None, at=now())


def say(action: Action, state: str, text: str = "It went well.") -> None:
    seen = Action.objects.get(pk=action.pk).state
    operations.say(action=action, state=state, text=text, seen=seen, by=None, at=now())
    action.refresh_from_db()


def listing(where: Initiative, of: Organization, name: str = "A hall", **fields: Any) -> Listing:
    made = Listing(
        initiative=where, organization=of, name=name, **{"side": "offer", "kind": "space", **fields}
    )
    exchanging.post(posted=made, by=None, at=now())
    return made


def deal(posted: Listing, of: Organization) -> Deal:
    made = Deal(initiative=posted.initiative, listing=posted, organization=of)
    return exchanging.respond(deal=made, by=None, at=now())


def appeal(where: Initiative, of: Organization, name: str = "Books for all") -> Appeal:
    made = Appeal(
        initiative=where,
        organization=of,
        name=name,
        goal=Decimal(200),
        unit="books",
        due_on=date(2026, 12, 31),
    )
    exchanging.post(posted=made, by=None, at=now())
    return made


def pledge(to: Appeal, of: Organization, amount: str = "20") -> Pledge:
    made = Pledge(initiative=to.initiative, appeal=to, organization=of, amount=Decimal(amount))
    return exchanging.pledge(pledge=made, by=None, at=now())
