"""The desk in a browser: by keys, on a phone, without scripts; a question at a figure until it is approved."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from tests.browser.conftest import sign_in
from tests.browser.test_filling_in_a_report import WCAG, NewWindow
from tests.factories import measuring

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def waiting(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    data_manager: User,
    quarters: ReportingCalendar,
) -> None:
    """Two reports that wait, each with a year behind it."""
    for code in ("served", "taught"):
        measuring.assign(measuring.indicator(initiative, code), [alder, birch], quarters)
    for period in ("2025-Q1", "2025-Q4"):
        measuring.open_(initiative, period)
        for partner in (alder, birch):
            measuring.report(partner, period, served=90, taught=40)
    measuring.open_(initiative, "2026-Q1")
    for partner in (alder, birch):
        measuring.hand_in(partner, "2026-Q1", served=95, taught=44)


def no_findings(page: Page) -> None:
    found = Axe().run(page, options=WCAG)
    assert found.violations_count == 0, found.generate_report()


def open_desk(page: Page, person: User, partner: str) -> None:
    sign_in(page, person.email)
    page.goto("/i/cradle/reports/?status=submitted")
    page.get_by_role("link", name=partner).click()
    page.wait_for_load_state("networkidle")


@pytest.mark.usefixtures("waiting")
def test_by_keys_from_report_to_report_and_with_the_keys_off(
    new_window: NewWindow, data_manager: User
) -> None:
    page = new_window()
    open_desk(page, data_manager, "Alder School")
    no_findings(page)

    page.keyboard.press("r")
    message = page.get_by_label("What should they look at?", exact=True)
    expect(message).to_be_focused()
    page.keyboard.type("an area")
    expect(message).to_have_value("an area")
    page.get_by_role("button", name="Keys are on").click()
    page.keyboard.press("n")
    expect(page.get_by_role("link", name="Birch Charity, Q1 2026")).not_to_be_focused()
    page.get_by_role("button", name="Keys are off").click()
    page.keyboard.press("a")
    expect(page.get_by_role("button", name="Approve, and go to the next")).to_be_focused()
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", level=1)).to_have_text("Birch Charity, Q1 2026")
    expect(page.locator("main, [role=status]").first).to_be_visible()


@pytest.mark.usefixtures("waiting")
@pytest.mark.parametrize("javascript", [True, False])
def test_a_question_at_a_figure_goes_to_the_partner_and_comes_back_answered(
    new_window: NewWindow, data_manager: User, rita: User, javascript: bool
) -> None:
    desk, partner = new_window(phone=True, javascript=javascript), new_window(phone=True)
    open_desk(desk, data_manager, "Alder School")
    desk.locator("summary", has_text="Ask about it").first.click()
    desk.get_by_label("What should they look at here? (Served)").fill("Ninety-five, or fifty-nine?")
    desk.get_by_role("button", name="Return with this message").click()
    expect(desk.locator("main")).to_contain_text("Ninety-five, or fifty-nine?")
    assert desk.evaluate("document.documentElement.scrollWidth") == 390

    sign_in(partner, rita.email)
    partner.goto("/i/cradle/report/")
    partner.get_by_role("link", name="Answer and correct").click()
    expect(partner.locator(".entry-cell").first).to_contain_text("Ninety-five, or fifty-nine?")
    no_findings(partner)
    partner.locator("[data-figure]").first.fill("59")
    partner.get_by_role("button", name="Check and hand in").click()
    partner.get_by_label("These figures are right").check()
    partner.get_by_role("button", name="Hand in").click()
    expect(partner.get_by_role("heading", level=1)).to_contain_text("Thank you")

    desk.goto("/i/cradle/reports/?only=again")
    desk.get_by_role("link", name="Alder School").click()
    expect(desk.locator(".read-measure").first).to_contain_text("59\u00a0people")
    expect(desk.locator(".read-measure").first).to_contain_text("Ninety-five, or fifty-nine?")
    desk.get_by_role("button", name="Approve", exact=True).click()

    partner.goto("/i/cradle/report/")
    partner.get_by_role("link", name="Where they count").first.click()
    expect(partner.locator("main")).to_contain_text("59\u00a0people")
    assert partner.evaluate("document.documentElement.scrollWidth") == 390
    no_findings(partner)


@pytest.mark.usefixtures("waiting")
def test_many_are_approved_after_a_look_at_the_list(new_window: NewWindow, data_manager: User) -> None:
    page = new_window(phone=True)
    sign_in(page, data_manager.email)
    page.goto("/i/cradle/reports/")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    no_findings(page)
    page.get_by_role("link", name="Approve those without open questions").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Approve 2 reports of 2 partners?")
    no_findings(page)
    page.get_by_role("button", name="Approve those that are ticked").click()
    expect(page.locator("main")).to_contain_text("2 reports approved.")

    page.goto("/i/cradle/reports/burden/")
    expect(page.get_by_role("heading", level=1)).to_have_text("What reporting costs")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    no_findings(page)
