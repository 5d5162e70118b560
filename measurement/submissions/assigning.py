"""Which partner reports which indicator: assigned at once for many partners, ended for one."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

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


@transaction.atomic
def change_breakdowns(
    *,
    assignments: Iterable[Assignment],
    disaggregations: Iterable[Disaggregation],
    since: ReportingPeriod,
    by: User | None,
    at: datetime,
) -> list[Assignment]:
    """From that period on these partners are asked for these breakdowns; of periods before nothing changes.

    What was reported by a breakdown that is taken away stays. All assignments are of the period's calendar. Returns
    those that hold from then on. Raises NotAllowed for a closed period and for an assignment that has ended by then.
    """
    lock_calendar(since.calendar_id)
    if since.state == ReportingPeriod.State.CLOSED:
        raise NotAllowed(_("This period is closed: reopen it first, or choose a later one."))
    wanted = _with_margins(disaggregations)
    keys = [each.pk for each in assignments]
    locked = Assignment.objects.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    changed = [_asked_from(each, since, wanted) for each in locked]
    for each in changed:
        details = {"since": since.code, "breakdowns": len(wanted)}
        trail.record("indicator.breakdowns_changed", about=each, by=by, at=at, details=details)
    expect_everywhere(
        periods=ReportingPeriod.objects.filter(calendar_id=since.calendar_id, ordinal__gte=since.ordinal),
        at=at,
    )
    return changed


def _asked_from(assignment: Assignment, since: ReportingPeriod, wanted: list[int]) -> Assignment:
    """The assignment as it holds from the period on: a new one, unless it begins only then."""
    if assignment.calendar_id != since.calendar_id:
        raise NotAllowed(_("This partner reports on another calendar."))
    if assignment.ends_on is not None and assignment.ends_on < since.start:
        raise NotAllowed(_("It has ended by then."))
    after = assignment
    if assignment.starts_on < since.start:
        after = Assignment.objects.create(
            initiative_id=assignment.initiative_id,
            indicator_id=assignment.indicator_id,
            organization_id=assignment.organization_id,
            calendar_id=assignment.calendar_id,
            starts_on=since.start,
            ends_on=assignment.ends_on,
        )
        assignment.ends_on = since.start - timedelta(days=1)
        assignment.save(update_fields=["ends_on"])
    after.disaggregations.set(wanted)
    return after
