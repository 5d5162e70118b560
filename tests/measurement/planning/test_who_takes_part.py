"""Partners that join and leave while periods are open, and an initiative that changes its time zone."""

from datetime import UTC, date, datetime

import pytest
from django.utils.timezone import now

from backbone.access.permissions import Side
from backbone.accounts.models import User
from initiatives.charter.models import Change, Initiative, Participation
from initiatives.charter.operations import change_settings
from initiatives.directory import operations as directory
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.indicators.models import Indicator
from measurement.rollups import runs
from measurement.rollups.models import Cell
from measurement.submissions import opening
from measurement.submissions.models import CurrentFigure, ExpectedReport
from tests.factories import measuring

AT = datetime(2026, 4, 2, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def served(
    initiative: Initiative, alder: Organization, birch: Organization, quarters: ReportingCalendar
) -> Indicator:
    """Both partners are asked for it in two open quarters."""
    made = measuring.indicator(initiative, "served")
    measuring.assign(made, [alder, birch], quarters)
    measuring.open_(initiative, "2025-Q4", at=AT)
    measuring.open_(initiative, "2026-Q1", at=AT)
    runs.roll_up_changed(at=now())
    return made


def part(organization: Organization) -> Participation:
    return Participation.objects.select_related("initiative").get(organization=organization)


def leave(organization: Organization, on: date, by: User) -> None:
    directory.leave(participation=part(organization), on=on, by=by, at=now())
    runs.roll_up_changed(at=now())


def expected(what: Indicator, code: str) -> int:
    return Cell.objects.get(indicator=what, period__code=code, group=None, category=None).expected


def test_nothing_more_is_expected_of_a_partner_that_has_left(
    served: Indicator, birch: Organization, data_manager: User
) -> None:
    assert expected(served, "2026-Q1") == 2

    leave(birch, date(2026, 1, 1), data_manager)

    reports = ExpectedReport.objects.filter(organization=birch)
    assert [report.period.code for report in reports.select_related("period")] == ["2025-Q4"]
    assert (expected(served, "2025-Q4"), expected(served, "2026-Q1")) == (2, 1)


def test_whose_leaving_is_taken_back_is_expected_again(
    served: Indicator, birch: Organization, data_manager: User
) -> None:
    leave(birch, date(2026, 1, 1), data_manager)

    directory.stay(participation=part(birch), by=data_manager, at=now())
    runs.roll_up_changed(at=now())

    assert expected(served, "2026-Q1") == 2


def test_a_closed_period_expects_what_it_expected(
    served: Indicator, birch: Organization, data_manager: User
) -> None:
    closed = ReportingPeriod.objects.get(code="2026-Q1")
    opening.close_period(period=closed, by=data_manager, at=AT)

    leave(birch, date(2026, 1, 1), data_manager)
    assert expected(served, "2026-Q1") == 2

    opening.reopen_period(period=closed, by=data_manager, at=AT)
    runs.roll_up_changed(at=now())
    assert expected(served, "2026-Q1") == 1


def test_what_a_partner_has_reported_stays_when_it_leaves(
    served: Indicator, birch: Organization, data_manager: User
) -> None:
    measuring.report(birch, "2026-Q1", served=80)

    leave(birch, date(2026, 1, 1), data_manager)

    cell = Cell.objects.get(indicator=served, period__code="2026-Q1", group=None, category=None)
    assert (cell.amount, cell.expected) == (80, 2)


def test_who_takes_part_after_having_been_assigned_is_expected_in_open_periods(
    served: Indicator, initiative: Initiative, quarters: ReportingCalendar
) -> None:
    cedar = Organization.objects.create(name="Cedar House")
    measuring.assign(served, [cedar], quarters)

    directory.take_part(
        initiative=initiative,
        organization=cedar,
        side=Side.PARTNER,
        code="cedar",
        joined_on=date(2026, 2, 1),
        by=None,
        at=now(),
    )
    runs.roll_up_changed(at=now())

    assert (expected(served, "2025-Q4"), expected(served, "2026-Q1")) == (2, 3)
    assert not Change.objects.exists()


def test_what_cannot_be_brought_in_step_in_one_initiative_holds_up_no_other(
    served: Indicator, birch: Organization, data_manager: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    elsewhere = Initiative.objects.create(slug="elsewhere", name="Elsewhere", time_zone="UTC")
    Change.objects.create(initiative=elsewhere, organization=birch, what=Change.What.LEFT)
    follow = opening.follow_partners

    def trouble(*, initiative_id: int, at: datetime) -> None:
        if initiative_id == elsewhere.pk:
            raise ValueError("something that nobody has thought of")
        follow(initiative_id=initiative_id, at=at)

    monkeypatch.setattr(opening, "follow_partners", trouble)
    leave(birch, date(2026, 1, 1), data_manager)

    assert expected(served, "2026-Q1") == 1
    assert [change.initiative for change in Change.objects.all()] == [elsewhere]


def test_reports_of_open_periods_are_due_at_the_end_of_the_day_in_the_new_time_zone(
    served: Indicator, initiative: Initiative, alder: Organization, data_manager: User
) -> None:
    closed = ReportingPeriod.objects.get(code="2025-Q4")
    opening.close_period(period=closed, by=data_manager, at=AT)
    received = datetime(2026, 5, 1, 2, tzinfo=UTC)  # 30 April in Detroit, 1 May in Berlin
    measuring.report(alder, "2026-Q1", at=received, served=1)
    runs.roll_up_changed(at=now())
    cell = Cell.objects.filter(indicator=served, period__code="2026-Q1")
    assert cell.get().on_time == 1

    initiative.time_zone = "Europe/Berlin"
    change_settings(initiative=initiative, by=data_manager, at=AT)
    runs.roll_up_changed(at=now())

    due = {each.period.code: each.due_at for each in ExpectedReport.objects.select_related("period")}
    assert due["2026-Q1"] == datetime(2026, 4, 30, 22, tzinfo=UTC)
    assert due["2025-Q4"] == datetime(2026, 1, 31, 5, tzinfo=UTC)  # closed: as it was
    assert CurrentFigure.objects.filter(period__code="2026-Q1", due_at=due["2026-Q1"]).count() == 2
    assert cell.get().on_time == 0

    opening.reopen_period(period=closed, by=data_manager, at=AT)
    assert ExpectedReport.objects.filter(due_at=datetime(2026, 1, 30, 23, tzinfo=UTC)).count() == 2
