"""Writing a built release: its cells, what has changed since the last one for the same readers, and its mark."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from initiatives.jobs.running import Work
from measurement.calendars.models import ReportingPeriod
from measurement.indicators.links import OutcomeIndicator
from measurement.indicators.models import Category, SeriesBreak, Target
from measurement.releases import freezing, operations, restating
from measurement.releases.collecting import Collected
from measurement.releases.cube import Key, Reason, Standing
from measurement.releases.facts import Spot
from measurement.releases.models import Release, ReleaseCell
from measurement.releases.safety import Safe
from measurement.rollups.selectors import Figure


@dataclass(frozen=True)
class Protected:
    """One measure after its audit. `keys`: of which cells of the table each figure that is left is made."""

    collected: Collected
    safe: Safe
    keys: dict[Spot, tuple[Key, ...]]
    asked: frozenset[Spot]
    left_out: frozenset[Spot]

    def why_hidden(self, spot: Spot) -> Reason | None:
        cells = self.safe.cube.by_key
        for key in self.keys[spot]:
            if key in self.safe.hidden:
                return self.safe.hidden[key]
            if key in cells and cells[key].standing is Standing.HELD:
                return Reason.BEFORE
        return None

    @property
    def rows_shown(self) -> int:
        return sum(self.why_hidden(spot) is None for spot in self.keys)

    def figure(self, spot: Spot) -> Figure:
        parts = [Spot(spot.period, spot.group, (each,)) for each in spot.categories]
        if len(parts) < 2:
            return self.collected.figures[spot]
        return freezing.together(
            self.collected.figures[part] for part in parts if part in self.collected.figures
        )


def spot_of(row: ReleaseCell) -> Spot:
    """What a row of an earlier release was about."""
    alone = () if row.category_id is None else (row.category_id,)
    return Spot(row.period_id, row.group_id, tuple(row.together) or alone)


@transaction.atomic
def write(
    *,
    work: Work,
    release: Release,
    ground_told: tuple[Release, ...],
    protected: list[Protected],
    at: datetime,
) -> None:
    """All of it, or nothing: the run is done in the same transaction."""
    release.as_of = at
    release.basis = [each.number for each in ground_told]
    _describe(release, protected)
    rows = [row for each in protected for row in _rows(release, each)]
    about = {"as_of": at, "measures": release.measures, "periods": release.periods, "title": release.title}
    release.hash = freezing.payload_hash(rows, about, [each.safe.verdict.digest for each in protected])
    accepted = all(each.safe.verdict.accepted for each in protected)
    release.audited_hash = release.hash if accepted else ""
    ReleaseCell.objects.filter(release=release).delete()
    ReleaseCell.objects.bulk_create(rows, batch_size=1000)
    restating.restate(release=release, rows=rows)
    operations.make_ready(release=release, at=at)
    work.finish(result=release.get_absolute_url())


def _rows(release: Release, protected: Protected) -> Iterator[ReleaseCell]:
    categories = _categories(protected)
    targets = list(Target.objects.filter(indicator=protected.collected.indicator, organization=None))
    for spot in sorted(protected.keys, key=_order):
        hidden = protected.why_hidden(spot) is not None
        figure = protected.figure(spot)
        yield freezing.frozen(
            release,
            spot,
            figure,
            state=ReleaseCell.State.HIDDEN if hidden else ReleaseCell.State.SHOWN,
            target=target_for(targets, figure.period.end),
            categories=categories,
        )
    for spot in sorted(protected.left_out, key=_order):
        yield freezing.frozen(
            release,
            spot,
            protected.collected.figures[spot],
            state=ReleaseCell.State.NO_DATA,
            target=None,
            categories=categories,
        )


def _order(spot: Spot) -> tuple[int, int, tuple[int, ...]]:
    return spot.period, spot.group or 0, spot.categories


def _categories(protected: Protected) -> dict[int, Category]:
    keys = {category for spot in (*protected.keys, *protected.left_out) for category in spot.categories}
    return Category.objects.select_related("disaggregation").in_bulk(keys)


def target_for(targets: Iterable[Target], day: date) -> Target | None:
    """The next target that is due then, or else the last one that was."""
    known = sorted(targets, key=lambda target: target.due_on)
    return next((target for target in known if target.due_on >= day), known[-1] if known else None)


def _describe(release: Release, protected: list[Protected]) -> None:
    """Definitions, periods and what was hidden, as they are now."""
    release.measures = [_measure(each.collected) for each in protected]
    release.outcome = {each.collected.indicator.code: _outcome(each) for each in protected}
    shown = {spot.period for each in protected for spot in (*each.keys, *each.left_out)}
    periods = ReportingPeriod.objects.filter(pk__in=shown).select_related("calendar").order_by("start", "end")
    release.periods = [_period(each) for each in periods]
    initiative = release.initiative
    release.rules = {"k": initiative.release_k, "fewest": initiative.release_fewest}


def _period(period: ReportingPeriod) -> dict[str, Any]:
    return {
        "key": period.pk,
        "code": period.code,
        "label": period.label,
        "calendar": period.calendar.name,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
    }


def _outcome(protected: Protected) -> dict[str, Any]:
    reasons = Counter(
        reason.value for spot in protected.keys if (reason := protected.why_hidden(spot)) is not None
    )
    return {
        "step": protected.safe.step.value,
        "asked": len(protected.asked),
        "kept": len(protected.keys),
        "shown": protected.rows_shown,
        "hidden": dict(reasons),
    }


def _measure(collected: Collected) -> dict[str, Any]:
    indicator, version = collected.indicator, collected.version
    targets = Target.objects.filter(indicator=indicator, organization=None).order_by("due_on")
    outcomes = OutcomeIndicator.objects.filter(indicator=indicator).select_related("outcome")
    breaks = SeriesBreak.objects.filter(indicator=indicator).order_by("on")
    return {
        "key": indicator.pk,
        "code": indicator.code,
        "level": indicator.level,
        "perspective": indicator.perspective,
        "tier": indicator.tier,
        "outcomes": [{"key": str(each.outcome.public_id), "name": each.outcome.name} for each in outcomes],
        "version": version.number,
        "name": version.name,
        "definition": version.definition,
        "kind": version.kind,
        "unit": version.unit,
        "decimals": version.decimals,
        "per": str(version.per),
        "polarity": version.polarity,
        "amount_label": version.amount_label,
        "base_label": version.base_label,
        "source": version.source,
        "method": version.method,
        "inclusion": version.inclusion,
        "targets": [
            {
                "baseline_on": each.baseline_on.isoformat(),
                "baseline": str(each.baseline),
                "due_on": each.due_on.isoformat(),
                "value": str(each.value),
                "tolerance": None if each.tolerance is None else str(each.tolerance),
            }
            for each in targets
        ],
        "breaks": [{"on": each.on.isoformat(), "note": each.note} for each in breaks],
    }
