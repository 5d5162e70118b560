"""Categories that are merged into others: the coarser level for everybody, whichever level a partner reports.

Decisions. A partner's figure of a category is what it reported of it; where it was not asked for that category, it is
the sum of its figures of the categories merged into it. It counts as missing while one of those is missing. So nobody
is counted twice, and nothing that was reported is changed.
"""

from typing import Final

from django.db.models import Exists, OuterRef, Q, QuerySet

from measurement.indicators.models import Category
from measurement.submissions.models import CurrentFigure
from measurement.submissions.status import FigureStatus

# Each category with each one above it, and the way up to it: where that was asked for itself, it holds what is below.
_ABOVE: Final = """
    WITH RECURSIVE above AS (
        SELECT c.id AS category_id, c.merged_into_id AS above_id, ARRAY[c.merged_into_id] AS way
        FROM measurement_category c WHERE c.merged_into_id IS NOT NULL
        UNION ALL
        SELECT a.category_id, c.merged_into_id, a.way || c.merged_into_id
        FROM above a JOIN measurement_category c ON c.id = a.above_id
        WHERE c.merged_into_id IS NOT NULL AND c.merged_into_id <> ALL(a.way)
    )
    SELECT * FROM above
"""
# The status of several figures that are read as one: the first of these that any of them has.
_FIRST: Final = (
    FigureStatus.MISSING,
    FigureStatus.NOT_COLLECTED,
    FigureStatus.INCLUDED_ELSEWHERE,
    FigureStatus.WITHHELD,
    FigureStatus.PROVISIONAL,
    FigureStatus.ESTIMATED,
    FigureStatus.REPORTED,
    FigureStatus.NOT_APPLICABLE,
    FigureStatus.NOT_EXPECTED,
)
_STATUS: Final = " ".join(f"WHEN bool_or(f.status = '{status}') THEN '{status}'" for status in _FIRST)

MERGES: Final = """
    EXISTS (SELECT FROM measurement_category c
            WHERE c.initiative_id = v.initiative_id AND c.merged_into_id IS NOT NULL)
"""


def with_merged(figures: str) -> str:
    """The same figures, and a partner's figures of merged categories added up as one of what they are merged into."""
    return f"""
        {figures}
        UNION ALL
        SELECT f.initiative_id, f.indicator_id, f.period_id, f.organization_id, a.above_id AS category_id,
               max(f.version_id) AS version_id, CASE {_STATUS} END AS status,
               CASE WHEN bool_and(f.squares IS NOT NULL OR f.base IS NULL) THEN sum(f.squares) END AS squares,
               measurement_sum_levels(f.levels) AS levels,
               max(f.received_at) AS received_at, max(f.due_at) AS due_at, max(f.recorded_at) AS recorded_at,
               sum(f.amount) AS amount, sum(f.base) AS base, sum(f.low) AS low, sum(f.high) AS high,
               bool_or(f.carried) AS carried
        FROM ({figures}) f JOIN ({_ABOVE}) a ON a.category_id = f.category_id
        WHERE NOT EXISTS (
            SELECT FROM measurement_currentfigure own
            WHERE own.indicator_id = f.indicator_id AND own.period_id = f.period_id
              AND own.organization_id = f.organization_id AND own.category_id = ANY(a.way)
              AND own.status <> 'not_expected'
        )
        GROUP BY f.initiative_id, f.indicator_id, f.period_id, f.organization_id, a.above_id
    """


# The same of definitions, as an expression.
MERGED_HERE: Final = Exists(
    Category.objects.filter(initiative=OuterRef("initiative"), merged_into__isnull=False)
)


def only_in(figures: QuerySet[CurrentFigure], category: Category | None) -> QuerySet[CurrentFigure]:
    """The figures of a category, also those of the categories merged into it that count in it; None: the totals."""
    if category is None:
        return figures.filter(category=None)
    inside = Q(category=category)
    for below, way in _below(category):
        own = CurrentFigure.objects.filter(
            indicator=OuterRef("indicator"),
            period=OuterRef("period"),
            organization=OuterRef("organization"),
            category__in=way,
        ).exclude(status=FigureStatus.NOT_EXPECTED)
        inside |= Q(~Exists(own), category__in=below)
    return figures.filter(inside)


def _below(category: Category) -> list[tuple[list[int], list[int]]]:
    """What is merged into the category, with the way up to it; one query."""
    rows = Category.objects.filter(initiative_id=category.initiative_id, merged_into__isnull=False)
    merged: dict[int, list[int]] = {}
    for child, parent in rows.values_list("pk", "merged_into_id"):
        merged.setdefault(parent or 0, []).append(child)
    found, ways = [], [[category.pk]]
    while ways:
        way = ways.pop()
        below = [each for each in merged.get(way[-1], []) if each not in way]
        if below:
            found.append((below, way))
            ways += [[*way, each] for each in below]
    return found
