"""What has changed in the initiative itself, brought in step and marked for adding up.

Decisions. A partner that joins, leaves or changes group, and a new time zone, leave a row of `Change` in their own
transaction. They are claimed here, before keys are: each initiative by itself, so that what fails in one holds up no
other. What failed is tried again at the next turn.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Final

import structlog
from celery.exceptions import SoftTimeLimitExceeded
from django.db import transaction

from initiatives.charter.models import Change
from measurement.submissions import opening
from measurement.submissions.models import CurrentFigure, DirtyKey, Key

log = structlog.get_logger(__name__)

_WHO_TAKES_PART: Final = {Change.What.JOINED, Change.What.LEFT}


def claim_changes(*, at: datetime) -> None:
    for initiative_id in list(Change.objects.order_by().values_list("initiative_id", flat=True).distinct()):
        try:
            _claim_those_of(initiative_id, at=at)
        except SoftTimeLimitExceeded:  # says nothing about the changes, and the worker has to stop
            raise
        except Exception:  # whatever is wrong in one initiative must not hold up the others
            log.exception("changes_not_claimed", initiative=initiative_id)


@transaction.atomic
def _claim_those_of(initiative_id: int, *, at: datetime) -> None:
    rows = list(Change.objects.select_for_update(skip_locked=True).filter(initiative_id=initiative_id))
    kinds = {Change.What(row.what) for row in rows}
    if kinds & _WHO_TAKES_PART:
        opening.follow_partners(initiative_id=initiative_id, at=at)
    if Change.What.TIME_ZONE in kinds:
        opening.follow_time_zone(initiative_id=initiative_id, at=at)
    regrouped = {
        row.organization_id for row in rows if row.organization_id and row.what == Change.What.REGROUPED
    }
    _mark_all_figures_of(regrouped, initiative_id, at=at)
    Change.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _mark_all_figures_of(partners: Collection[int], initiative_id: int, *, at: datetime) -> None:
    """In all their periods: they count in another group from the beginning."""
    figures = CurrentFigure.objects.filter(initiative_id=initiative_id, organization_id__in=partners)
    found = figures.order_by().values_list("indicator_id", "period_id").distinct()
    DirtyKey.objects.mark(initiative_id, [Key(indicator, period, None) for indicator, period in found], at=at)
