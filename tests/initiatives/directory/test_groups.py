from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils.timezone import now

from backbone.accounts.models import User
from backbone.audit.models import Event
from initiatives.charter.models import Change, GroupMember, Initiative, PartnerGroup
from initiatives.directory import grouping, operations
from initiatives.partners.models import Organization
from tests.factories import people

GROUPS = "/i/cradle/partners/groups/"


@pytest.fixture
def east(initiative: Initiative) -> PartnerGroup:
    group = PartnerGroup(initiative=initiative, code="east", name="East Side")
    return operations.save_group(group=group, by=None, at=now())


def page_of(group: PartnerGroup) -> str:
    return f"{GROUPS}{group.public_id}/"


def test_an_empty_page_offers_to_make_the_first(staff: Client) -> None:
    assert "Make the first group" in staff.get(GROUPS).content.decode()


def test_a_group_is_made_with_a_code_from_its_name(staff: Client, initiative: Initiative) -> None:
    staff.post(f"{GROUPS}add/", {"name": "West Side", "kind": "place", "code": ""})

    made = PartnerGroup.objects.get(name="West Side")
    assert (made.code, made.kind, made.initiative) == ("west-side", "place", initiative)
    assert Event.objects.get(verb="group.made").tenant_id == initiative.pk


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"name": "", "kind": "tag"}, "Fill in “Name”."),
        ({"name": "Other", "kind": "tag", "code": "east"}, "is there already"),
        ({"name": "East", "kind": "tag"}, "is there already"),
        ({"name": "Other", "kind": "no"}, "Select a valid choice"),
    ],
)
def test_what_cannot_be_a_group_is_refused(
    staff: Client, east: PartnerGroup, fields: dict[str, str], sentence: str
) -> None:
    answer = staff.post(f"{GROUPS}add/", fields)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert PartnerGroup.objects.count() == 1


def test_two_who_make_the_same_group_at_once_make_one(initiative: Initiative, east: PartnerGroup) -> None:
    again = PartnerGroup(initiative=initiative, code=east.code, name=east.name)

    with pytest.raises(operations.Refused, match="already a group"):
        operations.save_group(group=again, by=None, at=now())

    assert PartnerGroup.objects.count() == 1


def test_a_partner_is_put_in_and_leaves_and_the_roll_up_hears_of_both(
    staff: Client, east: PartnerGroup, alder: Organization
) -> None:
    staff.post(f"{page_of(east)}put-in/", {"organization": str(alder.public_id), "joined_on": "2026-01-01"})
    assert GroupMember.objects.get().joined_on == date(2026, 1, 1)
    assert "since 1 January 2026" in staff.get(page_of(east)).content.decode()

    staff.post(f"{page_of(east)}{alder.public_id}/take-out/", {"on": "2026-07-01"})

    said = [(row.left_on, row.superseded_at is None) for row in GroupMember.objects.order_by("pk")]
    assert said == [(None, False), (date(2026, 7, 1), True)]
    assert "until before 1 July 2026" in staff.get(page_of(east)).content.decode()
    assert Change.objects.filter(organization=alder, what="regrouped").count() == 2


def test_a_partner_that_never_belonged_there_is_taken_out_altogether(
    staff: Client, east: PartnerGroup, alder: Organization
) -> None:
    grouping.put_into_group(group=east, organization=alder, by=None, at=now())

    staff.post(f"{page_of(east)}{alder.public_id}/take-out/", {"by_mistake": "on"})

    assert not GroupMember.objects.standing().exists()
    assert "Alder School" not in staff.get(page_of(east)).content.decode().split("plain-list")[-1][:200]


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Say from which day on it is gone."),
        ({"on": "2025-12-31"}, "after the one on which it came into the group"),
        ({"on": "soon"}, "There is a problem"),
        ({"on": "\x00"}, "There is a problem"),
    ],
)
def test_what_cannot_be_a_day_of_leaving_is_refused(
    staff: Client, east: PartnerGroup, alder: Organization, fields: dict[str, str], sentence: str
) -> None:
    grouping.put_into_group(group=east, organization=alder, joined_on=date(2026, 1, 1), by=None, at=now())

    answer = staff.post(f"{page_of(east)}{alder.public_id}/take-out/", fields)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert GroupMember.objects.standing().get().left_on is None


def test_a_partner_that_comes_back_comes_after_it_left(
    staff: Client, east: PartnerGroup, alder: Organization, director: User
) -> None:
    member = grouping.put_into_group(group=east, organization=alder, by=None, at=now())
    grouping.leave_group(member=member, on=date(2026, 1, 1), by=director, at=now())
    fields = {"organization": str(alder.public_id), "joined_on": "2025-06-01"}

    early = staff.post(f"{page_of(east)}put-in/", fields)
    staff.post(f"{page_of(east)}put-in/", fields | {"joined_on": "2026-06-01"})

    assert early.status_code == 422
    assert "Choose a day from 2026-01-01 on" in early.content.decode()
    assert GroupMember.objects.standing().count() == 2


def test_the_database_refuses_that_one_partner_counts_twice(east: PartnerGroup, alder: Organization) -> None:
    grouping.put_into_group(group=east, organization=alder, by=None, at=now())

    with pytest.raises(IntegrityError, match="group_member_once_at_a_time"), transaction.atomic():
        east.members.create(
            initiative=east.initiative, organization=alder, joined_on=date(2026, 1, 1), recorded_at=now()
        )


@pytest.mark.parametrize("nonsense", ["", "no", "\x00", "00000000-0000-0000-0000-000000000000"])
def test_nobody_known_is_not_put_in(staff: Client, east: PartnerGroup, nonsense: str) -> None:
    answer = staff.post(f"{page_of(east)}put-in/", {"organization": nonsense})

    assert answer.status_code == 422
    assert "There is a problem" in answer.content.decode()


def test_a_partner_of_another_initiative_is_not_put_in(staff: Client, east: PartnerGroup) -> None:
    foreign = people.organization("Foreign School", people.initiative("elsewhere"))

    answer = staff.post(f"{page_of(east)}put-in/", {"organization": str(foreign.public_id)})

    assert answer.status_code == 422
    assert not GroupMember.objects.exists()
