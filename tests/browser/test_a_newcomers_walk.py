"""A partner hands in, staff return it once and approve it, and the dashboard that lies open changes by itself."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from backbone.accounts.models import User
from initiatives.agenda.models import Outcome
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.indicators import operations as indicators
from measurement.indicators.links import OutcomeIndicator
from measurement.indicators.models import Target
from measurement.rollups import runs
from tests.browser.conftest import sign_in
from tests.factories import measuring

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NewWindow = Callable[..., Page]


@pytest.fixture
def served(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    data_manager: User,
    quarters: ReportingCalendar,
) -> None:
    """Birch has handed in for two quarters, Alder for the first of them."""
    outcome = Outcome.objects.create(
        initiative=initiative, code="ready", name="Children are ready for school"
    )
    measure = measuring.indicator(initiative, "served", name="Children served", unit="children")
    OutcomeIndicator.objects.create(initiative=initiative, outcome=outcome, indicator=measure)
    target = Target(
        initiative=initiative,
        indicator=measure,
        baseline_on=date(2025, 12, 31),
        baseline=Decimal(150),
        due_on=date(2026, 12, 31),
        value=Decimal(250),
    )
    indicators.set_target(target=target, by=data_manager, at=now())
    measuring.assign(measure, [alder, birch], quarters)
    for quarter in ("2026-Q1", "2026-Q2"):
        measuring.open_(initiative, quarter)
        measuring.report(birch, quarter, served=80)
    measuring.report(alder, "2026-Q1", served=90)
    runs.roll_up_changed(at=now())


def fill_in(page: Page, number: str) -> None:
    page.locator("[data-figure]").first.fill(number)
    page.get_by_role("button", name="Check and hand in").click()


def attest(page: Page) -> None:
    page.get_by_label("These figures are right").check()
    page.locator("section.hand-in").get_by_role("button", name="Hand in").click()
    expect(page.locator("main")).to_contain_text("Waiting for review")


def look_at(page: Page) -> None:
    """The window comes to the front again."""
    page.evaluate("window.dispatchEvent(new Event('focus'))")


def hand_in(partner: Page, number: str) -> None:
    partner.goto("/")
    partner.locator("main .btn-primary").first.click()
    fill_in(partner, number)
    attest(partner)


def open_the_waiting_report(staff: Page) -> None:
    staff.goto("/")
    staff.get_by_role("link", name="Alder School").first.click()


def return_it(staff: Page, question: str) -> None:
    open_the_waiting_report(staff)
    staff.locator("textarea[name=message]").first.fill(question)
    staff.get_by_role("button", name="Return", exact=False).first.click()
    expect(staff.locator("main")).to_contain_text("Returned")


def approve_it(staff: Page) -> None:
    open_the_waiting_report(staff)
    staff.get_by_role("button", name="Approve").click()
    expect(staff.locator("main")).to_contain_text("Approved")


@pytest.mark.usefixtures("served")
def test_a_report_is_handed_in_returned_corrected_and_on_the_dashboard_by_itself(
    new_window: NewWindow, rita: User, data_manager: User
) -> None:
    partner, staff, board = new_window(), new_window(), new_window()
    sign_in(partner, rita.email)
    sign_in(staff, data_manager.email)
    sign_in(board, data_manager.email)

    hand_in(partner, "12")
    return_it(staff, "12 children? In the quarter before it was 90.")
    partner.goto("/")
    expect(partner.locator("main")).to_contain_text("12 children? In the quarter before it was 90.")
    hand_in(partner, "120")
    board.get_by_role("link", name="Dashboard").first.click()
    card = board.locator(".figure-card")
    expect(card).to_contain_text("1 of 2 partners")

    approve_it(staff)

    look_at(board)
    expect(card.locator(".figure-value")).to_contain_text("200")
    expect(card).to_contain_text("2 of 2 partners")
    card.locator(".figure-value a").click()
    panel = board.get_by_role("dialog")
    expect(panel).to_contain_text("How was this number made?")
    expect(panel).to_contain_text("Alder School")
    expect(panel).to_contain_text("120")


@pytest.mark.usefixtures("served")
def test_a_wrong_number_keeps_what_was_typed_and_says_what_to_do(new_window: NewWindow, rita: User) -> None:
    partner = new_window(phone=True)
    sign_in(partner, rita.email)
    partner.locator("main .btn-primary").first.click()

    fill_in(partner, "12o")

    missing = partner.locator(".missing")
    expect(missing).to_contain_text("One figure is missing or cannot be right")
    missing.get_by_role("link").first.click()
    expect(partner.locator("[data-figure]").first).to_be_focused()
    assert partner.locator("[data-figure]").first.input_value() == "12o"


@pytest.mark.usefixtures("served")
def test_a_funder_reads_the_whole_and_no_partner_of_it(new_window: NewWindow, funder: User) -> None:
    fund = new_window(phone=True)
    sign_in(fund, funder.email)
    fund.goto("/i/cradle/dashboard/")

    expect(fund.locator(".figure-card")).to_contain_text("1 of 2 partners")
    fund.locator(".figure-value a").first.click()
    expect(fund.get_by_role("dialog")).to_contain_text("How was this number made?")
    expect(fund.locator("body")).not_to_contain_text("Alder")
    expect(fund.locator("body")).not_to_contain_text("Birch")
    assert fund.request.get("/i/cradle/reports/").status == 403


@pytest.mark.usefixtures("served")
def test_the_same_walk_without_javascript(new_window: NewWindow, rita: User, data_manager: User) -> None:
    partner, staff = new_window(javascript=False, phone=True), new_window(javascript=False)

    sign_in(partner, rita.email)
    partner.locator("main .btn-primary").first.click()
    fill_in(partner, "120")
    attest(partner)

    sign_in(staff, data_manager.email)
    staff.get_by_role("link", name="Alder School").first.click()
    staff.get_by_role("button", name="Approve").click()
    expect(staff.locator("main")).to_contain_text("Approved")
    staff.get_by_role("link", name="Dashboard").first.click()
    for _ in range(20):
        if "200" in staff.locator(".figure-card").inner_text():
            break
        staff.reload()
    staff.locator(".figure-value a").click()
    expect(staff.get_by_role("heading", level=1)).to_be_visible()
    expect(staff.locator("main")).to_contain_text("Alder School")


@pytest.mark.usefixtures("served")
def test_what_is_typed_is_saved_by_itself_and_found_again_elsewhere(
    new_window: NewWindow, rita: User
) -> None:
    office, home = new_window(), new_window(phone=True)
    sign_in(office, rita.email)
    office.locator("main .btn-primary").first.click()

    office.wait_for_url("**/reports/**")
    office.wait_for_load_state("networkidle")
    office.locator("[data-figure]").first.fill("117")
    expect(office.locator("#save-state")).to_contain_text("Saved")

    sign_in(home, rita.email)
    home.locator("main .btn-primary").first.click()
    assert home.locator("[data-figure]").first.input_value() == "117"
