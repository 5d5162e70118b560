"""The target of all partners together, where each has its own and the whole has none.

Decisions. Targets of shares add as numerators over denominators, never as a mean of percentages. A partner that is
active for part of a period owes that part of what it owes for the whole of it, by days; its value is never changed. A
level is owed in full by who is there at the end. Targets of fewer than three partners are told only to who may read
each partner's own.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Final

from django.db.models import Case, Max, Min, OuterRef, QuerySet, Subquery, Value, When

from initiatives.charter.models import Participation
from measurement.calendars.models import ReportingPeriod
from measurement.indicators.kinds import Kind
from measurement.indicators.models import IndicatorVersion, Target
from measurement.judgement.ratios import Ratio
from measurement.judgement.targets import days_within, prorated, total_ratio_target
from measurement.submissions.models import Assignment

FEWEST_TOLD: Final = 3
_BY_DAYS: Final = (Kind.FLOW, Kind.MONEY)
_AT_THE_END: Final = (Kind.STOCK, Kind.PEAK, Kind.CUMULATIVE)


@dataclass(frozen=True)
class PartnerTarget:
    """What one partner aims at, and from when until when it is active. `until` None: it still is."""

    target: Target
    since: date
    until: date | None

    def share_of(self, period: ReportingPeriod) -> Decimal:
        """The part of the period in which the partner is active, from 0 to 1."""
        days = days_within(period.start, period.end, self.since, self.until)
        return Decimal(days) / ((period.end - period.start).days + 1)


def partner_targets(indicators: Iterable[int]) -> dict[int, list[PartnerTarget]]:
    """By indicator. One query."""
    found: dict[int, list[PartnerTarget]] = {}
    for row in _rows(indicators):
        since = max(each for each in (row.joined_on, row.asked_since) if each)
        last_day = row.left_on - timedelta(days=1) if row.left_on else None
        ends = [each for each in (last_day, None if row.asked_still else row.asked_until) if each]
        found.setdefault(row.indicator_id, []).append(PartnerTarget(row, since, min(ends, default=None)))
    return found


def _rows(indicators: Iterable[int]) -> QuerySet[Any]:
    part = Participation.objects.filter(
        initiative=OuterRef("initiative"), organization=OuterRef("organization"), side="partner"
    )
    asked = Assignment.objects.filter(
        indicator=OuterRef("indicator"), organization=OuterRef("organization")
    ).order_by()
    grouped = asked.values("organization").annotate(
        first=Min("starts_on"),
        last=Max("ends_on"),
        still=Max(Case(When(ends_on=None, then=Value(1)), default=Value(0))),
    )
    return (
        Target.objects.filter(indicator__in=list(indicators), organization__isnull=False)
        .annotate(
            joined_on=Subquery(part.values("joined_on")[:1]),
            left_on=Subquery(part.values("left_on")[:1]),
            asked_since=Subquery(grouped.values("first")[:1]),
            asked_until=Subquery(grouped.values("last")[:1]),
            asked_still=Subquery(grouped.values("still")[:1]),
        )
        .filter(joined_on__isnull=False, asked_since__isnull=False)
        .order_by("due_on", "organization_id")
    )


def together(
    known: Sequence[PartnerTarget], version: IndicatorVersion, period: ReportingPeriod
) -> Target | None:
    """One target of all partners for a figure of that period; None where theirs do not make one."""
    due_on = _due_on(known, period.end)
    owed = [each for each in known if each.target.due_on == due_on and each.share_of(period)]
    if not owed or due_on is None:
        return None
    sums = _of_ratios(owed, version, period) if version.rules.has_base else _of_sums(owed, version, period)
    if sums is None:
        return None
    baseline, value = sums
    return Target(
        baseline_on=min(each.target.baseline_on for each in owed),
        baseline=baseline,
        due_on=due_on,
        value=value,
    )


def _due_on(known: Sequence[PartnerTarget], day: date) -> date | None:
    """The next day on which targets are due, or else the last one that was."""
    days = sorted({each.target.due_on for each in known})
    return next((each for each in days if each >= day), days[-1] if days else None)


def _of_ratios(
    owed: Sequence[PartnerTarget], version: IndicatorVersion, period: ReportingPeriod
) -> tuple[Decimal, Decimal] | None:
    ratios = []
    for each in owed:
        numerator, denominator = each.target.numerator, each.target.denominator
        if numerator is None or not denominator:
            return None
        share = each.share_of(period)
        ratios.append(Ratio(numerator * share, denominator * share))
    value = total_ratio_target(ratios)
    weights = sum((ratio.denominator for ratio in ratios), Decimal(0))
    pairs = zip(owed, ratios, strict=True)
    baseline = sum((each.target.baseline * ratio.denominator for each, ratio in pairs), Decimal(0)) / weights
    return None if value is None else (baseline, value * version.per)


def _of_sums(
    owed: Sequence[PartnerTarget], version: IndicatorVersion, period: ReportingPeriod
) -> tuple[Decimal, Decimal] | None:
    kind = Kind(version.kind)
    if kind in _AT_THE_END:
        there = [each for each in owed if each.until is None or each.until >= period.end]
        shares = [(each.target, Decimal(1)) for each in there]
    elif kind in _BY_DAYS:
        shares = [(each.target, each.share_of(period)) for each in owed]
    else:
        return None
    return (
        sum((prorated(target.baseline, share) for target, share in shares), Decimal(0)),
        sum((prorated(target.value, share) for target, share in shares), Decimal(0)),
    )
