"""What the partners agree on: the dated text, who stands behind it, and the tree that it agrees on.

Decisions. A version keeps its own copy of the tree (see `tree.py`), so that what was agreed can be read as it was.
`Goal`, `Outcome` and `Strategy` are the tree of the version in force, which measures and actions are tied to; while
nothing has been adopted they follow the newest version (see `rows.py`). A node is the same one in every version by
its code.
"""

from typing import Any, ClassVar, Self
from uuid import uuid4

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from initiatives.agenda.tree import Tree
from initiatives.charter.models import Initiative, TenantRow
from initiatives.partners.models import Organization


class NodeQuerySet(models.QuerySet[Any]):
    def in_initiative(self, initiative: Initiative) -> Self:
        return self.filter(initiative=initiative)


class AgreedNode(TenantRow):
    """A goal, an outcome or a strategy of the agenda in force. Its code stays whatever it is called."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    code = models.SlugField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    statement = models.TextField(_("what we want to see"), blank=True)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)

    class Meta:
        abstract = True
        ordering = ("position", "pk")

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("initiatives:agenda:node", args=[self.initiative.slug, self.code])


class Goal(AgreedNode):
    """A measurable change that the initiative works towards."""

    objects = NodeQuerySet.as_manager()

    class Meta(AgreedNode.Meta):
        constraints = (models.UniqueConstraint(fields=["initiative", "code"], name="goal_code_once"),)


class Outcome(AgreedNode):
    """A condition of well-being of a population that the initiative wants to bring about."""

    goal = models.ForeignKey(
        Goal, models.PROTECT, null=True, blank=True, related_name="outcomes", db_constraint=False
    )

    objects = NodeQuerySet.as_manager()

    class Meta(AgreedNode.Meta):
        constraints = (models.UniqueConstraint(fields=["initiative", "code"], name="outcome_code_once"),)


class Strategy(AgreedNode):
    """A line of approach: how an outcome is to come about."""

    outcome = models.ForeignKey(Outcome, models.PROTECT, related_name="strategies", db_constraint=False)

    objects = NodeQuerySet.as_manager()

    class Meta(AgreedNode.Meta):
        constraints = (models.UniqueConstraint(fields=["initiative", "code"], name="strategy_code_once"),)


class CommonAgenda(TenantRow):
    """The agenda of an initiative, over all of its versions."""

    USUAL_QUORUM: ClassVar[int] = 60

    quorum = models.PositiveSmallIntegerField(
        _("share of the partners that has to agree, in percent"),
        default=USUAL_QUORUM,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["initiative"], name="agenda_once"),
            models.CheckConstraint(
                condition=models.Q(quorum__gte=1, quorum__lte=100), name="agenda_quorum_is_a_share"
            ),
        )

    def __str__(self) -> str:
        return str(_("Common agenda"))


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    PROPOSED = "proposed", _("Proposed")
    ADOPTED = "adopted", _("Adopted")
    SUPERSEDED = "superseded", _("Superseded")


SECTIONS = ("problem", "boundaries", "vision", "measurable_goals", "principles", "learning", "priorities")
_FROZEN = (*SECTIONS, "tree", "number", "agenda_id", "proposed_at", "proposed_by_id")
_ORDER = "array_position(ARRAY['draft', 'proposed', 'adopted', 'superseded'], {}.state::text)"


def _either(side: str) -> str:
    return ", ".join(f"{side}.{name}" for name in _FROZEN)


class AgendaVersionQuerySet(models.QuerySet["AgendaVersion"]):
    def in_initiative(self, initiative: Initiative) -> Self:
        return self.filter(initiative=initiative)

    def seen(self, *, drafts: bool) -> Self:
        """Those for the eyes of this reader: a draft is for whoever writes it."""
        return self if drafts else self.exclude(state=State.DRAFT)


class AgendaVersion(TenantRow):
    """The text and the tree at one time. From the moment it is proposed the database keeps it as it is."""

    agenda = models.ForeignKey(CommonAgenda, models.PROTECT, related_name="versions", db_constraint=False)
    number = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    problem = models.TextField(_("the problem"), blank=True)
    boundaries = models.TextField(_("the boundaries"), blank=True)
    vision = models.TextField(_("our vision"), blank=True)
    measurable_goals = models.TextField(_("what we want to achieve"), blank=True)
    principles = models.TextField(_("our principles"), blank=True)
    learning = models.TextField(_("how we learn"), blank=True)
    priorities = models.TextField(_("priorities for now"), blank=True)
    tree = models.JSONField(default=list, blank=True)
    created_at = models.DateTimeField()
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True, blank=True)
    proposed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    answers_due_on = models.DateField(_("answers are asked for by"), null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    adopted_at = models.DateTimeField(null=True, blank=True)
    adopted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    superseded_at = models.DateTimeField(null=True, blank=True)

    objects = AgendaVersionQuerySet.as_manager()

    class Meta:
        ordering = ("-number",)
        constraints = (
            models.UniqueConstraint(fields=["initiative", "number"], name="agenda_version_number_once"),
            *(
                models.UniqueConstraint(
                    fields=["initiative"], condition=models.Q(state=state), name=f"agenda_one_{state}"
                )
                for state in ("draft", "proposed", "adopted")
            ),
            models.CheckConstraint(
                condition=models.Q(state=State.DRAFT, proposed_at=None)
                | (~models.Q(state=State.DRAFT) & models.Q(proposed_at__isnull=False)),
                name="agenda_version_proposed_at",
            ),
            models.CheckConstraint(
                condition=~models.Q(state=State.ADOPTED) | models.Q(adopted_at__isnull=False),
                name="agenda_version_adopted_at",
            ),
            models.CheckConstraint(
                condition=models.Q(state=State.SUPERSEDED, superseded_at__isnull=False)
                | (~models.Q(state=State.SUPERSEDED) & models.Q(superseded_at=None)),
                name="agenda_version_superseded_at",
            ),
        )
        triggers = (
            pgtrigger.Protect(
                name="frozen_once_proposed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"OLD.state <> 'draft' AND (({_either('OLD')}) IS DISTINCT FROM ({_either('NEW')})"
                    f" OR {_ORDER.format('NEW')} < {_ORDER.format('OLD')})"
                ),
            ),
            pgtrigger.Protect(
                name="kept_once_proposed",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition("OLD.state <> 'draft'"),
            ),
        )

    def __str__(self) -> str:
        return str(_("Version %(number)s of the agenda") % {"number": self.number})

    def get_absolute_url(self) -> str:
        return reverse("initiatives:agenda:version", args=[self.initiative.slug, self.number])

    @property
    def nodes(self) -> Tree:
        return Tree.from_json(self.tree)

    @property
    def is_open_for_answers(self) -> bool:
        """A proposal; and what has been adopted, for whoever joins later or thinks again."""
        return self.state in {State.PROPOSED, State.ADOPTED}


class Answer(models.TextChoices):
    YES = "yes", _("Yes")
    RESERVATIONS = "reservations", _("Yes, with reservations")
    NO = "no", _("No")


class Endorsement(TenantRow):
    """What a partner said to a version, once and for all: another answer is another row, and the last one counts."""

    version = models.ForeignKey(
        AgendaVersion, models.PROTECT, related_name="endorsements", db_constraint=False
    )
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="endorsements")
    answer = models.CharField(_("our answer"), max_length=12, choices=Answer)
    words = models.TextField(_("in your own words"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ("at", "pk")
        indexes = (models.Index(fields=["version", "organization", "-at"], name="endorsement_of_version"),)
        triggers = (pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.organization}: {self.get_answer_display()}"


class Comment(TenantRow):
    """What somebody thinks of one part of a proposal."""

    PARTS: ClassVar[tuple[str, ...]] = (*SECTIONS, "tree")

    version = models.ForeignKey(AgendaVersion, models.PROTECT, related_name="comments", db_constraint=False)
    section = models.CharField(_("about"), max_length=20, choices=[(part, part) for part in PARTS])
    organization = models.ForeignKey(Organization, models.PROTECT, null=True, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()
    text = models.TextField(_("your comment"))

    class Meta:
        ordering = ("at", "pk")
        triggers = (pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),)

    def __str__(self) -> str:
        return f"{self.by}: {self.text[:60]}"
