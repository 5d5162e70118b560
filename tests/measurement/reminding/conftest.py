from collections.abc import Callable

import pytest
from django.core import mail
from django.utils.timezone import now

from backbone.accounts.models import User
from backbone.notifications import outbox
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.reminding import links
from measurement.submissions.models import ExpectedReport
from tests.factories import measuring

SendLink = Callable[..., str]


@pytest.fixture
def spring(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    data_manager: User,
) -> ReportingPeriod:
    """Alder and Birch are asked for one measure of the first quarter of 2026."""
    measuring.assign(measuring.indicator(initiative, "served"), [alder, birch], quarters)
    return measuring.open_(initiative, "2026-Q1")


@pytest.fixture
def report(spring: ReportingPeriod, alder: Organization) -> ExpectedReport:
    return measuring.expected(alder, "2026-Q1")


@pytest.fixture
def send_link(spring: ReportingPeriod, data_manager: User) -> SendLink:
    """Sends one, and returns the path that its mail holds."""

    def send(person: User) -> str:
        at = now()
        chosen = [each for each in links.addressees(spring, at=at) if each.person == person]
        links.send(period=spring, chosen=chosen, by=data_manager, at=at)
        mail.outbox.clear()
        outbox.send_waiting(at=at)
        text = next(str(each.body) for each in mail.outbox if each.to == [person.email])
        return "/i/" + text.strip().splitlines()[-1].partition("/i/")[2]

    return send
