"""What of the reports a person may see, in a number of queries that does not grow with the partners."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.translation import gettext_lazy

from backbone.access.permissions import Permission
from backbone.accounts.models import User
from backbone.audit.models import Event
from initiatives.charter.access import Access
from measurement.submissions.models import ExpectedReport, Submission

Status = Submission.Status

_EVENTS_SHOWN = 50


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


@dataclass(frozen=True)
class Neighbour:
    name: str
    url: str


@dataclass(frozen=True)
class Neighbours:
    previous: Neighbour | None
    next: Neighbour | None
    waiting: int


def neighbours(submission: Submission) -> Neighbours:
    """The reports that wait before and after this one, in the order of their handing in. One query."""
    report = "expected_report__"
    waiting = list(
        Submission.objects.in_initiative(submission.initiative)
        .filter(status=Status.SUBMITTED)
        .exclude(pk=submission.pk)
        .order_by("submitted_at", "pk")
        .values_list(
            "submitted_at", "pk", "public_id", f"{report}organization__name", f"{report}period__label"
        )
    )
    here = (submission.submitted_at, submission.pk)
    before = [row for row in waiting if here[0] and row[:2] < here]
    after = waiting[len(before) :]
    return Neighbours(
        previous=_neighbour(submission, before[-1]) if before else None,
        next=_neighbour(submission, after[0]) if after else None,
        waiting=len(waiting),
    )


def _neighbour(submission: Submission, row: tuple[Any, ...]) -> Neighbour:
    _at, _pk, public_id, organization, period = row
    url = reverse("measurement:submissions:report", args=[submission.initiative.slug, public_id])
    return Neighbour(f"{organization}, {period}", url)


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
