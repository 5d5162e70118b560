"""Reading figures: cells by what they are about, in a number of queries that does not grow."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Exists, F, IntegerField, OuterRef, QuerySet, Subquery, Sum, Value
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce

from initiatives.charter.models import Initiative, PartnerGroup
from measurement.calendars.models import PeriodPart, ReportingPeriod
from measurement.indicators.kinds import Kind
from measurement.indicators.models import Category, Indicator
from measurement.rollups import kinds
from measurement.rollups.computed import computed
from measurement.rollups.figures import Figure, Known, known
from measurement.rollups.models import Cell, Leaf, RollUpRun, SumsRow
from measurement.stated.models import Overlap, PopulationFigure
from measurement.submissions.models import DirtyKey

__all__ = ["Figure", "Known", "known"]  # those who read figures find what they read here

# Sums of fewer partners tell one of them what another reported.
FEWEST_TOLD: Final = 3
# A rebuild that has not moved on for so long has died with its worker: nobody waits for it any more.
_GIVEN_UP_AFTER: Final = timedelta(hours=1)


def periods_read(initiative: Initiative) -> QuerySet[ReportingPeriod]:
    """Every period about which something was asked or stated, and the longer ones that hold it, in order of time."""
    opened = PeriodPart.objects.filter(whole=OuterRef("pk")).exclude(
        part__state=ReportingPeriod.State.PLANNED
    )
    stated = PopulationFigure.objects.filter(period__wholes__whole=OuterRef("pk"))
    return (
        ReportingPeriod.objects.in_initiative(initiative)
        .filter(Exists(opened) | Exists(stated))
        .select_related("calendar")
        .order_by("start", "end", "pk")
    )


def totals(what: Known, *, group: PartnerGroup | None = None, only_reported: bool = False) -> list[Figure]:
    """Figures of all the definitions over all the periods at hand, of everybody or of one group."""
    cells = _cells(what).filter(group=group, category=None)
    figures = list(_figures(what, cells.filter(_own_leaf()) if only_reported else cells))
    return figures + computed(what, figures)


def curve(
    what: Known, indicator: Indicator, *, group: PartnerGroup | None = None, category: Category | None = None
) -> list[Figure]:
    """Figures of one measure over all the periods at hand, in order of time."""
    cells = _about(what, indicator).filter(group=group, category=category)
    return _of(what, indicator, cells)


def curves_of(
    what: Known, indicator: Indicator, categories: Iterable[int], *, group: PartnerGroup | None = None
) -> list[Figure]:
    """Figures of some categories of one measure over all the periods at hand, in order of time."""
    cells = _about(what, indicator).filter(group=group, category__in=list(categories))
    return _of(what, indicator, cells.select_related("category"))


def moved_since(what: Known, moment: datetime, *, at_most: int) -> list[Figure]:
    """Totals with data that were recorded since then, the newest first."""
    cells = _cells(what).filter(_own_leaf(), group=None, category=None, recorded_at__gte=moment)
    return list(_figures(what, cells.order_by("-recorded_at", "pk")[:at_most]))


def by_category(
    what: Known, indicator: Indicator, period: ReportingPeriod, *, group: PartnerGroup | None = None
) -> list[Figure]:
    """The breakdown of one figure, in the order of its categories."""
    cells = _about(what, indicator).filter(period=period, group=group, category__isnull=False)
    named = cells.select_related("category__disaggregation", "category__row", "category__column").order_by(
        "category__disaggregation__name",
        "category__disaggregation_id",
        "category__position",
        "category_id",
    )
    return _of(what, indicator, named)


def by_group(what: Known, indicator: Indicator, period: ReportingPeriod) -> list[Figure]:
    """One figure in every group of partners, by the alphabet: never a ranking."""
    cells = _about(what, indicator).filter(period=period, category=None, group__isnull=False)
    return _of(what, indicator, cells.select_related("group").order_by("group__name", "group_id"))


def figure(
    what: Known,
    indicator: Indicator,
    period: ReportingPeriod,
    *,
    group: PartnerGroup | None = None,
    category: Category | None = None,
) -> Figure | None:
    """One figure with its run, by what it is about."""
    cells = _about(what, indicator).filter(period=period, group=group, category=category)
    return next(iter(_of(what, indicator, cells.select_related("run"))), None)


def cells(what: Known, indicator: Indicator | None = None) -> QuerySet[Cell]:
    """Every sum over the periods at hand, or those for one measure, in order of time: to be narrowed, then `read`."""
    found = _cells(what) if indicator is None else _about(what, indicator)
    return found.select_related("group", "category__disaggregation", "run")


def read(what: Known, found: Iterable[Cell], indicator: Indicator | None = None) -> list[Figure]:
    """Figures of what is kept, as many as cells; or of one measure, which may be computed from those of others."""
    return list(_figures(what, found)) if indicator is None else _of(what, indicator, found)


def _own_leaf() -> Exists:
    """A condition on cells: partners hand in figures of this very period."""
    return Exists(
        Leaf.objects.filter(
            indicator=OuterRef("indicator"), period=OuterRef("period"), group=None, category=None
        )
    )


def _cells(what: Known) -> QuerySet[Cell]:
    cells = (
        Cell.objects.in_initiative(what.initiative)
        .filter(period__in=list(what.periods))
        .annotate(reported=_own_leaf())
        .order_by("period__start", "period__end", "pk")
    )
    if any(version.kind == Kind.UNIQUE_PEOPLE for version in what.versions.values()):
        cells = cells.annotate(overlap=_stated_overlap())
    return cells


def _stated_overlap() -> Subquery:
    """How many people are stated to be counted more than once in a cell; only of totals."""
    everybody = Value(0)
    newest = Overlap.objects.alias(of=Coalesce("group_id", everybody)).filter(
        indicator=OuterRef("indicator"),
        period=OuterRef("period"),
        of=Coalesce(OuterRef("group_id"), everybody),
    )
    return Subquery(newest.order_by("-recorded_at", "-pk").values("people")[:1])


def _about(what: Known, indicator: Indicator) -> QuerySet[Cell]:
    """The cells of a measure, or of those that it is computed from."""
    return _cells(what).filter(indicator__in=what.made_from(indicator.pk))


def _of(what: Known, indicator: Indicator, cells: Iterable[Cell]) -> list[Figure]:
    figures = list(_figures(what, cells))
    return computed(what, figures, of=indicator.pk) if what.computes(indicator.pk) else figures


def _figures(what: Known, cells: Iterable[Cell]) -> Iterator[Figure]:
    past_due = {key: what.is_past_due(period) for key, period in what.periods.items()}
    final_at = Decimal(what.initiative.final_at_completeness)
    for cell in cells:
        if cell.version_id in what.versions:
            if not what.sees_all and not what.versions[cell.version_id].rules.rolls_up:
                cell.amount = cell.lowest = cell.highest = None  # values of single partners
            volume = _volume_in(cell)
            standing = kinds.standing(
                cell, final_at=final_at, is_past_due=past_due[cell.period_id], volume=volume
            )
            yield Figure(
                cell,
                what.periods[cell.period_id],
                what.versions[cell.version_id],
                standing,
                _is_reported(cell),
                volume=volume,
                too_few_partners=not what.sees_all and withhold_from_others(cell),
                overlap=getattr(cell, "overlap", None) if cell.category_id is None else None,
            )


def _volume_in(cell: Cell) -> Decimal | None:
    """The share of the last known volume that is in, where something is missing and any volume is known."""
    if cell.received >= cell.expected or not cell.received or not cell.volume:
        return None
    return Decimal(cell.volume_in or 0) / Decimal(cell.volume)


def withhold_from_others(sums: SumsRow) -> bool:
    """Empty the sums, in memory, that come from so few partners that one could work out another's figure."""
    if not 0 < sums.contributors < FEWEST_TOLD:
        return False
    for name in (
        "amount",
        "base",
        "squares",
        "based",
        "levels",
        "withheld_low",
        "withheld_high",
        "lowest",
        "highest",
    ):
        setattr(sums, name, None)
    sums.figures = sums.zeros = sums.without_cases = 0
    return True


def _is_reported(cell: Any) -> bool:
    return bool(cell.reported)


def left_to_add_up(initiative: Initiative, *, at: datetime) -> CombinedExpression:
    """An expression: how many sums of the initiative still have to be made; 0 when every figure stands."""
    keys = _one_number(DirtyKey.objects.waiting().filter(initiative=initiative), Count("pk"))
    runs = RollUpRun.objects.filter(
        initiative=initiative, finished_at=None, started_at__gt=at - _GIVEN_UP_AFTER, total__gt=F("done")
    )
    return keys + _one_number(runs, Sum(F("total") - F("done")))


def sums_left(initiative: Initiative, *, at: datetime) -> int:
    row = Initiative.objects.filter(pk=initiative.pk).values_list(left_to_add_up(initiative, at=at))
    return int(row.get()[0])


def _one_number(rows: QuerySet[Any], number: Any) -> Coalesce:
    one = rows.order_by().values("initiative").annotate(number=number).values("number")
    return Coalesce(Subquery(one, output_field=IntegerField()), 0)
