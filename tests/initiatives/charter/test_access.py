from datetime import UTC, date, datetime

import pytest
import time_machine
from django.utils.timezone import now

from backbone.access.permissions import Permission, Role, Side
from backbone.accounts.models import User
from initiatives.charter.access import RoleHeld, standings_of
from initiatives.charter.models import Initiative, Participation
from initiatives.charter.people import people_who_may
from initiatives.directory import operations
from initiatives.partners.models import Membership, Organization
from tests.factories import people


def roles(person: User) -> list[tuple[str, Role]]:
    return [(standing.initiative.slug, standing.role) for standing in standings_of(person)]


def part(organization: Organization, side: Side = Side.PARTNER) -> Participation:
    return Participation.objects.get(organization=organization, side=side)


def test_roles_of_two_people_of_one_organization_are_not_mixed_up(alder: Organization, rita: User) -> None:
    manager = people.member("Mara Manager", alder, Role.PARTNER_MANAGER)

    assert roles(rita) == [("cradle", Role.REPORTER)]
    assert roles(manager) == [("cradle", Role.PARTNER_MANAGER)]


def test_an_ended_role_counts_no_more_while_another_of_the_same_person_does(
    alder: Organization, rita: User, director: User
) -> None:
    operations.join(person=rita, organization=alder, role=Role.VIEWER, by=None, at=now())
    reporter = Membership.objects.get(person=rita, role=Role.REPORTER)

    operations.end_membership(membership=reporter, by=director, at=now())

    assert roles(rita) == [("cradle", Role.VIEWER)]


def test_another_persons_current_role_does_not_revive_an_ended_one(
    alder: Organization, rita: User, director: User
) -> None:
    people.member("Mara Manager", alder, Role.PARTNER_MANAGER)
    operations.end_membership(membership=Membership.objects.get(person=rita), by=director, at=now())

    assert roles(rita) == []


def test_a_role_on_a_side_that_it_does_not_fit_counts_nothing(alder: Organization) -> None:
    assert roles(people.member("Wilma Wrong", alder, Role.DATA_MANAGER)) == []


def test_a_role_counts_only_on_the_fitting_side_of_an_organization_on_two(
    initiative: Initiative, alder: Organization, rita: User
) -> None:
    operations.take_part(
        initiative=initiative,
        organization=alder,
        side=Side.FUNDER,
        code="alder",
        joined_on=date(2020, 1, 1),
        by=None,
        at=now(),
    )

    assert [(each.side, each.role) for each in standings_of(rita)] == [(Side.PARTNER, Role.REPORTER)]


def test_one_organization_in_two_initiatives_counts_in_both(alder: Organization, rita: User) -> None:
    other = people.initiative("other")
    operations.take_part(
        initiative=other,
        organization=alder,
        side=Side.PARTNER,
        code="alder",
        joined_on=date(2020, 1, 1),
        by=None,
        at=now(),
    )

    assert roles(rita) == [("cradle", Role.REPORTER), ("other", Role.REPORTER)]


@pytest.mark.parametrize(
    ("moment", "counts"),
    [
        (datetime(2026, 5, 2, 3, 59, tzinfo=UTC), True),  # 23:59 on 1 May in Detroit
        (datetime(2026, 5, 2, 4, 0, tzinfo=UTC), False),
    ],
)
def test_a_partner_is_gone_from_the_first_moment_of_its_day_there(
    moment: datetime, counts: bool, alder: Organization, rita: User, director: User
) -> None:
    operations.leave(participation=part(alder), on=date(2026, 5, 2), by=director, at=now())

    with time_machine.travel(moment, tick=False):
        assert bool(standings_of(rita)) is counts
        found = people_who_may(
            Permission.OWN_REPORT_EDIT, initiative=part(alder).initiative, organization=alder
        )
        assert (rita in found) is counts


def test_standings_cost_one_query(
    rita: User, alder: Organization, django_assert_num_queries: pytest.FixtureRequest
) -> None:
    with django_assert_num_queries(1):  # type: ignore[operator]
        found: list[RoleHeld] = standings_of(rita)
        assert found[0].organization.name == "Alder School"
        assert found[0].initiative.name == "Cradle to Career"


def test_people_who_may_does_not_mix_up_roles_either(alder: Organization, initiative: Initiative) -> None:
    viewer = people.member("Vera Viewer", alder, Role.VIEWER)

    found = people_who_may(Permission.OWN_REPORT_EDIT, initiative=initiative, organization=alder)

    assert [person.name for person in found] == ["Rita Reporter"]
    assert viewer not in found
