"""What the pages of the actions read."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Q, QuerySet

from initiatives.actions.models import OPEN, Action, ActionQuerySet, Commitment, Milestone, State
from initiatives.agenda.models import Strategy
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization

CARDS_A_COLUMN: Final = 25
SOON: Final = timedelta(days=14)
_DUE_SHOWN: Final = 20


def actions(
    initiative: Initiative,
    *,
    on: date,
    q: str = "",
    state: str = "",
    strategy: Strategy | None = None,
    organization: Organization | None = None,
    late: bool = False,
) -> ActionQuerySet:
    """Those that fit, with names and counts. `organization`: its own, and those in which it takes part.

    `state` may be "open", for whatever is not closed.
    """
    rows = Action.objects.in_initiative(initiative).with_names().with_counts()
    if q:
        rows = rows.filter(Q(name__icontains=q) | Q(description__icontains=q))
    if state:
        rows = rows.filter(state__in=OPEN if state == "open" else [state])
    if strategy:
        rows = rows.filter(strategy=strategy)
    if organization:
        rows = rows.filter(Q(organization=organization) | Q(pk__in=_taken_part_in(initiative, organization)))
    return rows.late(on) if late else rows


def _taken_part_in(initiative: Initiative, organization: Organization) -> QuerySet[Any, Any]:
    asked = Commitment.objects.in_initiative(initiative).filter(organization=organization)
    return asked.exclude(state=Commitment.State.DECLINED).values("action")


@dataclass(frozen=True)
class Column:
    """One state of the board with its first cards."""

    state: State
    cards: list[Action]
    count: int

    @property
    def left(self) -> int:
        return self.count - len(self.cards)


def board(rows: Iterable[Action]) -> list[Column]:
    by_state: dict[str, list[Action]] = {state: [] for state in State}
    for each in rows:
        by_state[each.state].append(each)
    return [Column(state, by_state[state][:CARDS_A_COLUMN], len(by_state[state])) for state in State]


@dataclass(frozen=True)
class Ours:
    """What one organization has in hand."""

    organization: Organization
    own: list[Action]
    asked: list[Commitment]
    accepted: list[Commitment]
    settled: list[Commitment]


def ours(initiative: Initiative, organizations: list[Organization]) -> list[Ours]:
    """In two queries, whatever the number of organizations."""
    rows = Action.objects.in_initiative(initiative).filter(organization__in=organizations)
    own = list(rows.with_names().with_counts())
    parts = list(
        Commitment.objects.in_initiative(initiative)
        .filter(organization__in=organizations)
        .select_related("initiative", "organization", "towards", "action__initiative", "action__organization")
        .order_by("asked_at", "pk")
    )
    states = Commitment.State

    def of(organization: Organization, *wanted: str) -> list[Commitment]:
        return [each for each in parts if each.organization_id == organization.pk and each.state in wanted]

    return [
        Ours(
            organization,
            [each for each in own if each.organization_id == organization.pk],
            of(organization, states.PROPOSED),
            of(organization, states.ACCEPTED),
            of(organization, states.KEPT, states.NOT_KEPT, states.DECLINED),
        )
        for organization in organizations
    ]


def due(initiative: Initiative, *, on: date) -> list[Action]:
    """Open ones that end soon, should have ended or begun, or are blocked; the first of them."""
    rows = Action.objects.in_initiative(initiative).filter(
        Q(state__in=OPEN, ends_on__lte=on + SOON)
        | Q(state=State.PLANNED, starts_on__lt=on)
        | Q(state=State.BLOCKED)
    )
    return list(rows.with_names().order_by("ends_on", "pk")[:_DUE_SHOWN])


def milestones_of(rows: Iterable[Action]) -> dict[int, list[Milestone]]:
    """Of several actions, in one query."""
    found: dict[int, list[Milestone]] = {}
    for each in Milestone.objects.filter(action__in=[row.pk for row in rows]):
        found.setdefault(each.action_id, []).append(each)
    return found
