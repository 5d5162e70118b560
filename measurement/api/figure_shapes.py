"""How figures are told: what was recorded, what it adds up to, and how that came about."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from rest_framework import serializers

from backbone.web.numbers import exact_text
from measurement.api.report_shapes import HandedInShape, category_key
from measurement.api.shapes import InUnit, OrganizationShape, SpanShape, exact, exacts
from measurement.indicators.models import IndicatorVersion
from measurement.judgement.small_numbers import GroupSize
from measurement.rollups.explain import Explanation, Others
from measurement.rollups.kinds import Standing, in_unit
from measurement.rollups.models import Leaf, RollUpRun
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
    amount = InUnit("amount")
    base = exact()
    low = InUnit("low")
    high = InUnit("high")
    levels = exacts(help_text="The count of each level of a rubric, the lowest first.")
    text = serializers.CharField()
    handed_in = HandedInShape(allow_null=True, help_text="In which other unit it was handed in.")
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

    indicator = serializers.CharField(source="version.indicator.code")
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
    levels = serializers.SerializerMethodField(
        help_text="The count of each level of a rubric, the lowest first."
    )
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
        kept = figure.cell.amount
        return _told(figure, None if kept is None else in_unit(kept, figure.version.divisor))

    def get_base(self, figure: Figure) -> str | None:
        return _told(figure, figure.cell.base)

    def get_levels(self, figure: Figure) -> list[str] | None:
        levels = figure.cell.levels
        if levels is None or figure.size is GroupSize.TOO_SMALL:
            return None
        return [exact_text(count) for count in levels]

    def get_counts(self, figure: Figure) -> dict[str, int]:
        return {name: getattr(figure.cell, name) for name in _COUNTED}

    def get_too_few_cases(self, figure: Figure) -> bool:
        return figure.size is GroupSize.TOO_SMALL


def _told(figure: Figure, number: Decimal | None) -> str | None:
    """Nobody divides by hand what is not shown as a percentage."""
    if number is None or figure.size is GroupSize.TOO_SMALL:
        return None
    return exact_text(number)


class AbsenceShape(serializers.Serializer[Any]):
    status = serializers.ChoiceField(STATUS_CHOICES)
    partners = serializers.IntegerField()
    names = serializers.ListField(child=serializers.CharField(), help_text="Of those that you may know.")


@dataclass(frozen=True)
class Beside:
    """A sum within a figure, and the definition that says in which unit it is."""

    told: Others | Leaf
    version: IndicatorVersion


class OthersShape(serializers.Serializer[Any]):
    partners = serializers.IntegerField(source="told.partners")
    amount = InUnit("told.amount")
    base = exact(source="told.base")


class StepShape(serializers.Serializer[Any]):
    period = SpanShape(source="told.period")
    amount = InUnit("told.amount")
    base = exact(source="told.base")


class OperandShape(serializers.Serializer[Any]):
    indicator = serializers.CharField(source="version.indicator.code")
    value = exact(source="shown")


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
    computed_from = OperandShape(many=True, help_text="The measures that it is computed from, if it is.")
    run = RunShape()


class ExplainedCellShape(CellShape):
    how = HowShape()
    parts = serializers.URLField(help_text="Where the figures in it are told one by one.")


def explained(figure: Figure, explanation: Explanation, parts: str) -> dict[str, Any]:
    others, version = explanation.others, figure.version
    how = {
        "contributors": explanation.contributors,
        "implausible": explanation.implausible,
        "absences": explanation.absences,
        "others": Beside(others, version) if others else None,
        "steps": [Beside(step, version) for step in explanation.steps],
        "computed_from": [*figure.operands.values()],
        "run": figure.cell.run,
    }
    return {**CellShape(figure).data, "how": HowShape(how).data, "parts": parts}
