from datetime import timedelta

import pytest
from django.core import mail
from django.db import connection
from django.utils.timezone import now

from backbone.accounts import invitations
from backbone.accounts.models import INVITATION_LASTS, Invitation, User
from backbone.notifications import outbox
from tests.factories import people

AT = now()


@pytest.fixture
def host(db: None) -> User:
    return people.person("Hana Host")


@pytest.fixture
def invitation(host: User) -> Invitation:
    return invitations.invite(email=" Guest@Example.ORG ", by=host, at=AT)


def test_an_address_is_kept_in_small_letters(invitation: Invitation) -> None:
    assert invitation.email == "guest@example.org"


def test_the_token_finds_its_invitation_and_nothing_else_does(invitation: Invitation) -> None:
    token = invitations.token_of(invitation.public_id)

    assert invitations.with_token(token) == invitation
    for wrong in ("", token[:-1], token.upper(), str(invitation.public_id), "\x00", "é", "a" * 100_000):
        assert invitations.with_token(wrong) is None


def test_the_token_stands_in_no_table_before_or_after_its_mail(invitation: Invitation) -> None:
    token = invitations.token_of(invitation.public_id)
    outbox.tell_address(
        invitation.email, subject="Come in", body="Here:", link=f"/in/{invitations.mark(invitation)}/", at=AT
    )
    before = _everything_stored()

    outbox.send_waiting(at=AT)

    assert f"http://localhost:8000/in/{token}/" in mail.outbox[0].body
    assert token not in before
    assert token not in _everything_stored()


def _everything_stored() -> str:
    rows = []
    with connection.cursor() as cursor:
        for table in ("accounts_invitation", "notifications_notification", "audit_event"):
            cursor.execute(f"SELECT to_jsonb(t)::text FROM {table} t")
            rows += [row[0] for row in cursor.fetchall()]
    assert rows
    return "\n".join(rows)


def test_a_link_on_its_way_outlives_a_change_of_the_secret_key(
    invitation: Invitation, settings: pytest.FixtureRequest
) -> None:
    token = invitations.token_of(invitation.public_id)

    settings.SECRET_KEY = "another one"  # type: ignore[attr-defined]

    assert invitations.with_token(token) == invitation


def test_it_is_open_for_fourteen_days(invitation: Invitation) -> None:
    assert timedelta(days=14) == INVITATION_LASTS
    assert invitation.is_open(AT + INVITATION_LASTS - timedelta(seconds=1))
    assert not invitation.is_open(AT + INVITATION_LASTS)


def test_it_works_once(invitation: Invitation) -> None:
    guest = people.person("Guest")
    invitations.accept(invitation=invitation, by=guest, at=AT)

    with pytest.raises(invitations.InvitationClosed):
        invitations.accept(invitation=invitation, by=guest, at=AT)


def test_one_that_ran_out_is_renewed_and_one_taken_back_is_not(invitation: Invitation, host: User) -> None:
    later = AT + timedelta(days=30)
    invitations.renew(invitation=invitation, by=host, at=later)
    invitation.refresh_from_db()
    assert invitation.is_open(later)

    invitations.withdraw(invitation=invitation, by=host, at=later)

    with pytest.raises(invitations.InvitationClosed):
        invitations.renew(invitation=invitation, by=host, at=later)
