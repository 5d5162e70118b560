"""How a figure was made: the figures in it, the periods in it, and who is not in it.

Decisions. Who may read each partner's figures sees every part by name. A partner sees its own parts, and one
line for all the others together; who has no part sees only how many there are. Sums of fewer than three
others are not told: one of them could work out another's figure.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from backbone.web.dates import long_date
from initiatives.charter.models import PartnerGroup, in_group
from measurement.indicators.kinds import Kind, OverTime
from measurement.indicators.models import Category, IndicatorVersion
from measurement.rollups.merging import only_in
from measurement.rollups.models import Leaf
from measurement.rollups.selectors import Figure, withhold_from_others
from measurement.stated.models import Overlap, PopulationFigure
from measurement.submissions.models import CurrentFigure
from measurement.submissions.queries import with_answers
from measurement.submissions.status import FigureStatus

TERMS_SHOWN: Final = 5
NAMES_SHOWN: Final = 100
FEWEST_OTHERS_TOLD: Final = 3
# What is too small to give is in the total as an interval.
_IN_IT: Final = Q(amount__isnull=False) | Q(high__isnull=False) | ~Q(text="")
_READ_WITH_A_PART: Final = (
    "organization",
    "period",
    "category",
    "observation",
    "expected_report__submission",
)


@dataclass(frozen=True)
class Viewer:
    """Whose figures somebody may read one by one: everybody's, or those of the own organizations."""

    sees_all: bool
    organizations: Collection[int] = ()


@dataclass(frozen=True)
class Subject:
    """What a figure is about beside its measure and period."""

    group: PartnerGroup | None = None
    category: Category | None = None


@dataclass(frozen=True)
class Term:
    """A summand of the formula."""

    amount: Decimal
    base: Decimal | None


@dataclass(frozen=True)
class Absence:
    """Expected values that are not in the total, for one reason. `names` only for who may see them."""

    status: FigureStatus
    partners: int
    names: Sequence[str]

    @property
    def unnamed(self) -> int:
        return self.partners - len(self.names)


@dataclass(frozen=True)
class Others:
    """The parts that the viewer may not see one by one. `amount` None where it is not told."""

    partners: int
    amount: Decimal | None = None
    base: Decimal | None = None


@dataclass(frozen=True)
class Explanation:
    """`parts` are the current figures that the viewer may see one by one, to be paged by the view; `rows` how many."""

    figure: Figure
    steps: list[Leaf]
    parts: QuerySet[CurrentFigure]
    rows: int
    terms: list[Term]
    more_terms: int
    contributors: int
    implausible: int
    absences: list[Absence]
    others: Others | None
    carried: list[CurrentFigure] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)


def explain(figure: Figure, subject: Subject, viewer: Viewer) -> Explanation:
    """All that a reader may know about how a figure came about, in a fixed number of queries."""
    steps = _steps(figure, subject)
    withheld = [] if viewer.sees_all else [withhold_from_others(step) for step in steps]
    told_steps = not any(withheld)
    figures = _figures(figure, subject, [step.period_id for step in steps])
    inside = figures.filter(amount__isnull=False)
    told = figures.filter(_IN_IT)
    may_see = Q() if viewer.sees_all else Q(organization__in=viewer.organizations)
    parts = told.filter(may_see)
    counted = told.aggregate(
        rows=Count("pk", filter=may_see),
        partners=Count("organization", distinct=True),
        with_amount=Count("organization", distinct=True, filter=Q(amount__isnull=False)),
        implausible=Count("pk", filter=_outside(figure.version)),
    )
    terms, more = _terms(steps, inside, viewer) if told_steps else ([], 0)
    return Explanation(
        figure=figure,
        steps=steps if told_steps and (len(steps) > 1 or not figure.reported) else [],
        parts=_named(parts),
        rows=counted["rows"],
        terms=terms,
        more_terms=more,
        contributors=counted["partners"],
        implausible=counted["implausible"],
        absences=list(_absences(figures.exclude(_IN_IT), viewer)),
        others=_others(figure, steps, parts, counted["with_amount"], viewer, told_steps),
        carried=_carried(figure, steps, figures, viewer),
        sources=_sources(figure, subject, steps),
    )


def _sources(figure: Figure, subject: Subject, steps: list[Leaf]) -> list[str]:
    """What staff have stated about the figure, with its source, in words; the newest only."""
    if figure.kind is Kind.POPULATION:
        stated = PopulationFigure.objects.filter(
            indicator=figure.cell.indicator_id,
            category=subject.category,
            period__in=[step.period_id for step in steps],
        )
        newest = stated.order_by("-recorded_at", "-pk").first()
        words = _("%(source)s, as of %(day)s")
        return [words % {"source": newest.source, "day": long_date(newest.as_of)}] if newest else []
    if figure.overlap is None:
        return []
    overlaps = Overlap.objects.filter(
        indicator=figure.cell.indicator_id, period=figure.period, group=subject.group
    )
    said = overlaps.order_by("-recorded_at", "-pk").first()
    return [_("How many are counted more than once: %(source)s") % {"source": said.source}] if said else []


def _steps(figure: Figure, subject: Subject) -> list[Leaf]:
    """The sums of the periods that are in this one, in order of time."""
    leaves = list(
        Leaf.objects.filter(
            indicator=figure.cell.indicator_id,
            period__wholes__whole=figure.period,
            group=subject.group,
            category=subject.category,
        )
        .select_related("period")
        .order_by("period__start", "period__end", "pk")
    )
    if figure.version.over_time == OverTime.LAST and leaves:
        last = max(leaf.period.end for leaf in leaves)
        return [leaf for leaf in leaves if leaf.period.end == last]
    own = [leaf for leaf in leaves if leaf.period_id == figure.period.pk]
    if own and (
        figure.version.over_time in (OverTime.AVERAGE, OverTime.NONE) or figure.kind is Kind.UNIQUE_PEOPLE
    ):
        return own
    return leaves


def _figures(figure: Figure, subject: Subject, periods: list[int]) -> QuerySet[CurrentFigure]:
    figures = only_in(
        CurrentFigure.objects.filter(indicator=figure.cell.indicator_id, period__in=periods), subject.category
    )
    if subject.group is not None:
        figures = figures.filter(in_group(subject.group))
    return figures


def _named(figures: QuerySet[CurrentFigure]) -> QuerySet[CurrentFigure]:
    return (
        with_answers(figures)
        .select_related(*_READ_WITH_A_PART)
        .order_by("organization__name", "organization_id", "period__start", "category__position")
    )


def _outside(version: IndicatorVersion) -> Q:
    """A condition on figures: the value lies outside what is plausible."""
    base = F("base") if version.rules.has_base else version.divisor
    condition = Q(pk__in=[])
    if version.plausible_low is not None:
        condition |= Q(amount__lt=base * (version.plausible_low / version.per))
    if version.plausible_high is not None:
        condition |= Q(amount__gt=base * (version.plausible_high / version.per))
    return condition


def _terms(steps: list[Leaf], inside: QuerySet[CurrentFigure], viewer: Viewer) -> tuple[list[Term], int]:
    """The first summands, and how many follow: periods where there are several, else partners by name."""
    if len(steps) > 1:
        known = [Term(step.amount, step.base) for step in steps if step.amount is not None]
        return known[:TERMS_SHOWN], max(len(known) - TERMS_SHOWN, 0)
    if not viewer.sees_all:
        return [], 0
    rows = _named(inside).values_list("amount", "base")[: TERMS_SHOWN + 1]
    first = [Term(amount, base) for amount, base in rows if amount is not None]
    # Of merged categories a partner has several figures, which are one in the sum.
    figures = inside.count() if steps and steps[0].category_id else sum(step.figures for step in steps)
    return first[:TERMS_SHOWN], figures - min(len(first), TERMS_SHOWN)


def _absences(outside: QuerySet[CurrentFigure], viewer: Viewer) -> Iterable[Absence]:
    counts = dict(
        outside.order_by().values_list("status").annotate(partners=Count("organization", distinct=True))
    )
    names: dict[str, list[str]] = {}
    for status, name in _absent_names(outside, viewer):
        if name not in (known := names.setdefault(status, [])):
            known.append(name)
    for status in FigureStatus:
        if status.value in counts:
            yield Absence(status, counts[status.value], names.get(status.value, []))


def _absent_names(outside: QuerySet[CurrentFigure], viewer: Viewer) -> Iterable[tuple[str, str]]:
    if not viewer.sees_all:
        outside = outside.filter(organization__in=viewer.organizations)
    return (
        outside.order_by("organization__name", "organization_id")
        .values_list("status", "organization__name")
        .distinct()[:NAMES_SHOWN]
    )


def _others(
    figure: Figure,
    steps: list[Leaf],
    own: QuerySet[CurrentFigure],
    partners: int,
    viewer: Viewer,
    told_steps: bool,
) -> Others | None:
    if viewer.sees_all:
        return None
    mine = list(own.filter(amount__isnull=False).values_list("organization_id", "amount", "base"))
    others = partners - len({organization for organization, _amount, _base in mine})
    if others == 0:
        return None
    if (
        not told_steps
        or others < FEWEST_OTHERS_TOLD
        or figure.version.over_time not in (OverTime.SUM, OverTime.LAST)
    ):
        return Others(others)
    return Others(
        others,
        _left(sum((step.amount or Decimal(0) for step in steps), Decimal(0)), [row[1] for row in mine]),
        _left(sum((step.base or Decimal(0) for step in steps), Decimal(0)), [row[2] for row in mine])
        if figure.version.rules.has_base
        else None,
    )


def _left(total: Decimal, taken: Iterable[Decimal | None]) -> Decimal:
    return total - sum((each for each in taken if each is not None), Decimal(0))


def _carried(
    figure: Figure, steps: list[Leaf], figures: QuerySet[CurrentFigure], viewer: Viewer
) -> list[CurrentFigure]:
    """The earlier figures that stand in for missing ones, where the viewer may see them."""
    if not figure.cell.carried or len(steps) != 1:
        return []
    period = steps[0].period
    missing = figures.filter(status=FigureStatus.MISSING)
    if not viewer.sees_all:
        missing = missing.filter(organization__in=viewer.organizations)
    newest = (
        CurrentFigure.objects.filter(
            indicator=figure.cell.indicator_id,
            category=figure.cell.category_id,
            amount__isnull=False,
            organization__in=missing.values("organization"),
            period__calendar=period.calendar_id,
            period__ordinal__range=(period.ordinal - figure.version.carry_periods, period.ordinal - 1),
        )
        .order_by("organization_id", "-period__ordinal")
        .distinct("organization_id")
    )
    found = newest.select_related(*_READ_WITH_A_PART)[:NAMES_SHOWN]
    return sorted(found, key=lambda carried: (carried.organization.name, carried.organization_id))
