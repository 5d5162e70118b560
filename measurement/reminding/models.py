"""What is sent when, what was, and who has asked to be left alone or passed it on."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from initiatives.charter.models import TenantRow
from measurement.calendars.models import ReportingCalendar
from measurement.reminding.moments import Moment, Schedule
from measurement.submissions.models import ExpectedReport

MOMENT_NAMES = {
    Moment.OPENED: _("opened"),
    Moment.BEFORE: _("before it is due"),
    Moment.DAY: _("on the day"),
    Moment.LATE: _("late"),
    Moment.ASKED: _("as asked for"),
}


class ReminderSchedule(TenantRow):
    """When the partners of one calendar are reminded. Without a row the usual schedule holds."""

    calendar = models.OneToOneField(
        ReportingCalendar, models.CASCADE, related_name="reminder_schedule", db_constraint=False
    )
    is_on = models.BooleanField(_("Remind partners of their reports"), default=True)
    at_opening = models.BooleanField(_("When a period opens"), default=True)
    days_before = models.PositiveSmallIntegerField(
        _("Days before it is due"), null=True, blank=True, default=7
    )
    on_the_day = models.BooleanField(_("On the day that it is due"), default=True)
    days_after = models.PositiveSmallIntegerField(
        _("Days after it was due"), null=True, blank=True, default=7
    )
    with_link = models.BooleanField(
        _("Bring a link that opens the report without a password, for 14 days"), default=True
    )

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=(models.Q(days_before=None) | models.Q(days_before__range=(1, 60)))
                & (models.Q(days_after=None) | models.Q(days_after__range=(1, 60))),
                name="reminder_days_are_few",
            ),
        )

    def __str__(self) -> str:
        return str(self.calendar)

    @property
    def rule(self) -> Schedule:
        return Schedule(self.is_on, self.at_opening, self.days_before, self.on_the_day, self.days_after)


class ReminderMail(models.Model):
    """The one mail of a day to a person, however many reports it is about. The row comes before the mail."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="reminder_mails")
    day = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["person", "day"], name="reminder_mail_once_a_day"),)

    def __str__(self) -> str:
        return f"{self.person}, {self.day}"


class Reminder(TenantRow):
    """That a person was reminded of a report: which moment of the schedule it was, and of which day."""

    mail = models.ForeignKey(ReminderMail, models.CASCADE, related_name="reminders")
    expected_report = models.ForeignKey(
        ExpectedReport, models.CASCADE, related_name="reminders", db_constraint=False
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    moment = models.CharField(
        max_length=6, choices=[(each.value, name) for each, name in MOMENT_NAMES.items()]
    )
    day = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["expected_report", "person", "moment", "day"], name="reminder_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.expected_report_id} {self.get_moment_display()}"


class Snooze(TenantRow):
    """A person does not want to hear of a report before a day."""

    expected_report = models.ForeignKey(
        ExpectedReport, models.CASCADE, related_name="snoozes", db_constraint=False
    )
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    until = models.DateField()
    at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["expected_report", "person"], name="snooze_once"),)

    def __str__(self) -> str:
        return f"{self.expected_report_id} {self.until}"


class AskedColleague(TenantRow):
    """That somebody has asked a colleague to fill in a report."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    expected_report = models.ForeignKey(
        ExpectedReport, models.CASCADE, related_name="asked_colleagues", db_constraint=False
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    colleague = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    words = models.CharField(max_length=1000, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.by} > {self.colleague}"


class FeedAddress(TenantRow):
    """A secret address at which a calendar program reads due dates. Only a digest of its token is kept."""

    class Scope(models.TextChoices):
        OWN = "own", _("Due dates of our own reports")
        WHOLE = "whole", _("Periods and due dates of the initiative")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    scope = models.CharField(max_length=5, choices=Scope)
    token_digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["initiative", "person", "scope"], name="feed_address_once"),
        )

    def __str__(self) -> str:
        return f"{self.person}: {self.get_scope_display()}"
