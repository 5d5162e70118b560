from datetime import datetime, timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.core.mail import EmailMessage
from django.utils.timezone import now

from backbone.notifications import outbox
from backbone.notifications.models import Notification
from tests.factories import people

AT = now()


def tell(*addresses: str, at: datetime = AT) -> None:
    for address in addresses:
        outbox.tell_address(address, subject="A report", body="It is due.", link="/i/here/", at=at)


@pytest.fixture
def unreachable(monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """Addresses that the mail server refuses."""
    refused: set[str] = set()
    really_send = EmailMessage.send

    def send(message: EmailMessage, fail_silently: bool = False) -> int:
        if refused & set(message.to):
            raise SMTPRecipientsRefused({})
        return really_send(message, fail_silently)

    monkeypatch.setattr(EmailMessage, "send", send)
    return refused


@pytest.mark.django_db
def test_telling_writes_a_row_and_the_mail_follows() -> None:
    person = people.person("Ada")
    outbox.tell([person], subject="A report\nis due", body="Please look.", link="/i/here/", at=AT)
    assert len(mail.outbox) == 0

    assert outbox.send_waiting(at=AT) == 1

    sent = mail.outbox[0]
    assert sent.to == ["ada@example.org"]
    assert sent.subject == "A report is due"
    assert sent.body == "Please look.\n\nhttp://localhost:8000/i/here/"
    assert Notification.objects.get().mailed_at == AT


@pytest.mark.django_db
def test_sending_twice_sends_once() -> None:
    tell("ada@example.org", "bo@example.org")

    assert outbox.send_waiting(at=AT) == 2
    assert outbox.send_waiting(at=AT) == 0

    assert len(mail.outbox) == 2


@pytest.mark.django_db
def test_everybody_is_told_however_many_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "_BATCH", 3)
    tell(*(f"partner{number}@example.org" for number in range(8)))

    assert outbox.send_waiting(at=AT) == 8

    assert len(mail.outbox) == 8


@pytest.mark.django_db
@pytest.mark.parametrize("bad", ["nobody@example.org", "not an\naddress", "ä" * 70 + "@example.org", "@", ""])
def test_a_bad_address_holds_up_nobody(bad: str, unreachable: set[str]) -> None:
    unreachable |= {"nobody@example.org", "", "@", "ä" * 70 + "@example.org"}
    tell(bad, "ada@example.org")

    assert outbox.send_waiting(at=AT) == 1

    assert mail.outbox[0].to == ["ada@example.org"]
    assert Notification.objects.get(address=bad).attempts == 1


@pytest.mark.django_db
def test_a_mail_server_that_is_down_for_an_hour_loses_no_mail(unreachable: set[str]) -> None:
    unreachable.add("ada@example.org")
    tell("ada@example.org")
    for minutes in range(0, 60, 1):
        outbox.send_waiting(at=AT + timedelta(minutes=minutes))
    assert Notification.objects.get().attempts == 3

    unreachable.clear()
    outbox.send_waiting(at=AT + timedelta(hours=4))

    assert len(mail.outbox) == 1


@pytest.mark.django_db
def test_what_failed_too_often_is_left_alone(unreachable: set[str]) -> None:
    unreachable.add("ada@example.org")
    tell("ada@example.org")

    for day in range(10):
        outbox.send_waiting(at=AT + timedelta(days=day))

    row = Notification.objects.get()
    assert (row.attempts, row.mailed_at) == (len(Notification.TRIES_AFTER), None)
