"""What the pages of figures read, in a number of queries that depends on neither measures nor partners."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, F, FilteredRelation, OuterRef, Q

from initiatives.agenda.models import Outcome
from initiatives.charter.models import Initiative, PartnerGroup
from measurement.benchmarks.models import Benchmark
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.dashboards.partner_targets import FEWEST_TOLD, PartnerTarget, partner_targets, together
from measurement.forecasting.models import Forecast
from measurement.indicators.gaps import EquityGap
from measurement.indicators.links import OutcomeIndicator
from measurement.indicators.models import (
    Indicator,
    IndicatorVersion,
    SeriesBreak,
    Target,
)
from measurement.rollups import selectors as rollups
from measurement.rollups.selectors import Figure

PERIODS_ON_A_CARD = 13
_TARGET = ("baseline_on", "baseline", "due_on", "value", "tolerance")


@dataclass
class Measure:
    """An indicator with what its figures are read and judged against."""

    indicator: Indicator
    versions: list[IndicatorVersion] = field(default_factory=list)
    targets: list[Target] = field(default_factory=list)
    breaks: list[date] = field(default_factory=list)
    notes_of_breaks: list[str] = field(default_factory=list)
    has_gaps: bool = False
    has_benchmarks: bool = False
    has_forecasts: bool = False
    partner_targets: list[PartnerTarget] = field(default_factory=list)

    @property
    def version(self) -> IndicatorVersion:
        return max(self.versions, key=lambda version: version.number)

    def target_of(self, figure: Figure) -> Target | None:
        """That of the whole, or else that of all partners together."""
        if self.targets or not self.partner_targets:
            return self.target_for(figure.period.end)
        return together(self.partner_targets, figure.version, figure.period)

    def target_for(self, day: date) -> Target | None:
        """The next target of the whole that is due then, or else the last one that was."""
        ahead = [target for target in self.targets if target.due_on >= day]
        if ahead:
            return min(ahead, key=lambda target: target.due_on)
        return max(self.targets, key=lambda target: target.due_on, default=None)


@dataclass(frozen=True)
class Reading:
    """A measure with its figures in order of time, up to the period that was asked for."""

    measure: Measure
    figures: list[Figure]


@dataclass(frozen=True)
class OutcomeReadings:
    """`outcome` None: the measures that belong to no outcome."""

    outcome: Outcome | None
    readings: list[Reading]


@dataclass(frozen=True)
class Choice:
    """What can be chosen and what is: None for the latest period and for everybody."""

    periods: list[ReportingPeriod]
    groups: list[PartnerGroup]
    period: ReportingPeriod | None
    group: PartnerGroup | None

    @property
    def by_calendar(self) -> list[tuple[ReportingCalendar, list[tuple[str, ReportingPeriod]]]]:
        """For a list of choices: calendars by name, each with its periods, the newest first."""
        found: dict[ReportingCalendar, list[tuple[str, ReportingPeriod]]] = {}
        for period in reversed(self.periods):
            found.setdefault(period.calendar, []).append((period_key(period), period))
        return sorted(found.items(), key=lambda each: each[0].name)

    def periods_wanted(self) -> list[ReportingPeriod]:
        """So many of each calendar as a card shows; of one only when a period was chosen."""
        wanted: dict[int, list[ReportingPeriod]] = {}
        for period in self.periods:
            if self.period is None or (
                period.calendar_id == self.period.calendar_id and period.start <= self.period.start
            ):
                wanted.setdefault(period.calendar_id, []).append(period)
        return [period for periods in wanted.values() for period in periods[-PERIODS_ON_A_CARD:]]


@dataclass(frozen=True)
class Board:
    """A dashboard. `left`: how many sums still have to be made."""

    choice: Choice
    outcomes: list[OutcomeReadings]
    left: int

    @property
    def has_figures(self) -> bool:
        return any(reading.figures for outcome in self.outcomes for reading in outcome.readings)

    @property
    def has_measures(self) -> bool:
        return any(outcome.readings for outcome in self.outcomes)


def board(initiative: Initiative, asked: Mapping[str, str], *, sees_all: bool, at: datetime) -> Board:
    """The dashboard in five queries: outcomes, measures, periods, groups, cells."""
    outcomes = list(_outcomes(initiative))
    choice, readings, left = readings_of(initiative, asked, sees_all=sees_all, at=at)
    return Board(choice, list(_by_outcome(outcomes, readings)), left)


def readings_of(
    initiative: Initiative, asked: Mapping[str, str], *, sees_all: bool, at: datetime
) -> tuple[Choice, dict[int, Reading], int]:
    """Every measure with its figures, by the key of its indicator, in four queries."""
    measures, left = measures_of(initiative, at=at)
    tell(measures.values(), sees_all=sees_all)
    choice = choice_of(initiative, asked)
    known = rollups.known(
        initiative,
        at=at,
        periods=choice.periods_wanted(),
        versions=[version for measure in measures.values() for version in measure.versions],
        sees_all=sees_all,
    )
    figures = rollups.totals(known, group=choice.group, only_reported=choice.period is None)
    return choice, _readings(measures, figures, choice.period), left


def choice_of(initiative: Initiative, asked: Mapping[str, str]) -> Choice:
    """What the address asks for; nonsense is as nothing."""
    periods = list(rollups.periods_read(initiative))
    groups = list(PartnerGroup.objects.filter(initiative=initiative))
    return Choice(
        periods,
        groups,
        next((period for period in periods if period_key(period) == asked.get("period")), None),
        next((group for group in groups if group.code == asked.get("group")), None),
    )


def period_key(period: ReportingPeriod) -> str:
    """The name of a period among all calendars, for addresses."""
    return f"{period.calendar.code}/{period.code}"


def _outcomes(initiative: Initiative) -> Iterable[Any]:
    links = OutcomeIndicator.objects.filter(outcome=OuterRef("pk")).order_by("position", "pk")
    found: Iterable[Any] = Outcome.objects.in_initiative(initiative).annotate(
        measured_by=ArraySubquery(links.values("indicator"))
    )
    return found


def measures_of(
    initiative: Initiative, *, at: datetime, code: str | None = None
) -> tuple[dict[int, Measure], int]:
    """All measures or the one with that code, and how many sums still have to be made."""
    breaks = SeriesBreak.objects.filter(indicator=OuterRef("indicator")).order_by("on", "pk")
    rows: Any = (
        IndicatorVersion.objects.filter(initiative=initiative)
        .select_related("indicator")
        .annotate(
            whole=FilteredRelation("indicator__targets", condition=Q(indicator__targets__organization=None)),
            broken_on=ArraySubquery(breaks.values("on")),
            broken_by=ArraySubquery(breaks.values("note")),
            left=rollups.left_to_add_up(initiative, at=at),
            has_partner_targets=Exists(
                Target.objects.filter(indicator=OuterRef("indicator"), organization__isnull=False)
            ),
            has_gaps=Exists(EquityGap.objects.filter(indicator=OuterRef("indicator"))),
            has_forecasts=Exists(Forecast.objects.filter(indicator=OuterRef("indicator"))),
            has_benchmarks=Exists(Benchmark.objects.filter(indicator=OuterRef("indicator"))),
            **{f"target_{name}": F(f"whole__{name}") for name in _TARGET},
        )
        .order_by("indicator__position", "indicator_id", "number")
    )
    if code is not None:
        rows = rows.filter(indicator__code=code)
    measures: dict[int, Measure] = {}
    shared: set[int] = set()
    left = 0
    for row in rows:
        left = row.left
        measure = measures.setdefault(
            row.indicator_id,
            Measure(
                row.indicator,
                breaks=list(row.broken_on),
                notes_of_breaks=list(row.broken_by),
                has_gaps=row.has_gaps,
                has_benchmarks=row.has_benchmarks,
                has_forecasts=row.has_forecasts,
            ),
        )
        _take_in(measure, row)
        if row.has_partner_targets:
            shared.add(row.indicator_id)
    _take_in_partners(measures, shared)
    return measures, left


def _take_in_partners(measures: Mapping[int, Measure], shared: Iterable[int]) -> None:
    """Where the whole has no target and partners have: one query more."""
    wanted = [key for key in shared if not measures[key].targets]
    for key, targets in (partner_targets(wanted) if wanted else {}).items():
        measures[key].partner_targets = targets


def tell(measures: Iterable[Measure], *, sees_all: bool) -> None:
    """Leave out, in memory, targets from which somebody could tell a single partner's."""
    for measure in measures:
        partners = {each.target.organization_id for each in measure.partner_targets}
        if not sees_all and len(partners) < FEWEST_TOLD:
            measure.partner_targets = []


def _take_in(measure: Measure, row: Any) -> None:
    """A row stands for one version and one target, each of which comes back with every one of the other."""
    if all(version.pk != row.pk for version in measure.versions):
        measure.versions.append(row)
    if row.target_value is not None and all(each.due_on != row.target_due_on for each in measure.targets):
        measure.targets.append(Target(**{name: getattr(row, f"target_{name}") for name in _TARGET}))


def _readings(
    measures: Mapping[int, Measure], figures: Iterable[Figure], period: ReportingPeriod | None
) -> dict[int, Reading]:
    found: dict[int, list[Figure]] = {}
    for figure in figures:
        found.setdefault(figure.cell.indicator_id, []).append(figure)
    return {
        key: Reading(measure, _of_one_calendar(found.get(key, []), period))
        for key, measure in measures.items()
    }


def _of_one_calendar(figures: list[Figure], period: ReportingPeriod | None) -> list[Figure]:
    """The curve of the calendar with the newest figure; where it ends elsewhere than asked, there is none."""
    if not figures:
        return []
    received = [figure for figure in figures if figure.cell.received] or figures
    last = received[-1].period if period is None else period
    curve = [figure for figure in figures if figure.period.calendar_id == last.calendar_id]
    return curve if period is None or curve[-1].period.pk == period.pk else []


def _by_outcome(outcomes: Iterable[Any], readings: dict[int, Reading]) -> Iterable[OutcomeReadings]:
    linked = {indicator for outcome in outcomes for indicator in outcome.measured_by}
    for outcome in outcomes:
        measured_by = [readings[indicator] for indicator in outcome.measured_by if indicator in readings]
        yield OutcomeReadings(outcome, measured_by)
    rest = [reading for indicator, reading in readings.items() if indicator not in linked]
    if rest:
        yield OutcomeReadings(None, rest)
