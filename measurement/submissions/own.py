"""A partner's own view: what is due, what became of the last figures, and the figures over time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, cast

from django.db.models import Case, Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value, When

from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.indicators.models import Disaggregation, IndicatorVersion
from measurement.submissions.models import CurrentFigure, DraftFigure, ExpectedReport, Message, Submission
from measurement.submissions.status import FigureStatus
from measurement.submissions.wording import rounded_words

Status = Submission.Status

PERIODS_SHOWN = 8
APPROVED_SHOWN = 3

_WORKED_OUT = Q(category__is_unknown=True, category__disaggregation__adds_up=Disaggregation.AddsUp.PARTITION)


def due_day(report: ExpectedReport, initiative: Initiative) -> date:
    """The day, in the initiative's time zone, at whose end the report is due."""
    return (report.due_at - timedelta(microseconds=1)).astimezone(initiative.zone).date()


def question_to(submission: Submission) -> Message | None:
    """What the partner was asked when the report came back."""
    if submission.status != Status.RETURNED:
        return None
    return max(submission.messages.all(), key=lambda message: (message.at, message.pk), default=None)


@dataclass(frozen=True)
class Due:
    """A report that somebody still has to give."""

    expected: ExpectedReport
    submission: Submission | None
    due_day: date
    question: Message | None
    answered: int
    asked: int


@dataclass(frozen=True)
class InWords:
    name: str
    words: str


@dataclass
class Desk:
    """What waits for one partner, and what became of what it gave."""

    organization: Organization
    may_report: bool
    to_do: list[Due] = field(default_factory=list)
    waiting: list[ExpectedReport] = field(default_factory=list)
    approved: list[tuple[Submission, list[InWords]]] = field(default_factory=list)


def desks(
    initiative: Initiative, organizations: list[Organization], *, reporting: list[Organization]
) -> list[Desk]:
    """One desk an organization: what was returned first, then what is due next."""
    found = {each.pk: Desk(each, may_report=each in reporting) for each in organizations}
    for report in _open_reports(initiative, organizations):
        submission: Submission | None = getattr(report, "submission", None)
        desk = found[report.organization_id]
        if submission is not None:
            submission.initiative = initiative
        if submission is None or submission.is_editable:
            desk.to_do.append(_due(report, submission, initiative))
        else:
            desk.waiting.append(report)
    for submission, figures in _last_approved(initiative, organizations):
        found[submission.expected_report.organization_id].approved.append((submission, figures))
    return list(found.values())


def _due(report: ExpectedReport, submission: Submission | None, initiative: Initiative) -> Due:
    counted = cast(Any, report)
    return Due(
        expected=report,
        submission=submission,
        due_day=due_day(report, initiative),
        question=question_to(submission) if submission else None,
        answered=counted.answered or 0,
        asked=counted.asked or 0,
    )


def _open_reports(initiative: Initiative, organizations: list[Organization]) -> QuerySet[ExpectedReport]:
    returned_first = Case(
        When(submission__status=Status.RETURNED, then=Value(0)), default=Value(1), output_field=IntegerField()
    )
    return (
        ExpectedReport.objects.filter(
            initiative=initiative, organization__in=organizations, period__state=ReportingPeriod.State.OPEN
        )
        .exclude(submission__status=Status.APPROVED)
        .select_related("organization", "period", "submission__submitted_by")
        .prefetch_related("submission__messages__by")
        .annotate(asked=_figures_asked(), answered=_figures_answered())
        .order_by(returned_first, "due_at", "period__start", "pk")
    )


def _figures_asked() -> Subquery:
    figures = CurrentFigure.objects.filter(expected_report=OuterRef("pk")).exclude(_WORKED_OUT)
    figures = figures.exclude(status=FigureStatus.NOT_EXPECTED)
    return Subquery(figures.values("expected_report").annotate(count=Count("pk")).values("count"))


def _figures_answered() -> Subquery:
    drafts = DraftFigure.objects.filter(submission__expected_report=OuterRef("pk")).exclude(_WORKED_OUT)
    drafts = drafts.exclude(amount="", base="", status="")
    return Subquery(drafts.values("submission").annotate(count=Count("pk")).values("count"))


def _last_approved(
    initiative: Initiative, organizations: list[Organization]
) -> Iterable[tuple[Submission, list[InWords]]]:
    submissions = list(
        Submission.objects.in_initiative(initiative)
        .of(organizations)
        .filter(status=Status.APPROVED)
        .with_names()
        .order_by("-expected_report__period__end", "-decided_at", "pk")[: APPROVED_SHOWN * len(organizations)]
    )
    figures: dict[int, list[InWords]] = {}
    for figure in _totals([submission.expected_report_id for submission in submissions]):
        words = InWords(figure.version.name, rounded_words(figure, initiative))
        figures.setdefault(figure.expected_report_id, []).append(words)
    for submission in submissions:
        submission.initiative = initiative
        yield submission, figures.get(submission.expected_report_id, [])


def _totals(reports: list[int]) -> QuerySet[CurrentFigure]:
    return (
        CurrentFigure.objects.filter(category=None, expected_report__in=reports)
        .select_related("version", "indicator")
        .order_by("indicator__position", "indicator_id")
    )


@dataclass
class Figures:
    """One partner's own figures of one calendar: measures down, the last periods across."""

    calendar: ReportingCalendar
    reports: list[ExpectedReport] = field(default_factory=list)
    rows: list[tuple[str, list[str]]] = field(default_factory=list)


def own_figures(
    initiative: Initiative, organizations: list[Organization]
) -> dict[Organization, list[Figures]]:
    """Every partner's figures of the last periods, a table for each calendar."""
    found: dict[Organization, dict[int, Figures]] = {organization: {} for organization in organizations}
    reports = (
        ExpectedReport.objects.filter(initiative=initiative, organization__in=organizations)
        .select_related("organization", "period__calendar", "submission")
        .order_by("-period__start", "-pk")
    )
    for report in reports:
        calendar = report.period.calendar
        table = found[report.organization].setdefault(calendar.pk, Figures(calendar))
        if len(table.reports) < PERIODS_SHOWN:
            if hasattr(report, "submission"):
                report.submission.initiative = initiative
            table.reports.insert(0, report)
    _fill([table for of_one in found.values() for table in of_one.values()], initiative)
    return {organization: list(of_one.values()) for organization, of_one in found.items()}


def _fill(tables: list[Figures], initiative: Initiative) -> None:
    figures: dict[int, dict[int, CurrentFigure]] = {}
    for figure in _totals([report.pk for table in tables for report in table.reports]):
        figures.setdefault(figure.expected_report_id, {})[figure.indicator_id] = figure
    for table in tables:
        newest: dict[int, IndicatorVersion] = {}
        for report in table.reports:
            newest |= {figure.indicator_id: figure.version for figure in figures.get(report.pk, {}).values()}
        table.rows = [
            (
                version.name,
                [_words(r, figures.get(r.pk, {}).get(indicator), initiative) for r in table.reports],
            )
            for indicator, version in newest.items()
        ]


def _words(report: ExpectedReport, figure: CurrentFigure | None, initiative: Initiative) -> str:
    under_way = hasattr(report, "submission") and report.submission.status != Status.APPROVED
    if figure is None or (figure.status == FigureStatus.MISSING and under_way):
        return "–"  # the head of the column says where the report stands
    return rounded_words(figure, initiative)
