"""Which exchange rate holds on a day."""

from datetime import date
from decimal import Decimal

from measurement.rates.models import ExchangeRate


def rates_on(initiative_id: int, day: date) -> dict[tuple[str, str], Decimal]:
    """By currency and currency: the newest rate of that day or before. One query."""
    known = ExchangeRate.objects.filter(initiative_id=initiative_id, on__lte=day)
    newest = known.order_by("currency", "into", "-on").distinct("currency", "into")
    return {(each.currency, each.into): each.rate for each in newest}
