"""What pages read about measures: their meaning in words, what changed between versions, who reports them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any, cast

from django.db.models import Count, F, Max, Prefetch, Q, QuerySet
from django.utils.text import capfirst
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from backbone.web.numbers import write_number
from initiatives.charter.models import Initiative, Participation
from initiatives.partners.models import Organization
from measurement.indicators.models import Disaggregation, Indicator, IndicatorVersion, Target

# What a version says, in the order of its sheet.
MEANING = (
    "name",
    "definition",
    "kind",
    "amount_label",
    "base_label",
    "levels",
    "from_level",
    "expression",
    "is_proportion",
    "unit",
    "per",
    "decimals",
    "multiplier",
    "hand_in_units",
    "over_time",
    "base_over_time",
    "carry_periods",
    "whole_numbers",
    "allows_negative",
    "counts_people",
    "plausible_low",
    "plausible_high",
    "polarity",
    "inclusion",
    "source",
    "method",
    "frequency",
    "steward",
    "deputy",
)
_ONLY_WITH_BASE = {"base_label", "is_proportion", "base_over_time"}
_ALREADY_ON_TOP = {"name", "definition"}
# What goes without saying.
_USUAL = {
    "per": Decimal(1),
    "multiplier": Decimal(1),
    "carry_periods": 0,
    "whole_numbers": False,
    "allows_negative": False,
}


@dataclass(frozen=True)
class Line:
    label: str
    text: str


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


@dataclass(frozen=True)
class VersionOnSheet:
    version: IndicatorVersion
    changes: list[Change]


def indicators_of(initiative: Initiative, *, on: date) -> QuerySet[Indicator]:
    """All measures with their versions and stewards, and how many partners report each one on that day."""
    active = Q(assignments__starts_on__lte=on) & (
        Q(assignments__ends_on=None) | Q(assignments__ends_on__gte=on)
    )
    return (
        Indicator.objects.in_initiative(initiative)
        .annotate(partners=Count("assignments__organization", distinct=True, filter=active))
        .prefetch_related(Prefetch("versions", IndicatorVersion.objects.select_related("steward", "deputy")))
    )


def last_period_asked_for(indicator: Indicator) -> date | None:
    """The first day of the latest period in which figures of it have been asked for."""
    period = "assignments__calendar__periods__"
    found: dict[str, date | None] = (
        Indicator.objects.filter(pk=indicator.pk)
        .filter(
            Q(assignments__ends_on=None) | Q(assignments__ends_on__gte=F(f"{period}start")),
            assignments__starts_on__lte=F(f"{period}end"),
            **{f"{period}state__in": ("open", "closed")},
        )
        .aggregate(latest=Max(f"{period}start"))
    )
    return found["latest"]


def lines_of(version: IndicatorVersion) -> list[Line]:
    """The sheet of a version: everything that it says beyond name and definition."""
    return [
        Line(_label(name), text)
        for name in MEANING
        if name not in _ALREADY_ON_TOP and _concerns(version, name)
        for text in [_text(version, name)]
        if text
    ]


def history(versions: list[IndicatorVersion]) -> list[VersionOnSheet]:
    """Newest first, each with what it changed."""
    ordered = sorted(versions, key=lambda version: version.number)
    changes = [[], *(list(_changes(a, b)) for a, b in pairwise(ordered))]
    return [VersionOnSheet(*each) for each in zip(ordered, changes, strict=True)][::-1]


def differs(before: IndicatorVersion, after: IndicatorVersion) -> bool:
    return any(True for _change in _changes(before, after))


def targets_of(indicator: Indicator, *, everybody: bool, own: list[Organization]) -> QuerySet[Target]:
    """Those of the whole initiative, and of the partners whose figures the reader may see."""
    targets = Target.objects.filter(indicator=indicator).select_related("organization")
    return targets if everybody else targets.filter(Q(organization=None) | Q(organization__in=own))


def breakdowns_of(indicator: Indicator) -> QuerySet[Disaggregation]:
    """The breakdowns by which at least one partner reports it."""
    return (
        Disaggregation.objects.filter(assignments__indicator=indicator)
        .distinct()
        .prefetch_related("categories")
    )


def partners_that_ever_took_part(initiative: Initiative) -> QuerySet[Organization]:
    ever = Participation.objects.in_initiative(initiative).partners()
    return Organization.objects.filter(participations__in=ever).order_by("name", "pk")


def _changes(before: IndicatorVersion, after: IndicatorVersion) -> Iterator[Change]:
    for name in MEANING:
        if getattr(before, _attribute(name)) != getattr(after, _attribute(name)):
            yield Change(_label(name), _text(before, name), _text(after, name))


def _attribute(name: str) -> str:
    return f"{name}_id" if name in {"steward", "deputy"} else name


def _concerns(version: IndicatorVersion, name: str) -> bool:
    if name in _USUAL and getattr(version, name) == _USUAL[name]:
        return False
    return version.rules.has_base or name not in _ONLY_WITH_BASE


def _label(name: str) -> str:
    if name in {"steward", "deputy"}:
        return _("Looked after by") if name == "steward" else _("In their absence")
    return capfirst(str(cast(Any, IndicatorVersion._meta.get_field(name)).verbose_name))


def _text(version: IndicatorVersion, name: str) -> str:
    shown = getattr(version, f"get_{name}_display", None)
    value = shown() if shown else getattr(version, name)
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Decimal):
        return write_number(value, language=get_language() or "en")
    return "" if value is None else str(value)
