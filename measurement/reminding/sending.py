"""Reminders: one mail a person and day, about every report that it is time to speak of.

Decisions. What is to be said today is worked out anew each time from the reports themselves, so nothing is planned
ahead that could go stale: who has handed in, left or been put off is simply not found. That something was said is a
row, written in the transaction that puts the mail into the outbox; `ReminderMail` lets one of two workers through.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.db.models import Q, QuerySet

from backbone.accounts.models import User
from backbone.notifications import outbox
from initiatives.charter.models import Initiative, Participation
from measurement.calendars.models import ReportingPeriod
from measurement.reminding import links, wording
from measurement.reminding.models import Reminder, ReminderMail, ReminderSchedule, Snooze
from measurement.reminding.moments import USUAL, Due, Moment, moment_of
from measurement.submissions.models import ExpectedReport, Submission
from measurement.submissions.own import due_day

FIRST_HOUR: Final = 7  # of the initiative's day; only of what has just been opened people hear at once


@dataclass(frozen=True)
class ToSay:
    """To one person, of one report."""

    report: ExpectedReport
    person: User
    due: Due
    with_link: bool
    today: date


def remind(*, at: datetime) -> int:
    """Send what is due now, over all initiatives; return how many mails. Twice is the same as once."""
    by_person: dict[User, list[ToSay]] = defaultdict(list)
    for initiative in Initiative.objects.filter(closed_at=None).order_by("pk"):
        for each in _unsaid(to_say(initiative, at=at)):
            by_person[each.person].append(each)
    return sum(_mail(person, several, at=at) for person, several in by_person.items())


def to_say(initiative: Initiative, *, at: datetime) -> list[ToSay]:
    """What the schedule asks for now, whether or not it was said."""
    reports = list(_reports(initiative, at=at))
    people = links.reporters_of(report.organization_id for report in reports)
    snoozed = {
        (each.expected_report_id, each.person_id): each.until
        for each in Snooze.objects.filter(expected_report__in=reports)
    }
    return [
        said
        for report in reports
        for person in people.get(report.organization_id, [])
        if (said := _now(initiative, report, person, snoozed.get((report.pk, person.pk)), at))
    ]


def _reports(initiative: Initiative, *, at: datetime) -> QuerySet[ExpectedReport]:
    """Those of open periods that are still to be handed in, by partners who still take part."""
    partners = Participation.objects.filter(initiative=initiative).current(initiative.today(at)).partners()
    return (
        ExpectedReport.objects.filter(
            Q(submission=None) | Q(submission__status__in=Submission.EDITABLE),
            initiative=initiative,
            period__state=ReportingPeriod.State.OPEN,
            organization__in=partners.values("organization"),
        )
        .select_related("organization", "initiative", "period__calendar__reminder_schedule")
        .order_by("due_at", "organization__name", "pk")
    )


def _now(
    initiative: Initiative, report: ExpectedReport, person: User, snoozed: date | None, at: datetime
) -> ToSay | None:
    schedule = schedule_of(report)
    opened = max(report.period.opened_at or report.created_at, report.created_at)
    due = moment_of(
        schedule.rule if schedule else USUAL,
        opened_on=initiative.today(opened),
        due_on=due_day(report, initiative),
        today=initiative.today(at),
        not_before=snoozed,
    )
    too_early = at.astimezone(initiative.zone).hour < FIRST_HOUR
    if due is None or (too_early and due.moment is not Moment.OPENED):
        return None
    return ToSay(report, person, due, schedule.with_link if schedule else True, initiative.today(at))


def schedule_of(report: ExpectedReport) -> ReminderSchedule | None:
    found: ReminderSchedule | None = getattr(report.period.calendar, "reminder_schedule", None)
    return found


def _unsaid(several: Iterable[ToSay]) -> Iterator[ToSay]:
    several = list(several)
    said = set(
        Reminder.objects.filter(expected_report__in=[each.report for each in several]).values_list(
            "expected_report_id", "person_id", "moment", "day"
        )
    )
    for each in several:
        if (each.report.pk, each.person.pk, each.due.moment.value, each.due.day) not in said:
            yield each


@transaction.atomic
def _mail(person: User, several: list[ToSay], *, at: datetime) -> bool:
    """One mail about all of them. Whoever has had today's gets the next one tomorrow."""
    mail, is_first = ReminderMail.objects.get_or_create(
        person=person, day=several[0].today, defaults={"at": at}
    )
    if not is_first:
        return False
    Reminder.objects.bulk_create(
        Reminder(
            initiative_id=each.report.initiative_id,
            mail=mail,
            expected_report=each.report,
            person=person,
            moment=each.due.moment,
            day=each.due.day,
        )
        for each in several
    )
    addresses = {each.report.pk: _address(each, at=at) for each in several if each.with_link}
    outbox.tell(
        [person],
        subject=wording.subject(several),
        body=wording.in_the_bell(several),
        link=wording.where(several[0].report),
        mail_body=wording.in_the_mail(several, addresses),
        urgent=True,
        at=at,
        tenant_id=several[0].report.initiative_id,
    )
    return True


def _address(each: ToSay, *, at: datetime) -> str:
    initiative = each.report.initiative
    (link,) = links.make_for(initiative, [links.Addressee(each.report, each.person)], by=None, at=at)
    return links.address(initiative, link)
