from datetime import datetime, timedelta
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from initiatives.charter.models import Initiative, TenantRow


class JobRunQuerySet(models.QuerySet["JobRun"]):
    def in_initiative(self, initiative: Initiative) -> Self:
        return self.filter(initiative=initiative)


class JobRun(TenantRow):
    """One piece of long work. `done` and `total` count what the work consists of, such as rows of a file."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        RUNNING = "running", _("Under way")
        DONE = "done", _("Done")
        FAILED = "failed", _("Not done")
        CANCELLED = "cancelled", _("Stopped")

    UNDER_WAY = (State.WAITING, State.RUNNING)

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    kind = models.CharField(max_length=80)
    title = models.CharField(max_length=300)
    parameters = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    message = models.TextField(blank=True)
    result = models.CharField(max_length=500, blank=True)
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField(db_default=Now())
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    cancel_asked_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)

    objects = JobRunQuerySet.as_manager()

    class Meta:
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "running"]) ^ models.Q(finished_at__isnull=False),
                name="job_run_ended_has_a_time",
            ),
        )
        indexes = (
            models.Index(
                fields=["kind", "id"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="job_run_under_way",
            ),
        )

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("initiatives:jobs:work", args=[self.initiative.slug, self.public_id])

    @property
    def is_under_way(self) -> bool:
        return self.state in self.UNDER_WAY

    def time_left(self, at: datetime) -> timedelta | None:
        """At the pace so far; None where that says nothing yet."""
        if self.state != self.State.RUNNING or not self.started_at or not 0 < self.done < self.total:
            return None
        return (at - self.started_at) * (self.total - self.done) / self.done
