"""Figures as they were at a past moment: what was recorded until then, added up by the same statements.

Decisions. A value counts as it stood: the last observation of it that had been recorded. Where that is the one
that stands today, its current figure is taken as it is, so only what has moved since is looked up in the
history. Where nothing had been recorded, it was missing, if its report was expected already. Partners are in the
groups that they were known to be in at that moment. Who is no longer expected, due dates and the words of
definitions are those of today: no history is kept of them.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, Final

from django.db.models import QuerySet

from initiatives.charter.models import GroupMember, Initiative, PartnerGroup, in_group
from measurement.calendars.models import ReportingPeriod
from measurement.indicators.kinds import Kind, OverTime
from measurement.indicators.models import Category, Indicator, IndicatorVersion
from measurement.rollups.beside import COLUMNS, Instead, Measured, summed_beside
from measurement.rollups.merging import MERGED_HERE
from measurement.rollups.selectors import Figure, Known, curve, known
from measurement.stated.models import Overlap, PopulationFigure
from measurement.submissions.models import CurrentFigure, Observation

_OF_BOTH: Final = {str(each.column) for each in Observation._meta.concrete_fields} & set(COLUMNS)
_SAME_IN_BOTH: Final = {"id", "initiative_id", "indicator_id", "period_id", "organization_id", "category_id"}


def _as_it_was(column: str) -> str:
    """A column of a figure that moved since: from observation `o` where there was one, else as nothing was known."""
    if column == "status":
        return (
            "CASE WHEN o.id IS NOT NULL THEN o.status WHEN c.recorded_at IS NULL THEN c.status"
            " ELSE 'missing' END"
        )
    if column == "observation_id":
        return "o.id"
    if column == "version_id":
        return "coalesce(o.version_id, c.version_id)"
    if column in _SAME_IN_BOTH or column not in _OF_BOTH:
        return f"c.{column}"
    return f"coalesce(o.{column}, {empty})" if (empty := _EMPTY.get(column)) else f"o.{column}"


_EMPTY: Final = {
    str(each.column): "false" if each.get_internal_type() == "BooleanField" else "''"
    for each in CurrentFigure._meta.concrete_fields
    if not each.null and each.get_internal_type() in ("BooleanField", "TextField", "CharField")
}

_NO_MATTER: Final = datetime(2000, 1, 1, tzinfo=UTC)  # no figure is read with it
_FIGURES_THEN: Final = f"""
    SELECT {", ".join(f"c.{column}" for column in COLUMNS)} FROM measurement_currentfigure c
    WHERE c.indicator_id = ANY(%(indicators)s) AND c.recorded_at <= %(then)s
    UNION ALL
    SELECT {", ".join(_as_it_was(column) for column in COLUMNS)} FROM measurement_currentfigure c
    JOIN measurement_expectedreport r ON r.id = c.expected_report_id
    LEFT JOIN LATERAL (
        SELECT past.* FROM measurement_observation past
        WHERE c.recorded_at IS NOT NULL AND past.recorded_at <= %(then)s
          AND past.indicator_id = c.indicator_id AND past.period_id = c.period_id
          AND past.organization_id = c.organization_id AND past.category_id IS NOT DISTINCT FROM c.category_id
        ORDER BY past.recorded_at DESC, past.id DESC
        LIMIT 1
    ) o ON true
    WHERE c.indicator_id = ANY(%(indicators)s) AND (c.recorded_at IS NULL OR c.recorded_at > %(then)s)
      AND (r.created_at <= %(then)s OR o.id IS NOT NULL)
"""

_MEMBERS: Final = str(GroupMember._meta.db_table)
_MEMBERS_THEN: Final = f"""
    SELECT id, initiative_id, group_id, organization_id, joined_on, left_on, recorded_at,
           NULL::timestamptz AS superseded_at
    FROM {_MEMBERS}
    WHERE (recorded_at IS NULL OR recorded_at <= %(then)s) AND (superseded_at IS NULL OR superseded_at > %(then)s)
"""

_THEN: Final = {_MEMBERS: _MEMBERS_THEN} | {
    name: f"SELECT * FROM {name} WHERE recorded_at <= %(then)s"
    for name in (str(each._meta.db_table) for each in (PopulationFigure, Overlap))
}


@contextmanager
def as_it_was(initiative: Initiative, code: str, then: datetime) -> Iterator[None]:
    """Within, every figure of the measure with that code reads as it did at that moment (see beside.py)."""
    measured = _measured(initiative, code)
    if measured is None:
        yield
        return
    with summed_beside(measured, Instead(_FIGURES_THEN, _THEN, {"then": then})):
        yield


def figures(
    what: Known,
    indicator: Indicator,
    then: datetime,
    *,
    group: PartnerGroup | None = None,
    category: Category | None = None,
) -> list[Figure]:
    """Figures of one measure over all the periods at hand as they were at that moment, in order of time."""
    with as_it_was(what.initiative, indicator.code, then):
        return curve(what, indicator, group=group, category=category)


def recorded_since(
    indicator: Indicator,
    then: datetime,
    *,
    periods: list[ReportingPeriod],
    group: PartnerGroup | None = None,
    category: Category | None = None,
) -> QuerySet[Observation]:
    """What was recorded after that moment about these periods and the shorter ones in them, the newest first."""
    rows: Any = Observation.objects.filter(
        indicator=indicator, category=category, recorded_at__gt=then, period__wholes__whole__in=periods
    )
    if group is not None:
        rows = rows.filter(in_group(group))
    named: QuerySet[Observation] = rows.select_related(
        "organization", "period", "version", "supersedes__version"
    )
    return named.order_by("-recorded_at", "-pk").distinct()


def _measured(initiative: Initiative, code: str) -> Measured | None:
    """The measure with that code, or those that it is computed from."""
    versions = list(IndicatorVersion.objects.filter(indicator__initiative=initiative, indicator__code=code))
    if not versions:
        return None
    made_from = known(initiative, at=_NO_MATTER, periods=(), versions=versions, sees_all=True).made_from(
        versions[0].indicator_id
    )
    rules = IndicatorVersion.objects.filter(indicator__in=made_from).values_list(
        "indicator_id", "carry_periods", "over_time", MERGED_HERE, "kind"
    )
    return Measured(
        sorted(made_from),
        carrying={pk for pk, carry, _over, _merges, _kind in rules if carry > 0},
        averaging={pk for pk, _carry, over, _merges, _kind in rules if over == OverTime.AVERAGE},
        stated={pk for pk, _carry, _over, _merges, kind in rules if kind == Kind.POPULATION},
        merges=any(merges for _pk, _carry, _over, merges, _kind in rules),
    )
