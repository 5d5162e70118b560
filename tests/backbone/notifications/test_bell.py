"""The bell: what one was told, what is new of it, and mail in the rhythm that one likes."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from backbone.accounts.models import User
from backbone.notifications import bell, digests, outbox
from backbone.notifications.models import MailPreference, Notification

As = Callable[[User], Client]
Budget = Callable[[int], Any]
AT = datetime(2026, 4, 15, 9, tzinfo=UTC)
Rhythm = MailPreference.Rhythm


def tell(person: User, subject: str, **more: Any) -> Notification:
    outbox.tell(
        [person], **{"subject": subject, "body": "It was so.", "link": "/i/cradle/report/", "at": AT, **more}
    )
    return Notification.objects.get(person=person, subject=subject)


def subjects(at: datetime) -> list[str]:
    mail.outbox.clear()
    digests.send_digests(at=at)
    outbox.send_waiting(at=at)
    return [str(each.subject) for each in mail.outbox]


@pytest.mark.parametrize("htmx", [False, True])
def test_a_notice_is_new_until_its_link_is_followed(htmx: bool, rita: User, as_: As) -> None:
    headers = {"HX-Request": "true"} if htmx else {}
    notice, browser = tell(rita, "Your report was returned"), as_(rita)

    before = browser.get("/notices/").content.decode()
    answer = browser.post(f"/notices/{notice.public_id}/read/", {"go": "1"}, headers=headers)

    assert "bell-count" in before
    assert "Your report was returned" in before
    assert (answer["HX-Redirect"] if htmx else answer["Location"]) == "/i/cradle/report/"
    after = browser.get("/notices/").content.decode()
    assert "bell-count" not in after
    assert "Your report was returned" in after


def test_all_are_marked_as_read_at_once(rita: User, bo: User, as_: As) -> None:
    for number in range(3):
        tell(rita, f"Notice {number}")
    tell(bo, "Another’s")

    as_(rita).post("/notices/read/")

    assert not Notification.objects.filter(person=rita, read_at=None).exists()
    assert Notification.objects.filter(person=bo, read_at=None).exists()


def test_another_persons_notice_is_not_there(rita: User, bo: User, as_: As) -> None:
    notice = tell(bo, "For Bo alone")

    assert as_(rita).post(f"/notices/{notice.public_id}/read/").status_code == 404
    assert "For Bo alone" not in as_(rita).get("/notices/").content.decode()
    notice.refresh_from_db()
    assert notice.read_at is None


def test_a_notice_leads_to_no_other_site(rita: User, as_: As) -> None:
    notice = tell(rita, "Look", link="https://evil.example/")

    answer = as_(rita).post(f"/notices/{notice.public_id}/read/", {"go": "1"})

    assert answer["Location"] == "/notices/"


@pytest.mark.parametrize("number", [0, 3, 60])
def test_the_bell_asks_the_same_however_much_there_is(
    number: int, rita: User, as_: As, django_assert_max_num_queries: Budget
) -> None:
    for each in range(number):
        tell(rita, f"Notice {each}")
    browser = as_(rita)

    with django_assert_max_num_queries(6):
        browser.get("/notices/")


@pytest.mark.parametrize(("rhythm", "every"), [(Rhythm.DAILY, 1), (Rhythm.WEEKLY, 7)])
def test_mail_comes_together_once_a_day_or_week(rhythm: Rhythm, every: int, rita: User) -> None:
    bell.prefer(person=rita, rhythm=rhythm)
    tell(rita, "First"), tell(rita, "Second")

    assert subjects(AT) == ["2 notices for you"]
    assert "First\nhttp" in str(mail.outbox[0].body)
    assert subjects(AT) == []
    tell(rita, "Third")
    assert subjects(AT + timedelta(hours=5)) == []
    assert subjects(AT + timedelta(days=every)) == ["1 notice for you"]
    assert Notification.objects.in_bell_of(rita).count() == 3


def test_what_was_read_in_the_bell_is_not_mailed_again(rita: User) -> None:
    bell.prefer(person=rita, rhythm=Rhythm.DAILY)
    tell(rita, "First")
    bell.mark_read(Notification.objects.in_bell_of(rita), at=AT)

    assert subjects(AT) == []


def test_who_wants_no_mail_gets_none_but_what_is_urgent(rita: User, bo: User) -> None:
    bell.prefer(person=rita, rhythm=Rhythm.NEVER)
    tell(rita, "Returned"), tell(bo, "Returned")
    tell(rita, "Due today", urgent=True)

    assert subjects(AT) == ["Returned", "Due today"]
    assert [each.to for each in mail.outbox] == [[bo.email], [rita.email]]


def test_a_preference_is_said_on_a_page(rita: User, as_: As) -> None:
    browser = as_(rita)

    assert browser.get("/notices/mail/").status_code == 200
    for wrong in ("", "hourly", "daily\0"):
        assert browser.post("/notices/mail/", {"rhythm": wrong}).status_code == 422
    assert browser.post("/notices/mail/", {"rhythm": "weekly"}).status_code == 302
    assert bell.rhythm_of(rita) == "weekly"


def test_who_goes_back_to_mail_at_once_is_not_flooded_with_what_has_waited(rita: User) -> None:
    bell.prefer(person=rita, rhythm=Rhythm.WEEKLY)
    tell(rita, "Old")
    bell.prefer(person=rita, rhythm=Rhythm.NOW)
    tell(rita, "New")

    assert subjects(AT) == ["New"]
