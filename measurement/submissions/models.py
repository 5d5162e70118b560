from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple, Self
from uuid import uuid4

import pgtrigger
from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from backbone.accounts.models import User
from backbone.web.dates import long_date
from backbone.web.exact import ExactField
from initiatives.charter.models import Initiative, TenantRow
from initiatives.partners.models import Organization
from measurement.calendars.models import ReportingCalendar, ReportingPeriod
from measurement.indicators.models import Category, Disaggregation, Indicator, IndicatorVersion
from measurement.submissions.components import Components, HandedIn
from measurement.submissions.status import FigureStatus

STATUS_NAMES = {
    FigureStatus.REPORTED: _("Reported"),
    FigureStatus.MISSING: _("Not in yet"),
    FigureStatus.NOT_EXPECTED: _("Not expected"),
    FigureStatus.NOT_APPLICABLE: _("Does not apply to us"),
    FigureStatus.NOT_COLLECTED: _("We do not collect this"),
    FigureStatus.WITHHELD: _("Too small to give"),
    FigureStatus.ESTIMATED: _("Estimated"),
    FigureStatus.INCLUDED_ELSEWHERE: _("Counted in somebody else's figures"),
    FigureStatus.PROVISIONAL: _("Provisional"),
}
STATUS_CHOICES = [(status.value, name) for status, name in STATUS_NAMES.items()]


class Assignment(TenantRow):
    """Which partner reports which indicator, from when to when, on which calendar, broken down how."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="assignments", db_constraint=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="assignments")
    calendar = models.ForeignKey(
        ReportingCalendar, models.PROTECT, related_name="assignments", db_constraint=False
    )
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)
    disaggregations = models.ManyToManyField(Disaggregation, blank=True, related_name="assignments")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["indicator", "organization", "calendar", "starts_on"], name="assignment_once"
            ),
            models.CheckConstraint(
                condition=models.Q(ends_on=None) | models.Q(ends_on__gte=models.F("starts_on")),
                name="assignment_ends_after_start",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organization}: {self.indicator}"


class ExpectedReport(TenantRow):
    """One partner's report for one period, whether it has come or not. Due until the end of `due_at`."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="expected_reports")
    period = models.ForeignKey(
        ReportingPeriod, models.PROTECT, related_name="expected_reports", db_constraint=False
    )
    due_at = models.DateTimeField()
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["period", "organization"], name="expected_report_once"),
        )

    def __str__(self) -> str:
        return f"{self.organization}, {self.period}"


class NotAllowed(Exception):
    """The step does not fit the state that the report is in. The text says so to people."""


class SubmissionQuerySet(models.QuerySet["Submission"]):
    def in_initiative(self, initiative: Initiative) -> Self:
        return self.filter(initiative=initiative)

    def of(self, organizations: Iterable[Organization]) -> Self:
        return self.filter(expected_report__organization__in=list(organizations))

    def with_names(self) -> Self:
        return self.select_related(
            "expected_report__organization",
            "expected_report__period__calendar",
            "submitted_by",
            "decided_by",
            "saved_by",
        )


class Submission(TenantRow):
    """A partner's report: typed as a draft, handed in, returned or approved.

    `version` counts every save, so that a save made over somebody else's is noticed.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SUBMITTED = "submitted", _("Waiting for review")
        RETURNED = "returned", _("Returned with a question")
        APPROVED = "approved", _("Approved")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    EDITABLE = (Status.DRAFT, Status.RETURNED, Status.WITHDRAWN)

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    expected_report = models.OneToOneField(
        ExpectedReport, models.PROTECT, related_name="submission", db_constraint=False
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(db_default=Now())
    saved_at = models.DateTimeField(null=True)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = SubmissionQuerySet.as_manager()

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(status__in=["submitted", "approved"])
                | models.Q(submitted_at__isnull=False),
                name="submission_handed_in_has_a_time",
            ),
        )
        indexes = (models.Index(fields=["initiative", "status"], name="submission_by_status"),)

    def __str__(self) -> str:
        return str(self.expected_report)

    def get_absolute_url(self) -> str:
        return reverse("measurement:submissions:report", args=[self.initiative.slug, self.public_id])

    @property
    def is_editable(self) -> bool:
        return self.status in self.EDITABLE

    def must_be(self, *allowed: "Submission.Status") -> None:
        """Raises NotAllowed with a sentence for people."""
        if self.status not in allowed:
            raise NotAllowed(
                _("This report is “%(now)s”, so this step is not possible. %(last)s")
                % {"now": self.get_status_display(), "last": self.last_step()}
            )

    def last_step(self) -> str:
        """Who moved it last, and when: "Dana Data did that on 15 April 2026 at 14:02."."""
        steps = [(self.submitted_at, self.submitted_by), (self.decided_at, self.decided_by)]
        taken = [(at, by) for at, by in steps if at and by]
        if not taken:
            return ""
        at, by = max(taken, key=lambda step: step[0])
        there = at.astimezone(self.initiative.zone)
        return _("%(who)s did that on %(day)s at %(time)s.") % {
            "who": by,
            "day": long_date(there.date()),
            "time": f"{there:%H:%M}",
        }

    def move_to(self, status: "Submission.Status", *, by: User, at: datetime) -> None:
        self.status = status
        self.version += 1
        if status == self.Status.SUBMITTED:
            self.submitted_by, self.submitted_at = by, at
        else:
            self.decided_by, self.decided_at = by, at
        self.save()


class FigureRow(TenantRow):
    """The components of one figure, and what is known about it (see measurement.indicators.kinds)."""

    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    version = models.ForeignKey(
        IndicatorVersion, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="+")
    period = models.ForeignKey(
        ReportingPeriod, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    status = models.CharField(max_length=18, choices=STATUS_CHOICES)
    amount = ExactField(null=True)
    base = ExactField(null=True)
    squares = ExactField(null=True)
    low = ExactField(null=True)
    high = ExactField(null=True)
    levels = ArrayField(ExactField(), null=True)
    text = models.TextField(blank=True)
    derived = models.BooleanField(default=False)
    # As it was handed in, where that was in another unit or currency, and how many of ours one of those is.
    given_amount = ExactField(null=True)
    given_unit = models.CharField(max_length=40, blank=True, default="", db_default="")
    given_rate = ExactField(null=True)

    class Meta:
        abstract = True

    @property
    def components(self) -> Components:
        levels = None if self.levels is None else tuple(self.levels)
        return Components(self.amount, self.base, self.squares, levels)

    @property
    def handed_in(self) -> HandedIn | None:
        if self.given_amount is None:
            return None
        return HandedIn(self.given_amount, self.given_unit, self.given_rate)


class Observation(FigureRow):
    """One figure as it was recorded at one moment. Never changed, never deleted: a correction is a new
    observation that supersedes the old one and says why."""

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="observations", db_constraint=False
    )
    received_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    supersedes = models.ForeignKey("self", models.PROTECT, null=True, related_name="+", db_index=False)
    reason = models.TextField(blank=True)
    note = models.TextField(blank=True)

    class Meta:
        indexes = (
            models.Index(
                fields=["indicator", "period", "organization", "recorded_at"], name="observation_history"
            ),
        )
        triggers = (pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.organization_id} {self.indicator_id} {self.period_id}: {self.amount}"


class CurrentFigure(FigureRow):
    """One expected value and what is known of it now. Opening a period makes it, with status missing;
    approving brings it up to date. The roll-up reads nothing else."""

    expected_report = models.ForeignKey(
        ExpectedReport, models.CASCADE, related_name="figures", db_constraint=False
    )
    observation = models.ForeignKey(Observation, models.PROTECT, null=True, related_name="+", db_index=False)
    received_at = models.DateTimeField(null=True)
    due_at = models.DateTimeField()
    recorded_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["indicator", "period", "organization", "category"],
                nulls_distinct=False,
                name="current_figure_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organization_id} {self.indicator_id} {self.period_id}: {self.status}"


class DraftFigure(TenantRow):
    """What somebody has typed so far for one figure, letter for letter."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="drafts", db_constraint=False)
    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="+", db_constraint=False)
    category = models.ForeignKey(Category, models.CASCADE, null=True, related_name="+", db_constraint=False)
    amount = models.CharField(max_length=60, blank=True)
    base = models.CharField(max_length=60, blank=True)
    status = models.CharField(max_length=18, choices=STATUS_CHOICES, blank=True)
    note = models.CharField(max_length=2000, blank=True)
    same = models.BooleanField(default=False, db_default=False)  # "no change", said with one click
    # What the kind asks for beside the numbers: see measurement.submissions.details.
    detail = models.CharField(max_length=5000, blank=True, default="", db_default="")

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["submission", "indicator", "category"], nulls_distinct=False, name="draft_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.amount}"


class Message(TenantRow):
    """A line of the discussion about a report, or about one figure of it."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="messages", db_constraint=False)
    indicator = models.ForeignKey(
        Indicator, models.CASCADE, null=True, related_name="+", db_constraint=False, db_index=False
    )
    category = models.ForeignKey(
        Category, models.CASCADE, null=True, related_name="+", db_constraint=False, db_index=False
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    body = models.TextField()

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return self.body[:60]


class Key(NamedTuple):
    """What has to be added up again: one indicator in one period, because of one partner."""

    indicator_id: int
    period_id: int
    organization_id: int | None


class DirtyKeyQuerySet(models.QuerySet["DirtyKey"]):
    def mark(self, initiative_id: int, keys: Iterable[Key], *, at: datetime) -> None:
        self.bulk_create(
            DirtyKey(
                initiative_id=initiative_id,
                indicator_id=key.indicator_id,
                period_id=key.period_id,
                organization_id=key.organization_id,
                marked_at=at,
            )
            for key in sorted(set(keys), key=lambda key: (key.indicator_id, key.period_id))
        )

    def waiting(self) -> Self:
        return self.filter(parked_at=None)


class DirtyKey(TenantRow):
    """A figure that moved and whose sums have not been made again yet.

    Rows are only added by those who change figures and only removed by the roll-up, in the transaction
    of its sums. There is no unique key, so that nobody ever waits for somebody else's row.
    """

    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    period = models.ForeignKey(
        ReportingPeriod, models.CASCADE, related_name="+", db_constraint=False, db_index=False
    )
    organization = models.ForeignKey(
        Organization, models.CASCADE, null=True, related_name="+", db_index=False
    )
    marked_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    parked_at = models.DateTimeField(null=True)
    trouble = models.TextField(blank=True)

    objects = DirtyKeyQuerySet.as_manager()

    class Meta:
        indexes = (models.Index(fields=["indicator", "id"], name="dirty_key_by_indicator"),)

    def __str__(self) -> str:
        return f"{self.indicator_id} {self.period_id}"
