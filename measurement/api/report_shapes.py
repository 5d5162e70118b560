"""How reports are told, and how their figures are sent."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.core.validators import ProhibitNullCharactersValidator
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from measurement.api.sending import Body
from measurement.api.shapes import Exact, OrganizationShape, SpanShape, exact, exacts
from measurement.indicators.models import Category, IndicatorVersion
from measurement.rollups.kinds import in_unit
from measurement.submissions.forms import LONGEST
from measurement.submissions.grid import Cell, Grid, GridCell, grid_of
from measurement.submissions.models import STATUS_CHOICES, ExpectedReport, Submission
from measurement.submissions.observations import Given
from measurement.submissions.sheet import given_in
from measurement.submissions.wording import unit_of

_DETAIL = (
    "What the kind asks for beside two numbers: of a rubric the count of each level, one a line and the lowest first;"
    " of an average the standard deviation; words; or the unit in which the number is."
)
NOT_STARTED = "not_started"
MOST_FIGURES = 5000


def category_key(category: Category | None) -> str | None:
    """The name of a category among all breakdowns; None for a total."""
    return f"{category.disaggregation.code}/{category.code}" if category else None


class ReportRefShape(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    status = serializers.ChoiceField(Submission.Status.choices)
    version = serializers.IntegerField()


class ExpectedReportShape(serializers.Serializer[Any]):
    id = serializers.UUIDField(source="public_id")
    organization = OrganizationShape()
    period = SpanShape()
    due_at = serializers.DateTimeField()
    report = ReportRefShape(allow_null=True, help_text="Null where nobody has begun it.")

    def to_representation(self, instance: ExpectedReport) -> dict[str, Any]:
        instance.report = getattr(instance, "submission", None)  # type: ignore[attr-defined]
        return super().to_representation(instance)


class ReportShape(ReportRefShape):
    expected_report = serializers.UUIDField(source="expected_report.public_id")
    organization = OrganizationShape(source="expected_report.organization")
    period = SpanShape(source="expected_report.period")
    due_at = serializers.DateTimeField(source="expected_report.due_at")
    saved_at = serializers.DateTimeField(allow_null=True)
    submitted_at = serializers.DateTimeField(allow_null=True)
    decided_at = serializers.DateTimeField(allow_null=True)


class TypedShape(serializers.Serializer[Any]):
    """What stands in the fields of a figure, letter for letter."""

    amount = serializers.CharField()
    base = serializers.CharField()
    status = serializers.CharField()
    note = serializers.CharField()
    detail = serializers.CharField(help_text=_DETAIL)


class HandedInShape(serializers.Serializer[Any]):
    amount = Exact()
    unit = serializers.CharField()


class GivenShape(serializers.Serializer[Any]):
    """What the report says, in the unit of the measure. `low` and `high` of what is too small to give."""

    status = serializers.ChoiceField(STATUS_CHOICES)
    amount = exact()
    base = exact()
    low = exact()
    high = exact()
    levels = exacts(help_text="The count of each level of a rubric, the lowest first.")
    text = serializers.CharField()
    handed_in = HandedInShape(allow_null=True, help_text="In which other unit it was handed in.")
    derived = serializers.BooleanField(help_text="Worked out from the others.")


class FigureInReportShape(serializers.Serializer[Any]):
    indicator = serializers.CharField()
    definition = serializers.IntegerField(help_text="The number of the version that says what it means.")
    category = serializers.CharField(allow_null=True, help_text="breakdown/category; null for the total.")
    label = serializers.CharField()  # type: ignore[assignment]
    unit = serializers.CharField()
    typed = TypedShape()
    given = GivenShape(allow_null=True, help_text="Null as long as it cannot be read.")


class MessageShape(serializers.Serializer[Any]):
    at = serializers.DateTimeField()
    by = serializers.CharField()
    body = serializers.CharField()


class FullReportShape(ReportShape):
    asked = serializers.IntegerField(help_text="How many figures somebody has to give.")
    answered = serializers.IntegerField()
    figures = FigureInReportShape(many=True)
    messages = MessageShape(many=True)


def full_report(submission: Submission) -> dict[str, Any]:
    """The report with its figures, in a number of queries that does not grow with them."""
    grid = grid_of(submission.expected_report, submission)
    return {
        **ReportShape(submission).data,
        "asked": len(grid.asked),
        "answered": grid.answered,
        "figures": [*_figures(submission, grid, given_in(submission, grid))],
        "messages": [*MessageShape(submission.messages.select_related("by"), many=True).data],
    }


def _figures(submission: Submission, grid: Grid, given: Mapping[Cell, Given]) -> Iterable[dict[str, Any]]:
    for cell in grid.cells:
        said = given.get(cell.key)
        yield {
            **name_of(cell),
            "definition": cell.version.number,
            "label": cell.label,
            "unit": unit_of(cell.version, submission.initiative),
            "typed": {part: getattr(cell.draft, part) for part in LONGEST},
            "given": _given(said, cell.version) if said else None,
        }


def name_of(cell: GridCell) -> dict[str, str | None]:
    return {"indicator": cell.figure.indicator.code, "category": category_key(cell.category)}


def _given(said: Given, version: IndicatorVersion) -> dict[str, Any]:
    kept = {"amount": said.components.amount, "low": said.low, "high": said.high}
    values = {
        **{name: None if each is None else in_unit(each, version.divisor) for name, each in kept.items()},
        "status": said.status,
        "base": said.components.base,
        "levels": said.components.levels,
        "text": said.text,
        "handed_in": said.handed_in,
        "derived": said.derived,
    }
    return {**GivenShape(values).data}


class AsTyped(serializers.CharField):
    """Taken as it is: what is wrong with it is said by the rules of the report, in their words."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, allow_blank=True, trim_whitespace=False, **kwargs)
        self.validators = [
            each for each in self.validators if not isinstance(each, ProhibitNullCharactersValidator)
        ]


@extend_schema_field({"oneOf": [{"type": "string"}, {"type": "number"}]})
class NumberAsTyped(AsTyped):
    def to_internal_value(self, data: Any) -> str:
        if isinstance(data, float):
            return format(Decimal(repr(data)), "f")
        return super().to_internal_value(data)


class FigureBody(Body):
    indicator = serializers.CharField(max_length=60)
    category = serializers.CharField(required=False, allow_null=True, default=None, max_length=121)
    amount = NumberAsTyped()
    base = NumberAsTyped(help_text="The lower number of a share or rate; the number of cases of an average.")
    status = AsTyped(help_text="How sure the figure is, or why there is none.")
    note = AsTyped()
    detail = AsTyped(help_text=_DETAIL)


class SeenBody(Body):
    version = serializers.IntegerField(
        min_value=0, max_value=2_147_483_647, help_text="The version of the report that you have read."
    )


class FiguresBody(SeenBody):
    figures = FigureBody(many=True, max_length=MOST_FIGURES, allow_empty=False)  # type: ignore[call-arg]


class SubmitBody(SeenBody):
    right = serializers.BooleanField(help_text="That the figures are right to the best of your knowledge.")


class ReturnBody(Body):
    message = AsTyped(help_text="What they should look at: they will read this.")
