"""Due dates in people's own calendar programs, at an address that only they know."""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client
from django.utils.timezone import now
from icalendar import Calendar

from backbone.accounts.models import User
from initiatives.charter.models import Initiative
from initiatives.partners.models import Membership, Organization
from measurement.calendars.models import ReportingPeriod
from measurement.reminding import feeds
from measurement.reminding.models import FeedAddress
from tests.factories import measuring

As = Callable[[User], Client]
SPRING = datetime(2026, 4, 2, 13, tzinfo=UTC)
OWN, WHOLE = FeedAddress.Scope.OWN, FeedAddress.Scope.WHOLE


@pytest.fixture(autouse=True)
def in_spring(spring: ReportingPeriod) -> object:
    cache.clear()
    with time_machine.travel(SPRING):
        yield


def feed(where: Initiative, person: User, scope: FeedAddress.Scope) -> str:
    _row, token = feeds.make(initiative=where, person=person, scope=scope, by=person, at=now())
    return f"/i/{where.slug}/calendar/{token}.ics"


def events(path: str) -> dict[str, tuple[date, date]]:
    answer = Client().get(path)
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    read = Calendar.from_ical(answer.content)
    assert read.errors == []
    return {
        str(each["summary"]): (each.decoded("dtstart"), each.decoded("dtend")) for each in read.walk("VEVENT")
    }


def test_a_partner_reads_the_due_dates_of_the_own_reports(
    initiative: Initiative, rita: User, alder: Organization
) -> None:
    measuring.hand_in(alder, "2026-Q1", served=987654)
    path = feed(initiative, rita, OWN)

    found = events(path)

    assert found["Alder School: report for Q1 2026 is due"] == (date(2026, 4, 30), date(2026, 5, 1))
    assert "Alder School: report for Q2 2026 is due" in found  # planned, not open yet
    assert not any("Birch" in words for words in found)
    assert b"987654" not in Client().get(path).content


def test_staff_read_every_period_and_due_date(initiative: Initiative, data_manager: User) -> None:
    found = events(feed(initiative, data_manager, WHOLE))

    assert found["Q1 2026"] == (date(2026, 1, 1), date(2026, 4, 1))
    assert found["Q1 2026: reports are due"] == (date(2026, 4, 30), date(2026, 5, 1))


def test_the_same_event_keeps_its_name_from_reading_to_reading(initiative: Initiative, rita: User) -> None:
    path = feed(initiative, rita, OWN)

    first, second = (
        [each["uid"] for each in Calendar.from_ical(Client().get(path).content).walk("VEVENT")] for _ in "12"
    )

    assert first == second
    assert len(set(first)) == len(first)


@pytest.mark.parametrize("trouble", ["guessed", "replaced", "revoked", "left", "elsewhere"])
def test_an_address_that_does_not_work_is_answered_alike(
    trouble: str, initiative: Initiative, rita: User, stranger: User
) -> None:
    path = feed(initiative, rita, OWN)
    if trouble == "guessed":
        path = "/i/cradle/calendar/guessed.ics"
    elif trouble == "replaced":
        feed(initiative, rita, OWN)
    elif trouble == "revoked":
        feeds.revoke(initiative=initiative, person=rita, scope=OWN, by=rita, at=now())
    elif trouble == "left":
        Membership.objects.filter(person=rita).update(ended_at=now())
    else:
        path = path.replace("cradle", "elsewhere")

    answer = Client().get(path)

    assert (answer.status_code, answer.content) == (404, b"")


def test_somebody_makes_an_address_sees_it_once_and_revokes_it(rita: User, as_: As) -> None:
    browser = as_(rita)

    made = browser.post("/i/cradle/calendar/make/", {"scope": "own"})
    path = (
        made.content.decode().partition("<code>")[2].partition("</code>")[0].removeprefix("http://testserver")
    )
    assert events(path)
    assert made["Cache-Control"] == "no-store"
    again = browser.get("/i/cradle/calendar/").content.decode()
    assert "There is an address since" in again
    assert path not in again
    assert browser.post("/i/cradle/calendar/revoke/", {"scope": "own"}).status_code == 302
    assert Client().get(path).status_code == 404


def test_a_partner_cannot_make_the_feed_of_staff(rita: User, funder: User, as_: As) -> None:
    assert as_(rita).post("/i/cradle/calendar/make/", {"scope": "whole"}).status_code == 404
    assert as_(funder).post("/i/cradle/calendar/make/", {"scope": "own"}).status_code == 404
    assert as_(rita).post("/i/cradle/calendar/make/", {"scope": "\0"}).status_code == 404


def test_names_that_could_break_a_calendar_do_not(
    initiative: Initiative, rita: User, alder: Organization
) -> None:
    alder.name = "A,l;d\\e\r\nBEGIN:VEVENT\r\nSUMMARY:x"
    alder.save()

    found = events(feed(initiative, rita, OWN))

    assert not any(words == "x" for words in found)
