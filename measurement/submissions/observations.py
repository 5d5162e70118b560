"""Recording: what was approved becomes observations, and the current figures follow, in one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from measurement.submissions.components import NOTHING, Components, HandedIn
from measurement.submissions.models import CurrentFigure, Key, Observation, Submission
from measurement.submissions.status import RECEIVED, FigureStatus

_MOVING = (
    "status",
    "amount",
    "base",
    "squares",
    "levels",
    "low",
    "high",
    "text",
    "derived",
    "given_amount",
    "given_unit",
    "given_rate",
)
_TAKEN_OVER = ", ".join(f"{name} = o.{name}" for name in _MOVING)


@dataclass(frozen=True)
class Given:
    """What a report says about one expected value."""

    status: FigureStatus
    components: Components = NOTHING
    derived: bool = False
    note: str = ""
    low: Decimal | None = None
    high: Decimal | None = None
    text: str = ""
    handed_in: HandedIn | None = None

    @property
    def amounts_to(self) -> tuple[Any, ...]:
        """What it puts into the total."""
        return (self.components, self.low, self.high, self.text)

    @property
    def moving(self) -> dict[str, Any]:
        """The columns of a figure that says this."""
        said, typed = self.components, self.handed_in
        return {
            "status": self.status.value,
            "amount": said.amount,
            "base": said.base,
            "squares": said.squares,
            "levels": None if said.levels is None else list(said.levels),
            "low": self.low,
            "high": self.high,
            "text": self.text,
            "derived": self.derived,
            "given_amount": typed.amount if typed else None,
            "given_unit": typed.unit if typed else "",
            "given_rate": typed.rate if typed else None,
        }


def record(
    *,
    submission: Submission,
    given: dict[tuple[int, int | None], Given],
    received_at: datetime,
    at: datetime,
    reason: str = "",
) -> list[Key]:
    """Insert an observation for every figure that is new or different; return what has to be added up again.

    `given` maps (indicator, category) to what the report says. A figure that it leaves out stays as it is.
    What had come in stays as timely as it was: a correction does not make it late.
    """
    figures = list(
        CurrentFigure.objects.select_for_update(of=("self",), no_key=True)
        .select_related("observation")
        .filter(expected_report_id=submission.expected_report_id)
        .order_by("pk")
    )
    first = {figure.pk: figure.received_at for figure in figures if figure.status in RECEIVED}
    changed = [figure for figure in figures if _take_over(figure, given.get(_cell(figure)))]
    observations = Observation.objects.bulk_create(
        _observation(
            figure, submission, given[_cell(figure)], first.get(figure.pk) or received_at, at, reason
        )
        for figure in changed
    )
    _bring_up_to_date(changed, observations)
    return keys_of(changed)


def _bring_up_to_date(figures: list[CurrentFigure], observations: list[Observation]) -> None:
    """A current figure is what its newest observation says: taken over in one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE measurement_currentfigure f
            SET observation_id = o.id, received_at = o.received_at, recorded_at = o.recorded_at, {_TAKEN_OVER}
            FROM measurement_observation o,
                 unnest(%s::bigint[], %s::bigint[]) pair(figure_id, observation_id)
            WHERE f.id = pair.figure_id AND o.id = pair.observation_id
            """,
            [[figure.pk for figure in figures], [observation.pk for observation in observations]],
        )


def keys_of(figures: Iterable[CurrentFigure]) -> list[Key]:
    return [Key(figure.indicator_id, figure.period_id, figure.organization_id) for figure in figures]


def _cell(figure: CurrentFigure) -> tuple[int, int | None]:
    return figure.indicator_id, figure.category_id


def _take_over(figure: CurrentFigure, given: Given | None) -> bool:
    """Put what is given into the current figure; False when it says nothing new."""
    if given is None:
        return False
    after = given.moving
    before = {name: getattr(figure, name) for name in after}
    note = figure.observation.note if figure.observation else ""
    if before == after and note == given.note:
        return False
    for name, value in after.items():
        setattr(figure, name, value)
    return True


def _observation(
    figure: CurrentFigure,
    submission: Submission,
    given: Given,
    received_at: datetime,
    at: datetime,
    reason: str,
) -> Observation:
    return Observation(
        initiative_id=figure.initiative_id,
        submission=submission,
        indicator_id=figure.indicator_id,
        version_id=figure.version_id,
        organization_id=figure.organization_id,
        period_id=figure.period_id,
        category_id=figure.category_id,
        received_at=received_at,
        recorded_at=at,
        supersedes_id=figure.observation_id,
        reason=reason if figure.observation_id else "",
        note=given.note,
        **{name: getattr(figure, name) for name in _MOVING},
    )
