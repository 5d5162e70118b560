from typing import Self
from uuid import uuid4

from django.db import models
from django.utils.translation import gettext_lazy as _

from initiatives.charter.models import Initiative, TenantRow


class OutcomeQuerySet(models.QuerySet["Outcome"]):
    def in_initiative(self, initiative: Initiative) -> Self:
        return self.filter(initiative=initiative)


class Outcome(TenantRow):
    """A condition of well-being of a population that the initiative wants to bring about."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    code = models.SlugField(_("code"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    statement = models.TextField(_("what we want to see"), blank=True)
    position = models.PositiveSmallIntegerField(_("place in the list"), default=0)

    objects = OutcomeQuerySet.as_manager()

    class Meta:
        ordering = ("position", "pk")
        constraints = (models.UniqueConstraint(fields=["initiative", "code"], name="outcome_code_once"),)

    def __str__(self) -> str:
        return self.name
