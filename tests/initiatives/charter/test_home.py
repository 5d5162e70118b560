from collections.abc import Callable

from django.test import Client

from backbone.access.permissions import Role, Side
from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.directory import operations
from initiatives.partners.models import Organization
from tests.factories import people

SignIn = Callable[[User], Client]


def text(client: Client, url: str = "/") -> str:
    return client.get(url).content.decode()


def test_who_is_in_one_initiative_goes_straight_there(as_: SignIn, rita: User) -> None:
    answer = as_(rita).get("/")

    assert answer.status_code == 302
    assert answer["Location"] == "/i/cradle/"


def test_each_person_lands_where_the_day_begins(
    as_: SignIn, rita: User, director: User, funder: User
) -> None:
    landing = {person: as_(person).get("/i/cradle/")["Location"] for person in (rita, director, funder)}

    assert landing == {
        rita: "/i/cradle/report/",
        director: "/i/cradle/today/",
        funder: "/i/cradle/overview/",
    }


def test_who_is_in_several_chooses_and_reads_as_what(
    as_: SignIn, initiative: Initiative, rita: User, alder: Organization
) -> None:
    network = people.initiative("network", name="The Network", summary="All of us.")
    fund = people.organization("Rita's Fund", network, Side.FUNDER)
    operations.join(
        person=rita, organization=fund, role=Role.FUNDER_VIEWER, by=None, at=initiative.created_at
    )

    page = text(as_(rita))

    assert 'href="/i/cradle/"' in page
    assert 'href="/i/network/"' in page
    assert "All of us." in page
    assert "Reporter, Alder School" in page


def test_every_page_offers_the_other_initiatives(as_: SignIn, director: User, stranger: User) -> None:
    elsewhere = stranger.memberships.get().organization
    operations.join(
        person=director,
        organization=elsewhere,
        role=Role.BACKBONE_DIRECTOR,
        by=None,
        at=director.joined_at,
    )

    page = text(as_(director), "/i/cradle/partners/")

    assert "Switch to another initiative" in page
    assert 'href="/i/elsewhere/"' in page


def test_who_is_in_none_reads_what_to_do(as_: SignIn, initiative: Initiative) -> None:
    nobody = people.person("Nora Nobody")

    answer = as_(nobody).get("/")

    assert answer.status_code == 200
    assert "You are not part of an initiative yet" in answer.content.decode()
    assert "nora.nobody@example.org" in answer.content.decode()
    assert initiative.name not in answer.content.decode()
