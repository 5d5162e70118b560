"""An action is written down, a partner takes part on a phone without JavaScript, and something is lent."""

from collections.abc import Callable
from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from backbone.access.permissions import Role
from backbone.accounts.models import User
from initiatives.actions.models import Commitment, State
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from tests.browser.conftest import sign_in
from tests.factories import acting, people

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

NewWindow = Callable[..., Page]
AA = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


def is_right(page: Page) -> None:
    """Accessible, and no wider than its window."""
    found = Axe().run(page, options=AA)
    assert found.violations_count == 0, found.generate_report()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_partner_is_asked_and_takes_part(
    new_window: NewWindow, initiative: Initiative, alder: Organization, birch: Organization, director: User
) -> None:
    ada = people.member("Ada Approver", birch, Role.APPROVER)
    staff, partner = new_window(), new_window(phone=True, javascript=False)
    sign_in(staff, director.email)
    sign_in(partner, ada.email)

    staff.goto("/i/cradle/actions/add/")
    staff.get_by_label("What it is called").fill("Home visits")
    staff.get_by_label("Whose action it is").select_option("Alder School")
    staff.get_by_label("First day").fill("2026-03-01")
    staff.get_by_label("Last day").fill("2026-02-01")
    staff.get_by_role("button", name="Add it").click()
    expect(staff.locator(".error-summary")).to_contain_text("The last day comes before the first one.")
    staff.get_by_label("Last day").fill("2099-02-01")
    staff.get_by_role("button", name="Add it").click()
    staff.get_by_role("link", name="Home visits").click()
    staff.get_by_role("link", name="Ask a partner to take part").click()
    staff.get_by_label("Organization").select_option("Birch Charity")
    staff.get_by_label("What it takes on").fill("Two people a week")
    staff.get_by_role("button", name="Ask").click()
    expect(staff.locator("main")).to_contain_text("Two people a week")

    partner.goto("/i/cradle/our-actions/")
    partner.get_by_role("link", name="Answer").click()
    partner.get_by_label("Yes").check()
    partner.get_by_role("button", name="Record our answer").click()
    expect(partner.locator("main")).to_contain_text("Accepted")
    assert Commitment.objects.get().state == Commitment.State.ACCEPTED


@pytest.mark.parametrize("phone", [False, True])
def test_every_page_is_accessible_and_fits_its_window(
    new_window: NewWindow, initiative: Initiative, alder: Organization, director: User, *, phone: bool
) -> None:
    action = acting.action(initiative, alder, "Home visits", ends_on=date(2026, 6, 30))
    acting.milestone(action)
    acting.asked(action, alder)
    acting.wait(action, acting.action(initiative, alder, "Training"))
    acting.say(action, State.BLOCKED, "No room.")
    posted, appeal = acting.listing(initiative, alder, tags=["hall"]), acting.appeal(initiative, alder)
    acting.listing(initiative, director.memberships.get().organization, side="request", tags=["hall"])
    acting.pledge(appeal, alder)
    staff = new_window(phone=phone)
    sign_in(staff, director.email)

    own = [each.get_absolute_url() for each in (action, posted, appeal)]
    lists = [f"/i/cradle/{name}/" for name in ("actions", "actions/board", "actions/timeline", "exchange")]
    for url in [*own, *lists, "/i/cradle/our-actions/", "/i/cradle/actions/add/"]:
        staff.goto(url)
        is_right(staff)
