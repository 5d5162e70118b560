from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from backbone.web.exact import ExactField
from initiatives.charter.models import TenantRow
from measurement.indicators.models import Indicator


class Benchmark(TenantRow):
    """A series from outside that a measure is compared with. It is in no total."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="+", db_constraint=False)
    name = models.CharField(_("name"), max_length=120)
    source = models.CharField(_("source"), max_length=300)
    licence = models.CharField(_("licence"), max_length=120)
    link = models.URLField(_("where it can be read"), max_length=300, blank=True)
    unit = models.CharField(_("unit"), max_length=40, blank=True)

    class Meta:
        ordering = ("name", "pk")
        constraints = (models.UniqueConstraint(fields=["indicator", "name"], name="benchmark_name_once"),)

    def __str__(self) -> str:
        return self.name


class BenchmarkValue(TenantRow):
    """What the series says of the time that ends on that day, as people read it: 52.5 for 52.5 %."""

    benchmark = models.ForeignKey(Benchmark, models.CASCADE, related_name="values", db_constraint=False)
    on = models.DateField(_("on"))
    value = ExactField(_("value"))

    class Meta:
        ordering = ("on",)
        constraints = (models.UniqueConstraint(fields=["benchmark", "on"], name="benchmark_value_once"),)

    def __str__(self) -> str:
        return f"{self.benchmark} {self.on}: {self.value}"
