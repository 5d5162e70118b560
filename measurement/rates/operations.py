"""Keeping exchange rates. Another rate for the same day takes its place; figures keep the one they had."""

from datetime import datetime

from django.db import transaction

from backbone.accounts.models import User
from backbone.audit import trail
from measurement.rates.models import ExchangeRate


@transaction.atomic
def set_rate(*, rate: ExchangeRate, by: User | None, at: datetime) -> ExchangeRate:
    kept, _created = ExchangeRate.objects.update_or_create(
        initiative_id=rate.initiative_id,
        currency=rate.currency,
        into=rate.into,
        on=rate.on,
        defaults={"rate": rate.rate, "source": rate.source},
    )
    trail.record("exchange_rate.set", about=rate.initiative, by=by, at=at, details={"rate": str(kept)})
    return kept
