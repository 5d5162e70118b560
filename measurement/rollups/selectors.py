"""Reading figures: cells by what they are about, in a number of queries that does not grow."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Count, Exists, F, IntegerField, OuterRef, QuerySet, Subquery, Sum
from django.db.models.expressions import CombinedExpression
from django.db.models.functions import Coalesce

from initiatives.charter.models import Initiative, PartnerGroup
from measurement.calendars.models import PeriodPart, ReportingPeriod
from measurement.calendars.periods import due_moment
from measurement.indicators.kinds import Kind
from measurement.indicators.models import Category, Indicator, IndicatorVersion
from measurement.judgement.small_numbers import GroupSize, group_size
from measurement.rollups import kinds
from measurement.rollups.kinds import Completeness, Range, Standing
from measurement.rollups.models import Cell, Leaf, RollUpRun, SumsRow
from measurement.submissions.models import DirtyKey

# Kinds whose figure says how many of so many cases.
OF_CASES: Final = (Kind.RATIO, Kind.ORDINAL)
# Sums of fewer partners tell one of them what another reported.
FEWEST_TOLD: Final = 3
# A rebuild that has not moved on for so long has died with its worker: nobody waits for it any more.
_GIVEN_UP_AFTER: Final = timedelta(hours=1)


@dataclass(frozen=True)
class Figure:
    """A cell with all that is said beside its value.

    `reported` says that partners hand in figures of exactly this period, so that its completeness counts
    partners; otherwise the period is made of shorter ones, and it counts their figures. `volume` is the share
    (0 to 1) of the last known volume that is in, where it was asked for and is not all of it.
    `too_few_partners`: the sums are withheld from this reader, who could tell from them what one partner reported.
    """

    cell: Cell
    period: ReportingPeriod
    version: IndicatorVersion
    standing: Standing
    reported: bool
    volume: Decimal | None = None
    too_few_partners: bool = False

    @property
    def kind(self) -> Kind:
        return Kind(self.version.kind)

    @property
    def value(self) -> Decimal | None:
        """In the unit of the measure, unrounded. None where nothing is known."""
        return kinds.value(self.kind, self.cell, per=self.version.per, divisor=self.version.divisor)

    @property
    def range(self) -> Range | None:
        """From where to where the value can lie, where no one value is known."""
        return kinds.range_of(self.kind, self.cell, divisor=self.version.divisor)

    @property
    def cases(self) -> Decimal | None:
        """The people or cases behind a percentage; None where the figure is no percentage of cases."""
        return self.cell.base if self.kind in OF_CASES and self.value is not None else None

    @property
    def size(self) -> GroupSize:
        return GroupSize.ENOUGH if self.cases is None else group_size(max(self.cases, Decimal(0)))

    @property
    def shown(self) -> Decimal | None:
        """The value that may be read: there is no percentage of fewer than ten cases."""
        return None if self.size is GroupSize.TOO_SMALL else self.value

    @property
    def completeness(self) -> Completeness:
        return kinds.completeness(self.cell)

    @property
    def is_partial(self) -> bool:
        return self.standing in (Standing.NOTHING, Standing.PARTIAL)

    @property
    def has_mixed_definitions(self) -> bool:
        return self.cell.versions > 1


@dataclass(frozen=True)
class Known:
    """What cells are read against: the periods and definitions that a page has at hand, by their keys."""

    initiative: Initiative
    at: datetime
    periods: Mapping[int, ReportingPeriod]
    versions: Mapping[int, IndicatorVersion]
    sees_all: bool

    def is_past_due(self, period: ReportingPeriod) -> bool:
        return due_moment(period.due_on, self.initiative.zone) <= self.at


def known(
    initiative: Initiative,
    *,
    at: datetime,
    periods: Iterable[ReportingPeriod],
    versions: Iterable[IndicatorVersion],
    sees_all: bool,
) -> Known:
    """`sees_all`: the reader may know each partner's own figures."""
    return Known(
        initiative,
        at,
        {period.pk: period for period in periods},
        {version.pk: version for version in versions},
        sees_all,
    )


def periods_read(initiative: Initiative) -> QuerySet[ReportingPeriod]:
    """Every period about which something was asked, and the longer ones that hold it, in order of time."""
    opened = PeriodPart.objects.filter(whole=OuterRef("pk")).exclude(
        part__state=ReportingPeriod.State.PLANNED
    )
    return (
        ReportingPeriod.objects.in_initiative(initiative)
        .filter(Exists(opened))
        .select_related("calendar")
        .order_by("start", "end", "pk")
    )


def totals(what: Known, *, group: PartnerGroup | None = None, only_reported: bool = False) -> list[Figure]:
    """Figures of all the definitions over all the periods at hand, of everybody or of one group."""
    cells = _cells(what).filter(group=group, category=None)
    return list(_figures(what, cells.filter(_own_leaf()) if only_reported else cells))


def curve(
    what: Known, indicator: Indicator, *, group: PartnerGroup | None = None, category: Category | None = None
) -> list[Figure]:
    """Figures of one measure over all the periods at hand, in order of time."""
    cells = _cells(what).filter(indicator=indicator, group=group, category=category)
    return list(_figures(what, cells))


def curves_of(
    what: Known, indicator: Indicator, categories: Iterable[int], *, group: PartnerGroup | None = None
) -> list[Figure]:
    """Figures of some categories of one measure over all the periods at hand, in order of time."""
    cells = _cells(what).filter(indicator=indicator, group=group, category__in=list(categories))
    return list(_figures(what, cells.select_related("category")))


def weighed(what: Known, figures: Iterable[Figure], volumes: Mapping[int, Decimal]) -> list[Figure]:
    """The same figures, complete only where enough of the volume is in too: `volumes` by period."""
    final_at = Decimal(what.initiative.final_at_completeness)
    return [
        replace(
            figure,
            volume=volumes[figure.period.pk],
            standing=kinds.standing(
                figure.cell,
                final_at=final_at,
                is_past_due=what.is_past_due(figure.period),
                volume=volumes[figure.period.pk],
            ),
        )
        if figure.period.pk in volumes
        else figure
        for figure in figures
    ]


def moved_since(what: Known, moment: datetime, *, at_most: int) -> list[Figure]:
    """Totals with data that were recorded since then, the newest first."""
    cells = _cells(what).filter(_own_leaf(), group=None, category=None, recorded_at__gte=moment)
    return list(_figures(what, cells.order_by("-recorded_at", "pk")[:at_most]))


def by_category(
    what: Known, indicator: Indicator, period: ReportingPeriod, *, group: PartnerGroup | None = None
) -> list[Figure]:
    """The breakdown of one figure, in the order of its categories."""
    cells = _cells(what).filter(indicator=indicator, period=period, group=group, category__isnull=False)
    named = cells.select_related("category__disaggregation", "category__row", "category__column").order_by(
        "category__disaggregation__name",
        "category__disaggregation_id",
        "category__position",
        "category_id",
    )
    return list(_figures(what, named))


def by_group(what: Known, indicator: Indicator, period: ReportingPeriod) -> list[Figure]:
    """One figure in every group of partners, by the alphabet: never a ranking."""
    cells = _cells(what).filter(indicator=indicator, period=period, category=None, group__isnull=False)
    return list(_figures(what, cells.select_related("group").order_by("group__name", "group_id")))


def figure(
    what: Known,
    indicator: Indicator,
    period: ReportingPeriod,
    *,
    group: PartnerGroup | None = None,
    category: Category | None = None,
) -> Figure | None:
    """One figure with its run, by what it is about."""
    cells = _cells(what).filter(indicator=indicator, period=period, group=group, category=category)
    return next(_figures(what, cells.select_related("run")), None)


def cells(what: Known) -> QuerySet[Cell]:
    """Every sum over the periods at hand, in order of time: to be narrowed and paged, and then `read`."""
    return _cells(what).select_related("indicator", "group", "category__disaggregation", "run")


def read(what: Known, found: Iterable[Cell]) -> list[Figure]:
    return list(_figures(what, found))


def _own_leaf() -> Exists:
    """A condition on cells: partners hand in figures of this very period."""
    return Exists(
        Leaf.objects.filter(
            indicator=OuterRef("indicator"), period=OuterRef("period"), group=None, category=None
        )
    )


def _cells(what: Known) -> QuerySet[Cell]:
    return (
        Cell.objects.in_initiative(what.initiative)
        .filter(period__in=list(what.periods))
        .annotate(reported=_own_leaf())
        .order_by("period__start", "period__end", "pk")
    )


def _figures(what: Known, cells: Iterable[Cell]) -> Iterator[Figure]:
    past_due = {key: what.is_past_due(period) for key, period in what.periods.items()}
    final_at = Decimal(what.initiative.final_at_completeness)
    for cell in cells:
        if cell.version_id in what.versions:
            if not what.sees_all and not what.versions[cell.version_id].rules.rolls_up:
                cell.amount = cell.lowest = cell.highest = None  # values of single partners
            standing = kinds.standing(cell, final_at=final_at, is_past_due=past_due[cell.period_id])
            yield Figure(
                cell,
                what.periods[cell.period_id],
                what.versions[cell.version_id],
                standing,
                _is_reported(cell),
                too_few_partners=not what.sees_all and withhold_from_others(cell),
            )


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
