"""Defining what is measured. A definition is never changed in place: a new version follows it."""

from datetime import datetime

from django.db import transaction

from backbone.accounts.models import User
from backbone.audit import trail
from measurement.indicators.models import Disaggregation, Indicator, IndicatorVersion, SeriesBreak, Target


@transaction.atomic
def define(*, indicator: Indicator, version: IndicatorVersion, by: User | None, at: datetime) -> Indicator:
    """A new indicator with its first version."""
    indicator.save()
    version.initiative_id, version.indicator, version.number = indicator.initiative_id, indicator, 1
    version.over_time = version.over_time or version.rules.over_time[0]
    version.save()
    trail.record("indicator.defined", about=indicator, by=by, at=at)
    return indicator


@transaction.atomic
def redefine(
    *,
    indicator: Indicator,
    version: IndicatorVersion,
    break_note: str = "",
    by: User | None,
    at: datetime,
) -> IndicatorVersion:
    """The next version. With a note of what is not comparable, the curve is broken where it begins."""
    Indicator.objects.select_for_update().get(pk=indicator.pk)
    version.initiative_id, version.indicator = indicator.initiative_id, indicator
    version.number = indicator.versions.count() + 1
    version.pk = None
    version.over_time = version.over_time or version.rules.over_time[0]
    version.save()
    if break_note:
        SeriesBreak.objects.update_or_create(
            initiative_id=indicator.initiative_id,
            indicator=indicator,
            on=version.effective_from,
            defaults={"note": break_note},
        )
    trail.record("indicator.redefined", about=indicator, by=by, at=at, details={"version": version.number})
    return version


@transaction.atomic
def set_target(*, target: Target, by: User | None, at: datetime) -> Target:
    target.save()
    trail.record("target.set", about=target, by=by, at=at, details={"value": str(target.value)})
    return target


@transaction.atomic
def remove_target(*, target: Target, by: User, at: datetime) -> None:
    trail.record("target.removed", about=target, by=by, at=at, details={"value": str(target.value)})
    target.delete()


@transaction.atomic
def save_breakdown(*, disaggregation: Disaggregation, by: User | None, at: datetime) -> Disaggregation:
    disaggregation.save()
    trail.record("disaggregation.saved", about=disaggregation, by=by, at=at)
    return disaggregation
