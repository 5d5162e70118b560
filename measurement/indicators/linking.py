"""Which measures tell whether an outcome comes about, and in which order they are read."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backbone.accounts.models import User
from backbone.audit import trail
from initiatives.agenda.models import Outcome
from measurement.indicators.models import Indicator, OutcomeIndicator
from measurement.indicators.operations import NotAllowed


@transaction.atomic
def link(*, outcome: Outcome, indicator: Indicator, by: User | None, at: datetime) -> OutcomeIndicator:
    """At the end of the outcome's measures. Twice is the same as once."""
    _lock(outcome)
    last = OutcomeIndicator.objects.filter(outcome=outcome).last()
    made, created = OutcomeIndicator.objects.get_or_create(
        outcome=outcome,
        indicator=indicator,
        defaults={
            "initiative_id": outcome.initiative_id,
            "position": last.position + 1 if last else 1,
        },
    )
    if created:
        trail.record(
            "outcome.measure_added", about=outcome, by=by, at=at, details={"measure": indicator.code}
        )
    return made


@transaction.atomic
def unlink(*, outcome: Outcome, indicator: Indicator, by: User, at: datetime) -> None:
    """The measure and its figures stay. Twice is the same as once."""
    _lock(outcome)
    gone, _rows = OutcomeIndicator.objects.filter(outcome=outcome, indicator=indicator).delete()
    if gone:
        trail.record(
            "outcome.measure_removed", about=outcome, by=by, at=at, details={"measure": indicator.code}
        )


@transaction.atomic
def move_link(*, outcome: Outcome, indicator: Indicator, up: bool, by: User, at: datetime) -> None:
    """One place up or down among the outcome's measures. The first stays first and the last stays last."""
    _lock(outcome)
    order = list(OutcomeIndicator.objects.filter(outcome=outcome))
    place = next((i for i, each in enumerate(order) if each.indicator_id == indicator.pk), None)
    if place is None:
        raise NotAllowed(_("This measure has been taken off the outcome in the meantime."))
    other = place - 1 if up else place + 1
    if not 0 <= other < len(order):
        return
    order[place], order[other] = order[other], order[place]
    for position, each in enumerate(order, start=1):
        each.position = position
    OutcomeIndicator.objects.bulk_update(order, ["position"])
    trail.record("outcome.measure_moved", about=outcome, by=by, at=at, details={"measure": indicator.code})


def _lock(outcome: Outcome) -> None:
    if not Outcome.objects.select_for_update().filter(pk=outcome.pk).exists():
        raise NotAllowed(_("“%(name)s” has been removed in the meantime.") % {"name": outcome.name})
