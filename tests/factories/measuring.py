"""Measures, calendars and reports for tests, all reached through the operations that people use."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal

from django.core.files.base import ContentFile
from django.utils.timezone import now

from backbone.access.permissions import Permission
from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.charter.people import people_who_may
from initiatives.partners.models import Organization
from measurement.calendars import operations as calendars
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.calendars.periods import Frequency
from measurement.indicators import breakdowns
from measurement.indicators import operations as indicators
from measurement.indicators.kinds import Kind
from measurement.indicators.models import Disaggregation, Indicator, IndicatorVersion
from measurement.submissions import assigning, opening, workflow
from measurement.submissions import evidence as files_of_reports
from measurement.submissions.entry_models import Evidence
from measurement.submissions.grid import grid_of
from measurement.submissions.models import CurrentFigure, ExpectedReport, Submission
from measurement.submissions.workflow import Typed

Answer = int | str | Decimal | tuple[object, object] | Typed | None


def calendar(
    where: Initiative,
    frequency: Frequency = Frequency.QUARTERLY,
    *,
    code: str = "",
    first: date = date(2025, 1, 1),
    last: date = date(2026, 12, 31),
    **fields: object,
) -> ReportingCalendar:
    made = calendars.create_calendar(
        calendar=ReportingCalendar(
            initiative=where,
            code=code or frequency.value,
            name=frequency.value,
            frequency=frequency,
            **fields,
        ),
        by=None,
        at=now(),
    )
    calendars.add_periods(calendar=made, first=first, last=last, by=None, at=now())
    return made


def indicator(where: Initiative, code: str, kind: Kind = Kind.FLOW, **fields: object) -> Indicator:
    values: dict[str, object] = {
        "name": code.replace("-", " ").capitalize(),
        "definition": f"What {code} means.",
        "effective_from": date(2000, 1, 1),
        "kind": kind,
        "unit": "people",
    }
    if kind is Kind.RATIO:
        values |= {"per": Decimal(100), "unit": "%", "is_proportion": True, "base_label": "of"}
    return indicators.define(
        indicator=Indicator(initiative=where, code=code),
        version=IndicatorVersion(**values | fields),
        by=None,
        at=now(),
    )


def breakdown(
    where: Initiative, code: str, names: Iterable[str], *, unknown: str = "", adds_up: str = "partition"
) -> Disaggregation:
    return breakdowns.create_breakdown(
        disaggregation=Disaggregation(initiative=where, code=code, name=code.capitalize(), adds_up=adds_up),
        names=list(names),
        unknown=unknown,
        by=None,
        at=now(),
    )


def cross_table(rows: Disaggregation, columns: Disaggregation, code: str) -> Disaggregation:
    return breakdowns.create_cross_table(
        rows=rows, columns=columns, name=code.capitalize(), code=code, by=None, at=now()
    )


def assign(
    what: Indicator,
    to: Iterable[Organization],
    on: ReportingCalendar,
    *,
    starts_on: date = date(2020, 1, 1),
    by_: Iterable[Disaggregation] = (),
) -> None:
    assigning.assign(
        indicator=what,
        organizations=to,
        calendar=on,
        starts_on=starts_on,
        disaggregations=by_,
        by=None,
        at=now(),
    )


def open_(where: Initiative, code: str, *, at: datetime | None = None) -> ReportingPeriod:
    period = ReportingPeriod.objects.get(initiative=where, code=code)
    opening.open_period(period=period, by=None, at=at or now())
    period.refresh_from_db()
    return period


def expected(organization: Organization, code: str) -> ExpectedReport:
    return ExpectedReport.objects.get(organization=organization, period__code=code)


def typed(report: ExpectedReport, answers: Mapping[str, Answer]) -> dict[tuple[int, int | None], Typed]:
    """From {"served": 12, "served/girls": "7", "rate": (45, 50), "open": Typed(status="not_collected")}."""
    cells = {}
    for figure in CurrentFigure.objects.filter(expected_report=report).select_related(
        "indicator", "category"
    ):
        name = figure.indicator.code + (f"/{figure.category.code}" if figure.category else "")
        if name in answers:
            cells[figure.indicator_id, figure.category_id] = _typed(answers[name])
    missing = set(answers) - {
        f.indicator.code + (f"/{f.category.code}" if f.category else "")
        for f in CurrentFigure.objects.filter(expected_report=report).select_related("indicator", "category")
    }
    assert not missing, f"nothing of the kind is expected: {missing}"
    return cells


def _typed(answer: Answer) -> Typed:
    if isinstance(answer, Typed):
        return answer
    if answer is None:
        return Typed(status="not_collected")
    first, second = answer if isinstance(answer, tuple) else (answer, "")
    return Typed(amount=str(first), base=str(second))


def draft(
    organization: Organization, code: str, *, at: datetime | None = None, **answers: Answer
) -> Submission:
    """Type a report as one of the organization's people would, and leave it there."""
    report = expected(organization, code)
    at = at or now()
    submission = workflow.start(expected_report=report, at=at)
    answers = {_cell(name): answer for name, answer in answers.items()}
    return workflow.save_draft(
        submission=submission,
        typed=typed(report, answers),
        version=submission.version,
        by=_reporter(report.initiative, organization),
        at=at,
    )


def _cell(name: str) -> str:
    """ "served__f_adult" is "served/f-adult"."""
    indicator, _parted, category = name.partition("__")
    return f"{indicator}/{category.replace('_', '-')}" if category else name


def hand_in(
    organization: Organization, code: str, *, at: datetime | None = None, **answers: Answer
) -> Submission:
    submission = draft(organization, code, at=at, **answers)
    by = _reporter(submission.initiative, organization)
    return workflow.submit(submission=submission, by=by, at=at or now())


def evidence(submission: Submission, *, by: User, name: str = "list.pdf", content: bytes = b"12") -> Evidence:
    """A file beside the first figure of a report."""
    cell = grid_of(submission.expected_report, submission).cells[0]
    file = ContentFile(content, name=name)
    return files_of_reports.add(submission=submission, cell=cell, content=file, by=by, at=now())


def report(
    organization: Organization, code: str, *, at: datetime | None = None, **answers: Answer
) -> Submission:
    """Handed in and approved."""
    submission = hand_in(organization, code, at=at, **answers)
    return workflow.approve(submission=submission, by=reviewer(submission.initiative), at=at or now())


def correct(submission: Submission, *, at: datetime | None = None, **answers: Answer) -> Submission:
    """Reopened, typed anew, handed in and approved."""
    at = at or now()
    workflow.reopen(
        submission=submission, reason="Please look again.", by=reviewer(submission.initiative), at=at
    )
    period, organization = submission.expected_report.period, submission.expected_report.organization
    return report(organization, period.code, at=at, **answers)


def reviewer(where: Initiative) -> User:
    found = people_who_may(Permission.SUBMISSIONS_REVIEW, initiative=where).first()
    assert found, "the cast has no data manager"
    return found


def _reporter(where: Initiative, organization: Organization) -> User:
    found = people_who_may(Permission.OWN_REPORT_EDIT, initiative=where, organization=organization).first()
    assert found, f"{organization} has no reporter in the cast"
    return found
