"""Reports: what is expected, what is in, and the steps that a report takes."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.timezone import now
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from backbone.access.permissions import Permission
from initiatives.charter.models import Initiative
from measurement.api.asking import ApiRequest
from measurement.api.choosing import Code, organization_here, organizations_seen, periods_here
from measurement.api.definition_views import rows_as
from measurement.api.endpoint import Endpoint, etag_of, must_match, reads, writes
from measurement.api.report_shapes import (
    NOT_STARTED,
    ExpectedReportShape,
    FiguresBody,
    FullReportShape,
    ReportShape,
    ReturnBody,
    SeenBody,
    SubmitBody,
    full_report,
)
from measurement.api.sending import Body, Paged, asked, page_of, sent
from measurement.api.shapes import page_shape
from measurement.api.typing_in import fit_form, refusing, typed_in
from measurement.submissions import selectors, workflow
from measurement.submissions.forms import AttestationForm, ReturnForm
from measurement.submissions.models import ExpectedReport, Submission

_STATUSES = [(NOT_STARTED, "Not begun"), *Submission.Status.choices]


class ReportsAsked(Paged):
    calendar = Code()
    period = Code()
    organization = serializers.UUIDField(required=False)
    status = serializers.ChoiceField(Submission.Status.choices, required=False)


class ExpectedAsked(ReportsAsked):
    status = serializers.ChoiceField(_STATUSES, required=False)


def _expected(request: ApiRequest, choice: dict[str, Any]) -> QuerySet[ExpectedReport]:
    """The expected reports that whoever asks may see, by their choice."""
    access = request.access
    seen = organizations_seen(access, Permission.SUBMISSIONS_VIEW_ALL)
    rows = ExpectedReport.objects.filter(initiative=access.initiative)
    if seen is not None:
        rows = rows.filter(organization__in=seen)
    if "organization" in choice:
        rows = rows.filter(organization=organization_here(access, seen, choice["organization"]))
    periods = periods_here(access.initiative, choice)
    if periods is not None:
        rows = rows.filter(period__in=periods)
    if status := choice.get("status"):
        rows = (
            rows.filter(submission=None) if status == NOT_STARTED else rows.filter(submission__status=status)
        )
    return rows.order_by("due_at", "organization__name", "pk")


class ExpectedReports(Endpoint):
    @extend_schema(
        operation_id="list_expected_reports",
        summary="Reports that are expected, whether they have come or not",
        parameters=[ExpectedAsked],
        responses=page_shape(ExpectedReportShape),
    )
    @reads(Permission.INITIATIVE_VIEW)
    def get(self, request: ApiRequest, initiative: Initiative) -> Response:
        choice = asked(request, ExpectedAsked)
        rows = _expected(request, choice).select_related("organization", "period__calendar", "submission")
        return page_of(request, rows, choice, rows_as(ExpectedReportShape))


class Start(Endpoint):
    @extend_schema(
        operation_id="start_report",
        summary="Begin an expected report",
        description="Twice is the same as once.",
        request=None,
        responses={200: FullReportShape},
    )
    @writes(Permission.OWN_REPORT_EDIT)
    def post(self, request: ApiRequest, initiative: Initiative, expected_id: UUID) -> Response:
        expected = selectors.own_expected(request.access, expected_id)
        sent(request, Body)
        begun = workflow.start(expected_report=expected, at=now())
        response = _told(selectors.report_for(request.access, begun.public_id))
        where = reverse("measurement:api:report", args=[initiative.slug, begun.public_id])
        response.headers["Location"] = request.build_absolute_uri(where)
        return response


class Reports(Endpoint):
    @extend_schema(
        operation_id="list_reports",
        summary="Reports that somebody has begun",
        parameters=[ReportsAsked],
        responses=page_shape(ReportShape),
    )
    @reads(Permission.INITIATIVE_VIEW)
    def get(self, request: ApiRequest, initiative: Initiative) -> Response:
        choice = asked(request, ReportsAsked)
        rows = (
            Submission.objects.in_initiative(initiative)
            .filter(expected_report__in=_expected(request, choice).order_by().values("pk"))
            .with_names()
            .order_by("expected_report__due_at", "expected_report__organization__name", "pk")
        )
        return page_of(request, rows, choice, rows_as(ReportShape))


class Report(Endpoint):
    @extend_schema(
        operation_id="read_report", summary="One report with its figures", responses=FullReportShape
    )
    @reads(Permission.INITIATIVE_VIEW)
    def get(self, request: ApiRequest, initiative: Initiative, report_id: UUID) -> Response:
        asked(request)
        return Response(full_report(selectors.report_for(request.access, report_id)))


class Figures(Endpoint):
    @extend_schema(
        operation_id="change_figures",
        summary="Type figures into a report",
        description="Figures, and their members, that are not sent stay as they are. All are kept, or none.",
        request=FiguresBody,
        responses=FullReportShape,
    )
    @writes(Permission.OWN_REPORT_EDIT)
    def patch(self, request: ApiRequest, initiative: Initiative, report_id: UUID) -> Response:
        submission = selectors.own_report(request.access, Permission.OWN_REPORT_EDIT, report_id)
        must_match(request, lambda: full_report(submission))
        body = sent(request, FiguresBody)
        typed = typed_in(submission, body["figures"])

        def save() -> Submission:
            return workflow.save_draft(
                submission=submission, typed=typed.cells, version=body["version"], by=request.user, at=now()
            )

        return _told(refusing(save, submission, typed))


class Submit(Endpoint):
    @extend_schema(
        operation_id="submit_report",
        summary="Hand a report in",
        request=SubmitBody,
        responses=FullReportShape,
    )
    @writes(Permission.OWN_REPORT_EDIT)
    def post(self, request: ApiRequest, initiative: Initiative, report_id: UUID) -> Response:
        submission = selectors.own_report(request.access, Permission.OWN_REPORT_EDIT, report_id)
        must_match(request, lambda: full_report(submission))
        body = sent(request, SubmitBody)
        fit_form(AttestationForm({"right": "on"} if body["right"] else {}))
        return _told(
            refusing(
                lambda: workflow.submit(
                    submission=submission, by=request.user, at=now(), version=body["version"]
                ),
                submission,
            )
        )


class TakeBack(Endpoint):
    @extend_schema(
        operation_id="take_report_back",
        summary="Take back a report that waits for review",
        request=None,
        responses={200: FullReportShape},
    )
    @writes(Permission.OWN_REPORT_WITHDRAW)
    def post(self, request: ApiRequest, initiative: Initiative, report_id: UUID) -> Response:
        submission = selectors.own_report(request.access, Permission.OWN_REPORT_WITHDRAW, report_id)
        must_match(request, lambda: full_report(submission))
        sent(request, Body)
        return _step(submission, lambda: workflow.take_back(submission=submission, by=request.user, at=now()))


class Return(Endpoint):
    @extend_schema(
        operation_id="return_report",
        summary="Give a report back with a question",
        request=ReturnBody,
        responses={200: FullReportShape},
    )
    @writes(Permission.SUBMISSIONS_REVIEW)
    def post(self, request: ApiRequest, initiative: Initiative, report_id: UUID) -> Response:
        submission = selectors.report_for(request.access, report_id)
        must_match(request, lambda: full_report(submission))
        message = fit_form(ReturnForm(sent(request, ReturnBody)))["message"]
        return _step(
            submission,
            lambda: workflow.return_(submission=submission, message=message, by=request.user, at=now()),
        )


class Approve(Endpoint):
    @extend_schema(
        operation_id="approve_report",
        summary="Accept every figure of a report",
        request=SeenBody,
        responses={200: FullReportShape},
    )
    @writes(Permission.SUBMISSIONS_REVIEW)
    def post(self, request: ApiRequest, initiative: Initiative, report_id: UUID) -> Response:
        submission = selectors.report_for(request.access, report_id)
        must_match(request, lambda: full_report(submission))
        version = sent(request, SeenBody)["version"]
        return _step(
            submission,
            lambda: workflow.approve(submission=submission, by=request.user, at=now(), version=version),
        )


def _step(submission: Submission, step: Callable[[], Submission]) -> Response:
    return _told(refusing(step, submission))


def _told(submission: Submission) -> Response:
    told = full_report(submission)
    return Response(told, headers={"ETag": etag_of(told)})
