"""What became of the figures of one report: when they were approved, in which sums they count now, what was corrected,
in which releases they are, and the partner's own curve beside the whole.

Decisions. The whole stands beside the own figures only where at least three others have given one, so that nobody
reads another partner's figure off the difference; it is never said who is higher or lower. The number of queries does
not grow with measures, periods or partners.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Final

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from backbone.web.numbers import format_number
from initiatives.charter.models import GroupMember, Initiative, PartnerGroup
from measurement.calendars.models import ReportingPeriod
from measurement.charts.sparkline import sparkline_svg
from measurement.indicators.models import IndicatorVersion
from measurement.releases.models import Audience, ReleaseCell
from measurement.rollups import selectors as rollups
from measurement.rollups.explain import FEWEST_OTHERS_TOLD
from measurement.rollups.selectors import Figure
from measurement.submissions.models import CurrentFigure, Observation, Submission
from measurement.submissions.status import WITH_VALUE
from measurement.submissions.wording import read_value, rounded_words, unit_of

PERIODS_SHOWN: Final = 8
_TO_PARTNERS: Final = (Audience.PUBLIC, Audience.PARTNERS)


@dataclass(frozen=True)
class Place:
    """One sum in which a figure counts: of the whole or of a group, over a period."""

    period: str
    who: str
    url: str


@dataclass(frozen=True)
class Step:
    """One period of the own curve beside the whole; `whole` is empty where it may not be told."""

    period: str
    own: str
    whole: str


@dataclass(frozen=True)
class Correction:
    measure: str
    before: str
    after: str
    at: datetime
    reason: str


@dataclass
class Fate:
    """What became of one figure."""

    version: IndicatorVersion
    words: str
    counts: bool
    places: list[Place] = field(default_factory=list)
    released: list[str] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    own_curve: str = ""
    whole_curve: str = ""


@dataclass(frozen=True)
class Receipt:
    fates: list[Fate]
    corrections: list[Correction]


def receipt_of(submission: Submission, *, at: datetime) -> Receipt:
    initiative = submission.initiative
    figures = _totals(submission)
    versions = [figure.version for figure in figures]
    own = _own_figures(submission, [figure.indicator_id for figure in figures])
    periods = _periods(submission)
    what = rollups.known(initiative, at=at, periods=periods, versions=_known(own, versions), sees_all=False)
    sums = _sums(submission, what, [figure.indicator_id for figure in figures])
    released = _released(submission)
    fates = []
    for figure in figures:
        found = sums.get(figure.indicator_id, [])
        fate = Fate(figure.version, rounded_words(figure, initiative), figure.status in WITH_VALUE)
        if fate.counts and figure.version.rules.rolls_up:
            fate.places = list(_places(initiative, figure, found, submission))
        fate.released = released.get(figure.indicator_id, [])
        _beside(fate, own.get(figure.indicator_id, {}), found, submission)
        fates.append(fate)
    return Receipt(fates, _corrections(submission))


def _totals(submission: Submission) -> list[CurrentFigure]:
    return list(
        CurrentFigure.objects.filter(expected_report=submission.expected_report, category=None)
        .exclude(status="not_expected")
        .select_related("version", "indicator")
        .order_by("indicator__position", "indicator_id")
    )


def _own_figures(submission: Submission, indicators: list[int]) -> dict[int, dict[int, CurrentFigure]]:
    """The partner's totals on record, by measure and period, up to the period of the report."""
    period = submission.expected_report.period
    rows = CurrentFigure.objects.filter(
        organization=submission.expected_report.organization,
        indicator__in=indicators,
        category=None,
        period__calendar=period.calendar_id,
        period__ordinal__lte=period.ordinal,
        period__ordinal__gt=period.ordinal - PERIODS_SHOWN,
        observation__isnull=False,
    ).select_related("version__indicator")
    found: dict[int, dict[int, CurrentFigure]] = defaultdict(dict)
    for row in rows:
        found[row.indicator_id][row.period_id] = row
    return found


def _known(
    own: Mapping[int, Mapping[int, CurrentFigure]], versions: Iterable[IndicatorVersion]
) -> list[IndicatorVersion]:
    earlier = {figure.version for figures in own.values() for figure in figures.values()}
    return list({*earlier, *versions})


def _periods(submission: Submission) -> list[ReportingPeriod]:
    """Those of the curve, and every longer one that holds the report's own."""
    period = submission.expected_report.period
    return list(
        ReportingPeriod.objects.in_initiative(submission.initiative)
        .filter(
            Q(
                calendar=period.calendar_id,
                ordinal__lte=period.ordinal,
                ordinal__gt=period.ordinal - PERIODS_SHOWN,
            )
            | Q(parts__part=period)
        )
        .select_related("calendar")
        .order_by("start", "end", "pk")
        .distinct()
    )


def _sums(submission: Submission, what: rollups.Known, indicators: list[int]) -> dict[int, list[Figure]]:
    """Totals of the whole and of the groups that the partner was in, by measure, in order of time."""
    groups = _groups(submission)
    cells = rollups.cells(what).filter(indicator__in=indicators, category=None)
    cells = cells.filter(Q(group=None) | Q(group__in=groups))
    found: dict[int, list[Figure]] = defaultdict(list)
    for figure in rollups.read(what, cells):
        found[figure.cell.indicator_id].append(figure)
    return found


def _groups(submission: Submission) -> list[int]:
    day: date = submission.expected_report.period.end
    members = GroupMember.objects.on(day).filter(organization=submission.expected_report.organization)
    return list(members.values_list("group", flat=True))


def _places(
    initiative: Initiative, figure: CurrentFigure, sums: list[Figure], submission: Submission
) -> Iterable[Place]:
    """The own period first, then the longer ones; in each the whole first."""
    period = submission.expected_report.period
    holding = [each for each in sums if each.period.start <= period.start and each.period.end >= period.end]
    for each in sorted(holding, key=_by_size):
        group = each.cell.group
        who = group.name if group else _("the whole initiative")
        yield Place(each.period.label, who, _how_url(initiative, figure, each, group))


def _by_size(figure: Figure) -> tuple[object, ...]:
    span = figure.period.span
    return span.days, figure.period.start, figure.cell.group_id is not None, str(figure.cell.group or "")


def _how_url(initiative: Initiative, figure: CurrentFigure, each: Figure, group: PartnerGroup | None) -> str:
    about = [initiative.slug, figure.indicator.code, each.period.calendar.code, each.period.code]
    url = reverse("measurement:dashboards:how", args=about)
    return f"{url}?group={group.public_id}" if group else url


def _beside(fate: Fate, own: Mapping[int, CurrentFigure], sums: list[Figure], submission: Submission) -> None:
    """The own curve beside the whole."""
    initiative, calendar = submission.initiative, submission.expected_report.period.calendar_id
    wholes = {
        each.period.pk: each
        for each in sums
        if each.cell.group_id is None and each.period.calendar_id == calendar
    }
    periods = {each.period.pk: each.period for each in wholes.values()}
    known: list[tuple[Decimal | None, Decimal | None]] = []
    for pk, period in periods.items():
        mine, whole = own.get(pk), wholes[pk]
        told = whole.shown if _is_told(whole, mine) else None
        words = _with_unit(told, whole.version, initiative) if told is not None else ""
        fate.steps.append(Step(period.label, rounded_words(mine, initiative) if mine else "–", words))
        known.append((_value(mine), told))
    if len(known) > 1:
        name = fate.version.name
        fate.own_curve = _curve([mine for mine, _whole in known], _("%(name)s: yours") % {"name": name}, fate)
        if any(whole is not None for _mine, whole in known):
            label = _("%(name)s: the whole") % {"name": name}
            fate.whole_curve = _curve([whole for _mine, whole in known], label, fate, "whole")


def _is_told(whole: Figure, mine: CurrentFigure | None) -> bool:
    """At least three others have given a figure."""
    own = mine is not None and mine.status in WITH_VALUE
    return whole.cell.contributors - own >= FEWEST_OTHERS_TOLD


def _value(figure: CurrentFigure | None) -> Decimal | None:
    return read_value(figure.version, figure.components) if figure else None


def _curve(values: list[Decimal | None], label: str, fate: Fate, which: str = "own") -> str:
    return sparkline_svg(values, label=label, element_id=f"{which}-{fate.version.indicator_id}")


def _with_unit(value: Decimal, version: IndicatorVersion, initiative: Initiative) -> str:
    unit = unit_of(version, initiative)
    number = format_number(value, version.decimals)
    return f"{number}\u00a0{unit}" if unit else number


def _released(submission: Submission) -> dict[int, list[str]]:
    """The titles of releases for partners or everybody that tell about the measure in this period."""
    cells = (
        ReleaseCell.objects.filter(
            initiative=submission.initiative,
            period=submission.expected_report.period,
            group=None,
            category=None,
            release__audience__in=_TO_PARTNERS,
            release__state__in=("published", "superseded"),
        )
        .order_by("release__number")
        .values_list("indicator_id", "release__title")
    )
    found: dict[int, list[str]] = defaultdict(list)
    for indicator, title in cells:
        found[indicator].append(title)
    return found


def _corrections(submission: Submission) -> list[Correction]:
    """What was on record and is no more, the newest first."""
    rows = (
        Observation.objects.filter(submission=submission, supersedes__isnull=False, category=None)
        .select_related("supersedes__version", "version")
        .order_by("-recorded_at", "pk")
    )
    found = []
    for row in rows:
        before, after = _words(row.supersedes, submission), _words(row, submission)
        if before != after:
            found.append(Correction(row.version.name, before, after, row.recorded_at, row.reason))
    return found


def _words(row: Observation | None, submission: Submission) -> str:
    return rounded_words(row, submission.initiative) if row else ""
