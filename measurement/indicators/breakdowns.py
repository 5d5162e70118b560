"""Breakdowns and their categories. A category that anybody was ever asked for stays."""

from collections.abc import Sequence
from datetime import datetime
from itertools import product
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError, Q
from django.utils.translation import gettext as _

from backbone.accounts.models import User
from backbone.audit import trail
from backbone.web.codes import LONGEST_CODE, code_from, refusing_duplicates
from measurement.indicators.models import Category, Disaggregation
from measurement.indicators.operations import NotAllowed


@transaction.atomic
def create_breakdown(
    *,
    disaggregation: Disaggregation,
    names: Sequence[str],
    unknown: str = "",
    by: User | None,
    at: datetime,
) -> Disaggregation:
    """A breakdown with its categories in order; `unknown` names the one for those not known."""
    with refusing_duplicates(
        NotAllowed(
            _("There is already a breakdown with the code “%(code)s”.") % {"code": disaggregation.code}
        )
    ):
        disaggregation.save()
    for name in names:
        _append(disaggregation, name)
    if unknown:
        _append(disaggregation, unknown, is_unknown=True)
    trail.record("disaggregation.created", about=disaggregation, by=by, at=at)
    return disaggregation


@transaction.atomic
def create_cross_table(
    *, rows: Disaggregation, columns: Disaggregation, name: str, code: str, by: User | None, at: datetime
) -> Disaggregation:
    """A breakdown whose categories are the cells in which one category of each margin meets."""
    if rows.is_cross_table or columns.is_cross_table or rows == columns:
        raise NotAllowed(_("A cross-table is made of two different breakdowns that are none themselves."))
    table = Disaggregation(
        initiative_id=rows.initiative_id,
        code=code,
        name=name,
        adds_up=_together(rows, columns),
        rows=rows,
        columns=columns,
    )
    with refusing_duplicates(
        NotAllowed(_("There is already a breakdown with the code “%(code)s”.") % {"code": code})
    ):
        table.save()
    for row, column in product(rows.categories.filter(ends_on=None), columns.categories.filter(ends_on=None)):
        _append_cell(table, row, column)
    trail.record("disaggregation.created", about=table, by=by, at=at)
    return table


def _together(rows: Disaggregation, columns: Disaggregation) -> str:
    both = {rows.adds_up, columns.adds_up}
    rules = (Disaggregation.AddsUp.OVERLAPPING, Disaggregation.AddsUp.PARTIAL)
    return str(next((rule for rule in rules if rule in both), Disaggregation.AddsUp.PARTITION))


@transaction.atomic
def rename(
    *, disaggregation: Disaggregation, name: str, names: dict[int, str], by: User, at: datetime
) -> Disaggregation:
    """Other words for the breakdown and its categories (by primary key); what they mean stays."""
    disaggregation.name = name
    disaggregation.save(update_fields=["name"])
    changed = [each for each in disaggregation.categories.all() if names.get(each.pk, each.name) != each.name]
    for category in changed:
        category.name = names[category.pk]
    Category.objects.bulk_update(changed, ["name"])
    trail.record("disaggregation.renamed", about=disaggregation, by=by, at=at, details={"name": name})
    return disaggregation


@transaction.atomic
def add_category(
    *, disaggregation: Disaggregation, name: str, is_unknown: bool = False, by: User | None, at: datetime
) -> Category:
    """Periods that are opened from now on ask for it; those that are open do not."""
    Disaggregation.objects.select_for_update().get(pk=disaggregation.pk)
    if disaggregation.is_cross_table:
        raise NotAllowed(_("Its cells follow from its two margins: add the category there."))
    made = _append(disaggregation, name, is_unknown=is_unknown)
    append_to_cross_tables(made)
    trail.record("category.added", about=made, by=by, at=at, details={"breakdown": disaggregation.code})
    return made


@transaction.atomic
def remove_category(*, category: Category, by: User, at: datetime) -> None:
    """Raises NotAllowed for one that figures are expected of or were reported for."""
    trail.record(
        "category.removed", about=category, by=by, at=at, details={"breakdown": category.disaggregation.code}
    )
    try:
        category.delete()
    except ProtectedError as in_use:
        raise NotAllowed(
            _("Figures have been asked for by “%(name)s”, so it stays. It can be renamed.")
            % {"name": category.name}
        ) from in_use


def append_to_cross_tables(category: Category) -> list[Category]:
    """The cells of a new category, in every cross-table that its breakdown is a margin of."""
    made = []
    margin = category.disaggregation
    tables = Disaggregation.objects.filter(Q(rows=margin) | Q(columns=margin)).select_related(
        "rows", "columns"
    )
    for table in tables:
        if table.rows == margin and table.columns is not None:
            made += [
                _append_cell(table, category, each) for each in table.columns.categories.filter(ends_on=None)
            ]
        elif table.rows is not None:
            made += [
                _append_cell(table, each, category) for each in table.rows.categories.filter(ends_on=None)
            ]
    return made


def _append_cell(table: Disaggregation, row: Category, column: Category) -> Category:
    name = _("%(row)s, %(column)s") % {"row": row.name, "column": column.name}
    return _append(table, name[:200], row=row, column=column)


def _append(disaggregation: Disaggregation, name: str, **fields: Any) -> Category:
    last = disaggregation.categories.last()
    category = Category(
        initiative_id=disaggregation.initiative_id,
        disaggregation=disaggregation,
        code=_free_code(disaggregation, name),
        name=name,
        position=last.position + 1 if last else 1,
        **fields,
    )
    with refusing_duplicates(
        NotAllowed(_("There is already a category for those not known. There can be only one."))
    ):
        category.save()
    return category


def _free_code(disaggregation: Disaggregation, name: str) -> str:
    """A code that no category of the breakdown has. It counts on from the name's own where that is taken."""
    taken = set(disaggregation.categories.values_list("code", flat=True))
    stem = code_from(name)[: LONGEST_CODE - 4] or "category"
    return next(
        code for code in (stem, *(f"{stem}-{place}" for place in range(2, 1000))) if code not in taken
    )
