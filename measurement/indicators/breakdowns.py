"""Breakdowns and their categories. A category that anybody was ever asked for stays."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import ProtectedError
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
    *, disaggregation: Disaggregation, name: str, is_unknown: bool = False, by: User, at: datetime
) -> Category:
    """Periods that are opened from now on ask for it; those that are open do not."""
    Disaggregation.objects.select_for_update().get(pk=disaggregation.pk)
    made = _append(disaggregation, name, is_unknown=is_unknown)
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


def _append(disaggregation: Disaggregation, name: str, *, is_unknown: bool = False) -> Category:
    last = disaggregation.categories.last()
    category = Category(
        initiative_id=disaggregation.initiative_id,
        disaggregation=disaggregation,
        code=_free_code(disaggregation, name),
        name=name,
        position=last.position + 1 if last else 1,
        is_unknown=is_unknown,
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
