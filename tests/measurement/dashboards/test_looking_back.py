from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from django.test import Client
from django.utils.timezone import now

from backbone.access.permissions import Role
from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.submissions import opening
from tests.factories import measuring, people
from tests.measurement.dashboards.conftest import add_up, at_most, group, measured, text

pytestmark = pytest.mark.usefixtures("released")

PAGE = "/i/cradle/dashboard/served/"
HOW = "/i/cradle/dashboard/served/quarterly/2026-Q1/how/"


def on(month: int, day: int, hour: int = 12) -> datetime:
    return datetime(2026, month, day, hour, tzinfo=UTC)


@pytest.fixture
def cedar(initiative: Initiative) -> Organization:
    made = people.organization("Cedar Clinic", initiative)
    people.member("Cy Cedar", made, Role.REPORTER)
    return made


@pytest.fixture
def released(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    cedar: Organization,
    quarters: ReportingCalendar,
    data_manager: User,
) -> None:
    """Example 6 of the measurement rules: one corrected, one late."""
    measured(initiative, "served", [alder, birch, cedar], quarters)
    period = measuring.open_(initiative, "2026-Q1", at=on(4, 1))
    opening.change_due_date(
        period=period, due_on=date(2026, 4, 15), was=period.due_on, by=data_manager, at=on(4, 1)
    )
    first = measuring.report(alder, "2026-Q1", served=100, at=on(4, 10))
    measuring.report(birch, "2026-Q1", served=60, at=on(4, 12))
    measuring.correct(first, served=90, at=on(5, 2))
    measuring.report(cedar, "2026-Q1", served=25, at=on(5, 5))
    group(initiative, "north", [alder], at=on(1, 1))
    add_up()


@pytest.fixture
def staff(as_: Callable[[User], Client], data_manager: User) -> Client:
    return as_(data_manager)


@pytest.mark.parametrize(
    ("asked", "value", "coverage"),
    [
        ("2026-04-15", "160 people", "2 of 3 partners"),
        ("2026-05-03", "150 people", "2 of 3 partners"),
        ("2026-05-06", "175 people", "3 of 3 partners"),
        ("2026-05-02T11:00:00Z", "160 people", "2 of 3 partners"),
        ("2026-05-02T12:00:00Z", "150 people", "2 of 3 partners"),
        ("2026-05-02T14:00:00%2B02:00", "150 people", "2 of 3 partners"),
        ("2026-05-02T14:00:00+02:00", "150 people", "2 of 3 partners"),
    ],
)
def test_a_figure_reads_as_it_was(staff: Client, asked: str, value: str, coverage: str) -> None:
    page = text(staff.get(f"{PAGE}?as_of={asked}"))
    how = text(staff.get(f"{HOW}?as_of={asked}"))

    assert f"Q1 2026: {value}" in page
    assert coverage in page
    assert value in how
    assert coverage in how
    assert "As it was on" in how


def test_the_page_says_what_changed_since_and_why(staff: Client) -> None:
    page = text(staff.get(f"{PAGE}?as_of=2026-04-15"))

    assert "As it was on 15 April 2026" in page
    assert "Which partners are in a group" in page
    assert "Q1 2026 160 people 175 people +15 2 of 3 partners; 3 of 3 partners" in page
    assert "5 May 2026 Cedar Clinic Q1 2026 – 25" in page
    assert "2 May 2026 Alder School Q1 2026 100 90 Please look again." in page


def test_where_nothing_has_changed_the_page_says_so(staff: Client) -> None:
    page = text(staff.get(f"{PAGE}?as_of=2026-05-06"))

    assert "Nothing has changed since 6 May 2026." in page


def test_before_anything_was_asked_there_was_no_figure(staff: Client) -> None:
    page = text(staff.get(f"{PAGE}?as_of=2026-03-01"))

    assert "Q1 2026 nothing was asked yet 175 people" in page
    assert "Nothing is known about this figure yet." in text(staff.get(f"{HOW}?as_of=2026-03-01"))


def test_how_it_was_made_tells_the_parts_of_then(staff: Client) -> None:
    page = text(staff.get(f"{HOW}?as_of=2026-04-15"))

    assert "100 + 60 = 160 people" in page
    assert "Added up for this page, from what had been recorded by 15 April 2026." in page
    assert "2 on time" in page


def test_links_to_other_figures_keep_the_moment(staff: Client) -> None:
    body = staff.get(f"{PAGE}?as_of=2026-04-15&group=north").content.decode()

    assert "/2026-Q1/how/?group=north&amp;as_of=2026-04-15" in body
    assert "100\u00a0people" in body


@pytest.mark.parametrize(
    ("asked", "sentence"),
    [
        ("yesterday", "Write the day as in 2026-05-03"),
        ("2026-02-30", "Write the day as in 2026-05-03"),
        ("2026-W18-7", "Write the day as in 2026-05-03"),
        ("0001-01-01T00:00:00%2B14:00", "Write the day as in 2026-05-03"),
        ("9999-12-31", "Write the day as in 2026-05-03"),
        ("2126-05-03", "Choose a day that is not after today."),
        ("%00", "Write the day as in 2026-05-03"),
        ("9" * 3000, "Write the day as in 2026-05-03"),
    ],
)
@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
def test_what_is_no_day_is_refused_and_kept(
    staff: Client, asked: str, sentence: str, headers: dict[str, str]
) -> None:
    response = staff.get(f"{PAGE}?as_of={asked}", headers=headers)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert staff.get(f"{HOW}?as_of={asked}", headers=headers).status_code == 422


def test_what_was_typed_stays_in_the_form(staff: Client) -> None:
    body = staff.get(f"{PAGE}?as_of=last+week").content.decode()

    assert 'value="last week"' in body
    assert "175\u00a0people" in body


def test_today_is_as_it_is(staff: Client) -> None:
    assert "Q1 2026: 175 people" in text(staff.get(f"{PAGE}?as_of={now().date().isoformat()}"))


@pytest.mark.parametrize("reader", ["rita", "funder"])
def test_others_cannot_tell_one_partners_figure_from_two_days(
    as_: Callable[[User], Client], reader: str, request: pytest.FixtureRequest
) -> None:
    client = as_(request.getfixturevalue(reader))

    assert client.get(f"{PAGE}?as_of=2026-04-15").status_code == 403
    assert client.get(f"{HOW}?as_of=2026-04-15").status_code == 403
    assert "Look back" not in text(client.get(PAGE))


def test_looking_back_takes_as_many_queries_with_few_partners_as_with_many(
    staff: Client,
    initiative: Initiative,
    quarters: ReportingCalendar,
    partners: Callable[[int], list[Organization]],
) -> None:
    many = partners(30)
    measured(initiative, "many", many, quarters)
    measuring.open_(initiative, "2025-Q4", at=on(1, 5))
    for place, each in enumerate(many):
        measuring.report(each, "2025-Q4", many=place, at=on(2, 1))
    group(initiative, "south", many[:10])
    add_up()

    for code, period, size in (("served", "2026-Q1", 3), ("many", "2025-Q4", 30)):
        page = f"/i/cradle/dashboard/{code}/"
        staff.get(page)
        with at_most(12):
            assert f"of {size} partners" in text(staff.get(f"{page}?as_of=2026-04-15"))
        with at_most(12):
            staff.get(f"{page}quarterly/{period}/how/?as_of=2026-04-15")
