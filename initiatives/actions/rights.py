"""What of the actions a person may change: staff everything, others what belongs to their own organization."""

from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.timezone import now

from backbone.access.permissions import Permission
from initiatives.actions.models import Action, Commitment
from initiatives.charter.access import InitiativeRequest
from initiatives.charter.models import Initiative, Participation
from initiatives.partners.models import Organization


def action_of(request: InitiativeRequest, public_id: UUID) -> Action:
    rows = Action.objects.in_initiative(request.access.initiative).with_names()
    return get_object_or_404(rows, public_id=public_id)


def may_change(request: InitiativeRequest, organization: Organization) -> bool:
    if request.access.may(Permission.ACTIONS_MANAGE):
        return True
    return organization in request.access.organizations(Permission.OWN_ACTIONS_EDIT)


def changeable(request: InitiativeRequest, public_id: UUID) -> Action:
    """Raises Http404 for another organization's: that it is there can be read, and no more."""
    found = action_of(request, public_id)
    if not may_change(request, found.organization):
        raise Http404
    return found


def owners(request: InitiativeRequest) -> QuerySet[Organization]:
    """The organizations for which this person may write down actions."""
    if request.access.may(Permission.ACTIONS_MANAGE):
        return taking_part(request.access.initiative)
    own = request.access.organizations(Permission.OWN_ACTIONS_EDIT)
    return Organization.objects.filter(pk__in=[each.pk for each in own])


def taking_part(initiative: Initiative) -> QuerySet[Organization]:
    current = Participation.objects.in_initiative(initiative).current(initiative.today(now()))
    return Organization.objects.filter(pk__in=current.values("organization"))


def commitment_of(request: InitiativeRequest, public_id: UUID) -> Commitment:
    rows = Commitment.objects.in_initiative(request.access.initiative)
    named = rows.select_related("initiative", "organization", "towards", "action__initiative")
    return get_object_or_404(named, public_id=public_id)


def answerable(request: InitiativeRequest, public_id: UUID) -> Commitment:
    """Raises Http404 for another organization's: nobody speaks for others, staff neither."""
    found = commitment_of(request, public_id)
    if found.organization not in request.access.organizations(Permission.OWN_COMMITMENTS_ANSWER):
        raise Http404
    return found


def settleable(request: InitiativeRequest, public_id: UUID) -> Commitment:
    found = commitment_of(request, public_id)
    if not may_settle(request, found):
        raise Http404
    return found


def may_settle(request: InitiativeRequest, commitment: Commitment) -> bool:
    own = request.access.organizations(Permission.OWN_COMMITMENTS_ANSWER)
    return may_change(request, commitment.organization) or commitment.organization in own
