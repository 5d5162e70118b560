"""Defining what is measured. A definition is never changed in place: a new version follows it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backbone.accounts.models import User
from backbone.audit import trail
from backbone.web.codes import refusing_duplicates
from backbone.web.dates import long_date
from measurement.indicators.computing import why_not_computed
from measurement.indicators.kinds import Kind
from measurement.indicators.models import Indicator, IndicatorVersion, Level, SeriesBreak, Target
from measurement.indicators.selectors import last_period_asked_for


class NotAllowed(Exception):
    """It does not fit what was reported or agreed already. The text says so to people."""


@transaction.atomic
def define(*, indicator: Indicator, version: IndicatorVersion, by: User | None, at: datetime) -> Indicator:
    """A new indicator with its first version, at the end of the list."""
    last = Indicator.objects.filter(initiative_id=indicator.initiative_id).last()
    indicator.position = indicator.position or (last.position + 1 if last else 1)
    if version.kind == Kind.POPULATION:
        indicator.level = Level.POPULATION
    with refusing_duplicates(
        NotAllowed(_("There is already a measure with the code “%(code)s”.") % {"code": indicator.code})
    ):
        indicator.save()
    version.number = 1
    _save(version, indicator)
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
    """The next version. With a note of what is not comparable, the curve is broken where it begins.

    Raises NotAllowed where it would reach back over the version before, or into a period for which figures
    have been asked for: those keep the meaning that they were asked for with.
    """
    Indicator.objects.select_for_update().get(pk=indicator.pk)
    newest = indicator.versions.latest("number")
    reason = why_not_from(indicator, newest, version)
    if reason:
        raise NotAllowed(reason)
    version.number = newest.number + 1
    version.pk = None
    _save(version, indicator)
    if break_note:
        SeriesBreak.objects.update_or_create(
            initiative_id=indicator.initiative_id,
            indicator=indicator,
            on=version.effective_from,
            defaults={"note": break_note},
        )
    trail.record("indicator.redefined", about=indicator, by=by, at=at, details={"version": version.number})
    return version


def _save(version: IndicatorVersion, indicator: Indicator) -> None:
    """With what follows from its kind where nothing was said: the rule over time, the currency of money."""
    version.initiative_id, version.indicator = indicator.initiative_id, indicator
    version.over_time = version.over_time or version.rules.over_time[0]
    if version.kind == Kind.DERIVED:
        reason = why_not_computed(indicator.initiative, indicator.code, version.expression)
        if reason:
            raise NotAllowed(reason)
    if version.kind == Kind.MONEY:
        version.unit = version.unit or indicator.initiative.currency
    version.save()


def why_not_from(indicator: Indicator, newest: IndicatorVersion, version: IndicatorVersion) -> str:
    """Why a new version cannot count from its day on; empty where it can."""
    if version.effective_from <= newest.effective_from:
        return _("Version %(number)s counts from %(day)s. Choose a later day.") % {
            "number": newest.number,
            "day": long_date(newest.effective_from),
        }
    if version.divisor != newest.divisor:
        return _(
            "With these units amounts would be kept in other parts than before, and could not be added to those that"
            " are there. Define a new measure for them."
        )
    asked = last_period_asked_for(indicator)
    if asked and version.effective_from <= asked:
        return _(
            "Figures from %(day)s on have been asked for with the present meaning. Choose a later day."
        ) % {"day": long_date(asked)}
    return ""


@transaction.atomic
def set_target(*, target: Target, by: User | None, at: datetime) -> Target:
    with refusing_duplicates(NotAllowed(_("There is already a target for that day. Change that one."))):
        target.save()
    trail.record("target.set", about=target, by=by, at=at, details={"value": str(target.value)})
    return target


@transaction.atomic
def remove_target(*, target: Target, by: User, at: datetime) -> None:
    trail.record("target.removed", about=target, by=by, at=at, details={"value": str(target.value)})
    target.delete()


PROTECTION = ("release_k", "is_sensitive", "is_exempt")


@transaction.atomic
def protect(*, indicator: Indicator, by: User, at: datetime) -> None:
    """Store how a changed measure is protected when it is published; the trail keeps what it was before."""
    before = Indicator.objects.select_for_update().get(pk=indicator.pk)
    changed = [name for name in PROTECTION if getattr(before, name) != getattr(indicator, name)]
    if changed:
        indicator.save(update_fields=changed)
        was = {name: getattr(before, name) for name in changed}
        trail.record("indicator.protected", about=indicator, by=by, at=at, details={"was": was})
