"""Many reports that wait for review, made at once: for tests that are about what comes afterwards."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils.timezone import now

from backbone.access.permissions import Role, Side
from backbone.accounts.models import User
from initiatives.charter.models import Initiative, PartnerGroup
from initiatives.directory import grouping
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingPeriod
from measurement.calendars.periods import Frequency
from measurement.indicators.kinds import Kind
from measurement.submissions.models import CurrentFigure, DraftFigure, ExpectedReport, Submission
from tests.factories import measuring, people


@dataclass(frozen=True)
class Waiting:
    initiative: Initiative
    reviewer: User
    submissions: list[Submission]


@transaction.atomic
def waiting(*, partners: int, months: int, measures: int = 3, groups: int = 3) -> Waiting:
    """A report of each partner for each month, all handed in; quarters and years above; counts, shares and levels."""
    made = people.initiative("waiting")
    office = people.organization("Office", made, Side.BACKBONE)
    reviewer = people.member("Reviewer", office, Role.DATA_MANAGER)
    first, last = date(2023, 1, 1), date(2023 + (months - 1) // 12, (months - 1) % 12 + 1, 28)
    calendar = measuring.calendar(made, Frequency.MONTHLY, first=first, last=last)
    for frequency in (Frequency.QUARTERLY, Frequency.CALENDAR_YEAR):
        measuring.calendar(made, frequency, first=first, last=date(last.year, 12, 31))
    organizations = [_partner(made, number, groups) for number in range(partners)]
    for number in range(measures):
        kind = (Kind.FLOW, Kind.RATIO, Kind.STOCK)[number % 3]
        measuring.assign(measuring.indicator(made, f"m{number}", kind), organizations, calendar)
    for period in ReportingPeriod.objects.filter(calendar=calendar).order_by("start"):
        measuring.open_(made, period.code)
    return Waiting(made, reviewer, _hand_in(made))


def _partner(made: Initiative, number: int, groups: int) -> Organization:
    code = f"g{number % groups}"
    group, _ = PartnerGroup.objects.get_or_create(initiative=made, code=code, defaults={"name": code})
    partner = people.organization(f"Partner {number}", made)
    grouping.put_into_group(group=group, organization=partner, by=None, at=now())
    return partner


def _hand_in(made: Initiative) -> list[Submission]:
    submissions = Submission.objects.bulk_create(
        Submission(
            initiative=made,
            expected_report=report,
            status=Submission.Status.SUBMITTED,
            version=2,
            submitted_at=now(),
        )
        for report in ExpectedReport.objects.filter(initiative=made)
    )
    by_report = {each.expected_report_id: each for each in submissions}
    DraftFigure.objects.bulk_create(
        DraftFigure(
            initiative=made,
            submission=by_report[figure.expected_report_id],
            indicator_id=figure.indicator_id,
            amount=str(figure.pk % 97),
            base="100" if figure.version.kind == Kind.RATIO else "",
        )
        for figure in CurrentFigure.objects.filter(initiative=made).select_related("version")
    )
    return submissions
