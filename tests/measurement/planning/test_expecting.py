"""What a period expects, whatever happens before, between and after."""

from datetime import UTC, date, datetime

import pytest

from backbone.accounts.models import User
from backbone.audit.models import Event
from initiatives.charter.models import Initiative, Participation
from initiatives.directory import operations as directory
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.indicators import breakdowns
from measurement.indicators.kinds import Kind
from measurement.indicators.models import Indicator, IndicatorVersion
from measurement.indicators.operations import redefine
from measurement.submissions import assigning, expecting, opening, workflow
from measurement.submissions.models import (
    Assignment,
    CurrentFigure,
    DirtyKey,
    ExpectedReport,
    NotAllowed,
)
from tests.factories import measuring, people

AT = datetime(2026, 4, 2, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def served(initiative: Initiative) -> Indicator:
    return measuring.indicator(initiative, "served")


@pytest.fixture
def hours(initiative: Initiative) -> Indicator:
    return measuring.indicator(initiative, "hours", unit="hours")


def period(code: str) -> ReportingPeriod:
    return ReportingPeriod.objects.get(code=code)


def expected_of(organization: Organization, code: str) -> dict[str, str]:
    """Figure by figure, with its status."""
    figures = CurrentFigure.objects.filter(organization=organization, period__code=code)
    return {
        f.indicator.code + (f"/{f.category.code}" if f.category else ""): f.status
        for f in figures.select_related("indicator", "category")
    }


def end(what: Indicator, organization: Organization, on: date, by: User) -> None:
    assignment = Assignment.objects.get(indicator=what, organization=organization)
    assigning.end_assignment(assignment=assignment, on=on, by=by, at=AT)


def dirty_periods(what: Indicator) -> set[str]:
    return set(DirtyKey.objects.filter(indicator=what).values_list("period__code", flat=True))


def test_opening_twice_is_the_same_as_once(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    served: Indicator,
    quarters: ReportingCalendar,
) -> None:
    measuring.assign(served, [alder, birch], quarters)
    measuring.open_(initiative, "2026-Q1", at=AT)
    before = list(CurrentFigure.objects.order_by("pk").values())

    again = opening.open_period(period=period("2026-Q1"), by=None, at=AT)

    assert again == 2
    assert list(CurrentFigure.objects.order_by("pk").values()) == before
    assert Event.objects.filter(verb="period.opened").count() == 1


def test_what_opening_would_ask_is_what_it_asks(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    served: Indicator,
    quarters: ReportingCalendar,
) -> None:
    ages = measuring.breakdown(initiative, "age", ["young", "old"], unknown="unknown")
    measuring.assign(served, [alder], quarters, by_=[ages])
    measuring.assign(served, [birch], quarters)

    announced = expecting.would_expect(period("2026-Q1"))
    measuring.open_(initiative, "2026-Q1", at=AT)

    assert announced == (2, 5)
    assert (ExpectedReport.objects.count(), CurrentFigure.objects.count()) == (2, 5)


def test_an_assignment_made_after_opening_is_expected_at_once(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    served: Indicator,
    quarters: ReportingCalendar,
) -> None:
    measuring.assign(served, [alder], quarters)
    measuring.open_(initiative, "2026-Q1", at=AT)

    measuring.assign(served, [birch], quarters)

    assert expected_of(birch, "2026-Q1") == {"served": "missing"}
    assert expected_of(birch, "2026-Q2") == {}


def test_who_reports_it_in_that_time_already_is_not_assigned_twice(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    served: Indicator,
    quarters: ReportingCalendar,
) -> None:
    measuring.assign(served, [alder], quarters, starts_on=date(2025, 1, 1))

    made = assigning.assign(
        indicator=served,
        organizations=[alder, birch],
        calendar=quarters,
        starts_on=date(2026, 1, 1),
        by=None,
        at=AT,
    )

    assert [each.organization for each in made] == [birch]


def test_who_has_ended_can_be_assigned_again(
    alder: Organization, data_manager: User, served: Indicator, quarters: ReportingCalendar
) -> None:
    measuring.assign(served, [alder], quarters, starts_on=date(2025, 1, 1))
    end(served, alder, date(2025, 6, 30), data_manager)

    measuring.assign(served, [alder], quarters, starts_on=date(2026, 1, 1))

    assert Assignment.objects.filter(organization=alder).count() == 2


def test_ending_an_assignment_leaves_later_open_periods_not_expecting_it(
    initiative: Initiative,
    alder: Organization,
    data_manager: User,
    served: Indicator,
    hours: Indicator,
    quarters: ReportingCalendar,
) -> None:
    measuring.assign(served, [alder], quarters)
    measuring.assign(hours, [alder], quarters)
    for code in ("2026-Q1", "2026-Q2"):
        measuring.open_(initiative, code, at=AT)
    DirtyKey.objects.all().delete()

    end(served, alder, date(2026, 2, 15), data_manager)

    assert expected_of(alder, "2026-Q1") == {"served": "missing", "hours": "missing"}
    assert expected_of(alder, "2026-Q2") == {"served": "not_expected", "hours": "missing"}
    assert "2026-Q2" in dirty_periods(served)


def test_ending_a_partners_last_assignment_leaves_no_report_to_hand_in(
    initiative: Initiative,
    alder: Organization,
    data_manager: User,
    served: Indicator,
    quarters: ReportingCalendar,
) -> None:
    measuring.assign(served, [alder], quarters)
    measuring.open_(initiative, "2026-Q2", at=AT)

    end(served, alder, date(2026, 3, 31), data_manager)

    assert not ExpectedReport.objects.filter(organization=alder).exists()


def test_ending_takes_nothing_away_that_was_reported_or_waits_for_review(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    data_manager: User,
    served: Indicator,
    quarters: ReportingCalendar,
) -> None:
    measuring.assign(served, [alder, birch], quarters)
    measuring.open_(initiative, "2026-Q2", at=AT)
    measuring.report(alder, "2026-Q2", at=AT, served=12)
    measuring.hand_in(birch, "2026-Q2", at=AT, served=7)

    for organization in (alder, birch):
        end(served, organization, date(2026, 3, 31), data_manager)

    assert expected_of(alder, "2026-Q2") == {"served": "reported"}
    assert expected_of(birch, "2026-Q2") == {"served": "missing"}


def test_an_end_that_is_moved_later_expects_the_figure_again(
    initiative: Initiative,
    alder: Organization,
    data_manager: User,
    served: Indicator,
    hours: Indicator,
    quarters: ReportingCalendar,
) -> None:
    measuring.assign(served, [alder], quarters)
    measuring.assign(hours, [alder], quarters)
    measuring.open_(initiative, "2026-Q2", at=AT)
    end(served, alder, date(2026, 3, 31), data_manager)

    end(served, alder, date(2026, 12, 31), data_manager)

    assert expected_of(alder, "2026-Q2") == {"served": "missing", "hours": "missing"}


def test_withdrawing_a_report_does_not_expect_again_what_has_ended(
    initiative: Initiative,
    alder: Organization,
    data_manager: User,
    served: Indicator,
    hours: Indicator,
    quarters: ReportingCalendar,
) -> None:
    measuring.assign(served, [alder], quarters)
    measuring.assign(hours, [alder], quarters)
    measuring.open_(initiative, "2026-Q2", at=AT)
    end(served, alder, date(2026, 3, 31), data_manager)
    submission = measuring.report(alder, "2026-Q2", at=AT, hours=3)

    workflow.withdraw(submission=submission, reason="Wrong school.", by=data_manager, at=AT)

    assert expected_of(alder, "2026-Q2") == {"served": "not_expected", "hours": "missing"}


def test_a_closed_period_keeps_what_it_expected(
    initiative: Initiative,
    alder: Organization,
    data_manager: User,
    served: Indicator,
    quarters: ReportingCalendar,
) -> None:
    measuring.assign(served, [alder], quarters)
    measuring.open_(initiative, "2026-Q1", at=AT)
    opening.close_period(period=period("2026-Q1"), by=data_manager, at=AT)

    end(served, alder, date(2025, 12, 31), data_manager)

    assert expected_of(alder, "2026-Q1") == {"served": "missing"}


def test_an_assignment_cannot_end_before_it_begins(
    alder: Organization, data_manager: User, served: Indicator, quarters: ReportingCalendar
) -> None:
    measuring.assign(served, [alder], quarters, starts_on=date(2026, 1, 1))

    with pytest.raises(NotAllowed):
        end(served, alder, date(2025, 12, 31), data_manager)


def test_a_partner_that_joins_mid_year_is_expected_from_the_period_it_joins_in(
    initiative: Initiative, served: Indicator, quarters: ReportingCalendar
) -> None:
    late = people.organization("Late Charity", initiative, joined_on=date(2026, 5, 15))
    measuring.assign(served, [late], quarters)

    measuring.open_(initiative, "2026-Q1", at=AT)
    measuring.open_(initiative, "2026-Q2", at=AT)

    assert expected_of(late, "2026-Q1") == {}
    assert expected_of(late, "2026-Q2") == {"served": "missing"}


def test_a_partner_that_leaves_mid_year_is_expected_up_to_the_period_it_leaves_in(
    initiative: Initiative,
    alder: Organization,
    data_manager: User,
    served: Indicator,
    quarters: ReportingCalendar,
) -> None:
    measuring.assign(served, [alder], quarters)
    for code in ("2026-Q2", "2026-Q3"):
        measuring.open_(initiative, code, at=AT)
    participation = Participation.objects.get(organization=alder)

    directory.leave(participation=participation, on=date(2026, 5, 1), by=data_manager, at=AT)
    expecting.expect_everywhere(periods=ReportingPeriod.objects.in_initiative(initiative), at=AT)

    assert expected_of(alder, "2026-Q2") == {"served": "missing"}
    assert expected_of(alder, "2026-Q3") == {}


def test_a_category_added_later_is_asked_for_by_later_periods_only(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    data_manager: User,
    served: Indicator,
    quarters: ReportingCalendar,
) -> None:
    ages = measuring.breakdown(initiative, "age", ["young", "old"])
    measuring.assign(served, [alder], quarters, by_=[ages])
    measuring.open_(initiative, "2026-Q1", at=AT)

    breakdowns.add_category(disaggregation=ages, name="very old", by=data_manager, at=AT)
    measuring.assign(served, [birch], quarters)
    measuring.open_(initiative, "2026-Q2", at=AT)

    assert "served/very-old" not in expected_of(alder, "2026-Q1")
    assert "served/very-old" in expected_of(alder, "2026-Q2")


def test_a_figure_means_what_the_version_of_its_period_says(
    initiative: Initiative, alder: Organization, served: Indicator, quarters: ReportingCalendar
) -> None:
    measuring.assign(served, [alder], quarters)
    measuring.open_(initiative, "2026-Q1", at=AT)
    second = IndicatorVersion(
        name="Served", definition="Only children.", kind=Kind.FLOW, effective_from=date(2026, 4, 1)
    )
    redefine(indicator=served, version=second, by=None, at=AT)

    measuring.open_(initiative, "2026-Q2", at=AT)

    versions = dict(CurrentFigure.objects.values_list("period__code", "version__number"))
    assert versions == {"2026-Q1": 1, "2026-Q2": 2}
    known = Indicator.objects.with_versions().get(pk=served.pk)
    for code, number in versions.items():
        assert known.version_on(period(code).start).number == number


def test_a_closed_period_is_not_opened_but_reopened(
    initiative: Initiative,
    alder: Organization,
    data_manager: User,
    served: Indicator,
    quarters: ReportingCalendar,
) -> None:
    measuring.assign(served, [alder], quarters)
    measuring.open_(initiative, "2026-Q1", at=AT)
    opening.close_period(period=period("2026-Q1"), by=data_manager, at=AT)

    with pytest.raises(NotAllowed, match="Q1 2026 is closed"):
        opening.open_period(period=period("2026-Q1"), by=data_manager, at=AT)

    opening.reopen_period(period=period("2026-Q1"), by=data_manager, at=AT)
    assert period("2026-Q1").is_open


def test_the_due_date_moves_with_everything_that_hangs_on_it(
    initiative: Initiative,
    alder: Organization,
    data_manager: User,
    served: Indicator,
    quarters: ReportingCalendar,
) -> None:
    measuring.assign(served, [alder], quarters)
    found = measuring.open_(initiative, "2026-Q1", at=AT)
    DirtyKey.objects.all().delete()

    opening.change_due_date(
        period=found, due_on=date(2026, 5, 15), was=date(2026, 4, 30), by=data_manager, at=AT
    )

    end_of_that_day_in_detroit = datetime(2026, 5, 16, 4, tzinfo=UTC)
    assert ExpectedReport.objects.get().due_at == end_of_that_day_in_detroit
    assert CurrentFigure.objects.get().due_at == end_of_that_day_in_detroit
    assert dirty_periods(served) == {"2026-Q1"}
    event = Event.objects.get(verb="period.due_date_changed")
    assert event.details == {"was": "2026-04-30", "due_on": "2026-05-15"}


def test_a_due_date_that_somebody_else_has_moved_is_not_overwritten(
    initiative: Initiative, data_manager: User, quarters: ReportingCalendar
) -> None:
    found = measuring.open_(initiative, "2026-Q1", at=AT)
    seen = found.due_on
    opening.change_due_date(period=found, due_on=date(2026, 5, 15), was=seen, by=data_manager, at=AT)

    with pytest.raises(NotAllowed, match="15 May 2026"):
        opening.change_due_date(period=found, due_on=date(2026, 6, 1), was=seen, by=data_manager, at=AT)

    opening.change_due_date(period=found, due_on=date(2026, 5, 15), was=seen, by=data_manager, at=AT)
    assert Event.objects.filter(verb="period.due_date_changed").count() == 1
