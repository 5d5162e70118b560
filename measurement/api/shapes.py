"""How things are told: what was agreed and what is measured. Numbers are texts, so that no digit is lost."""

from decimal import Decimal
from operator import attrgetter
from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from backbone.web.numbers import exact_text
from initiatives.charter.models import SIDE_CHOICES, PartnerGroup
from initiatives.partners.models import Sector
from measurement.calendars.models import FREQUENCY_CHOICES, ReportingPeriod
from measurement.indicators.models import (
    KIND_CHOICES,
    OVER_TIME_CHOICES,
    Disaggregation,
    Level,
    Perspective,
    Polarity,
    Tier,
)
from measurement.rollups.kinds import in_unit

Shape = serializers.Serializer[Any]


@extend_schema_field({"type": "string", "format": "decimal", "example": "1234.5"})
class Exact(serializers.Field[Any, Any, str, Any]):
    """A decimal with every digit that is known, and without an exponent. What was divided has 15 decimals."""

    def to_representation(self, value: Decimal) -> str:
        return exact_text(value)


def exact(**kwargs: Any) -> Exact:
    return Exact(read_only=True, allow_null=True, **kwargs)


class InUnit(Exact):
    """A stored number in the unit of the measure, whatever parts it is kept in. `part`: where it stands in the row."""

    def __init__(self, part: str, **kwargs: Any) -> None:
        super().__init__(source="*", read_only=True, allow_null=True, **kwargs)
        self.part = attrgetter(part)

    def to_representation(self, row: Any) -> str | None:  # type: ignore[override]
        kept = self.part(row)
        return None if kept is None else exact_text(in_unit(kept, row.version.divisor))


def exacts(**kwargs: Any) -> serializers.ListField:
    return serializers.ListField(child=Exact(), read_only=True, allow_null=True, **kwargs)


def page_shape(shape: type[Shape]) -> type[Shape]:
    """A page of such rows, for the description."""
    members = {
        "count": serializers.IntegerField(),
        "page": serializers.IntegerField(),
        "pages": serializers.IntegerField(),
        "next": serializers.URLField(allow_null=True),
        "results": shape(many=True),
    }
    return type(shape.__name__.removesuffix("Shape") + "PageShape", (serializers.Serializer,), members)


class OrganizationShape(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    name = serializers.CharField()


class PartShape(serializers.Serializer[Any]):
    organization = OrganizationShape()
    side = serializers.ChoiceField(SIDE_CHOICES)


class InitiativeShape(serializers.Serializer[Any]):
    slug = serializers.CharField(source="initiative.slug")
    name = serializers.CharField(source="initiative.name")
    summary = serializers.CharField(source="initiative.summary")
    time_zone = serializers.CharField(source="initiative.time_zone")
    currency = serializers.CharField(source="initiative.currency")
    complete_at = Exact(
        source="initiative.final_at_completeness",
        help_text="The share of expected values from which a figure counts as complete.",
    )
    acting_for = PartShape(many=True, source="standings")
    permissions = serializers.SerializerMethodField(help_text="What whoever asks may do here.")

    def get_permissions(self, access: Any) -> list[str]:
        return sorted(permission.name.lower() for permission in access.permissions)


class VersionShape(serializers.Serializer[Any]):
    number = serializers.IntegerField()
    effective_from = serializers.DateField()
    name = serializers.CharField()
    definition = serializers.CharField()
    kind = serializers.ChoiceField(KIND_CHOICES)
    over_time = serializers.ChoiceField(OVER_TIME_CHOICES)
    unit = serializers.CharField()
    decimals = serializers.IntegerField()
    per = Exact(help_text="100 for a percentage, 1000 for a rate per thousand.")
    multiplier = Exact(help_text="Figures are handed in in multiples of this.")
    whole_numbers = serializers.BooleanField()
    allows_negative = serializers.BooleanField()
    is_proportion = serializers.BooleanField()
    counts_people = serializers.BooleanField()
    carry_periods = serializers.IntegerField()
    plausible_low = exact()
    plausible_high = exact()
    polarity = serializers.ChoiceField(Polarity.choices)
    amount_label = serializers.CharField()
    base_label = serializers.CharField()
    levels = serializers.ListField(
        child=serializers.CharField(), source="level_names", help_text="Of a rubric, the lowest first."
    )
    from_level = serializers.IntegerField(allow_null=True)
    hand_in_units = serializers.CharField(help_text="Other units that may be handed in, one a line.")
    expression = serializers.CharField(help_text="What it is computed as from other measures.")
    inclusion = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    method = serializers.CharField()
    frequency = serializers.CharField()


class IndicatorShape(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    code = serializers.CharField()
    level = serializers.ChoiceField(Level.choices)
    perspective = serializers.ChoiceField(Perspective.choices, allow_blank=True)
    tier = serializers.ChoiceField(Tier.choices)
    versions = VersionShape(many=True)


class CategoryShape(serializers.Serializer[Any]):
    code = serializers.CharField()
    name = serializers.CharField()
    is_unknown = serializers.BooleanField()


class BreakdownShape(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    code = serializers.CharField()
    name = serializers.CharField()
    adds_up = serializers.ChoiceField(Disaggregation.AddsUp.choices)
    rows = serializers.CharField(source="rows.code", allow_null=True, default=None)
    columns = serializers.CharField(
        source="columns.code",
        allow_null=True,
        default=None,
        help_text="Of a cross-table, its two breakdowns.",
    )
    categories = CategoryShape(many=True)


class CalendarShape(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    code = serializers.CharField()
    name = serializers.CharField()
    frequency = serializers.ChoiceField(FREQUENCY_CHOICES)
    first_month = serializers.IntegerField()
    months = serializers.IntegerField()
    due_after_days = serializers.IntegerField()


class SpanShape(serializers.Serializer[Any]):
    """A period, as others speak of it."""

    calendar = serializers.CharField(source="calendar.code")
    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    start = serializers.DateField()
    end = serializers.DateField()


class PeriodShape(SpanShape):
    id = serializers.UUIDField(source="public_id")
    due_on = serializers.DateField()
    state = serializers.ChoiceField(ReportingPeriod.State.choices)


class GroupShape(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    code = serializers.CharField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(PartnerGroup.GroupKind.choices)


class PartnerShape(serializers.Serializer[Any]):
    organization = OrganizationShape()
    code = serializers.CharField()
    side = serializers.ChoiceField(SIDE_CHOICES)
    sector = serializers.ChoiceField(Sector.choices, source="organization.sector")
    website = serializers.CharField(source="organization.website")
    joined_on = serializers.DateField()
    left_on = serializers.DateField(allow_null=True)
    groups = serializers.SerializerMethodField(help_text="Codes of the groups that it is in.")

    def get_groups(self, participation: Any) -> list[str]:
        return [member.group.code for member in participation.organization.groups_here]
