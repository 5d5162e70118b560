from datetime import date
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from initiatives.charter.models import Initiative, TenantRow
from measurement.calendars.periods import Frequency, Rule, Span

FREQUENCY_NAMES = {
    Frequency.MONTHLY: _("Months"),
    Frequency.QUARTERLY: _("Quarters"),
    Frequency.SEMESTER: _("Half years"),
    Frequency.SCHOOL_YEAR: _("School years"),
    Frequency.FISCAL_YEAR: _("Fiscal years"),
    Frequency.CALENDAR_YEAR: _("Calendar years"),
    Frequency.ISO_WEEK: _("Weeks"),
}
FREQUENCY_CHOICES = [(frequency.value, name) for frequency, name in FREQUENCY_NAMES.items()]


class ReportingCalendar(TenantRow):
    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    code = models.SlugField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    frequency = models.CharField(_("periods"), max_length=14, choices=FREQUENCY_CHOICES)
    first_month = models.PositiveSmallIntegerField(_("first month of its year"), default=1)
    months = models.PositiveSmallIntegerField(_("months in its year"), default=12)
    due_after_days = models.PositiveSmallIntegerField(_("days until figures are due"), default=30)

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(fields=["initiative", "code"], name="calendar_code_once"),
            models.CheckConstraint(
                condition=models.Q(first_month__gte=1, first_month__lte=12, months__gte=1, months__lte=12),
                name="calendar_months_exist",
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def rule(self) -> Rule:
        return Rule(Frequency(self.frequency), first_month=self.first_month, months=self.months)

    def year_of(self, day: date) -> int:
        """The calendar year in which the year of this calendar begins that the day lies in."""
        return day.year - (day.month < self.first_month)


class PeriodQuerySet(models.QuerySet["ReportingPeriod"]):
    def in_initiative(self, initiative: Initiative) -> Self:
        return self.filter(initiative=initiative)

    def opened(self) -> Self:
        return self.exclude(state=ReportingPeriod.State.PLANNED)


class ReportingPeriod(TenantRow):
    """Start and end belong to it. `ordinal` counts up by one from period to period of its calendar."""

    class State(models.TextChoices):
        PLANNED = "planned", _("Planned")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    calendar = models.ForeignKey(
        ReportingCalendar, models.CASCADE, related_name="periods", db_constraint=False
    )
    code = models.CharField(max_length=20)
    label = models.CharField(max_length=60)
    start = models.DateField()
    end = models.DateField()
    ordinal = models.IntegerField()
    due_on = models.DateField(_("due on"))
    state = models.CharField(max_length=8, choices=State, default=State.PLANNED)
    opened_at = models.DateTimeField(null=True)
    opened_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # Of a closed period reports can still be reviewed and corrected; of a locked one nothing moves any more.
    locked_at = models.DateTimeField(null=True)
    locked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ("start", "end")
        constraints = (
            models.UniqueConstraint(fields=["calendar", "code"], name="period_code_once"),
            models.UniqueConstraint(fields=["calendar", "ordinal"], name="period_ordinal_once"),
            models.CheckConstraint(
                condition=models.Q(end__gte=models.F("start")), name="period_ends_after_start"
            ),
            models.CheckConstraint(
                condition=models.Q(locked_at=None) | models.Q(state="closed"),
                name="period_locked_is_closed",
            ),
        )

    def __str__(self) -> str:
        return self.label

    @property
    def year(self) -> int:
        """In which year of its calendar it begins."""
        return self.calendar.year_of(self.start)

    @property
    def span(self) -> Span:
        return Span(self.start, self.end, self.label, self.code)

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def is_locked(self) -> bool:
        return self.locked_at is not None


class PeriodPart(TenantRow):
    """Which period lies wholly inside which, over all calendars of the initiative. Each is part of itself."""

    whole = models.ForeignKey(ReportingPeriod, models.CASCADE, related_name="parts", db_constraint=False)
    part = models.ForeignKey(ReportingPeriod, models.CASCADE, related_name="wholes", db_constraint=False)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["part", "whole"], name="period_part_once"),)
        indexes = (models.Index(fields=["whole", "part"], name="period_whole"),)

    def __str__(self) -> str:
        return f"{self.part} in {self.whole}"
