import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import now

from backbone.access.permissions import Role
from backbone.accounts import invitations
from backbone.accounts.models import Invitation, User
from initiatives.charter.models import Initiative, Participation
from initiatives.directory import members, operations
from initiatives.partners.models import Membership, MembershipInvitation, Organization
from tests.factories import people
from tests.factories.people import PASSWORD

SignIn = Callable[[User], Client]
PAGE = "/invitation/"
NEW = {"name": "Nina New", "password": "a long and good password"}


@pytest.fixture
def invited(initiative: Initiative, alder: Organization, manager: User) -> MembershipInvitation:
    return invite(initiative, alder, "Nina.New@example.org", by=manager)


def invite(where: Initiative, organization: Organization, email: str, *, by: User) -> MembershipInvitation:
    return members.invite_member(
        initiative=where,
        organization=organization,
        email=email,
        role=Role.REPORTER,
        among=[Role.REPORTER],
        by=by,
        at=now(),
    )


def link(invited: MembershipInvitation) -> str:
    return f"/invitations/{invitations.token_of(invited.invitation.public_id)}/"


def follow(client: Client, invited: MembershipInvitation) -> str:
    answer = client.get(link(invited), follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    return answer.content.decode()


def has_joined(email: str = "nina.new@example.org") -> bool:
    return Membership.objects.current().filter(person__email=email, role=Role.REPORTER).exists()


def test_a_new_person_chooses_name_and_password_and_is_in(
    client: Client, invited: MembershipInvitation
) -> None:
    page = follow(client, invited)
    assert "You are invited to Cradle to Career" in page
    assert "Mara Manager invites you as Reporter of Alder School." in page

    answer = client.post(PAGE, NEW, follow=True)

    assert answer.redirect_chain[0] == ("/i/cradle/", 302)
    assert "Welcome. You are Reporter of Alder School now." in answer.content.decode()
    person = User.objects.get(email="nina.new@example.org")
    assert person.name == "Nina New"
    assert person.check_password(NEW["password"])
    assert has_joined()


def test_the_mailed_link_is_the_one_that_works(
    client: Client, invited: MembershipInvitation, mailed_link: Callable[[], str]
) -> None:
    assert mailed_link() == link(invited)


@pytest.mark.usefixtures("invited")
def test_looking_never_uses_it_up(invited: MembershipInvitation) -> None:
    for _scanner in range(3):
        assert "Choose a password" in follow(Client(), invited)
        Client().head(link(invited))

    assert Invitation.objects.get().is_open(now())


def test_the_address_of_the_page_gives_nothing_away(client: Client, invited: MembershipInvitation) -> None:
    first = client.get(link(invited))
    second = client.get(PAGE)

    assert first.headers["Referrer-Policy"] == "no-referrer"
    for answer in (first, second):
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert "no-store" in answer.headers["Cache-Control"]
    token = invitations.token_of(invited.invitation.public_id)
    assert token not in second.content.decode()
    assert token not in str(dict(client.session))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({**NEW, "name": ""}, "Fill in “Your name”."),
        ({**NEW, "password": ""}, "Fill in “Choose a password”."),
        ({**NEW, "password": "short"}, "at least 12 characters"),
        ({**NEW, "password": "qwerty123456"}, "too common"),
        ({**NEW, "password": "nina.new@example.org"}, "too similar"),
        ({**NEW, "password": "x" * 1_000_000}, "Shorten the text"),
        ({**NEW, "name": "N\x00"}, "cannot be stored"),
    ],
)
def test_what_cannot_be_is_refused_in_words_and_the_name_stays(
    client: Client, invited: MembershipInvitation, fields: dict[str, str], sentence: str
) -> None:
    follow(client, invited)

    answer = client.post(PAGE, fields)

    page = answer.content.decode()
    assert answer.status_code == 422
    assert sentence in page
    assert fields["password"] == "" or f'value="{fields["password"]}"' not in page
    assert not User.objects.filter(email="nina.new@example.org").exists()
    assert Invitation.objects.get().is_open(now())


def test_who_has_an_account_signs_in_first_and_then_accepts(
    client: Client, invited: MembershipInvitation
) -> None:
    people.person("Nina New")
    page = follow(client, invited)
    assert "There is an account with the address" in page
    assert 'href="/accounts/login/?next=/invitation/"' in page
    client.post(PAGE, NEW)
    assert not has_joined()

    answer = client.post(
        "/accounts/login/?next=/invitation/", {"login": "NINA.new@example.org", "password": PASSWORD}
    )
    assert answer["Location"] == PAGE
    assert "Accept the invitation" in client.get(PAGE).content.decode()
    assert not has_joined()

    client.post(PAGE)
    assert has_joined()


def test_somebody_else_is_told_so_and_can_sign_out_and_go_on(
    as_: SignIn, rita: User, invited: MembershipInvitation
) -> None:
    client = as_(rita)
    page = follow(client, invited)
    assert re.search("you are signed in as <strong[^>]*>rita.reporter@example.org<", page)
    refused = client.post(PAGE)
    assert refused.status_code == 409
    assert not has_joined()

    assert client.post(PAGE, {"act": "sign-out"})["Location"] == PAGE

    assert "Choose a password" in client.get(PAGE).content.decode()
    client.post(PAGE, NEW)
    assert has_joined()


def closed_page(client: Client, url: str) -> str:
    answer = client.get(url)
    assert answer.status_code == 404
    return answer.content.decode()


def use_up(invited: MembershipInvitation, manager: User) -> None:
    members.accept_as_new(invited=invited, name="Nina", password=NEW["password"], at=now())


def take_back(invited: MembershipInvitation, manager: User) -> None:
    invitations.withdraw(invitation=invited.invitation, by=manager, at=now())


def run_out(invited: MembershipInvitation, manager: User) -> None:
    Invitation.objects.update(expires_at=now() - timedelta(seconds=1))


@pytest.mark.parametrize("end", [use_up, take_back, run_out])
def test_a_link_that_works_no_more_says_what_to_do_and_not_why(
    end: Callable[[MembershipInvitation, User], None],
    client: Client,
    invited: MembershipInvitation,
    manager: User,
) -> None:
    follow(client, invited)
    end(invited, manager)

    malformed = closed_page(Client(), "/invitations/nonsense/")
    assert closed_page(Client(), link(invited)) == malformed
    assert closed_page(client, PAGE) == malformed
    assert client.post(PAGE, NEW).status_code == 404
    assert "ask the person who invited you to send it again" in malformed


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["x", "x" * 5000, "%00", "é", "..%2f", "{invitation x}"])
def test_a_malformed_link_gets_the_same_page(client: Client, token: str) -> None:
    assert client.get(f"/invitations/{token}/").status_code == 404


@pytest.mark.django_db
def test_the_page_without_a_link_is_closed(client: Client) -> None:
    assert "This invitation does not work" in closed_page(client, PAGE)


def test_an_invitation_to_an_organization_that_has_left_is_closed(
    client: Client, invited: MembershipInvitation, alder: Organization, director: User
) -> None:
    follow(client, invited)
    participation = Participation.objects.get(organization=alder)
    operations.leave(participation=participation, on=now().date(), by=director, at=now())

    assert client.post(PAGE, NEW).status_code == 404
    assert not User.objects.filter(email="nina.new@example.org").exists()


def test_two_invitations_to_one_address_make_one_account(
    invited: MembershipInvitation, initiative: Initiative, birch: Organization, director: User
) -> None:
    second = invite(initiative, birch, "nina.new@example.org", by=director)
    first_browser, second_browser = Client(), Client()
    follow(first_browser, invited)
    follow(second_browser, second)

    first_browser.post(PAGE, NEW)
    answer = second_browser.post(PAGE, NEW)

    assert "There is an account with the address" in answer.content.decode()
    assert User.objects.filter(email="nina.new@example.org").count() == 1


def test_an_account_made_between_the_check_and_the_writing_is_refused_in_words(
    invited: MembershipInvitation,
) -> None:
    people.person("Nina New")

    with pytest.raises(operations.Refused, match="account with this address already"):
        members.accept_as_new(invited=invited, name="Nina", password=NEW["password"], at=now())

    assert Invitation.objects.get().is_open(now())


def test_posting_needs_its_own_forms_secret(invited: MembershipInvitation) -> None:
    client = Client(enforce_csrf_checks=True)
    client.get(link(invited))

    assert client.post(PAGE, NEW).status_code == 403
    assert not has_joined()
