"""Who does what until when, who else takes part in it, and how it goes.

Decisions. Lateness is no state: it follows from the days, and is said in words beside whatever state there is. What
was said about an action is never changed or taken back (the database keeps it), so that everybody can look back.
"""

from datetime import date
from typing import Any, Self
from uuid import uuid4

import pgtrigger
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from initiatives.agenda.models import Strategy
from initiatives.charter.models import Initiative, TenantRow
from initiatives.partners.models import Organization


class State(models.TextChoices):
    PLANNED = "planned", _("Planned")
    UNDER_WAY = "under_way", _("Under way")
    BLOCKED = "blocked", _("Blocked")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


OPEN = (State.PLANNED, State.UNDER_WAY, State.BLOCKED)


class ActionQuerySet(models.QuerySet["Action"]):
    def in_initiative(self, initiative: Initiative) -> Self:
        return self.filter(initiative=initiative)

    def late(self, on: date) -> Self:
        """Still open after its last day, or not begun on its first."""
        return self.filter(
            models.Q(state__in=OPEN, ends_on__lt=on) | models.Q(state=State.PLANNED, starts_on__lt=on)
        )

    def with_counts(self) -> Self:
        """Each with `steps`, `steps_done`, `parts` (partners that take part) and `asked` (that have not answered)."""
        steps = Milestone.objects.filter(action=models.OuterRef("pk"))
        parts = Commitment.objects.filter(action=models.OuterRef("pk"))
        return self.annotate(
            steps=_count(steps),
            steps_done=_count(steps.filter(done_on__isnull=False)),
            parts=_count(parts.filter(state__in=(Commitment.State.ACCEPTED, Commitment.State.KEPT))),
            asked=_count(parts.filter(state=Commitment.State.PROPOSED)),
        )

    def with_names(self) -> Self:
        return self.select_related("initiative", "organization", "person", "strategy")


def _count(rows: models.QuerySet[Any]) -> models.Func:
    counted = rows.order_by().values(by=models.Value(1)).annotate(n=models.Count("pk")).values("n")
    return models.functions.Coalesce(models.Subquery(counted), 0)


class Action(TenantRow):
    """An agreed piece of work of one organization, which others may take part in."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    name = models.CharField(_("name"), max_length=200)
    description = models.TextField(_("what is done"), blank=True)
    strategy = models.ForeignKey(
        Strategy, models.PROTECT, null=True, blank=True, related_name="actions", db_constraint=False
    )
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="actions")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+"
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    state = models.CharField(_("how it stands"), max_length=10, choices=State, default=State.PLANNED)
    closed_on = models.DateField(_("closed on"), null=True, blank=True)
    budget = models.DecimalField(_("budget"), max_digits=14, decimal_places=2, null=True, blank=True)
    budget_source = models.CharField(_("where the money comes from"), max_length=200, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    reminded_of = models.DateField(null=True, blank=True)  # the last day of which its people were reminded

    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ("ends_on", "name", "pk")
        verbose_name = _("action")
        verbose_name_plural = _("actions")
        indexes = (models.Index(fields=["initiative", "state", "ends_on"], name="action_by_state"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_on__gte=models.F("starts_on")), name="action_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=OPEN, closed_on=None)
                | (~models.Q(state__in=OPEN) & models.Q(closed_on__isnull=False)),
                name="action_closed_on",
            ),
            models.CheckConstraint(
                condition=models.Q(budget=None) | models.Q(budget__gte=0), name="action_budget_is_no_debt"
            ),
        )

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("initiatives:actions:action", args=[self.initiative.slug, self.public_id])

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


class Milestone(TenantRow):
    """A dated step of an action."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    action = models.ForeignKey(Action, models.CASCADE, related_name="milestones", db_constraint=False)
    name = models.CharField(_("what will be there"), max_length=200)
    due_on = models.DateField(_("by"))
    done_on = models.DateField(_("done on"), null=True, blank=True)
    reminded_of = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ("due_on", "pk")
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")

    def __str__(self) -> str:
        return self.name


class Wait(TenantRow):
    """That an action cannot go on before another one, perhaps of another partner, is done."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    action = models.ForeignKey(Action, models.CASCADE, related_name="waits", db_constraint=False)
    needs = models.ForeignKey(Action, models.PROTECT, related_name="awaited", db_constraint=False)

    class Meta:
        ordering = ("needs__ends_on", "pk")
        verbose_name = _("action that waits for it")
        verbose_name_plural = _("actions that wait for it")
        constraints = (
            models.UniqueConstraint(fields=["action", "needs"], name="wait_once"),
            models.CheckConstraint(condition=~models.Q(action=models.F("needs")), name="wait_not_for_itself"),
        )

    def __str__(self) -> str:
        return f"{self.action} < {self.needs}"


class CommitmentQuerySet(models.QuerySet["Commitment"]):
    def in_initiative(self, initiative: Initiative) -> Self:
        return self.filter(initiative=initiative)


class Commitment(TenantRow):
    """What an organization takes on: its part in an action, or something that it gives or lends to another one."""

    class State(models.TextChoices):
        PROPOSED = "proposed", _("Asked")
        ACCEPTED = "accepted", _("Accepted")
        DECLINED = "declined", _("Declined")
        KEPT = "kept", _("Kept")
        NOT_KEPT = "not_kept", _("Not kept")

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    action = models.ForeignKey(
        Action, models.PROTECT, null=True, blank=True, related_name="commitments", db_constraint=False
    )
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="commitments")
    towards = models.ForeignKey(
        Organization, models.PROTECT, null=True, blank=True, related_name="commitments_received"
    )
    what = models.TextField(_("what it takes on"))
    until = models.DateField(_("until"), null=True, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    why = models.TextField(_("in their own words"), blank=True)
    asked_at = models.DateTimeField()
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    settled_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")

    objects = CommitmentQuerySet.as_manager()

    class Meta:
        ordering = ("organization__name", "pk")
        verbose_name = _("commitment")
        verbose_name_plural = _("commitments")
        indexes = (models.Index(fields=["organization", "state"], name="commitment_of_partner"),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(state="proposed", answered_at=None)
                | (~models.Q(state="proposed") & models.Q(answered_at__isnull=False)),
                name="commitment_answered_at",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=("kept", "not_kept"), settled_at__isnull=False)
                | (~models.Q(state__in=("kept", "not_kept")) & models.Q(settled_at=None)),
                name="commitment_settled_at",
            ),
        )

    def __str__(self) -> str:
        return f"{self.organization}: {self.what[:80]}"


class Entry(TenantRow):
    """What was said about an action at one time, once and for all. `state` and `was` are empty where it only tells."""

    action = models.ForeignKey(Action, models.PROTECT, related_name="entries", db_constraint=False)
    was = models.CharField(max_length=10, choices=State, blank=True)
    state = models.CharField(max_length=10, choices=State, blank=True)
    text = models.TextField(_("in your own words"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("-at", "-pk")
        verbose_name = _("entry in its story")
        verbose_name_plural = _("entries in its story")
        triggers = (pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.action}: {self.get_state_display() or self.text[:60]}"
