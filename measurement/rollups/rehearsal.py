"""Trying a change on past data: every figure before and after, with nothing touched (see beside.py).

Decisions. The change is put before the kept rows, not into them: a partner left out is filtered from the figures, one
that is taken in is one more member of the group, and another rule stands in all the definitions of the measure. A
computed measure is tried on the measures that it is made from.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Final

from initiatives.charter.models import GroupMember, PartnerGroup
from measurement.indicators.kinds import Kind, OverTime
from measurement.indicators.models import Category, Indicator, IndicatorVersion
from measurement.rollups.beside import COLUMNS, Instead, Measured, summed_beside
from measurement.rollups.selectors import Figure, Known, curve

_MEMBERS: Final = str(GroupMember._meta.db_table)
_OF_ONE_MORE: Final = {
    "id": "0",
    "initiative_id": "%(initiative)s",
    "group_id": "%(group)s",
    "organization_id": "%(also)s",
}
_DEFINITIONS: Final = str(IndicatorVersion._meta.db_table)
_FIGURES: Final = f"""
    SELECT {", ".join(f"c.{column}" for column in COLUMNS)} FROM measurement_currentfigure c
    WHERE c.indicator_id = ANY(%(indicators)s) AND c.organization_id IS DISTINCT FROM %(without)s
"""


@dataclass(frozen=True)
class Trial:
    """What to try; None for what stays as it is. `also` is taken into the group that is looked at."""

    without: int | None = None
    also: int | None = None
    final_at: Decimal | None = None
    over_time: OverTime | None = None
    carry_periods: int | None = None


@dataclass(frozen=True)
class BeforeAndAfter:
    """The figure of one period as it is and as it would be; None where there is none."""

    before: Figure | None
    after: Figure | None


def rehearse(
    what: Known, indicator: Indicator, trial: Trial, *, group: PartnerGroup | None = None
) -> list[BeforeAndAfter]:
    """The figures of one measure over all the periods at hand, in order of time."""
    before = curve(what, indicator, group=group)
    with _tried(what, indicator, trial, group):
        after = curve(_judged_at(what, trial), indicator, group=group)
    there = {figure.period.pk: figure for figure in after}
    known = [BeforeAndAfter(figure, there.pop(figure.period.pk, None)) for figure in before]
    return [*known, *(BeforeAndAfter(None, figure) for figure in there.values())]


def _judged_at(what: Known, trial: Trial) -> Known:
    """The same periods and definitions, with another share from which a figure counts as complete."""
    if trial.final_at is None:
        return what
    initiative = copy(what.initiative)
    initiative.final_at_completeness = trial.final_at
    return replace(what, initiative=initiative)


@contextmanager
def _tried(what: Known, indicator: Indicator, trial: Trial, group: PartnerGroup | None) -> Iterator[None]:
    made_from = sorted(what.made_from(indicator.pk))
    arguments = {
        "indicators": made_from,
        "initiative": what.initiative.pk,
        "without": trial.without,
        "also": trial.also,
        "group": group.pk if group else None,
        "over_time": trial.over_time.value if trial.over_time else None,
        "carry_periods": trial.carry_periods,
    }
    instead = Instead(_FIGURES, {_MEMBERS: _MORE_MEMBERS, _DEFINITIONS: _OTHER_RULES}, arguments)
    with summed_beside(_measured(what, made_from, trial), instead):
        yield


def _measured(what: Known, made_from: list[int], trial: Trial) -> Measured:
    versions = [each for each in what.versions.values() if each.indicator_id in made_from]
    carry, over_time = trial.carry_periods, trial.over_time
    merged = Category.objects.filter(initiative=what.initiative, merged_into__isnull=False)
    return Measured(
        made_from,
        carrying={v.indicator_id for v in versions if (v.carry_periods if carry is None else carry) > 0},
        averaging={v.indicator_id for v in versions if (over_time or v.over_time) == OverTime.AVERAGE},
        stated={v.indicator_id for v in versions if v.kind == Kind.POPULATION},
        merges=merged.exists(),
    )


def _columns(table: Any, instead: dict[str, str]) -> str:
    """The columns of a table, some of them as something else."""
    names = [str(each.column) for each in table._meta.concrete_fields]
    return ", ".join(f"{instead[name]} AS {name}" if name in instead else f"t.{name}" for name in names)


# All along, whatever was said of it before.
_MORE_MEMBERS: Final = f"""
    SELECT {_columns(GroupMember, {})} FROM {_MEMBERS} t
    WHERE (t.group_id = %(group)s AND t.organization_id = %(also)s) IS NOT TRUE
    UNION ALL
    SELECT {
    ", ".join(_OF_ONE_MORE.get(str(each.column), "NULL") for each in GroupMember._meta.concrete_fields)
}
    WHERE %(also)s::bigint IS NOT NULL AND %(group)s::bigint IS NOT NULL
"""
_TRIED: Final = "t.indicator_id = ANY(%(indicators)s)"
_OTHER_RULES: Final = f"""
    SELECT {
    _columns(
        IndicatorVersion,
        {
            name: f"CASE WHEN {_TRIED} THEN coalesce(%({name})s, t.{name}) ELSE t.{name} END"
            for name in ("over_time", "carry_periods")
        },
    )
} FROM {_DEFINITIONS} t
"""
