from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from initiatives.charter.models import Initiative, TenantRow
from initiatives.jobs.models import JobRun
from measurement.submissions.models import Submission


class ImportFileQuerySet(models.QuerySet["ImportFile"]):
    def in_initiative(self, initiative: Initiative) -> Self:
        return self.filter(initiative=initiative)


class ImportFile(TenantRow):
    """A file with figures that somebody has given us, and what has become of it.

    With a `submission` it is that report's own file. `for_partners`: staff records figures of many partners, with a
    reason; else it fills in reports of the uploader's own organizations.
    """

    class State(models.TextChoices):
        NEW = "new", _("Being checked")
        REFUSED = "refused", _("Not readable")
        CHECKED = "checked", _("Checked, not taken over")
        APPLIED = "applied", _("Taken over")
        DROPPED = "dropped", _("Dropped")

    class DecimalMark(models.TextChoices):
        UNKNOWN = "", _("I do not know: ask me where it matters")
        POINT = "en", _("With a point: 1234.5")
        COMMA = "es", _("With a comma: 1234,5")

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    submission = models.ForeignKey(
        Submission, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    run = models.ForeignKey(JobRun, models.PROTECT, null=True, related_name="+", db_constraint=False)
    name = models.CharField(max_length=120)
    key = models.CharField(max_length=200)
    size = models.PositiveIntegerField()
    decimal_mark = models.CharField(max_length=2, choices=DecimalMark, blank=True)
    for_partners = models.BooleanField(default=False)
    reason = models.TextField(blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.NEW)
    problem = models.TextField(blank=True)
    notes = models.JSONField(default=list)
    new = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(db_default=Now())
    checked_at = models.DateTimeField(null=True)
    applied_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    applied_at = models.DateTimeField(null=True)

    objects = ImportFileQuerySet.as_manager()

    class Meta:
        ordering = ("-uploaded_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=~models.Q(state="applied") | models.Q(applied_at__isnull=False),
                name="import_applied_has_a_time",
            ),
            models.CheckConstraint(
                condition=models.Q(for_partners=False) | ~models.Q(reason=""),
                name="import_for_partners_has_a_reason",
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("measurement:imports:import", args=[self.initiative.slug, self.public_id])

    @property
    def is_busy(self) -> bool:
        return self.run is not None and self.run.is_under_way

    @property
    def to_take_over(self) -> int:
        return self.new + self.changed

    @property
    def can_be_confirmed(self) -> bool:
        return self.state == self.State.CHECKED and not self.is_busy and self.to_take_over > 0

    @property
    def can_be_checked(self) -> bool:
        """Once more: what is on record may have moved, or the check may have died."""
        return self.state in (self.State.NEW, self.State.CHECKED) and not self.is_busy


class ImportLine(TenantRow):
    """What the file says about one figure, and what would become of it.

    `figure` and `seen` are numbers of the figure and of the observation that was its newest when the file was checked.
    They are no foreign keys: a figure that nobody expects any more may go, and applying looks for what is gone.
    """

    class What(models.TextChoices):
        NEW = "new", _("New")
        CHANGED = "changed", _("Changed")
        UNCHANGED = "unchanged", _("Unchanged")
        REFUSED = "refused", _("Refused")

    file = models.ForeignKey(
        ImportFile, models.CASCADE, related_name="lines", db_constraint=False, db_index=False
    )
    number = models.PositiveIntegerField()
    what = models.CharField(max_length=10, choices=What)
    place = models.CharField(max_length=300)
    about = models.TextField(blank=True)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    sentence = models.TextField(blank=True)
    figure = models.BigIntegerField(null=True)
    seen = models.BigIntegerField(null=True)
    typed = models.JSONField(null=True)
    said = models.JSONField(null=True)

    class Meta:
        ordering = ("number", "pk")
        indexes = (models.Index(fields=["file", "what", "number"], name="import_line_by_what"),)

    def __str__(self) -> str:
        return self.place
