"""What of the reports a person may see, in a number of queries that does not grow with the partners."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Case, Count, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.http import Http404
from django.shortcuts import get_object_or_404

from backbone.access.permissions import Permission
from backbone.audit.models import Event
from initiatives.charter.access import Access
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.indicators.models import IndicatorVersion
from measurement.submissions.models import CurrentFigure, ExpectedReport, Submission
from measurement.submissions.status import WITH_VALUE

Status = Submission.Status

PERIODS_SHOWN = 8
APPROVED_SHOWN = 3
_EVENTS_SHOWN = 50
# The order in which reviewers work.
_ORDER = (Status.SUBMITTED, Status.RETURNED, Status.DRAFT, None, Status.WITHDRAWN, Status.APPROVED)


def report_for(access: Access, report_id: UUID) -> Submission:
    """The report, if this person may see it. Another partner's is not there; without any right it is refused."""
    own = access.organizations(Permission.OWN_FIGURES_VIEW)
    sees_all = access.may(Permission.SUBMISSIONS_VIEW_ALL)
    if not own and not sees_all:
        raise PermissionDenied
    submissions = Submission.objects.in_initiative(access.initiative)
    submission = get_object_or_404(
        (submissions if sees_all else submissions.of(own)).with_names(), public_id=report_id
    )
    submission.initiative = access.initiative
    return submission


def own_report(access: Access, permission: Permission, report_id: UUID) -> Submission:
    """The report of an organization about which the person has the permission."""
    submission = report_for(access, report_id)
    if submission.expected_report.organization not in access.organizations(permission):
        raise PermissionDenied if access.may(Permission.SUBMISSIONS_VIEW_ALL) else Http404
    return submission


def is_reviewer(access: Access) -> bool:
    return access.may(Permission.SUBMISSIONS_VIEW_ALL)


@dataclass
class Figures:
    """One partner's own figures of one calendar: measures down, the last periods across."""

    calendar: ReportingCalendar
    reports: list[ExpectedReport]
    rows: list[tuple[IndicatorVersion, list[CurrentFigure | None]]] = field(default_factory=list)


@dataclass
class Desk:
    """What waits for one partner, and what became of what it gave."""

    organization: Organization
    to_do: list[ExpectedReport] = field(default_factory=list)
    waiting: list[ExpectedReport] = field(default_factory=list)
    approved: list[tuple[Submission, list[CurrentFigure]]] = field(default_factory=list)


def desks(initiative: Initiative, organizations: list[Organization]) -> list[Desk]:
    """One desk an organization: what was returned first, then what is due next."""
    found = {organization.pk: Desk(organization) for organization in organizations}
    for report in _open_reports(initiative, organizations):
        submission = getattr(report, "submission", None)
        desk = found[report.organization_id]
        if submission is None or submission.is_editable:
            desk.to_do.append(report)
        elif submission.status == Status.SUBMITTED:
            desk.waiting.append(report)
    for submission, figures in _last_approved(initiative, organizations):
        found[submission.expected_report.organization_id].approved.append((submission, figures))
    return list(found.values())


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
        .prefetch_related("submission__messages__by", "submission__drafts")
        .annotate(figures_asked=Count("figures", filter=~Q(figures__category__is_unknown=True)))
        .order_by(returned_first, "due_at", "period__start", "pk")
    )


def _last_approved(
    initiative: Initiative, organizations: list[Organization]
) -> Iterable[tuple[Submission, list[CurrentFigure]]]:
    submissions = (
        Submission.objects.in_initiative(initiative)
        .of(organizations)
        .filter(status=Status.APPROVED)
        .with_names()
        .order_by("-expected_report__period__end", "-decided_at", "pk")[: APPROVED_SHOWN * len(organizations)]
    )
    figures: dict[int, list[CurrentFigure]] = {}
    for figure in _totals().filter(expected_report__in=[s.expected_report_id for s in submissions]):
        figures.setdefault(figure.expected_report_id, []).append(figure)
    return [(submission, figures.get(submission.expected_report_id, [])) for submission in submissions]


def _totals() -> QuerySet[CurrentFigure]:
    return (
        CurrentFigure.objects.filter(category=None)
        .select_related("version", "indicator")
        .order_by("indicator__position", "indicator_id")
    )


def own_figures(
    initiative: Initiative, organizations: list[Organization]
) -> dict[Organization, list[Figures]]:
    """Every partner's figures of the last periods, a table for each calendar."""
    reports = list(
        ExpectedReport.objects.filter(initiative=initiative, organization__in=organizations)
        .select_related("organization", "period__calendar", "submission")
        .order_by("-period__start", "-pk")
    )
    found: dict[Organization, dict[int, Figures]] = {organization: {} for organization in organizations}
    for report in reports:
        calendar = report.period.calendar
        table = found[report.organization].setdefault(calendar.pk, Figures(calendar, []))
        if len(table.reports) < PERIODS_SHOWN:
            table.reports.insert(0, report)
    tables = [table for of_one in found.values() for table in of_one.values()]
    _fill(tables)
    return {organization: list(of_one.values()) for organization, of_one in found.items()}


def _fill(tables: list[Figures]) -> None:
    shown = [report.pk for table in tables for report in table.reports]
    figures: dict[int, dict[int, CurrentFigure]] = {}
    for figure in _totals().filter(expected_report__in=shown):
        figures.setdefault(figure.expected_report_id, {})[figure.indicator_id] = figure
    for table in tables:
        newest: dict[int, IndicatorVersion] = {}
        for report in table.reports:
            newest |= {figure.indicator_id: figure.version for figure in figures.get(report.pk, {}).values()}
        table.rows = [
            (version, [figures.get(report.pk, {}).get(indicator) for report in table.reports])
            for indicator, version in newest.items()
        ]


def queue(initiative: Initiative, choice: Mapping[str, Any]) -> QuerySet[ExpectedReport]:
    """Expected reports by the choices of the queue, without its status."""
    reports = ExpectedReport.objects.filter(initiative=initiative)
    if choice.get("period"):
        reports = reports.filter(period=choice["period"])
    if choice.get("group"):
        reports = reports.filter(organization__group_memberships__group=choice["group"])
    if choice.get("q"):
        reports = reports.filter(organization__name__icontains=choice["q"])
    return reports


def counts(reports: QuerySet[ExpectedReport]) -> dict[str | None, int]:
    """How many reports stand where; None for those not begun."""
    rows = reports.values_list("submission__status").annotate(count=Count("pk")).order_by()
    return dict(rows)


def in_working_order(
    reports: QuerySet[ExpectedReport], status: Status | None | str
) -> QuerySet[ExpectedReport]:
    """Waiting ones first, oldest first. `status` "" for all, None for those not begun."""
    if status != "":
        reports = reports.filter(submission__status=status) if status else reports.filter(submission=None)
    places = [
        When(submission__status=each, then=Value(place)) if each else When(submission=None, then=Value(place))
        for place, each in enumerate(_ORDER)
    ]
    return reports.select_related("organization", "period", "submission__submitted_by").order_by(
        Case(*places, output_field=IntegerField()),
        Coalesce("submission__submitted_at", "due_at"),
        "organization__name",
        "pk",
    )


@dataclass(frozen=True)
class Neighbours:
    previous: Submission | None
    next: Submission | None
    waiting: int


def neighbours(submission: Submission) -> Neighbours:
    """The reports that wait before and after this one, in the order of their handing in."""
    waiting = list(
        Submission.objects.in_initiative(submission.initiative)
        .filter(status=Status.SUBMITTED)
        .exclude(pk=submission.pk)
        .order_by("submitted_at", "pk")
        .values_list("pk", "submitted_at")
    )
    here = (submission.submitted_at, submission.pk)
    before = [pk for pk, at in waiting if here[0] and (at, pk) < here]
    after = [pk for pk, at in waiting if not (here[0] and (at, pk) < here)]
    wanted = [*before[-1:], *after[:1]]
    rows = {each.pk: each for each in Submission.objects.filter(pk__in=wanted).with_names()}
    for each in rows.values():
        each.initiative = submission.initiative
    return Neighbours(
        previous=rows.get(before[-1]) if before else None,
        next=rows.get(after[0]) if after else None,
        waiting=len(waiting),
    )


def history(submission: Submission) -> QuerySet[Event]:
    """The audit trail of the report, newest first."""
    return (
        Event.objects.filter(
            about_type=Submission._meta.label_lower,
            about_id=str(submission.public_id),
            tenant_id=submission.initiative_id,
        )
        .select_related("by")
        .order_by("-pk")[:_EVENTS_SHOWN]
    )


def has_value(figure: CurrentFigure) -> bool:
    return figure.status in WITH_VALUE and figure.amount is not None
