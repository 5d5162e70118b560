"""How figures are told: what was recorded, what it adds up to, and how that came about."""

from decimal import Decimal
from typing import Any

from rest_framework import serializers

from measurement.api.report_shapes import category_key
from measurement.api.shapes import OrganizationShape, SpanShape, exact
from measurement.judgement.small_numbers import GroupSize
from measurement.rollups.explain import Explanation
from measurement.rollups.kinds import Standing
from measurement.rollups.models import RollUpRun
from measurement.rollups.selectors import Figure
from measurement.submissions.models import STATUS_CHOICES

# Of these everybody may know how many there are.
_COUNTED = (
    "on_time",
    "missing",
    "not_applicable",
    "not_collected",
    "withheld",
    "estimated",
    "provisional",
    "included_elsewhere",
    "carried",
)


class FigureShape(serializers.Serializer[Any]):
    """One partner's figure of one period."""

    indicator = serializers.CharField(source="indicator.code")
    definition = serializers.IntegerField(source="version.number")
    organization = OrganizationShape()
    period = SpanShape()
    category = serializers.SerializerMethodField(help_text="breakdown/category; null for the total.")
    status = serializers.ChoiceField(STATUS_CHOICES)
    amount = exact()
    base = exact()
    low = exact()
    high = exact()
    derived = serializers.BooleanField()
    recorded_at = serializers.DateTimeField(allow_null=True)

    def get_category(self, row: Any) -> str | None:
        return category_key(row.category)


class ObservationShape(FigureShape):
    report = serializers.UUIDField(source="submission.public_id")
    received_at = serializers.DateTimeField()
    corrects = serializers.DateTimeField(
        source="supersedes.recorded_at",
        allow_null=True,
        default=None,
        help_text="When the observation that this one stands in place of was recorded.",
    )
    reason = serializers.CharField()
    note = serializers.CharField()


class RangeShape(serializers.Serializer[Any]):
    low = exact()
    high = exact()


class CompletenessShape(serializers.Serializer[Any]):
    received = serializers.IntegerField()
    expected = serializers.IntegerField()


class CellShape(serializers.Serializer[Any]):
    """What figures add up to, under the rules of the pages: what they do not show is null here."""

    indicator = serializers.CharField(source="cell.indicator.code")
    definition = serializers.IntegerField(source="version.number")
    unit = serializers.CharField(source="version.unit")
    period = SpanShape()
    group = serializers.CharField(source="cell.group.code", allow_null=True, default=None)
    category = serializers.SerializerMethodField(help_text="breakdown/category; null for the total.")
    value = exact(source="shown")
    range = RangeShape(
        allow_null=True, help_text="From where to where it can lie, where no one value is known."
    )
    amount = serializers.SerializerMethodField(help_text="The sum, or the upper number of a share.")
    base = serializers.SerializerMethodField(help_text="The lower number of a share.")
    standing = serializers.ChoiceField([(each.value, each.value) for each in Standing])
    completeness = CompletenessShape()
    contributors = serializers.IntegerField(source="cell.contributors")
    counts = serializers.SerializerMethodField(help_text="Expected values by what is known of them.")
    too_few_partners = serializers.BooleanField(
        help_text="Withheld: it would tell what one partner reported."
    )
    too_few_cases = serializers.SerializerMethodField(help_text="There is no percentage of fewer than ten.")
    mixed_definitions = serializers.BooleanField(source="has_mixed_definitions")
    newest_at = serializers.DateTimeField(
        source="cell.recorded_at", allow_null=True, help_text="When the newest figure in it was recorded."
    )

    def get_category(self, figure: Figure) -> str | None:
        return category_key(figure.cell.category)

    def get_amount(self, figure: Figure) -> str | None:
        return _told(figure, figure.cell.amount)

    def get_base(self, figure: Figure) -> str | None:
        return _told(figure, figure.cell.base)

    def get_counts(self, figure: Figure) -> dict[str, int]:
        return {name: getattr(figure.cell, name) for name in _COUNTED}

    def get_too_few_cases(self, figure: Figure) -> bool:
        return figure.size is GroupSize.TOO_SMALL


def _told(figure: Figure, number: Decimal | None) -> str | None:
    """Nobody divides by hand what is not shown as a percentage."""
    if number is None or figure.size is GroupSize.TOO_SMALL:
        return None
    return exact().to_representation(number)


class AbsenceShape(serializers.Serializer[Any]):
    status = serializers.ChoiceField(STATUS_CHOICES)
    partners = serializers.IntegerField()
    names = serializers.ListField(child=serializers.CharField(), help_text="Of those that you may know.")


class OthersShape(serializers.Serializer[Any]):
    partners = serializers.IntegerField()
    amount = exact()
    base = exact()


class StepShape(serializers.Serializer[Any]):
    period = SpanShape()
    amount = exact()
    base = exact()


class RunShape(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    why = serializers.ChoiceField(RollUpRun.Why.choices)
    started_at = serializers.DateTimeField()


class HowShape(serializers.Serializer[Any]):
    """How it was made. The parts themselves stand at an address of their own."""

    contributors = serializers.IntegerField(help_text="How many partners have a figure in it.")
    implausible = serializers.IntegerField()
    absences = AbsenceShape(many=True)
    others = OthersShape(allow_null=True, help_text="The parts that you may not see one by one, together.")
    steps = StepShape(many=True, help_text="The shorter periods that it is made of.")
    run = RunShape(source="figure.cell.run")


class ExplainedCellShape(CellShape):
    how = HowShape()
    parts = serializers.URLField(help_text="Where the figures in it are told one by one.")


def explained(figure: Figure, explanation: Explanation, parts: str) -> dict[str, Any]:
    return {**CellShape(figure).data, "how": HowShape(explanation).data, "parts": parts}
