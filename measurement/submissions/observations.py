"""Recording: what was approved becomes observations, and the current figures follow, in one transaction."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from measurement.submissions.components import NOTHING, Components
from measurement.submissions.models import CurrentFigure, Key, Observation, Submission
from measurement.submissions.status import FigureStatus

_MOVING = ("status", "amount", "base", "squares", "low", "high", "text", "derived")


@dataclass(frozen=True)
class Given:
    """What a report says about one expected value."""

    status: FigureStatus
    components: Components = NOTHING
    derived: bool = False
    note: str = ""


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
    """
    figures = list(
        CurrentFigure.objects.select_for_update(of=("self",), no_key=True)
        .select_related("observation")
        .filter(expected_report_id=submission.expected_report_id)
        .order_by("pk")
    )
    changed = [figure for figure in figures if _take_over(figure, given.get(_cell(figure)))]
    observations = Observation.objects.bulk_create(
        _observation(figure, submission, given[_cell(figure)], received_at, at, reason) for figure in changed
    )
    for figure, observation in zip(changed, observations, strict=True):
        figure.observation, figure.received_at, figure.recorded_at = observation, received_at, at
    CurrentFigure.objects.bulk_update(changed, [*_MOVING, "observation", "received_at", "recorded_at"])
    return keys_of(changed)


def keys_of(figures: Iterable[CurrentFigure]) -> list[Key]:
    return [Key(figure.indicator_id, figure.period_id, figure.organization_id) for figure in figures]


def _cell(figure: CurrentFigure) -> tuple[int, int | None]:
    return figure.indicator_id, figure.category_id


def _take_over(figure: CurrentFigure, given: Given | None) -> bool:
    """Put what is given into the current figure; False when it says nothing new."""
    if given is None:
        return False
    before = (figure.status, figure.amount, figure.base, figure.derived)
    after = (given.status.value, given.components.amount, given.components.base, given.derived)
    note = figure.observation.note if figure.observation else ""
    if before == after and note == given.note:
        return False
    if before != after:
        figure.status, figure.amount, figure.base, figure.derived = after
        figure.squares = figure.low = figure.high = None
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
