"""The queue of reports at the review desk, in a number of queries that does not grow with them."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce

from initiatives.charter.models import Initiative, in_group
from measurement.submissions.entry_models import Attestation, Evidence, Query
from measurement.submissions.models import CurrentFigure, DraftFigure, ExpectedReport, Submission

Status = Submission.Status
# The order in which reviewers work.
_ORDER = (Status.SUBMITTED, Status.RETURNED, Status.DRAFT, None, Status.WITHDRAWN, Status.APPROVED)


class Mark(StrEnum):
    """What may be said of a report, to find it by."""

    OPEN = "open"
    ASKED = "asked"
    NOTED = "noted"
    AFTER = "after"
    AGAIN = "again"


def queue(initiative: Initiative, choice: Mapping[str, Any], *, at: datetime) -> QuerySet[ExpectedReport]:
    """Expected reports by the choices of the queue, without its status."""
    reports = ExpectedReport.objects.filter(initiative=initiative)
    if choice.get("period"):
        reports = reports.filter(period=choice["period"])
    if choice.get("group"):
        reports = reports.filter(in_group(choice["group"]))
    if choice.get("q"):
        reports = reports.filter(organization__name__icontains=choice["q"])
    if choice.get("measure"):
        asked = CurrentFigure.objects.filter(expected_report=OuterRef("pk"), indicator=choice["measure"])
        reports = reports.filter(Exists(asked))
    if choice.get("only"):
        reports = reports.filter(_marked(Mark(choice["only"]), at))
    return reports


def _marked(mark: Mark, at: datetime) -> Q:
    return {
        Mark.OPEN: Q(Exists(_queries(answer=""))),
        Mark.ASKED: Q(Exists(_queries())),
        Mark.NOTED: Q(Exists(_notes())) | Q(Exists(_evidence())),
        Mark.AFTER: Q(submission__submitted_at__gt=F("due_at"))
        | Q(submission__submitted_at=None, due_at__lt=at),
        Mark.AGAIN: Q(Exists(_attestations()[1:2])),
    }[mark]


def _queries(**which: str) -> QuerySet[Query]:
    return Query.objects.filter(submission__expected_report=OuterRef("pk"), **which).order_by()


def without_open_questions(reports: QuerySet[ExpectedReport]) -> QuerySet[ExpectedReport]:
    return reports.exclude(Exists(_queries(answer="")))


def _notes() -> QuerySet[DraftFigure]:
    return DraftFigure.objects.filter(submission__expected_report=OuterRef("pk")).exclude(note="")


def _evidence() -> QuerySet[Evidence]:
    return Evidence.objects.filter(submission__expected_report=OuterRef("pk")).order_by()


def _attestations() -> QuerySet[Attestation]:
    """One for each time that a report was handed in."""
    return Attestation.objects.filter(submission__expected_report=OuterRef("pk")).order_by("pk")


def counts(reports: QuerySet[ExpectedReport]) -> dict[str | None, int]:
    """How many reports stand where; None for those not begun."""
    rows = reports.values_list("submission__status").annotate(count=Count("pk")).order_by()
    return dict(rows)


def in_working_order(
    reports: QuerySet[ExpectedReport], status: Status | str | None
) -> QuerySet[ExpectedReport]:
    """Waiting ones first: of them those with an open question, then the oldest. `status` "" for all, None for those
    not begun."""
    if status != "":
        reports = reports.filter(submission__status=status) if status else reports.filter(submission=None)
    places = [
        When(submission__status=each, then=Value(place)) if each else When(submission=None, then=Value(place))
        for place, each in enumerate(_ORDER)
    ]
    return (
        reports.select_related("organization", "period", "submission__submitted_by")
        .annotate(
            questions=_number(_queries()),
            open_questions=_number(_queries(answer="")),
            has_notes=Exists(_notes()),
            files=_number(_evidence()),
            times=_number(_attestations().order_by()),
            place=Case(*places, output_field=IntegerField()),
        )
        .order_by(
            "place",
            Case(
                When(submission__status=Status.SUBMITTED, open_questions__gt=0, then=Value(0)),
                default=Value(1),
            ),
            Coalesce("submission__submitted_at", "due_at"),
            "organization__name",
            "pk",
        )
    )


def _number(rows: QuerySet[Any]) -> Coalesce:
    counted = rows.values("submission__expected_report").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted, output_field=IntegerField()), 0)
