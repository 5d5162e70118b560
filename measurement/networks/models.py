"""Initiatives that have agreed that a measure means the same with them.

Decisions. Networks and who is in them stand outside the wall between initiatives, as participations do: from them is
read which initiative may look at what. What a network knows of figures is copied into a table of its own, and only
sums of whole initiatives; so a reader of a network never reads a table of another initiative.
"""

import json
from decimal import Decimal
from typing import Any, Self
from uuid import uuid4

from django.db import models
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

from backbone.web.exact import ExactField
from initiatives.charter.models import Initiative
from measurement.indicators.kinds import RULES, Kind
from measurement.indicators.models import KIND_CHOICES


def new_code() -> str:
    return get_random_string(12, "abcdefghijkmnpqrstuvwxyz23456789")


class Exactly(json.JSONDecoder):
    """Numbers as they stand in the database, to the last digit."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, parse_float=Decimal, **kwargs)


class NetworkQuerySet(models.QuerySet["Network"]):
    def of(self, initiative: Initiative) -> Self:
        """Those that it is in, or has asked to be in."""
        return self.filter(members__member=initiative, members__left_at=None)


class Network(models.Model):
    """`code` is what an initiative says to come in; the host accepts what it proposes."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    host = models.ForeignKey(Initiative, models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=200)
    purpose = models.TextField(_("what it is for"), blank=True)
    code = models.CharField(max_length=20, unique=True, default=new_code)

    objects = NetworkQuerySet.as_manager()

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name


class NetworkMember(models.Model):
    """In it from when the host first accepted a measure of it until it left."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="members")
    member = models.ForeignKey(Initiative, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)
    left_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["network", "member"], condition=models.Q(left_at=None), name="network_member_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.member} in {self.network}"


class NetworkMeasure(models.Model):
    """The definition that all share, copied from the host's sheet. A network's word does not change afterwards."""

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    network = models.ForeignKey(Network, models.CASCADE, related_name="measures")
    name = models.CharField(_("name"), max_length=200)
    definition = models.TextField(_("definition"))
    kind = models.CharField(_("kind"), max_length=14, choices=KIND_CHOICES)
    unit = models.CharField(_("unit"), max_length=40, blank=True)
    decimals = models.PositiveSmallIntegerField(default=0)
    per = ExactField(default=Decimal(1))
    divisor = ExactField(default=Decimal(1))
    over_time = models.CharField(max_length=8)

    class Meta:
        ordering = ("name", "pk")

    def __str__(self) -> str:
        return self.name

    @property
    def what_kind(self) -> Kind:
        return Kind(self.kind)

    @property
    def what_kind_has_base(self) -> bool:
        return RULES[self.what_kind].has_base


class NetworkMatch(models.Model):
    """That a definition of an initiative means the same. Proposed by its staff, accepted by the host.

    The definition is told by number: it lies behind the wall, and only its own initiative can look it up.
    """

    public_id = models.UUIDField(default=uuid4, unique=True, editable=False)
    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    measure = models.ForeignKey(NetworkMeasure, models.CASCADE, related_name="matches")
    member = models.ForeignKey(NetworkMember, models.CASCADE, related_name="matches")
    indicator_number = models.BigIntegerField()
    version = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=200)
    definition = models.TextField()
    proposed_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["measure", "member"], name="network_match_once"),)

    def __str__(self) -> str:
        return f"{self.name} as {self.measure}"


class NetworkCell(models.Model):
    """The sums of one whole initiative over one period. `sums` None: too few partners to tell.

    `run` is that of the sums that were copied: another one means that they have been made anew.
    """

    network = models.ForeignKey(Network, models.CASCADE, related_name="+")
    measure = models.ForeignKey(NetworkMeasure, models.CASCADE, related_name="cells")
    member = models.ForeignKey(NetworkMember, models.CASCADE, related_name="+")
    start = models.DateField()
    end = models.DateField()
    label = models.CharField(max_length=60)
    run = models.BigIntegerField()
    sums = models.JSONField(null=True, decoder=Exactly)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["measure", "member", "start", "end"], name="network_cell_once"),
        )

    def __str__(self) -> str:
        return f"{self.member_id} {self.label}"
