"""The ledger as tables: what was asked, what it took, and what it was used for."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.burden.ledger import By, Cost, costs
from measurement.burden.uses import Uses, uses
from measurement.calendars.models import ReportingPeriod
from measurement.indicators.models import IndicatorVersion


@dataclass(frozen=True)
class Row:
    name: str
    cost: Cost
    uses: Uses | None = None

    @property
    def sentence(self) -> str:
        """“Asked 44 times, used never: retire?”"""
        if self.uses is None or self.uses.is_used:
            return ""
        return _("Asked %(times)d times, used never: retire?") % {"times": self.cost.times}


def by_measure(initiative: Initiative, *, period: int | None = None, partner: int | None = None) -> list[Row]:
    """What takes most first, each with what it is used for. Six queries."""
    found = costs(initiative, by=By.MEASURE, period=period, partner=partner)
    versions = IndicatorVersion.objects.filter(indicator__in=found).order_by("number")
    names = dict(versions.values_list("indicator_id", "name"))  # of the newest version, which comes last
    used = uses(initiative)
    return _costly_first(Row(names.get(key, ""), cost, used[key]) for key, cost in found.items())


def by_partner(initiative: Initiative, *, period: int | None = None) -> list[Row]:
    """By the alphabet: this is no ranking."""
    found = costs(initiative, by=By.PARTNER, period=period)
    partners = Organization.objects.filter(pk__in=found).order_by("name", "pk")
    return [Row(each.name, found[each.pk]) for each in partners]


def by_period(initiative: Initiative, *, partner: int | None = None) -> list[Row]:
    """The newest first. For one partner each row is one of its reports."""
    found = costs(initiative, by=By.PERIOD, partner=partner)
    periods = ReportingPeriod.objects.filter(pk__in=found).order_by("-start", "-end", "pk")
    return [Row(each.label, found[each.pk]) for each in periods]


def _costly_first(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (-row.cost.seconds, row.name))
