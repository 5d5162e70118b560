"""Two partners that report how many were served, by gender, and how many of them passed."""

from typing import Any

import pytest

from backbone.access.permissions import Role
from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.indicators.kinds import Kind
from measurement.submissions.models import Submission
from tests.factories import measuring, people


@pytest.fixture
def quarter(
    initiative: Initiative,
    data_manager: User,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
) -> ReportingPeriod:
    """The first quarter of 2026, open."""
    gender = measuring.breakdown(initiative, "gender", ["Girls", "Boys"], unknown="Unknown")
    served = measuring.indicator(initiative, "served", whole_numbers=True)
    passed = measuring.indicator(initiative, "passed", Kind.RATIO, unit="%", decimals=1)
    measuring.assign(served, [alder, birch], quarters, by_=[gender])
    measuring.assign(passed, [alder, birch], quarters)
    return measuring.open_(initiative, "2026-Q1")


@pytest.fixture
def draft(quarter: ReportingPeriod, alder: Organization) -> Submission:
    """Alder's report, half filled in."""
    return measuring.draft(alder, "2026-Q1", served=100, served__girls=50)


@pytest.fixture
def waiting(quarter: ReportingPeriod, alder: Organization) -> Submission:
    """Alder's report, handed in."""
    return measuring.hand_in(alder, "2026-Q1", **FULL)


@pytest.fixture
def approver(alder: Organization) -> User:
    return people.member("Anna Approver", alder, Role.APPROVER)


FULL: dict[str, Any] = {
    "served": 100,
    "served__girls": 50,
    "served__boys": 40,
    "passed": (45, 50),
}
