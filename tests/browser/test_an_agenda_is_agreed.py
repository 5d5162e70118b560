"""From an empty page to an adopted agenda: written, answered on a phone without JavaScript, adopted, read as a map."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.utils.timezone import now
from playwright.sync_api import Page, expect

from backbone.accounts.models import User
from initiatives.agenda.models import AgendaVersion, State
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.indicators import linking
from tests.browser.conftest import sign_in
from tests.factories import agreeing, measuring

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NewWindow = Callable[..., Page]
# axe reads a sentence as text only where it may look at it: everything that WCAG 2.2 AA asks for.
AA = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


def is_accessible(page: Page) -> None:
    found = Axe().run(page, options=AA)
    assert found.violations_count == 0, found.generate_report()


def fits_its_window(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def add(page: Page, link: str, name: str) -> None:
    page.get_by_role("link", name=re.compile(link)).first.click()
    page.get_by_label("Name").fill(name)
    page.get_by_role("button", name="Add").click()
    expect(page.locator(".agenda-tree").first).to_contain_text(name)


def write_and_propose(staff: Page) -> None:
    staff.get_by_role("link", name="Agenda", exact=True).first.click()
    staff.get_by_role("button", name="Start a draft").click()
    staff.get_by_role("link", name=re.compile("^Write.*Our vision")).click()
    staff.get_by_label("Our vision").fill("Every child **thrives**.")
    staff.get_by_role("button", name="Save").click()
    expect(staff.locator("main strong")).to_have_text("thrives")
    add(staff, "^Add a goal$", "All children read well")
    add(staff, "^Add an outcome.*All children read well", "Ready for school")
    add(staff, "^Add a strategy.*Ready for school", "Home visits")
    is_accessible(staff)
    staff.get_by_role("link", name="Propose it to the partners").click()
    staff.get_by_role("button", name="Propose it").click()
    expect(staff.locator("main")).to_contain_text("0 of 1 partners have answered")


def answer_on_a_phone(partner: Page) -> None:
    partner.locator("summary.sections-summary").click()
    partner.locator(".sections-narrow").get_by_role("link", name="Agenda").click()
    partner.get_by_role("link", name="Read it and answer").click()
    fits_its_window(partner)
    partner.get_by_role("link", name="Answer for Alder School").click()
    partner.get_by_label("Yes, with reservations").check()
    partner.get_by_role("button", name="Record our answer").click()
    expect(partner.locator(".error-summary")).to_contain_text("Say what holds you back")
    partner.get_by_label("In your own words").fill("Not all at once.")
    partner.get_by_role("button", name="Record our answer").click()
    expect(partner.locator("main")).to_contain_text("1 of 1 partners have answered, 1 agree.")
    expect(partner.locator("main blockquote")).to_have_text("Not all at once.")


@pytest.mark.usefixtures("alder")
def test_an_agenda_is_written_answered_and_adopted(
    new_window: NewWindow, director: User, manager: User, funder: User
) -> None:
    staff, partner = new_window(), new_window(phone=True, javascript=False)
    sign_in(staff, director.email)
    sign_in(partner, manager.email)

    write_and_propose(staff)
    answer_on_a_phone(partner)
    staff.reload()
    is_accessible(staff)
    staff.get_by_role("link", name="Adopt this version").click()
    staff.get_by_role("button", name="Adopt it").click()

    expect(staff.locator("main")).to_contain_text("Version 1, adopted on")
    assert AgendaVersion.objects.get().state == State.ADOPTED
    reader = new_window(phone=True)
    sign_in(reader, funder.email)
    reader.goto("/i/cradle/agenda/")
    expect(reader.locator("main")).to_contain_text("No measure tells about it yet.")
    fits_its_window(reader)
    is_accessible(reader)


@pytest.fixture
def mapped(
    initiative: Initiative,
    data_manager: User,
    alder: Organization,
    quarters: ReportingCalendar,
) -> None:
    outcome = agreeing.outcome(
        initiative, "Ready for school", under=agreeing.goal(initiative, "All read").code
    )
    agreeing.strategy(initiative, "Home visits", under=outcome.code)
    served = measuring.indicator(initiative, "served", name="Children served", unit="children")
    linking.link(node=outcome, indicator=served, by=data_manager, at=now())


@pytest.mark.usefixtures("mapped")
def test_the_map_is_walked_with_the_keyboard_and_made_larger(new_window: NewWindow, director: User) -> None:
    staff = new_window()
    sign_in(staff, director.email)
    staff.goto("/i/cradle/agenda/map/")
    is_accessible(staff)
    drawing = staff.locator("svg.strategy-map")
    width = float(drawing.get_attribute("width") or 0)

    staff.get_by_role("button", name="Larger").press("Enter")
    assert float(drawing.get_attribute("width") or 0) > width
    drawing.get_by_role("link").nth(1).press("Enter")

    expect(staff.locator("h1")).to_contain_text("Ready for school")
    expect(staff.locator(".agenda-curves").first).to_contain_text("Children served")
    is_accessible(staff)


@pytest.mark.usefixtures("mapped")
def test_two_writers_of_one_text_both_keep_their_words(new_window: NewWindow, director: User) -> None:
    first, second = new_window(), new_window()
    for page in (first, second):
        sign_in(page, director.email)
        page.goto("/i/cradle/agenda/draft/texts/problem/")
        page.get_by_label("The problem").fill("The words of the first." if page is first else "The others.")
    first.get_by_role("button", name="Save").click()
    expect(first.locator("main")).to_contain_text("The words of the first.")

    second.get_by_role("button", name="Save").click()

    summary = second.locator(".error-summary")
    expect(summary).to_contain_text("Somebody else has changed this text")
    expect(summary).to_contain_text("The words of the first.")
    expect(summary).to_be_focused()
    expect(second.get_by_label("The problem")).to_have_value("The others.")
    is_accessible(second)
