from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.timezone import now

from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.indicators.models import Indicator
from measurement.submissions import workflow
from measurement.submissions.models import DirtyKey
from tests.factories import measuring
from tests.measurement.dashboards.conftest import add_up, at_most, measured, text

URL = "/i/cradle/today/"


@pytest.fixture
def staff(as_: Callable[[User], Client], data_manager: User) -> Client:
    return as_(data_manager)


@pytest.fixture
def open_quarter(
    data_manager: User,
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
) -> None:
    measured(initiative, "served", [alder, birch], quarters)
    measuring.open_(initiative, "2025-Q4")


def test_before_a_period_is_open_the_page_says_what_to_do(staff: Client) -> None:
    page = text(staff.get(URL))

    assert "0 reports wait for your review." in page
    assert "Reports come in once a period is open." in page


@pytest.mark.usefixtures("open_quarter")
def test_what_was_handed_in_waits_with_a_link_to_its_desk(staff: Client, alder: Organization) -> None:
    submission = measuring.hand_in(alder, "2025-Q4", served=5)

    response = staff.get(URL)

    assert "1 report waits for your review." in text(response)
    assert "Alder School, Q4 2025" in text(response)
    assert f"/i/cradle/reports/{submission.public_id}/" in response.content.decode()


@pytest.mark.usefixtures("open_quarter")
def test_an_open_period_says_how_many_are_in_and_who_is_not(staff: Client, alder: Organization) -> None:
    measuring.report(alder, "2025-Q4", served=5)

    page = text(staff.get(URL))

    assert "1 of 2 reports in" in page
    assert "1 approved" in page
    assert "due 30 January 2026" in page
    assert "1 not in yet Birch Charity" in page


@pytest.mark.usefixtures("open_quarter")
def test_a_returned_report_that_was_answered_is_shown(
    staff: Client, alder: Organization, data_manager: User, rita: User
) -> None:
    submission = measuring.hand_in(alder, "2025-Q4", served=5)
    workflow.return_(submission=submission, message="Really?", by=data_manager, at=now())
    assert "1 report is with its partner." in text(staff.get(URL))
    assert "Answered, and not" not in text(staff.get(URL))

    workflow.say(submission=submission, body="Yes, really.", by=rita, at=now())

    assert "Answered, and not handed in again yet" in text(staff.get(URL))


@pytest.mark.usefixtures("open_quarter")
def test_measures_without_steward_and_sums_that_failed_are_shown(
    staff: Client, initiative: Initiative
) -> None:
    add_up()
    assert "Measures without a steward Served" in text(staff.get(URL))
    assert "Sums that failed" not in text(staff.get(URL))

    period = ReportingPeriod.objects.get(code="2025-Q4")
    served = Indicator.objects.get(code="served")
    DirtyKey.objects.create(
        initiative=initiative,
        indicator=served,
        period=period,
        marked_at=now(),
        parked_at=now(),
        trouble="<b>division</b>",
    )

    response = staff.get(URL)
    assert "Sums that failed" in text(response)
    assert "<b>division</b>" not in response.content.decode()


@pytest.mark.usefixtures("open_quarter")
def test_what_changed_on_the_curves_is_shown(staff: Client, alder: Organization) -> None:
    measuring.report(alder, "2025-Q4", served=5)
    add_up()

    page = text(staff.get(URL))

    assert "What changed on the curves in the last 7 days" in page
    assert "Served Q4 2025 5 people" in page


@pytest.mark.usefixtures("open_quarter")
@pytest.mark.parametrize("who", ["rita", "funder"])
def test_it_is_for_the_backbone_only(
    who: str, as_: Callable[[User], Client], request: pytest.FixtureRequest
) -> None:
    assert as_(request.getfixturevalue(who)).get(URL).status_code == 403


@pytest.mark.parametrize("number", [3, 30])
def test_the_number_of_queries_does_not_grow(
    number: int,
    initiative: Initiative,
    partners: Callable[[int], list[Organization]],
    quarters: ReportingCalendar,
    staff: Client,
) -> None:
    everybody = partners(number)
    measured(initiative, "served", everybody, quarters)
    measured(initiative, "other", everybody, quarters)
    for code in ("2025-Q3", "2025-Q4"):
        measuring.open_(initiative, code)
        for organization in everybody[: number // 3]:
            measuring.report(organization, code, served=1, other=2)
        for organization in everybody[number // 3 : number // 2]:
            measuring.hand_in(organization, code, served=1, other=2)
    add_up()
    staff.get(URL)

    with at_most(12):
        assert staff.get(URL).status_code == 200
