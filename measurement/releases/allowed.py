"""What agreements let out: the one place where a release asks.

Agreements on sharing data say which figures may be shown to whom. Where none is recorded, taking part is taken as
consent to be counted in sums. A figure that is barred is hidden for that reason, and whatever would give it away is
hidden with it, so whoever keeps agreements has only to answer here.
"""

from collections.abc import Iterable

from measurement.indicators.models import Indicator
from measurement.releases.facts import Spot
from measurement.releases.models import Audience


def barred(indicator: Indicator, spots: Iterable[Spot], *, audience: Audience) -> frozenset[Spot]:
    """Figures of the measure that must not be shown to these readers: none, while no agreement says so."""
    return frozenset()
