from django.db import models
from django.utils.translation import gettext_lazy as _

from backbone.web.exact import ExactField
from initiatives.charter.models import TenantRow


class ExchangeRate(TenantRow):
    """How much of one currency one of another was, from a day on. A figure keeps the rate that it was converted at."""

    currency = models.CharField(_("from"), max_length=3)
    into = models.CharField(_("to"), max_length=3)
    on = models.DateField(_("from this day on"))
    rate = ExactField(_("rate"))
    source = models.CharField(_("source"), max_length=300)

    class Meta:
        ordering = ("currency", "into", "-on")
        constraints = (
            models.UniqueConstraint(fields=["initiative", "currency", "into", "on"], name="rate_once_a_day"),
            models.CheckConstraint(condition=models.Q(rate__gt=0), name="rate_is_positive"),
        )

    def __str__(self) -> str:
        return f"1 {self.currency} = {self.rate} {self.into} ({self.on})"
