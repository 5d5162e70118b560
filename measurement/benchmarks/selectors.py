"""What is read of series from outside."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from measurement.benchmarks.models import Benchmark, BenchmarkValue
from measurement.indicators.models import Indicator


@dataclass(frozen=True)
class Series:
    """A series with its values in order of time."""

    benchmark: Benchmark
    values: list[tuple[date, Decimal]] = field(default_factory=list)


def beside(indicator: Indicator) -> list[Series]:
    """The series of a measure that have any value, by name. One query."""
    rows = BenchmarkValue.objects.filter(benchmark__indicator=indicator).select_related("benchmark")
    found: dict[int, Series] = {}
    for row in rows.order_by("benchmark__name", "benchmark_id", "on"):
        found.setdefault(row.benchmark_id, Series(row.benchmark)).values.append((row.on, row.value))
    return list(found.values())


def of_measure(indicator: Indicator) -> QuerySet[Benchmark]:
    return Benchmark.objects.filter(indicator=indicator).prefetch_related("values")
