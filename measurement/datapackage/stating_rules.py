"""What has to hold of what staff state, in a package, beyond single cells."""

from collections.abc import Iterator, Mapping
from decimal import Decimal

from django.utils.translation import gettext as _

from measurement.datapackage.tables import Row, Table
from measurement.indicators.kinds import Kind

Tables = Mapping[str, Table]
_Wrong = Iterator[tuple[Row, str, str]]


def rates(tables: Tables) -> _Wrong:
    for row in tables["exchange_rates"].rows:
        if Decimal(row.rate) <= 0:
            yield row, "rate", _("This has to be above 0.")


def populations(tables: Tables) -> _Wrong:
    """Only of measures of populations, and two numbers where the measure has two."""
    known = {(row.indicator, row.number): row for row in tables["indicator_versions"].rows}
    for row in tables["population_figures"].rows:
        version = known.get((row.indicator, row.version))
        if version is None:
            continue
        if version.kind != Kind.POPULATION:
            yield row, "indicator", _("This is no measure of a whole population.")
        elif bool(row.base) != bool(version.base_label):
            yield row, "base", _("The measure asks for one number, or for two: this does not fit it.")


def overlaps(tables: Tables) -> _Wrong:
    kinds = {row.indicator: row.kind for row in tables["indicator_versions"].rows}
    for row in tables["overlaps"].rows:
        if kinds.get(row.indicator, Kind.UNIQUE_PEOPLE) != Kind.UNIQUE_PEOPLE:
            yield row, "indicator", _("Only different people can be counted more than once.")
        if Decimal(row.people) < 0:
            yield row, "people", _("This cannot be below 0.")
