"""What a measure is used for, by traces that are there anyway: releases, targets, the agenda, and who looks at it."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Max
from django.db.models.expressions import CombinedExpression
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backbone.web.dates import long_date
from initiatives.charter.models import Initiative
from measurement.indicators.models import Indicator, Target
from measurement.indicators.reads import MeasureRead
from measurement.releases.models import ReleaseCell


@dataclass
class Uses:
    releases: int = 0
    targets: int = 0
    places: int = 0
    read_days: int = 0
    last_read: date | None = None

    @property
    def is_used(self) -> bool:
        return bool(self.releases or self.targets or self.places or self.read_days)

    @property
    def words(self) -> list[str]:
        """Each trace that there is."""
        return list(filter(None, (self._released(), self._judged(), self._linked(), self._looked_at())))

    def _released(self) -> str:
        return _times(self.releases, ngettext("in %(count)d release", "in %(count)d releases", self.releases))

    def _judged(self) -> str:
        return _times(
            self.targets,
            ngettext("judged by %(count)d target", "judged by %(count)d targets", self.targets),
        )

    def _linked(self) -> str:
        words = ngettext("at %(count)d place of the agenda", "at %(count)d places of the agenda", self.places)
        return _times(self.places, words)

    def _looked_at(self) -> str:
        if self.last_read is None:
            return ""
        return _("last looked at %(day)s") % {"day": long_date(self.last_read)}


def _times(count: int, words: str) -> str:
    return words % {"count": count} if count else ""


@dataclass(frozen=True)
class UsesOf:
    by_indicator: dict[int, Uses] = field(default_factory=dict)

    def __getitem__(self, indicator: int) -> Uses:
        return self.by_indicator.setdefault(indicator, Uses())


def uses(initiative: Initiative) -> UsesOf:
    """Of every measure of the initiative. Four queries."""
    found = UsesOf()
    released = ReleaseCell.objects.filter(initiative=initiative, release__published_at__isnull=False)
    per_measure = released.order_by().values_list("indicator")
    for indicator, count in per_measure.annotate(count=Count("release", distinct=True)):
        found[indicator].releases = count
    targets = Target.objects.filter(initiative=initiative).order_by().values_list("indicator")
    for indicator, count in targets.annotate(count=Count("pk")):
        found[indicator].targets = count
    linked = Indicator.objects.filter(initiative=initiative).order_by()
    for indicator, count in linked.values_list("pk").annotate(count=_links()).filter(count__gt=0):
        found[indicator].places = count
    reads = MeasureRead.objects.filter(initiative=initiative).order_by().values_list("indicator")
    for indicator, days, last in reads.annotate(days=Count("pk"), last=Max("on")):
        found[indicator].read_days, found[indicator].last_read = days, last
    return found


def _links() -> CombinedExpression:
    """Goals, outcomes and strategies that it tells about."""
    goals, outcomes, strategies = (
        Count(f"{part}indicator_links", distinct=True) for part in ("goal", "outcome", "strategy")
    )
    return goals + outcomes + strategies
