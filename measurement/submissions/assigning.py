"""Which partner reports which indicator: assigned at once for many partners, ended for one."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction

from backbone.accounts.models import User
from backbone.audit import trail
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.indicators.models import Disaggregation, Indicator
from measurement.submissions.models import Assignment
from measurement.submissions.opening import expect_everywhere


@transaction.atomic
def assign(
    *,
    indicator: Indicator,
    organizations: Iterable[Organization],
    calendar: ReportingCalendar,
    starts_on: date,
    ends_on: date | None = None,
    disaggregations: Iterable[Disaggregation] = (),
    by: User | None,
    at: datetime,
) -> list[Assignment]:
    """Periods that are open already expect the figures too. Who is assigned already stays as it is."""
    known = set(
        Assignment.objects.filter(indicator=indicator, calendar=calendar, starts_on=starts_on).values_list(
            "organization_id", flat=True
        )
    )
    made = Assignment.objects.bulk_create(
        Assignment(
            initiative_id=indicator.initiative_id,
            indicator=indicator,
            organization=organization,
            calendar=calendar,
            starts_on=starts_on,
            ends_on=ends_on,
        )
        for organization in organizations
        if organization.pk not in known
    )
    through = Assignment.disaggregations.through
    through.objects.bulk_create(
        through(assignment=assignment, disaggregation=each) for each in disaggregations for assignment in made
    )
    trail.record("indicator.assigned", about=indicator, by=by, at=at, details={"partners": len(made)})
    open_periods = ReportingPeriod.objects.filter(calendar=calendar, state=ReportingPeriod.State.OPEN)
    expect_everywhere(periods=open_periods.filter(end__gte=starts_on), at=at)
    return made


@transaction.atomic
def end_assignment(*, assignment: Assignment, on: date, by: User, at: datetime) -> None:
    """Nothing is expected of periods that start after that day."""
    assignment.ends_on = on
    assignment.save(update_fields=["ends_on"])
    trail.record("indicator.assignment_ended", about=assignment, by=by, at=at, details={"on": str(on)})
