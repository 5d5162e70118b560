from collections.abc import Callable

import pytest
from django.core import mail
from django.test import Client
from django.utils.timezone import now

from backbone.access.permissions import Role
from backbone.accounts.models import Invitation, User
from backbone.audit.models import Event
from backbone.notifications import outbox
from initiatives.charter.models import Initiative
from initiatives.partners.models import Membership, MembershipInvitation, Organization
from tests.factories import people

PEOPLE = "/i/cradle/people/"


def at_staff(organization: Organization) -> str:
    return f"/i/cradle/partners/{organization.public_id}/"


def at_own(organization: Organization) -> str:
    return f"{PEOPLE}{organization.public_id}/"


def membership(person: User) -> Membership:
    return Membership.objects.current().get(person=person)


def invite(client: Client, desk: str, email: str = "new@example.org", role: str = "reporter") -> str:
    answer = client.post(f"{desk}invite/", {"email": email, "role": role})
    return "invited" if answer.status_code == 302 else answer.content.decode()


def test_a_manager_sees_the_own_people_and_nobody_elses(own: Client, alder: Organization, bo: User) -> None:
    page = own.get(PEOPLE).content.decode()

    assert "Rita Reporter" in page
    assert "Mara Manager" in page
    assert bo.name not in page


def test_inviting_sends_a_mail_in_words(
    own: Client, alder: Organization, manager: User, mailed_link: Callable[[], str], initiative: Initiative
) -> None:
    assert invite(own, at_own(alder), "New.Person@Example.ORG") == "invited"

    assert mailed_link().startswith("/invitations/")
    sent = mail.outbox[-1]
    assert sent.to == ["new.person@example.org"]
    assert "Mara Manager invites you to take part in “Cradle to Career”." in sent.body
    assert "Your role: Reporter" in sent.body
    event = Event.objects.get(verb="member.invited")
    assert (event.by, event.tenant_id) == (manager, initiative.pk)


@pytest.mark.parametrize("headers", [{}, {"HX-Request": "true"}])
@pytest.mark.parametrize(
    ("email", "role", "sentence"),
    [
        ("", "reporter", "Fill in “E-mail address”."),
        ("no address", "reporter", "valid email address"),
        ("a\x00@example.org", "reporter", "problem"),
        ("x" * 300 + "@example.org", "reporter", "Shorten the text"),
        ("new@example.org", "", "Choose “Role”."),
        ("new@example.org", "data_manager", "Select a valid choice"),
        ("new@example.org", "funder_viewer", "Select a valid choice"),
        ("new@example.org", "steering_member", "Select a valid choice"),
        ("RITA.reporter@example.org", "viewer", "Rita Reporter is here already, as Reporter."),
    ],
)
def test_a_manager_cannot_invite_just_anybody_to_anything(
    own: Client, alder: Organization, email: str, role: str, sentence: str, headers: dict[str, str]
) -> None:
    answer = own.post(f"{at_own(alder)}invite/", {"email": email, "role": role}, headers=headers)

    assert answer.status_code == 422
    assert sentence in answer.content.decode()
    assert not Invitation.objects.exists()


def test_who_is_invited_already_is_not_invited_twice(own: Client, alder: Organization) -> None:
    invite(own, at_own(alder), "new@example.org")

    assert "has been invited already" in invite(own, at_own(alder), "NEW@example.org")
    assert Invitation.objects.count() == 1


def test_who_let_an_invitation_run_out_is_invited_anew_by_the_same_one(
    own: Client, alder: Organization
) -> None:
    invite(own, at_own(alder))
    Invitation.objects.update(expires_at=now())

    assert invite(own, at_own(alder), role="viewer") == "invited"

    invited = MembershipInvitation.objects.get()
    assert invited.role == Role.VIEWER
    assert invited.invitation.is_open(now())


def test_an_invitation_is_sent_again_and_taken_back(own: Client, alder: Organization) -> None:
    invite(own, at_own(alder))
    invitation = Invitation.objects.get()
    desk = f"{at_own(alder)}invitations/{invitation.public_id}/"

    own.post(f"{desk}resend/")
    outbox.send_waiting(at=now())
    assert len(mail.outbox) == 2

    own.post(f"{desk}withdraw/")
    assert "is taken back" in own.get(PEOPLE).content.decode()
    assert "new@example.org" not in own.get(PEOPLE).content.decode()
    invitation.refresh_from_db()
    assert not invitation.is_open(now())

    refused = own.post(f"{desk}resend/")
    assert refused.status_code == 409
    assert "answered or taken back" in refused.content.decode()


def test_a_role_is_changed(own: Client, alder: Organization, rita: User, initiative: Initiative) -> None:
    url = f"{at_own(alder)}{membership(rita).public_id}/role/"
    assert "checked" in own.get(url).content.decode()

    own.post(url, {"role": "approver"})

    assert membership(rita).role == Role.APPROVER
    assert Event.objects.get(verb="membership.ended").tenant_id == initiative.pk


def test_a_role_of_another_side_is_refused(own: Client, alder: Organization, rita: User) -> None:
    answer = own.post(f"{at_own(alder)}{membership(rita).public_id}/role/", {"role": "backbone_director"})

    assert answer.status_code == 422
    assert membership(rita).role == Role.REPORTER


def test_ending_asks_by_name_and_says_what_stays(own: Client, alder: Organization, rita: User) -> None:
    url = f"{at_own(alder)}{membership(rita).public_id}/end/"
    page = own.get(url).content.decode()
    assert "Should Rita Reporter no longer be Reporter of Alder School?" in page
    assert "What stays" in page

    own.post(url)

    assert not Membership.objects.current().filter(person=rita).exists()
    assert User.objects.filter(pk=rita.pk, is_active=True).exists()


def test_the_last_manager_cannot_lock_the_organization_out(
    own: Client, alder: Organization, manager: User
) -> None:
    desk = f"{at_own(alder)}{membership(manager).public_id}/"

    ended = own.post(f"{desk}end/")
    changed = own.post(f"{desk}role/", {"role": "viewer"})

    assert (ended.status_code, changed.status_code) == (409, 422)
    for answer in (ended, changed):
        assert "is the last one who can manage the people of Alder School" in answer.content.decode()
    assert membership(manager).role == Role.PARTNER_MANAGER


def test_with_a_second_manager_the_first_can_go(own: Client, alder: Organization, manager: User) -> None:
    people.member("Max Manager", alder, Role.PARTNER_MANAGER)

    own.post(f"{at_own(alder)}{membership(manager).public_id}/end/")

    assert own.get(PEOPLE).status_code == 404  # no part in it any more


def test_the_backbone_can_let_a_partners_last_manager_go(
    staff: Client, alder: Organization, manager: User
) -> None:
    staff.post(f"{at_staff(alder)}people/{membership(manager).public_id}/end/")

    assert not Membership.objects.current().filter(person=manager).exists()


def test_the_last_director_cannot_leave_the_initiative_without_one(
    staff: Client, backbone_organization: Organization, director: User
) -> None:
    answer = staff.post(f"{at_staff(backbone_organization)}people/{membership(director).public_id}/end/")

    assert answer.status_code == 409
    assert membership(director).role == Role.BACKBONE_DIRECTOR


def test_staff_invite_to_each_side_with_roles_that_fit_it(
    staff: Client, alder: Organization, backbone_organization: Organization, funder: User
) -> None:
    fund = membership(funder).organization

    assert invite(staff, at_staff(alder), role="partner_manager") == "invited"
    assert invite(staff, at_staff(backbone_organization), role="data_manager") == "invited"
    assert invite(staff, at_staff(fund), role="funder_viewer") == "invited"
    assert "Select a valid choice" in invite(staff, at_staff(alder), "x@example.org", "data_manager")
    assert "Select a valid choice" in invite(staff, at_staff(fund), "x@example.org", "reporter")


def test_a_facilitator_makes_no_directors_and_unmakes_none(
    as_: Callable[[User], Client], facilitator: User, director: User, backbone_organization: Organization
) -> None:
    client, desk = as_(facilitator), at_staff(backbone_organization)

    assert "Select a valid choice" in invite(client, desk, role="backbone_director")
    assert "Select a valid choice" in invite(client, desk, role="data_manager")
    assert client.post(f"{desk}people/{membership(director).public_id}/end/").status_code == 404
    assert invite(client, desk, role="facilitator") == "invited"


def test_another_partners_people_are_out_of_reach(own: Client, birch: Organization, bo: User) -> None:
    for url in (
        f"{at_own(birch)}invite/",
        f"{at_own(birch)}{membership(bo).public_id}/role/",
        f"{at_own(birch)}{membership(bo).public_id}/end/",
    ):
        assert own.get(url).status_code == 404
        assert own.post(url, {"role": "viewer", "email": "x@example.org"}).status_code == 404
    assert membership(bo).role == Role.REPORTER
    assert not Invitation.objects.exists()
