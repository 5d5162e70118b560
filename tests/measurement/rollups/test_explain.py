from decimal import Decimal

import pytest
from django.utils.timezone import now

from backbone.access.permissions import Role
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.calendars.periods import Frequency
from measurement.indicators.kinds import Kind
from measurement.indicators.models import Indicator, IndicatorVersion
from measurement.rollups import explain as explaining
from measurement.rollups import runs, selectors
from measurement.rollups.explain import Explanation, Others, Subject, Term, Viewer
from measurement.submissions.status import FigureStatus
from tests.factories import measuring, people

pytestmark = pytest.mark.usefixtures("data_manager")

STAFF = Viewer(sees_all=True)
FUNDER = Viewer(sees_all=False)


@pytest.fixture
def four(initiative: Initiative) -> list[Organization]:
    made = [people.organization(f"Partner {letter}", initiative) for letter in "ABCD"]
    for organization in made:
        people.member(f"Reporter of {organization}", organization, Role.REPORTER)
    return made


def explained(where: Initiative, code: str, viewer: Viewer, period: str = "2025-Q4") -> Explanation:
    runs.roll_up_changed(at=now())
    periods = ReportingPeriod.objects.in_initiative(where).select_related("calendar")
    known = selectors.known(
        where,
        at=now(),
        periods=periods,
        versions=IndicatorVersion.objects.filter(initiative=where),
        sees_all=viewer.sees_all,
    )
    found = selectors.figure(known, Indicator.objects.get(code=code), periods.get(code=period))
    assert found
    return explaining.explain(found, Subject(), viewer)


@pytest.fixture
def passed(initiative: Initiative, four: list[Organization], quarters: ReportingCalendar) -> Indicator:
    made = measuring.indicator(initiative, "passed", Kind.RATIO)
    measuring.assign(made, four, quarters)
    measuring.open_(initiative, "2025-Q4")
    return made


def test_parts_of_a_total_make_the_total(
    initiative: Initiative, passed: Indicator, four: list[Organization]
) -> None:
    for organization, answer in zip(four, ((45, 50), (30, 100), (9, 10), None), strict=True):
        measuring.report(organization, "2025-Q4", passed=answer)

    found = explained(initiative, passed.code, STAFF)

    assert found.terms == [
        Term(Decimal(45), Decimal(50)),
        Term(Decimal(30), Decimal(100)),
        Term(Decimal(9), Decimal(10)),
    ]
    assert (sum(t.amount for t in found.terms), found.more_terms) == (found.figure.cell.amount, 0)
    assert found.contributors == 3
    assert [(each.status, list(each.names)) for each in found.absences] == [
        (FigureStatus.NOT_COLLECTED, ["Partner D"])
    ]


def test_a_viewer_without_own_figures_gets_counts_and_nothing_else(
    initiative: Initiative, passed: Indicator, four: list[Organization]
) -> None:
    for organization in four[:3]:
        measuring.report(organization, "2025-Q4", passed=(20, 40))

    found = explained(initiative, passed.code, FUNDER)

    assert list(found.parts) == []
    assert found.terms == []
    assert found.contributors == 3
    assert found.others == Others(3, Decimal(60), Decimal(120))
    assert [(each.partners, list(each.names)) for each in found.absences] == [(1, [])]


def test_the_others_together_are_told_from_three_on(
    initiative: Initiative, passed: Indicator, four: list[Organization]
) -> None:
    viewer = Viewer(sees_all=False, organizations={four[0].pk})
    for organization in four[:3]:
        measuring.report(organization, "2025-Q4", passed=(20, 40))
    assert explained(initiative, passed.code, viewer).others == Others(2)

    measuring.report(four[3], "2025-Q4", passed=(5, 10))

    found = explained(initiative, passed.code, viewer)
    assert found.others == Others(3, Decimal(45), Decimal(90))
    assert [part.organization for part in found.parts] == [four[0]]


def test_the_steps_of_a_longer_period_are_its_periods_in_order(
    initiative: Initiative, passed: Indicator, four: list[Organization]
) -> None:
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    measuring.open_(initiative, "2025-Q1")
    for place, code in enumerate(("2025-Q4", "2025-Q1")):
        for organization in four[: 3 - place]:
            measuring.report(organization, code, passed=(10 + place, 40))

    found = explained(initiative, passed.code, STAFF, "2025")

    assert [step.period.code for step in found.steps] == ["2025-Q1", "2025-Q4"]
    assert [term.amount for term in found.terms] == [22, 30]
    assert explained(initiative, passed.code, FUNDER, "2025").steps == []
