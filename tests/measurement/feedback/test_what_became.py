from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.utils.timezone import now
from pytest_django import DjangoAssertNumQueries

from backbone.access.permissions import Role
from backbone.accounts.models import User
from backbone.notifications.models import Notification
from initiatives.charter.models import Initiative, PartnerGroup
from initiatives.directory import grouping, operations
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.calendars.periods import Frequency
from measurement.rollups import runs
from measurement.submissions.models import Submission
from tests.factories import measuring, people

SignIn = Callable[[User], Client]


@pytest.fixture
def everybody(
    initiative: Initiative,
    data_manager: User,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
) -> list[Organization]:
    """Five partners that report how many were served, in two quarters of a calendar year."""
    others = [people.organization(f"{name} Club", initiative) for name in ("Cedar", "Dogwood", "Elm")]
    for each in others:
        people.member(f"Reporter of {each}", each, Role.REPORTER)
    found = [alder, birch, *others]
    measuring.calendar(
        initiative,
        Frequency.CALENDAR_YEAR,
        code="years",
        first=date(2025, 1, 1),
        last=date(2026, 12, 31),
    )
    measuring.assign(measuring.indicator(initiative, "served"), found, quarters)
    for code in ("2025-Q4", "2026-Q1"):
        measuring.open_(initiative, code, at=datetime(2025, 12, 1, tzinfo=UTC))
    return found


def handed_in(partners: list[Organization], code: str, *numbers: int) -> list[Submission]:
    made = [
        measuring.report(each, code, served=number) for each, number in zip(partners, numbers, strict=False)
    ]
    runs.roll_up_changed(at=now())
    return made


def page_of(client: Client, submission: Submission) -> str:
    return client.get(f"/i/cradle/report/{submission.public_id}/became/").content.decode()


def test_a_partner_reads_where_its_figure_counts_now(
    as_: SignIn, rita: User, initiative: Initiative, everybody: list[Organization]
) -> None:
    east = PartnerGroup(initiative=initiative, code="east", name="East Side")
    west = PartnerGroup(initiative=initiative, code="west", name="West Side")
    for group, partner in ((east, everybody[0]), (west, everybody[1])):
        operations.save_group(group=group, by=None, at=now())
        grouping.put_into_group(group=group, organization=partner, by=None, at=now())
    mine = handed_in(everybody, "2026-Q1", 100, 20, 30, 40, 50)[0]

    page = page_of(as_(rita), mine)

    assert "the whole initiative, Q1 2026" in page
    assert "the whole initiative, 2026" in page
    assert "East Side, Q1 2026" in page
    assert "West Side" not in page
    assert "/dashboard/served/quarterly/2026-Q1/how/" in page
    link = page.split("/dashboard/served/quarterly/2026-Q1/how/")[0].rsplit('"', 1)[1]
    assert as_(rita).get(f"{link}/dashboard/served/quarterly/2026-Q1/how/").status_code == 200


def test_the_whole_stands_beside_the_own_figures_where_three_others_have_given_one(
    as_: SignIn, rita: User, everybody: list[Organization]
) -> None:
    handed_in(everybody, "2025-Q4", 10, 20, 31)
    mine = handed_in(everybody, "2026-Q1", 100, 20, 30, 40)[0]

    page = page_of(as_(rita), mine)

    assert "190\u00a0people" in page
    assert "61" not in page.partition("fate-table")[2].partition("</table>")[0]
    assert page.count("fewer than 3 others") == 1


def test_nothing_of_the_other_partners_is_told(
    as_: SignIn, rita: User, everybody: list[Organization]
) -> None:
    mine = handed_in(everybody, "2026-Q1", 100, 23, 37, 41, 59)[0]

    page = page_of(as_(rita), mine).partition("<main")[2].partition("</main>")[0]

    for told in ("Birch", "Cedar", "23\u00a0people", "37\u00a0people", "rank", "above", "below"):
        assert told not in page


def test_corrections_are_told_with_what_was_and_why(
    as_: SignIn, rita: User, everybody: list[Organization]
) -> None:
    mine = handed_in(everybody, "2026-Q1", 100, 20, 30, 40)[0]
    measuring.correct(mine, served=104)

    page = page_of(as_(rita), mine)

    assert "Served: 100\u00a0people became 104\u00a0people" in page
    assert "Please look again." in page


def test_another_partner_does_not_find_the_page(as_: SignIn, bo: User, everybody: list[Organization]) -> None:
    mine = handed_in(everybody, "2026-Q1", 100)[0]

    assert as_(bo).get(f"/i/cradle/report/{mine.public_id}/became/").status_code == 404


def test_it_is_linked_where_a_partner_looks_and_in_the_mail_of_the_approval(
    as_: SignIn, rita: User, everybody: list[Organization]
) -> None:
    mine = handed_in(everybody, "2026-Q1", 100)[0]
    address = f"/i/cradle/report/{mine.public_id}/became/"

    assert address in as_(rita).get("/i/cradle/report/").content.decode()
    assert address in as_(rita).get("/i/cradle/our-figures/").content.decode()
    assert Notification.objects.filter(person=rita, subject__startswith="Approved").get().link == address


def test_thirty_measures_need_as_many_queries_as_one(
    as_: SignIn,
    rita: User,
    initiative: Initiative,
    alder: Organization,
    everybody: list[Organization],
    quarters: ReportingCalendar,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    mine = handed_in(everybody, "2026-Q1", 100, 20, 30, 40)[0]
    for number in range(30):
        measuring.assign(measuring.indicator(initiative, f"more-{number}"), [alder], quarters)
    client = as_(rita)
    page_of(client, mine)

    with django_assert_max_num_queries(19):
        assert "More 29" in page_of(client, mine)
