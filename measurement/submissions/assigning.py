"""Which partner reports which indicator: assigned at once for many partners, ended for one."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from backbone.accounts.models import User
from backbone.audit import trail
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.indicators.models import Disaggregation, Indicator
from measurement.submissions.expecting import expect_everywhere
from measurement.submissions.models import Assignment, NotAllowed
from measurement.submissions.opening import lock_calendar


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
    """Periods that are open already expect the figures too; the new assignments are returned.

    Who reports it on this calendar in some of that time already stays as it is.
    """
    if not indicator.version.rules.from_partners:
        raise NotAllowed(
            _("Partners are not asked for this measure: it is computed, or comes from one source.")
        )
    lock_calendar(calendar.pk)
    known = set(
        _overlapping(indicator, calendar, starts_on, ends_on).values_list("organization_id", flat=True)
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
        through(assignment=assignment, disaggregation_id=each)
        for each in _with_margins(disaggregations)
        for assignment in made
    )
    if made:
        trail.record("indicator.assigned", about=indicator, by=by, at=at, details={"partners": len(made)})
        expect_everywhere(periods=calendar.periods.filter(end__gte=starts_on), at=at)
    return made


def _with_margins(disaggregations: Iterable[Disaggregation]) -> list[int]:
    """Who is asked for a cross-table is asked for its margins too: what is not known shows there."""
    chosen = list(disaggregations)
    found = {each.pk for each in chosen} | {
        key for each in chosen for key in (each.rows_id, each.columns_id) if key is not None
    }
    return sorted(found)


def _overlapping(
    indicator: Indicator, calendar: ReportingCalendar, starts_on: date, ends_on: date | None
) -> QuerySet[Assignment]:
    rows = Assignment.objects.filter(indicator=indicator, calendar=calendar).filter(
        Q(ends_on=None) | Q(ends_on__gte=starts_on)
    )
    return rows if ends_on is None else rows.filter(starts_on__lte=ends_on)


@transaction.atomic
def end_assignment(*, assignment: Assignment, on: date, by: User, at: datetime) -> Assignment:
    """Nothing is expected of periods that start after that day; what was reported stays.

    Ending it anew on another day moves its end. Raises NotAllowed for a day before it begins.
    """
    lock_calendar(assignment.calendar_id)
    locked = Assignment.objects.select_for_update(of=("self",)).get(pk=assignment.pk)
    if on < locked.starts_on:
        raise NotAllowed(_("It cannot end before it begins."))
    if locked.ends_on == on:
        return locked
    locked.ends_on = on
    locked.save(update_fields=["ends_on"])
    trail.record("indicator.assignment_ended", about=locked, by=by, at=at, details={"on": str(on)})
    expect_everywhere(periods=ReportingPeriod.objects.filter(calendar_id=locked.calendar_id), at=at)
    return locked
