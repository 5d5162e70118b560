"""What needs the backbone today, in ten queries whatever the number of partners."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.db.models import Count, F, Max, OuterRef, Q, Subquery, Window
from django.db.models.functions import RowNumber

from initiatives.charter.models import Initiative
from measurement.calendars.models import ReportingPeriod
from measurement.dashboards.selectors import Measure, measures_of
from measurement.rollups import selectors as rollups
from measurement.rollups.selectors import Figure
from measurement.submissions.models import DirtyKey, ExpectedReport, Message, Submission

Status = Submission.Status

REPORTS_SHOWN: Final = 20
PARTNERS_SHOWN: Final = 20
CURVES_SHOWN: Final = 10
_DAYS_OF_NEWS: Final = timedelta(days=7)
_IN: Final = (Status.SUBMITTED, Status.APPROVED)


@dataclass(frozen=True)
class OpenPeriod:
    """`not_in` are the first of those whose report is not in yet."""

    period: ReportingPeriod
    expected: int
    received: int
    approved: int
    not_in: list[str]

    @property
    def missing(self) -> int:
        return self.expected - self.received

    @property
    def unnamed(self) -> int:
        return self.missing - len(self.not_in)


@dataclass(frozen=True)
class Trouble:
    """Sums of a measure that failed every time they were tried."""

    name: str
    keys: int
    words: str


@dataclass(frozen=True)
class Today:
    """`moved`: figures with news of the last days, each with its measure."""

    to_review: list[Submission]
    to_review_count: int
    answered: list[Submission]
    returned_count: int
    periods: list[OpenPeriod]
    without_steward: list[Measure]
    troubles: list[Trouble]
    moved: list[tuple[Measure, Figure]]
    left: int


def today(initiative: Initiative, *, at: datetime) -> Today:
    measures, left = measures_of(initiative, at=at)
    counts = dict(
        Submission.objects.in_initiative(initiative).order_by().values_list("status").annotate(Count("pk"))
    )
    return Today(
        to_review=list(_to_review(initiative)),
        to_review_count=counts.get(Status.SUBMITTED, 0),
        answered=list(_answered(initiative)),
        returned_count=counts.get(Status.RETURNED, 0),
        periods=list(_open_periods(initiative)),
        without_steward=[each for each in measures.values() if each.version.steward_id is None],
        troubles=list(_troubles(initiative, measures)),
        moved=list(_moved(initiative, measures, at=at)),
        left=left,
    )


def _to_review(initiative: Initiative) -> Iterable[Submission]:
    waiting = Submission.objects.in_initiative(initiative).filter(status=Status.SUBMITTED)
    return waiting.with_names().order_by("submitted_at", "pk")[:REPORTS_SHOWN]


def _answered(initiative: Initiative) -> Iterable[Submission]:
    """Returned reports to which the partner has written since, and which are not handed in again yet."""
    last = Message.objects.filter(submission=OuterRef("pk")).order_by("-at", "-pk")
    return (
        Submission.objects.in_initiative(initiative)
        .filter(status=Status.RETURNED)
        .annotate(last_by=Subquery(last.values("by")[:1]), last_at=Subquery(last.values("at")[:1]))
        .filter(~Q(last_by=F("decided_by")), last_at__gte=F("decided_at"))
        .with_names()
        .order_by("last_at", "pk")[:REPORTS_SHOWN]
    )


def _open_periods(initiative: Initiative) -> Iterable[OpenPeriod]:
    periods: Iterable[Any] = (
        ReportingPeriod.objects.in_initiative(initiative)
        .filter(state=ReportingPeriod.State.OPEN)
        .annotate(
            expected=Count("expected_reports"),
            received=Count("expected_reports", filter=Q(expected_reports__submission__status__in=_IN)),
            approved=Count(
                "expected_reports", filter=Q(expected_reports__submission__status=Status.APPROVED)
            ),
        )
        .order_by("due_on", "start", "pk")
    )
    names = _names_not_in(initiative)
    for period in periods:
        counted = period.expected, period.received, period.approved
        yield OpenPeriod(period, *counted, names.get(period.pk, []))


def _names_not_in(initiative: Initiative) -> dict[int, list[str]]:
    by_name = Window(RowNumber(), partition_by="period", order_by=("organization__name", "organization_id"))
    rows = (
        ExpectedReport.objects.filter(initiative=initiative, period__state=ReportingPeriod.State.OPEN)
        .filter(Q(submission=None) | ~Q(submission__status__in=_IN))
        .annotate(place=by_name)
        .filter(place__lte=PARTNERS_SHOWN)
        .order_by("period", "place")
        .values_list("period", "organization__name")
    )
    names: dict[int, list[str]] = {}
    for period, name in rows:
        names.setdefault(period, []).append(name)
    return names


def _troubles(initiative: Initiative, measures: dict[int, Measure]) -> Iterable[Trouble]:
    rows = (
        DirtyKey.objects.filter(initiative=initiative, parked_at__isnull=False)
        .order_by("indicator")
        .values_list("indicator")
        .annotate(Count("pk"), Max("trouble"))
    )
    for indicator, keys, words in rows:
        yield Trouble(measures[indicator].version.name, keys, words)


def _moved(
    initiative: Initiative, measures: dict[int, Measure], *, at: datetime
) -> Iterable[tuple[Measure, Figure]]:
    known = rollups.known(
        initiative,
        at=at,
        periods=rollups.periods_read(initiative),
        versions=[version for measure in measures.values() for version in measure.versions],
        sees_all=True,
    )
    for figure in rollups.moved_since(known, at - _DAYS_OF_NEWS, at_most=CURVES_SHOWN):
        yield measures[figure.cell.indicator_id], figure
