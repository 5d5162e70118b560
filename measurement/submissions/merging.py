"""Categories that become one from a day on, and categories that are parts of those of a coarser breakdown.

Decisions. What several categories become is a category of its own, even where it takes over a name: what was reported
by the old ones keeps its meaning, and counts in the new one too. Only where everybody is in exactly one category do the
parts make the whole, so only such breakdowns have merged categories.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from itertools import product

from django.db import transaction
from django.utils.translation import gettext as _

from backbone.accounts.models import User
from backbone.audit import trail
from backbone.celery import hint
from measurement.calendars.models import ReportingPeriod
from measurement.indicators import breakdowns
from measurement.indicators.models import Category, Disaggregation
from measurement.submissions.expecting import expect_everywhere
from measurement.submissions.models import CurrentFigure, DirtyKey, Key, NotAllowed


@transaction.atomic
def merge_categories(
    *, categories: Sequence[Category], name: str, starts_on: date, by: User | None, at: datetime
) -> Category:
    """Periods that begin from that day on ask for the new category instead; its figures hold the old ones' before.

    Raises NotAllowed where they cannot be one.
    """
    breakdown = _locked(categories[0].disaggregation)
    _must_be_one(categories, breakdown, starts_on)
    made = breakdowns.add_category(disaggregation=breakdown, name=name, by=by, at=at)
    merged = list(_crossed(categories, made))
    for olds, new in [(list(categories), made), *merged]:
        _end(olds, new, starts_on)
    old = [category for olds, _new in [(list(categories), made), *merged] for category in olds]
    trail.record(
        "category.merged",
        about=made,
        by=by,
        at=at,
        details={"from": [each.code for each in categories], "on": str(starts_on)},
    )
    expect_everywhere(
        periods=ReportingPeriod.objects.filter(initiative=made.initiative_id, end__gte=starts_on), at=at
    )
    _add_up_again(made.initiative_id, old, at=at)
    return made


@transaction.atomic
def nest(
    *, breakdown: Disaggregation, parents: Mapping[int, Category | None], by: User | None, at: datetime
) -> None:
    """Each category of a breakdown (by primary key) counts in one of a coarser breakdown, or none of them does.

    Raises NotAllowed where the coarser breakdown would not hold everybody, or holds this one.
    """
    locked = _locked(breakdown)
    top = [each for each in locked.categories.all() if each.pk in parents]
    chosen = {parent.disaggregation_id for parent in parents.values() if parent is not None}
    if chosen and (len(chosen) > 1 or None in parents.values()):
        raise NotAllowed(_("Each category needs its place in the same coarser breakdown, or none has one."))
    _must_be_coarser(locked, chosen)
    changed = [each for each in top if each.merged_into != parents[each.pk]]
    for category in changed:
        category.merged_into = parents[category.pk]
    Category.objects.bulk_update(changed, ["merged_into"])
    trail.record("disaggregation.nested", about=locked, by=by, at=at)
    _add_up_again(locked.initiative_id, list(locked.categories.all()), at=at)


def outermost(breakdown: Disaggregation) -> list[Category]:
    """The categories that are merged into none of the same breakdown: those that can have a place in a coarser one."""
    return [
        each
        for each in breakdown.categories.select_related("merged_into__disaggregation")
        if each.merged_into is None or each.merged_into.disaggregation_id != breakdown.pk
    ]


def _locked(breakdown: Disaggregation) -> Disaggregation:
    """Merges of one initiative come one after the other, so that two of them never make a circle."""
    list(
        Disaggregation.objects.select_for_update(no_key=True)
        .filter(initiative=breakdown.initiative_id)
        .order_by("pk")
    )
    found = Disaggregation.objects.get(pk=breakdown.pk)
    if found.adds_up != Disaggregation.AddsUp.PARTITION or found.is_cross_table:
        raise NotAllowed(_("Only where everybody is in exactly one category can categories be merged."))
    return found


def _must_be_one(categories: Sequence[Category], breakdown: Disaggregation, starts_on: date) -> None:
    if {each.disaggregation_id for each in categories} != {breakdown.pk}:
        raise NotAllowed(_("Only categories of one breakdown can be merged."))
    if any(each.is_unknown for each in categories):
        raise NotAllowed(_("Those not known stay a category of their own."))
    if any(each.ends_on is not None for each in categories):
        raise NotAllowed(_("One of them has ended already."))
    if any(each.starts_on is not None and each.starts_on >= starts_on for each in categories):
        raise NotAllowed(_("One of them begins only then, or later."))
    if len({each.merged_into_id for each in categories}) > 1:
        raise NotAllowed(_("They are parts of different categories of a coarser breakdown."))


def _must_be_coarser(breakdown: Disaggregation, chosen: set[int]) -> None:
    """No way leads from the coarser breakdown back to this one."""
    seen: set[int] = set()
    while chosen - seen:
        if breakdown.pk in chosen:
            raise NotAllowed(_("A breakdown cannot be coarser than itself."))
        seen |= chosen
        rows = Category.objects.filter(disaggregation__in=chosen, merged_into__isnull=False)
        above = set(rows.values_list("merged_into__disaggregation_id", flat=True)) - chosen
        chosen = {int(each or 0) for each in above}


def _crossed(categories: Sequence[Category], made: Category) -> list[tuple[list[Category], Category]]:
    """The cells of cross-tables that become one with them."""
    new = Category.objects.filter(row=made) | Category.objects.filter(column=made)
    found = []
    for cell, side in product(new.order_by("pk"), ("row", "column")):
        if getattr(cell, f"{side}_id") == made.pk:
            other = "column" if side == "row" else "row"
            olds = Category.objects.filter(
                disaggregation=cell.disaggregation_id,
                **{f"{side}__in": list(categories), f"{other}_id": getattr(cell, f"{other}_id")},
            )
            found.append((list(olds), cell))
    return found


def _end(olds: list[Category], new: Category, starts_on: date) -> None:
    new.starts_on = starts_on
    new.merged_into_id = olds[0].merged_into_id if olds else None
    new.save(update_fields=["starts_on", "merged_into"])
    for old in olds:
        old.merged_into, old.ends_on = new, starts_on - timedelta(days=1)
    Category.objects.bulk_update(olds, ["merged_into", "ends_on"])


def _add_up_again(initiative_id: int, categories: Sequence[Category], *, at: datetime) -> None:
    """Every sum that these categories are in, of closed periods too."""
    figures = CurrentFigure.objects.filter(category__in=categories).order_by().distinct()
    keys = [Key(indicator, period, None) for indicator, period in figures.values_list("indicator", "period")]
    DirtyKey.objects.mark(initiative_id, keys, at=at)
    if keys:
        hint("measurement.roll_up_changed")
