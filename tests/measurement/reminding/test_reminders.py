"""One mail a person and day, to those only who still have something to hand in."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils.timezone import now

from backbone.access.permissions import Role
from backbone.accounts.models import User
from backbone.audit.models import Event
from backbone.notifications import outbox
from backbone.notifications.models import Notification
from initiatives.charter.models import Initiative, Participation
from initiatives.partners.models import Membership, Organization
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.reminding import later, sending
from measurement.reminding.models import AskedColleague, Reminder, ReminderMail, ReminderSchedule, Snooze
from measurement.reminding.sending import remind
from measurement.submissions import assigning, opening, workflow
from measurement.submissions.models import Assignment, ExpectedReport
from tests.factories import measuring, people
from tests.measurement.reminding.test_a_link_to_one_report import open_by

As = Callable[[User], Client]

# The first quarter of 2026 is due on 30 April, in Detroit.
OPENED = datetime(2026, 4, 1, 13, tzinfo=UTC)
WEEK_BEFORE = datetime(2026, 4, 23, 13, tzinfo=UTC)
THE_DAY = datetime(2026, 4, 30, 13, tzinfo=UTC)
WEEK_LATE = datetime(2026, 5, 7, 13, tzinfo=UTC)


@pytest.fixture(autouse=True)
def spring(
    initiative: Initiative, alder: Organization, birch: Organization, quarters: ReportingCalendar
) -> ReportingPeriod:
    with time_machine.travel(OPENED):
        measuring.assign(measuring.indicator(initiative, "served"), [alder, birch], quarters)
        return measuring.open_(initiative, "2026-Q1")


@pytest.fixture
def report(alder: Organization) -> ExpectedReport:
    return measuring.expected(alder, "2026-Q1")


def mailed(at: datetime) -> dict[str, str]:
    """Who is mailed what at that moment, by the first name."""
    mail.outbox.clear()
    with time_machine.travel(at):
        remind(at=at)
        outbox.send_waiting(at=at)
    found = {message.to[0].partition(".")[0]: str(message.subject) for message in mail.outbox}
    assert len(found) == len(mail.outbox), "somebody got two mails"
    return found


def test_partners_hear_at_once_that_a_period_is_open() -> None:
    said = mailed(OPENED + timedelta(minutes=1))

    assert said == {
        "rita": "Your report for Q1 2026: open now, due on 30 April 2026",
        "bo": "Your report for Q1 2026: open now, due on 30 April 2026",
    }


def test_the_whole_way_without_an_answer() -> None:
    days = [OPENED + timedelta(days=number) for number in range(60)]
    heard = {day.date(): said["rita"] for day in days if "rita" in (said := mailed(day))}

    assert heard == {
        date(2026, 4, 1): "Your report for Q1 2026: open now, due on 30 April 2026",
        date(2026, 4, 23): "Your report for Q1 2026: due on 30 April 2026",
        date(2026, 4, 30): "Your report for Q1 2026: due today, 30 April 2026, until the end of the day",
        date(2026, 5, 7): "Your report for Q1 2026: was due on 30 April 2026 and is not in yet",
    }


def test_twice_is_the_same_as_once() -> None:
    assert mailed(WEEK_BEFORE) != {}
    assert mailed(WEEK_BEFORE) == {}
    assert mailed(WEEK_BEFORE + timedelta(hours=3)) == {}
    assert Reminder.objects.count() == 2


def test_the_database_lets_one_of_two_senders_through(rita: User) -> None:
    with time_machine.travel(WEEK_BEFORE):
        several = [
            each for each in sending.to_say(Initiative.objects.get(), at=WEEK_BEFORE) if each.person == rita
        ]
        assert sending._mail(rita, several, at=WEEK_BEFORE)
        assert not sending._mail(rita, several, at=WEEK_BEFORE)  # it had looked before the first had sent
    with pytest.raises(IntegrityError), transaction.atomic():
        ReminderMail.objects.create(person=rita, day=WEEK_BEFORE.date(), at=WEEK_BEFORE)


def test_who_has_handed_in_is_never_reminded_and_who_gets_it_back_is(
    alder: Organization, data_manager: User
) -> None:
    with time_machine.travel(WEEK_BEFORE - timedelta(days=1)):
        submission = measuring.hand_in(alder, "2026-Q1", served=3)
        outbox.send_waiting(at=WEEK_BEFORE)

    assert set(mailed(WEEK_BEFORE)) == {"bo"}
    with time_machine.travel(WEEK_BEFORE + timedelta(days=1)):
        workflow.return_(submission=submission, message="Really?", by=data_manager, at=now())
        outbox.send_waiting(at=now())
    assert set(mailed(THE_DAY)) == {"rita", "bo"}


def test_who_has_left_is_never_reminded(bo: User, birch: Organization, rita: User) -> None:
    Membership.objects.filter(person=rita).update(ended_at=OPENED)
    Participation.objects.filter(organization=birch).update(left_on=date(2026, 4, 20))

    assert mailed(WEEK_BEFORE) == {}


def test_who_cannot_fill_in_reports_is_not_reminded(alder: Organization) -> None:
    people.member("Vera Viewer", alder, Role.VIEWER)

    assert set(mailed(WEEK_BEFORE)) == {"rita", "bo"}


def test_however_many_reports_it_is_one_mail_a_day(
    initiative: Initiative, quarters: ReportingCalendar
) -> None:
    with time_machine.travel(OPENED):
        measuring.open_(initiative, "2025-Q4")

    assert mailed(OPENED + timedelta(minutes=1))["rita"] == "2 reports are to be handed in"
    with time_machine.travel(OPENED + timedelta(hours=2)):
        measuring.open_(initiative, "2025-Q3")
    assert mailed(OPENED + timedelta(hours=2)) == {}
    assert mailed(OPENED + timedelta(days=1))["rita"].startswith("Your report for Q3 2025: open now")


def test_days_are_those_of_the_initiative(initiative: Initiative) -> None:
    """Ten in the evening of the 22nd in Detroit is the 23rd in Greenwich; and nobody is woken at night."""
    assert mailed(datetime(2026, 4, 23, 2, tzinfo=UTC)) == {}
    assert mailed(datetime(2026, 4, 23, 10, 59, tzinfo=UTC)) == {}
    assert set(mailed(datetime(2026, 4, 23, 11, tzinfo=UTC))) == {"rita", "bo"}


def test_a_due_date_that_has_moved_is_spoken_of_anew(spring: ReportingPeriod, data_manager: User) -> None:
    mailed(WEEK_BEFORE)
    opening.change_due_date(
        period=spring, due_on=date(2026, 5, 29), was=spring.due_on, by=data_manager, at=WEEK_BEFORE
    )

    assert mailed(THE_DAY) == {}
    assert (
        mailed(datetime(2026, 5, 22, 13, tzinfo=UTC))["bo"] == "Your report for Q1 2026: due on 29 May 2026"
    )


def test_a_reminder_brings_a_link_that_opens_the_report(rita: User, report: ExpectedReport) -> None:
    mailed(WEEK_BEFORE)
    text = next(str(each.body) for each in mail.outbox if each.to == [rita.email])
    path = next(line for line in text.splitlines() if "/link/" in line)

    with time_machine.travel(WEEK_BEFORE + timedelta(hours=1)):
        visitor = open_by(path[path.index("/i/") :])
        report.refresh_from_db()
        page = visitor.get(report.submission.get_absolute_url())
    assert page.status_code == 200
    assert "{visit" not in text
    shown = Notification.objects.get(person=rita)
    assert "/link/" not in shown.body + shown.link
    assert f"/i/cradle/report/{report.public_id}/later/" in text


def test_the_schedule_of_a_calendar_is_changed_and_switched_off(
    quarters: ReportingCalendar, data_manager: User, as_: As, rita: User
) -> None:
    staff, page = as_(data_manager), f"/i/cradle/periods/calendars/{quarters.public_id}/reminders/"

    assert staff.get(page).status_code == 200
    assert staff.post(page, {"days_before": "0"}).status_code == 422
    assert staff.post(page, {"days_before": "61", "days_after": "x\0"}).status_code == 422
    assert staff.post(page, {"is_on": "on", "days_before": "2", "days_after": ""}).status_code == 302
    assert mailed(WEEK_BEFORE) == {}
    assert set(mailed(datetime(2026, 4, 28, 13, tzinfo=UTC))) == {"rita", "bo"}
    text = next(str(each.body) for each in mail.outbox if each.to == [rita.email])
    assert "/link/" not in text
    assert staff.post(page, {"days_before": "2"}).status_code == 302
    assert mailed(THE_DAY) == {}
    assert ReminderSchedule.objects.count() == 1
    assert Event.objects.filter(verb="reminders.changed", by=data_manager).count() == 2


@pytest.mark.parametrize("htmx", [False, True])
def test_who_wants_to_hear_later_does(htmx: bool, rita: User, report: ExpectedReport, as_: As) -> None:
    headers = {"HX-Request": "true"} if htmx else {}
    page = f"/i/cradle/report/{report.public_id}/later/"
    with time_machine.travel(WEEK_BEFORE - timedelta(days=1)):
        browser = as_(rita)
        assert browser.get(page).status_code == 200
        for wrong in ("", "2026-04-22", "2027-01-01", "tomorrow\0"):
            assert browser.post(f"{page}snooze/", {"until": wrong}, headers=headers).status_code == 422
        answer = browser.post(f"{page}snooze/", {"until": "2026-04-25"}, headers=headers)

    assert answer.status_code == (200 if htmx else 302)
    assert set(mailed(WEEK_BEFORE)) == {"bo"}
    said = mailed(datetime(2026, 4, 25, 13, tzinfo=UTC))
    assert said == {"rita": "Your report for Q1 2026: due on 30 April 2026; you wanted to be reminded today"}


def test_a_colleague_is_asked_by_name_and_who_asked_is_left_alone(
    alder: Organization, rita: User, bo: User, report: ExpectedReport, as_: As
) -> None:
    carl = people.member("Carl Colleague", alder, Role.REPORTER)
    vera = people.member("Vera Viewer", alder, Role.VIEWER)
    page = f"/i/cradle/report/{report.public_id}/later/"
    with time_machine.travel(WEEK_BEFORE - timedelta(days=1)):
        browser = as_(rita)
        for wrong in (bo, vera, rita):
            sent = {"colleague": str(wrong.public_id)}
            assert browser.post(f"{page}ask/", sent).status_code == 422
        mail.outbox.clear()
        browser.post(f"{page}ask/", {"colleague": str(carl.public_id), "words": "I am away."})
        outbox.send_waiting(at=WEEK_BEFORE)

    asked = next(each for each in mail.outbox if each.to == [carl.email])
    assert asked.subject == "Rita Reporter asks you for the report for Q1 2026"
    assert "I am away." in str(asked.body)
    assert AskedColleague.objects.get().by == rita
    assert Snooze.objects.get().until == date(2026, 4, 30)
    assert set(mailed(WEEK_BEFORE)) == {"bo", "carl"}


def test_another_partners_report_is_not_there_to_be_put_off(
    bo: User, report: ExpectedReport, as_: As
) -> None:
    page = f"/i/cradle/report/{report.public_id}/later/"

    assert as_(bo).get(page).status_code == 404
    assert as_(bo).post(f"{page}snooze/", {"until": "2026-04-25"}).status_code == 404
    assert as_(bo).post(f"{page}ask/", {}).status_code == 404


def test_a_report_of_which_people_were_reminded_can_still_be_expected_no_more(
    alder: Organization, rita: User, report: ExpectedReport, data_manager: User
) -> None:
    mailed(WEEK_BEFORE)
    later.snooze(report=report, by=rita, until=date(2026, 4, 25), at=WEEK_BEFORE)
    assignment = Assignment.objects.get(organization=alder)

    with time_machine.travel(WEEK_BEFORE):
        assigning.end_assignment(assignment=assignment, on=date(2025, 12, 31), by=data_manager, at=now())

    assert not ExpectedReport.objects.filter(organization=alder).exists()
    connection.check_constraints()
    assert not Reminder.objects.filter(person=rita).exists()


def test_a_mark_that_somebody_typed_is_not_made_a_token(rita: User) -> None:
    mark = "/i/cradle/link/{visit 11111111-1111-1111-1111-111111111111}/"
    outbox.tell([rita], subject="Hello", body=f"Look:\n{mark}", at=OPENED)
    mail.outbox.clear()
    outbox.send_waiting(at=OPENED)

    assert mark in str(mail.outbox[0].body)


def test_a_reminder_is_sent_whatever_the_number_of_partners_in_a_handful_of_questions(
    initiative: Initiative,
    quarters: ReportingCalendar,
    django_assert_max_num_queries: Callable[[int], object],
) -> None:
    more = [people.organization(f"Partner {number}", initiative) for number in range(30)]
    for each in more:
        people.member(f"Reporter of {each}", each, Role.REPORTER)

    with django_assert_max_num_queries(3):  # type: ignore[attr-defined]
        sending.to_say(initiative, at=WEEK_BEFORE)
