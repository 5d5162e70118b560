"""The grid in a browser: typing by keyboard alone, pasting a block, a question under its field, two people at once."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from backbone.access.permissions import Role
from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from tests.browser.conftest import sign_in
from tests.factories import measuring, people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NewWindow = Callable[..., Page]
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}
PASTE = """([field, text]) => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def grid(
    initiative: Initiative, alder: Organization, data_manager: User, quarters: ReportingCalendar
) -> None:
    """Two measures by gender; both were reported once."""
    gender = measuring.breakdown(initiative, "gender", ["Girls", "Boys"], unknown="Unknown")
    for code in ("served", "taught"):
        measuring.assign(measuring.indicator(initiative, code), [alder], quarters, by_=[gender])
    measuring.open_(initiative, "2025-Q4")
    numbers: dict[str, measuring.Answer] = {"served": 90, "taught": 90}
    numbers |= {f"{code}__{part}": 40 for code in ("served", "taught") for part in ("girls", "boys")}
    measuring.report(alder, "2025-Q4", at=None, **numbers)
    measuring.open_(initiative, "2026-Q1")


def open_report(page: Page, person: User) -> None:
    sign_in(page, person.email)
    page.locator("main .btn-primary").first.click()
    page.wait_for_url("**/reports/**")
    page.wait_for_load_state("networkidle")


def press(page: Page, button: str) -> None:
    page.get_by_role("button", name=button).focus()
    page.keyboard.press("Enter")


def no_findings(page: Page) -> None:
    found = Axe().run(page, options=WCAG)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.usefixtures("grid")
def test_by_keyboard_alone_from_the_first_field_to_handing_in(new_window: NewWindow, rita: User) -> None:
    page = new_window()
    open_report(page, rita)
    no_findings(page)
    fields = page.locator("[data-figure]")

    fields.first.focus()
    page.keyboard.type("1000")
    page.keyboard.press("Enter")
    expect(fields.nth(4)).to_be_focused()
    page.keyboard.type("90")
    page.keyboard.press("ArrowUp")
    expect(fields.first).to_be_focused()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(fields.nth(1)).to_be_focused()
    question = page.get_by_role("group", name="1,000 people, and last time it was 90")
    expect(question).to_be_visible()
    for place, number in ((1, "500"), (2, "400"), (5, "40"), (6, "40")):
        fields.nth(place).focus()
        page.keyboard.type(number)
    expect(page.locator("#grid")).to_contain_text("Unknown: 100, worked out from the others.")
    question.get_by_label("Right, and a one-off").focus()
    page.keyboard.press("Space")
    press(page, "Check and hand in")

    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")
    expect(page.locator("main")).to_contain_text("Right, and a one-off")
    no_findings(page)
    page.get_by_label("These figures are right").focus()
    page.keyboard.press("Space")
    press(page, "Hand in")
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")
    no_findings(page)


@pytest.mark.usefixtures("grid")
def test_a_block_is_pasted_onto_a_field_of_a_phone_and_taken_over(new_window: NewWindow, rita: User) -> None:
    page = new_window(phone=True)
    open_report(page, rita)
    page.locator("[data-figure]").first.fill("91")

    field = page.locator("[data-figure]").nth(1).element_handle()
    page.evaluate(PASTE, [field, "45\t41\n42\t40\n"])

    expect(page.locator("main")).to_contain_text("4 figures change")
    no_findings(page)
    page.get_by_role("button", name="Take them over").click()
    expect(page.locator("[data-figure]").nth(1)).to_have_value("45")
    expect(page.locator("[data-figure]").first).to_have_value("91")
    expect(page.locator("[data-figure]").nth(6)).to_have_value("40")
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    no_findings(page)


@pytest.mark.usefixtures("grid")
def test_pasting_and_no_change_work_without_javascript(new_window: NewWindow, rita: User) -> None:
    page = new_window(javascript=False)
    open_report(page, rita)

    page.get_by_role("link", name="Paste from a spreadsheet").click()
    page.get_by_label("Cells from your spreadsheet").fill("\tGirls\tBoys\nserved\t44\t43\n")
    page.get_by_role("button", name="See what it changes").click()
    page.get_by_role("button", name="Take them over").click()
    expect(page.locator("[data-figure]").nth(1)).to_have_value("44")

    page.get_by_role("button", name=re.compile(r"No change\s*: Taught$")).click()
    expect(page.locator("[data-figure]").nth(4)).to_have_value("90")


@pytest.mark.usefixtures("grid")
def test_two_people_see_each_other_and_choose_between_their_numbers(
    new_window: NewWindow, rita: User, alder: Organization
) -> None:
    second = people.member("Rob Second", alder, Role.REPORTER)
    one, other = new_window(), new_window()
    open_report(one, rita)
    open_report(other, second)
    expect(other.locator("#also-open")).to_contain_text("Also open by Rita Reporter")

    one.locator("[data-figure]").first.fill("100")
    expect(one.locator("#save-state")).to_contain_text("Saved")
    other.locator("[data-figure]").first.fill("200")
    other.get_by_role("button", name="Compare both").click()

    expect(other.get_by_role("heading", level=1)).to_have_text("Which figures are right?")
    expect(other.locator("main")).to_contain_text("100")
    no_findings(other)
    other.get_by_role("button", name="Keep all mine").click()
    expect(other.locator("[data-figure]").first).to_have_value("200")
