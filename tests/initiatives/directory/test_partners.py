import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import date

import pytest
from django.test import Client
from django.utils.timezone import now

from backbone.access.permissions import Role, Side
from backbone.accounts.models import User
from backbone.audit.models import Event
from initiatives.charter.models import Change, Initiative, Participation, PartnerGroup
from initiatives.directory import grouping, operations
from initiatives.partners.models import Membership, Organization
from tests.factories import people

LIST = "/i/cradle/partners/"
NEW = {
    "name": "Cedar House",
    "side": "partner",
    "sector": "charity",
    "joined_on": "2026-01-15",
    "website": "",
}
Budget = Callable[[int], AbstractContextManager[object]]


def page_of(organization: Organization) -> str:
    return f"{LIST}{organization.public_id}/"


def text(client: Client, url: str = LIST) -> str:
    answer = client.get(url)
    assert answer.status_code == 200
    return answer.content.decode()


def part(organization: Organization) -> Participation:
    return Participation.objects.get(organization=organization)


@pytest.fixture
def east(initiative: Initiative, birch: Organization) -> PartnerGroup:
    made = operations.save_group(
        group=PartnerGroup(initiative=initiative, code="east", name="East Side"), by=None, at=now()
    )
    grouping.put_into_group(group=made, organization=birch, by=None, at=now())
    return made


@pytest.mark.usefixtures("alder", "east")
def test_the_list_says_groups_people_and_since_when(staff: Client, birch: Organization) -> None:
    people.member("Vera Viewer", birch, Role.VIEWER)
    operations.join(
        person=User.objects.get(name="Bo Birch"), organization=birch, role=Role.VIEWER, by=None, at=now()
    )

    rows = text(staff).split("<tr>")

    row = next(each for each in rows if "Birch Charity" in each)
    assert "East Side" in row
    assert re.search(r'class="number"[^>]*>2<', row)
    assert "1 January 2020" in row


@pytest.mark.usefixtures("alder", "birch", "funder")
def test_the_list_shows_partners_unless_asked_for_others(staff: Client) -> None:
    assert "Fund" not in text(staff).split("<tbody>")[1]
    assert "Fund" in text(staff, f"{LIST}?side=funder").split("<tbody>")[1]
    assert "Backbone Office" in text(staff, f"{LIST}?side=backbone").split("<tbody>")[1]


@pytest.mark.usefixtures("alder", "birch")
@pytest.mark.parametrize("query", ["q=aLDer", "q=%20alder%20"])
def test_a_partner_is_found_by_a_part_of_its_name(staff: Client, query: str) -> None:
    page = text(staff, f"{LIST}?{query}")

    assert "Alder School" in page
    assert "Birch Charity" not in page


@pytest.mark.usefixtures("alder")
def test_the_list_is_filtered_by_group(staff: Client, east: PartnerGroup) -> None:
    found = text(staff, f"{LIST}?group={east.public_id}").split("<tbody>")[1]

    assert "Birch Charity" in found
    assert "Alder School" not in found


@pytest.mark.usefixtures("alder")
@pytest.mark.parametrize(
    "nonsense",
    ["q=%00", "q=" + "x" * 5000, "group=no", "side=no", "sort=no", "page=no", "page=-1", "left=no"],
)
def test_nonsense_in_the_address_does_no_harm(staff: Client, nonsense: str) -> None:
    assert "Alder School" in text(staff, f"{LIST}?{nonsense}") or "q=" in nonsense


@pytest.mark.usefixtures("alder", "birch")
def test_htmx_gets_the_found_rows_alone(staff: Client) -> None:
    answer = staff.get(f"{LIST}?q=alder", headers={"HX-Request": "true", "HX-Target": "found"})

    page = answer.content.decode()
    assert page.strip().startswith('<div id="found">')
    assert "Alder School" in page


@pytest.mark.parametrize("several", [3, 30])
def test_the_pages_cost_the_same_for_three_partners_and_thirty(
    several: int,
    initiative: Initiative,
    staff: Client,
    east: PartnerGroup,
    birch: Organization,
    django_assert_max_num_queries: Budget,
) -> None:
    made = birch
    for number in range(several):
        made = people.organization(f"Partner {number}", initiative)
        people.member(f"Person {number}", made, Role.REPORTER)
        grouping.put_into_group(group=east, organization=made, by=None, at=now())
    for number in range(several):
        people.member(f"Colleague {number}", made, Role.VIEWER)

    for url in (
        LIST,
        page_of(made),
        "/i/cradle/partners/groups/",
        f"/i/cradle/partners/groups/{east.public_id}/",
    ):
        with django_assert_max_num_queries(12):
            text(staff, url)


def test_the_list_is_cut_into_pages_of_fifty_and_keeps_the_search(
    staff: Client, initiative: Initiative
) -> None:
    for number in range(55):
        people.organization(f"Partner {number:02}", initiative)

    first, second = (text(staff, f"{LIST}?q=partner&page={page}") for page in (1, 2))

    assert "Partner 49" in first
    assert "Partner 50" not in first
    assert "Partner 50" in second
    assert "q=partner&amp;page=2" in first


def test_an_organization_is_added_and_takes_part(
    staff: Client, initiative: Initiative, director: User
) -> None:
    answer = staff.post(f"{LIST}add/", NEW)

    made = Participation.objects.get(organization__name="Cedar House")
    assert answer.status_code == 302
    assert answer["Location"] == page_of(made.organization)
    assert (made.code, made.joined_on, made.side) == ("cedar-house", date(2026, 1, 15), "partner")
    assert Event.objects.get(verb="participation.joined", by=director).tenant_id == initiative.pk
    assert Change.objects.filter(organization=made.organization, what="joined").count() == 1


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
@pytest.mark.parametrize(
    ("field", "written", "sentence"),
    [
        ("name", "", "Fill in “Name”."),
        ("name", "alder SCHOOL", "is in the list already"),
        ("name", "a\x00", "cannot be stored"),
        ("side", "backbones", "Select a valid choice"),
        ("joined_on", "yesterday", "Write a day"),
        ("joined_on", "0001-01-01", "between 1900 and 2199"),
        ("website", "javascript:alert(1)", "valid URL"),
    ],
)
def test_what_cannot_be_added_is_refused_in_words(
    staff: Client, alder: Organization, field: str, written: str, sentence: str, headers: dict[str, str]
) -> None:
    answer = staff.post(f"{LIST}add/", {**NEW, field: written}, headers=headers)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Organization.objects.filter(name="Cedar House").exists()


def test_the_same_form_sent_twice_adds_one(staff: Client) -> None:
    assert staff.post(f"{LIST}add/", NEW).status_code == 302
    assert staff.post(f"{LIST}add/", NEW).status_code == 422

    assert Organization.objects.filter(name="Cedar House").count() == 1


def test_only_a_director_adds_a_backbone(
    as_: Callable[[User], Client], facilitator: User, staff: Client
) -> None:
    backbone = {**NEW, "side": "backbone"}

    assert as_(facilitator).post(f"{LIST}add/", backbone).status_code == 422
    assert staff.post(f"{LIST}add/", backbone).status_code == 302


def test_codes_of_alike_names_differ(staff: Client) -> None:
    staff.post(f"{LIST}add/", {**NEW, "name": "Cedar House!"})
    staff.post(f"{LIST}add/", {**NEW, "name": "Cedar (House)"})
    staff.post(f"{LIST}add/", {**NEW, "name": "学校"})

    codes = set(Participation.objects.filter(side=Side.PARTNER).values_list("code", flat=True))
    assert codes == {"cedar-house", "cedar-house-2", "organization"}


def test_a_name_is_changed_and_kept_on_an_error(staff: Client, alder: Organization) -> None:
    refused = staff.post(f"{page_of(alder)}edit/", {"name": "", "sector": "school"})
    assert refused.status_code == 422
    assert "Change Alder School" in refused.content.decode()

    staff.post(
        f"{page_of(alder)}edit/", {"name": "Alder Academy", "sector": "school", "website": "alder.example"}
    )

    alder.refresh_from_db()
    assert (alder.name, alder.website) == ("Alder Academy", "https://alder.example")


def test_leaving_asks_by_name_and_says_what_stays(staff: Client, alder: Organization) -> None:
    url = f"/i/cradle/partners/taking-part/{part(alder).public_id}/leave/"

    assert "What stays: every report" in text(staff, url)
    refused = staff.post(url, {"on": "2026-05-02", "name": "Birch Charity"})
    assert refused.status_code == 422
    assert "This is another name" in refused.content.decode()
    assert part(alder).left_on is None

    staff.post(url, {"on": "2026-05-02", "name": "alder school"})
    assert part(alder).left_on == date(2026, 5, 2)
    assert Change.objects.filter(organization=alder, what="left").exists()
    assert Membership.objects.current().filter(organization=alder).exists()


def test_nobody_leaves_before_joining(staff: Client, alder: Organization) -> None:
    url = f"/i/cradle/partners/taking-part/{part(alder).public_id}/leave/"

    answer = staff.post(url, {"on": "2020-01-01", "name": "Alder School"})

    assert answer.status_code == 422
    assert "Choose a day after" in answer.content.decode()


def test_the_only_backbone_cannot_leave(staff: Client, backbone_organization: Organization) -> None:
    url = f"/i/cradle/partners/taking-part/{part(backbone_organization).public_id}/leave/"

    answer = staff.post(url, {"on": "2026-05-02", "name": "Backbone Office"})

    assert answer.status_code == 409
    assert "This is the only backbone" in answer.content.decode()


def test_only_a_director_lets_a_backbone_go_or_takes_it_back(
    as_: Callable[[User], Client],
    facilitator: User,
    director: User,
    initiative: Initiative,
    backbone_organization: Organization,
) -> None:
    people.organization("Second Office", initiative, Side.BACKBONE)
    url = f"/i/cradle/partners/taking-part/{part(backbone_organization).public_id}/"
    gone = {"on": "2190-05-02", "name": "Backbone Office"}

    assert "It leaves the initiative" not in text(as_(facilitator), page_of(backbone_organization))
    assert as_(facilitator).post(f"{url}leave/", gone).status_code == 403
    assert as_(director).post(f"{url}leave/", gone).status_code == 302
    assert as_(facilitator).post(f"{url}stay/").status_code == 403
    assert part(backbone_organization).left_on == date(2190, 5, 2)


def test_who_has_left_is_listed_on_demand_and_can_be_taken_back(
    staff: Client, alder: Organization, director: User
) -> None:
    operations.leave(participation=part(alder), on=date(2021, 5, 2), by=director, at=now())
    assert "Alder School" not in text(staff)
    assert "left on 2 May 2021" in text(staff, f"{LIST}?left=on")
    assert "Left on 2 May 2021" in text(staff, page_of(alder))

    staff.post(f"/i/cradle/partners/taking-part/{part(alder).public_id}/stay/")

    assert "Alder School" in text(staff)


def test_who_may_only_look_sees_no_way_to_change(
    as_: Callable[[User], Client], data_manager: User, alder: Organization
) -> None:
    for page in (text(as_(data_manager)), text(as_(data_manager), page_of(alder))):
        assert "Add an organization" not in page
        assert "Invite somebody" not in page
        assert "leaves the initiative" not in page


def test_people_of_the_same_organization_in_another_initiatives_roles_are_not_shown(
    staff: Client, alder: Organization
) -> None:
    elsewhere = people.initiative("elsewhere")
    operations.take_part(
        initiative=elsewhere,
        organization=alder,
        side=Side.BACKBONE,
        code="alder",
        joined_on=date(2020, 1, 1),
        by=None,
        at=now(),
    )
    people.member("Dirk Director", alder, Role.BACKBONE_DIRECTOR)

    assert "Dirk Director" not in text(staff, page_of(alder))
    assert "Rita Reporter" in text(staff, page_of(alder))
