"""On a phone, from the mail to the thank-you, without a password; and with nothing else to be seen."""

from collections.abc import Callable

import pytest
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from backbone.accounts.invitations import token_of_visit
from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.charter.visit_models import VisitLink
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.reminding import links
from measurement.submissions.models import Submission
from tests.browser.conftest import sign_in
from tests.browser.test_filling_in_a_report import no_findings
from tests.factories import measuring

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NewWindow = Callable[..., Page]


@pytest.fixture
def address(
    initiative: Initiative, alder: Organization, data_manager: User, quarters: ReportingCalendar
) -> str:
    """What stands in the mail."""
    measuring.assign(measuring.indicator(initiative, "served"), [alder], quarters)
    period = measuring.open_(initiative, "2026-Q1")
    links.send(period=period, chosen=links.addressees(period, at=now()), by=data_manager, at=now())
    return f"/i/cradle/link/{token_of_visit(VisitLink.objects.get().public_id)}/"


@pytest.mark.parametrize("javascript", [True, False])
def test_a_report_is_handed_in_on_a_phone_by_a_link(
    javascript: bool, new_window: NewWindow, address: str
) -> None:
    page = new_window(phone=True, javascript=javascript)
    page.goto(address)
    page.wait_for_url("**/link/")
    check(page, javascript)
    page.get_by_role("button", name="Open the report").click()
    page.wait_for_url("**/reports/**")
    check(page, javascript)
    expect(page.get_by_role("link", name="Your report")).to_have_count(0)

    page.locator("[data-figure]").first.fill("120")
    page.get_by_role("button", name="Check and hand in").click()
    check(page, javascript)
    page.get_by_label("These figures are right").check()
    page.locator("section.hand-in").get_by_role("button", name="Hand in").click()
    expect(page.locator("main")).to_contain_text("Waiting for review")
    check(page, javascript)

    page.goto("/i/cradle/our-figures/")
    page.wait_for_url("**/accounts/login/**")
    assert Submission.objects.get().status == "submitted"


def check(page: Page, javascript: bool) -> None:
    """Nothing hangs over the edge of the screen, and everybody can use it."""
    if not javascript:
        return
    no_findings(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_pages_around_reminders_fit_a_phone(
    new_window: NewWindow, address: str, rita: User, data_manager: User, quarters: ReportingCalendar
) -> None:
    report = measuring.expected(Organization.objects.get(name="Alder School"), "2026-Q1")
    partner, staff = new_window(phone=True), new_window(phone=True)
    sign_in(partner, rita.email)
    for path in (
        "/notices/",
        "/notices/mail/",
        "/i/cradle/calendar/",
        "/i/cradle/report/",
        f"/i/cradle/report/{report.public_id}/later/",
    ):
        partner.goto(path)
        check(partner, True)
    sign_in(staff, data_manager.email)
    for path in (
        "/i/cradle/report-links/",
        f"/i/cradle/report-links/{VisitLink.objects.get().public_id}/revoke/",
        f"/i/cradle/periods/{report.period.public_id}/links/",
        f"/i/cradle/periods/calendars/{quarters.public_id}/reminders/",
    ):
        staff.goto(path)
        check(staff, True)
