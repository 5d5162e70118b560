"""Stating a figure of a whole population, or an overlap of people: each is kept beside those before it."""

from datetime import datetime

from django.db import transaction

from backbone.accounts.models import User
from backbone.audit import trail
from backbone.celery import hint
from measurement.stated.models import Overlap, PopulationFigure
from measurement.submissions.models import DirtyKey, Key


@transaction.atomic
def state_population(*, figure: PopulationFigure, by: User | None, at: datetime) -> PopulationFigure:
    """The figure of that period and category from now on; what was stated before stays on record."""
    figure.recorded_at, figure.recorded_by = at, by
    figure.version = figure.indicator.version_on(figure.period.start)
    figure.save(force_insert=True)
    DirtyKey.objects.mark(figure.initiative_id, [Key(figure.indicator_id, figure.period_id, None)], at=at)
    trail.record(
        "population.stated",
        about=figure.indicator,
        by=by,
        at=at,
        details={"period": figure.period.code, "amount": str(figure.amount), "source": figure.source},
    )
    hint("measurement.roll_up_changed")
    return figure


@transaction.atomic
def state_overlap(*, overlap: Overlap, by: User | None, at: datetime) -> Overlap:
    """How many people are counted more than once, from now on; what was stated before stays on record."""
    overlap.recorded_at, overlap.recorded_by = at, by
    overlap.save(force_insert=True)
    trail.record(
        "overlap.stated",
        about=overlap.indicator,
        by=by,
        at=at,
        details={"period": overlap.period.code, "people": str(overlap.people), "source": overlap.source},
    )
    return overlap
