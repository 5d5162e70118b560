"""Series from outside: added, changed and taken away by staff."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from backbone.accounts.models import User
from backbone.audit import trail
from backbone.web.codes import refusing_duplicates
from measurement.benchmarks.models import Benchmark, BenchmarkValue


class NotAllowed(Exception):
    """It cannot stand beside this measure. The text says so to people."""


def why_not_beside(benchmark: Benchmark) -> str:
    """Why the series cannot be compared with the measure; empty where it can."""
    unit = benchmark.indicator.version.unit
    if benchmark.unit == unit:
        return ""
    return _("The measure is in “%(unit)s”. A series in another unit cannot stand beside it.") % {
        "unit": unit or _("numbers without a unit")
    }


@transaction.atomic
def save_benchmark(
    *, benchmark: Benchmark, values: Mapping[date, Decimal], by: User | None, at: datetime
) -> Benchmark:
    """Store a series, new or changed, with exactly these values. Raises NotAllowed with a sentence for people."""
    if reason := why_not_beside(benchmark):
        raise NotAllowed(reason)
    verb = "benchmark.changed" if benchmark.pk else "benchmark.added"
    with refusing_duplicates(NotAllowed(_("There is already a series of this name beside the measure."))):
        benchmark.save()
    benchmark.values.all().delete()
    BenchmarkValue.objects.bulk_create(
        BenchmarkValue(initiative_id=benchmark.initiative_id, benchmark=benchmark, on=day, value=value)
        for day, value in sorted(values.items())
    )
    details = {"name": benchmark.name, "measure": benchmark.indicator.code, "values": len(values)}
    trail.record(verb, about=benchmark, by=by, at=at, details=details)
    return benchmark


@transaction.atomic
def remove_benchmark(*, benchmark: Benchmark, by: User, at: datetime) -> None:
    details = {"name": benchmark.name, "measure": benchmark.indicator.code}
    trail.record("benchmark.removed", about=benchmark, by=by, at=at, details=details)
    benchmark.delete()
