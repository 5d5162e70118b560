"""What is kept beside the figures of a report: questions, evidence, who said that all is right, and time."""

from uuid import uuid4

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from initiatives.charter.models import TenantRow
from measurement.indicators.models import Category, Indicator
from measurement.judgement.doubts import Doubt
from measurement.submissions.models import Submission


class Query(TenantRow):
    """A kind question to a partner about one value of its report, and the answer. It never holds a report up.

    `about` is the value in question: another value is another question, and the same one is asked once.
    `facts` are the numbers that the question names, so that it reads the same in ten years.
    """

    class Answer(models.TextChoices):
        RIGHT = "right", _("It is right")
        TYPING_ERROR = "typing_error", _("A typing error: I have to correct it")
        DEFINITION_CHANGED = "definition_changed", _("We count differently now")
        ONE_OFF = "one_off", _("Right, and a one-off")

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    submission = models.ForeignKey(Submission, models.CASCADE, related_name="queries", db_constraint=False)
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    doubt = models.CharField(max_length=20, choices=[(doubt.value, doubt.value) for doubt in Doubt])
    about = models.CharField(max_length=200)
    facts = models.JSONField(default=dict)
    asked_at = models.DateTimeField()
    answer = models.CharField(max_length=20, choices=Answer, blank=True)
    words = models.CharField(max_length=2000, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("asked_at", "pk")
        constraints = (
            models.UniqueConstraint(
                fields=["submission", "indicator", "category", "doubt", "about"],
                nulls_distinct=False,
                name="query_once",
            ),
            models.CheckConstraint(
                condition=models.Q(answer="", answered_at=None, answered_by=None)
                | models.Q(~models.Q(answer=""), answered_at__isnull=False, answered_by__isnull=False),
                name="query_answered_by_somebody",
            ),
        )
        indexes = (models.Index(fields=["indicator", "submission"], name="query_by_indicator"),)

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.doubt} {self.about}"

    @property
    def is_answered(self) -> bool:
        return bool(self.answer)

    @property
    def name(self) -> str:
        """The start of the names of its fields on a page."""
        return f"query-{self.public_id}"


class Attestation(TenantRow):
    """ "These figures are right", said by name when a report was handed in. Never changed."""

    submission = models.ForeignKey(
        Submission, models.PROTECT, related_name="attestations", db_constraint=False
    )
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    name = models.CharField(max_length=300)
    statement = models.TextField()
    version = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.name}, {self.at:%Y-%m-%d}"


class Evidence(TenantRow):
    """A file that a partner puts beside a figure: how it was counted. Private: see backbone.web.files."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    submission = models.ForeignKey(Submission, models.PROTECT, related_name="evidence", db_constraint=False)
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    name = models.CharField(max_length=200)
    key = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")

    def __str__(self) -> str:
        return self.name


class Sitting(TenantRow):
    """Somebody has a report open: since when, when last seen, and when something was last saved."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="sittings", db_constraint=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    began_at = models.DateTimeField()
    seen_at = models.DateTimeField()
    active_at = models.DateTimeField()

    class Meta:
        constraints = (models.UniqueConstraint(fields=["submission", "person"], name="sitting_once"),)

    def __str__(self) -> str:
        return f"{self.person_id} at {self.submission_id}"


class TimeSpent(TenantRow):
    """Seconds of work that one measure of one report has taken, measured between saves; pauses are left out."""

    submission = models.ForeignKey(Submission, models.CASCADE, related_name="time_spent", db_constraint=False)
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="time_spent", db_constraint=False)
    seconds = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["submission", "indicator"], name="time_spent_once"),)

    def __str__(self) -> str:
        return f"{self.indicator_id}: {self.seconds} s"
