"""What of the reports a person may see, in a number of queries that does not grow with the partners."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db.models import Case, Count, IntegerField, QuerySet, Value, When
from django.db.models.functions import Coalesce
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext_lazy

from backbone.access.permissions import Permission
from backbone.accounts.models import User
from backbone.audit.models import Event
from initiatives.charter.access import Access
from initiatives.charter.models import Initiative, in_group
from measurement.submissions.models import ExpectedReport, Submission

Status = Submission.Status

_EVENTS_SHOWN = 50
# The order in which reviewers work.
_ORDER = (Status.SUBMITTED, Status.RETURNED, Status.DRAFT, None, Status.WITHDRAWN, Status.APPROVED)


def report_for(access: Access, report_id: UUID) -> Submission:
    """The report, if this person may see it. Another partner's is not there: 404; no right at all: 403."""
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
        raise PermissionDenied
    return submission


def own_expected(access: Access, expected_id: UUID) -> ExpectedReport:
    """An expected report of an organization for which the person fills in reports."""
    own = access.organizations(Permission.OWN_REPORT_EDIT)
    return get_object_or_404(
        ExpectedReport, initiative=access.initiative, organization__in=own, public_id=expected_id
    )


def queue(initiative: Initiative, choice: Mapping[str, Any]) -> QuerySet[ExpectedReport]:
    """Expected reports by the choices of the queue, without its status."""
    reports = ExpectedReport.objects.filter(initiative=initiative)
    if choice.get("period"):
        reports = reports.filter(period=choice["period"])
    if choice.get("group"):
        reports = reports.filter(in_group(choice["group"]))
    if choice.get("q"):
        reports = reports.filter(organization__name__icontains=choice["q"])
    return reports


def counts(reports: QuerySet[ExpectedReport]) -> dict[str | None, int]:
    """How many reports stand where; None for those not begun."""
    rows = reports.values_list("submission__status").annotate(count=Count("pk")).order_by()
    return dict(rows)


def in_working_order(
    reports: QuerySet[ExpectedReport], status: Status | str | None
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


@dataclass(frozen=True)
class Step:
    """An entry of the audit trail, in words."""

    at: datetime
    by: User | None
    words: str
    why: str
    by_link: bool


_STEPS = {
    "submission.submitted": gettext_lazy("Handed in"),
    "submission.taken_back": gettext_lazy("Taken back"),
    "submission.returned": gettext_lazy("Returned with a question"),
    "submission.approved": gettext_lazy("Approved"),
    "submission.reopened": gettext_lazy("Reopened for correction"),
    "submission.withdrawn": gettext_lazy("Withdrawn"),
    "submission.recorded": gettext_lazy("Figures recorded by the backbone"),
}


def history(submission: Submission) -> list[Step]:
    """The audit trail of the report, newest first."""
    events = (
        Event.objects.filter(
            about_type=Submission._meta.label_lower,
            about_id=str(submission.public_id),
            tenant_id=submission.initiative_id,
        )
        .select_related("by")
        .order_by("-pk")[:_EVENTS_SHOWN]
    )
    return [
        Step(
            event.at,
            event.by,
            str(_STEPS.get(event.verb, event.verb)),
            str(event.details.get("message") or event.details.get("reason") or ""),
            bool(event.details.get("way")),
        )
        for event in events
    ]
