from collections.abc import Callable

import pytest
from django.test import Client
from django.utils.timezone import now

from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar
from measurement.calendars.periods import Frequency
from measurement.indicators.kinds import Kind
from tests.factories import measuring
from tests.measurement.dashboards.conftest import add_up, at_most, group, measured, text
from tests.measurement.rollups.test_rehearsal import everything

pytestmark = pytest.mark.usefixtures("pupils")

PAGE = "/i/cradle/dashboard/pupils/"
TRY = f"{PAGE}try/"


@pytest.fixture
def pupils(
    initiative: Initiative,
    alder: Organization,
    birch: Organization,
    quarters: ReportingCalendar,
    data_manager: User,
) -> None:
    """Example 3 of the measurement rules: a level of two partners, one silent for a quarter."""
    measuring.calendar(initiative, Frequency.CALENDAR_YEAR)
    measured(initiative, "pupils", [alder, birch], quarters, Kind.STOCK)
    for quarter, a, b in ((1, 100, 40), (2, 110, 45), (3, 105, None), (4, 120, 50)):
        measuring.open_(initiative, f"2025-Q{quarter}")
        measuring.report(alder, f"2025-Q{quarter}", pupils=a)
        if b:
            measuring.report(birch, f"2025-Q{quarter}", pupils=b)
    group(initiative, "north", [alder])
    add_up()


@pytest.fixture
def staff(as_: Callable[[User], Client], data_manager: User) -> Client:
    return as_(data_manager)


def test_the_page_of_a_measure_leads_there(staff: Client) -> None:
    assert f'href="{TRY}"' in staff.get(PAGE).content.decode()


def test_nothing_is_tried_before_it_is_asked_for(staff: Client) -> None:
    page = text(staff.get(TRY))

    assert "Leave out a partner" in page
    assert "Before and after" not in page


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true", "HX-Target": "trial"}])
def test_a_partner_is_left_out(staff: Client, birch: Organization, headers: dict[str, str]) -> None:
    page = text(staff.get(TRY, {"without": str(birch.pk)}, headers=headers))

    assert "Q1 2025 140 people 100 people −40 2 of 2 partners → 1 of 1 partner" in page
    assert "71 % of the last known volume → 1 of 1 partner Partial → Final" in page


def test_a_partner_is_taken_into_a_group(staff: Client, birch: Organization) -> None:
    page = text(staff.get(TRY, {"group": "north", "also": str(birch.pk)}))

    assert "Before and after: North" in page
    assert "Q1 2025 100 people 140 people +40 1 of 1 partner → 2 of 2 partners" in page


def test_another_share_counts_as_complete(staff: Client) -> None:
    page = text(staff.get(TRY, {"final_at": "30"}))

    assert (
        "Q3 2025 105 people 105 people 0 1 of 2 partners, 71 % of the last known volume Partial → Final"
        in page
    )


def test_another_rule_over_time_and_for_what_is_not_in(staff: Client) -> None:
    averaged = text(staff.get(TRY, {"over_time": "average"}))
    carried = text(staff.get(TRY, {"carry_periods": "1"}))

    assert "2025 170 people 154 people −16" in averaged
    assert "Q3 2025 105 people 150 people +45" in carried


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"final_at": "101"}, "Write 100 or less."),
        ({"final_at": "much"}, "much"),
        ({"carry_periods": "-1"}, "carry_periods"),
        ({"carry_periods": "9" * 4000}, "carry_periods"),
        ({"without": "999999999"}, "without"),
        ({"without": "\0"}, "without"),
        ({"over_time": "sum"}, "over_time"),
        ({"group": "nowhere", "carry_periods": "1"}, "group"),
        ({"group": "north"}, "Choose at least one thing to try."),
    ],
)
def test_what_cannot_be_tried_is_said_and_kept(
    staff: Client, typed: dict[str, str], sentence: str, headers: dict[str, str]
) -> None:
    response = staff.get(TRY, typed, headers=headers)

    assert response.status_code == 422
    assert "There is a problem" in response.content.decode()
    assert sentence in response.content.decode()


def test_a_partner_is_taken_into_a_group_that_is_named(staff: Client, birch: Organization) -> None:
    response = staff.get(TRY, {"also": str(birch.pk)})

    assert response.status_code == 422
    assert "Choose the group that the partner is taken into." in response.content.decode()


def test_a_count_has_no_other_rule_over_time(
    staff: Client, initiative: Initiative, alder: Organization, quarters: ReportingCalendar
) -> None:
    measured(initiative, "served", [alder], quarters)

    page = text(staff.get("/i/cradle/dashboard/served/try/"))

    assert "Leave out a partner" in page
    assert "Carry forward" not in page
    assert "Over time" not in page


def test_nothing_persists(staff: Client, birch: Organization) -> None:
    staff.get(TRY)
    before = everything()

    staff.get(TRY, {"without": str(birch.pk), "final_at": "30", "over_time": "average", "carry_periods": "2"})

    assert everything() == before


@pytest.mark.parametrize("reader", ["rita", "funder", "facilitator"])
def test_others_can_try_nothing(
    as_: Callable[[User], Client], reader: str, request: pytest.FixtureRequest
) -> None:
    client = as_(request.getfixturevalue(reader))

    assert client.get(TRY).status_code == 403
    assert "Try a change" not in text(client.get(PAGE))


def test_trying_takes_as_many_queries_with_few_partners_as_with_many(
    staff: Client,
    initiative: Initiative,
    quarters: ReportingCalendar,
    partners: Callable[[int], list[Organization]],
) -> None:
    many = partners(30)
    measured(initiative, "many", many, quarters, Kind.STOCK)
    measuring.open_(initiative, "2026-Q1", at=now())
    for place, each in enumerate(many[:20]):
        measuring.report(each, "2026-Q1", many=place)
    add_up()

    for code in ("pupils", "many"):
        with at_most(12):
            staff.get(f"/i/cradle/dashboard/{code}/try/", {"carry_periods": "1", "group": "north"})
