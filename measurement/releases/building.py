"""From what staff chose to a release that is ready to be published. Run by a worker: nothing here is for a page.

One look at the database, in which nothing moves, gathers every measure as of one moment, and earlier releases as of
theirs. Then each measure is protected and audited, and at the end everything is written at once.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import connection, transaction
from django.utils.timezone import now
from django.utils.translation import gettext as _

from initiatives.charter.models import Initiative
from initiatives.jobs.operations import Failed
from initiatives.jobs.running import Work
from measurement.calendars.models import ReportingPeriod
from measurement.indicators.models import Category, Disaggregation, Indicator, IndicatorVersion
from measurement.releases import choosing, operations, writing
from measurement.releases.choosing import Choice, Ladder
from measurement.releases.collecting import Collected, can_be_released, collect, shape_of, splits_of
from measurement.releases.facts import Spot, Told
from measurement.releases.models import Audience, Release, ReleaseCell
from measurement.releases.safety import make_safe
from measurement.releases.writing import Protected
from measurement.rollups import selectors
from measurement.rollups.selectors import Known

KIND: Final = operations.BUILD
_LONGEST: Final = 120.0  # seconds for one measure
_ALL_MEASURES: Final = 600.0  # and for all of them, within what a task may take


@dataclass(frozen=True)
class Ground:
    """What all measures share: definitions, periods, breakdowns, and the releases that were told before."""

    what: Known
    indicators: tuple[Indicator, ...]
    categories: dict[int, Category]
    breakdowns: tuple[Disaggregation, ...]
    told: tuple[Release, ...]


@dataclass(frozen=True)
class Gathered:
    """One measure: `left_out` are chosen figures without data."""

    collected: Collected
    ladder: Ladder
    left_out: frozenset[Spot]


def build(work: Work) -> None:
    """Do what one run asks for. Raises Failed with a sentence for who started it."""
    release = Release.objects.select_related("initiative").get(pk=work.run.parameters["release"])
    choice, at = Choice.of(release.asked), now()
    operations.begin(release=release, run=work.run)
    work.progress(0, len(choice.indicators) + 1, message=_("Reading the figures"))
    with one_moment():
        ground = _ground(release.initiative, choice, at)
        gathered = [_gather(ground, indicator, choice, release, at) for indicator in ground.indicators]
    protected = [_protected(work, each, at=(number, len(gathered))) for number, each in enumerate(gathered)]
    if not any(each.rows_shown for each in protected):
        raise Failed(_("None of the chosen figures may be shown. Choose longer periods or fewer breakdowns."))
    writing.write(work=work, release=release, ground_told=ground.told, protected=protected, at=at)


@contextmanager
def one_moment() -> Iterator[None]:
    """Within, the database stands still: what is approved meanwhile is either wholly seen or not at all."""
    outermost = not connection.in_atomic_block
    with transaction.atomic(), connection.cursor() as cursor:
        if outermost:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def _ground(initiative: Initiative, choice: Choice, at: datetime) -> Ground:
    indicators = Indicator.objects.in_initiative(initiative).filter(pk__in=choice.indicators)
    breakdowns = Disaggregation.objects.filter(initiative=initiative).prefetch_related(
        "categories__disaggregation"
    )
    what = selectors.known(
        initiative,
        at=at,
        periods=ReportingPeriod.objects.in_initiative(initiative).select_related("calendar"),
        versions=IndicatorVersion.objects.filter(initiative=initiative),
        sees_all=True,
    )
    return Ground(
        what,
        tuple(each for each in indicators.with_versions() if can_be_released(each.version)),
        {category.pk: category for each in breakdowns for category in each.categories.all()},
        tuple(breakdowns),
        tuple(Release.objects.in_initiative(initiative).told().order_by("number")),
    )


def _gather(ground: Ground, indicator: Indicator, choice: Choice, release: Release, at: datetime) -> Gathered:
    collected = collect(ground.what, indicator, at)
    if choosing.unlike(collected):
        raise Failed(
            _("The totals of “%(measure)s” are not the sums of its reports. Leave it out, and tell us.")
            % {"measure": collected.version.name}
        )
    breakdown_of = {key: category.disaggregation_id for key, category in ground.categories.items()}
    chosen = choosing.spots_of(collected, choice, breakdown_of)
    asked = choosing.asked_of(collected, chosen, Audience(release.audience))
    told = tuple(_told(ground, indicator))
    used = {spot.period for spot in asked.spots.union(*(each.spots for each in told))}
    splits = splits_of(ground.breakdowns)
    shape = shape_of(collected, ground.what, splits, used)
    return Gathered(collected, Ladder(collected, shape, asked, told), chosen - asked.spots)


def _told(ground: Ground, indicator: Indicator) -> Iterator[Told]:
    """What each earlier release said of the measure, with who had put in what at its moment."""
    for release in ground.told:
        rows = list(ReleaseCell.objects.filter(release=release, indicator=indicator))
        if not rows or release.as_of is None:
            continue
        then = collect(ground.what, indicator, release.as_of)
        by_state = {
            state: frozenset(writing.spot_of(row) for row in rows if row.state == state)
            for state in (ReleaseCell.State.SHOWN, ReleaseCell.State.HIDDEN)
        }
        yield Told(
            f"r{release.number}",
            then.facts,
            by_state[ReleaseCell.State.SHOWN],
            by_state[ReleaseCell.State.HIDDEN],
        )


def _protected(work: Work, gathered: Gathered, *, at: tuple[int, int]) -> Protected:
    """`at`: which of how many it is."""
    number, many = at
    name = gathered.collected.version.name
    work.progress(number + 1, message=_("Protecting “%(measure)s”") % {"measure": name})
    safe = make_safe(gathered.ladder.rungs(), patience=min(_LONGEST, _ALL_MEASURES / many))
    table = gathered.ladder.tables.get(safe.step)
    return Protected(
        gathered.collected, safe, table.keys if table else {}, gathered.ladder.asked.spots, gathered.left_out
    )
