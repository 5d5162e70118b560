"""One figure as a release keeps it: what people read, and nothing that stands behind a hidden one."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from measurement.indicators.kinds import Kind
from measurement.indicators.models import Category, Target
from measurement.judgement.small_numbers import GroupSize
from measurement.releases.facts import Spot
from measurement.releases.models import Release, ReleaseCell
from measurement.rollups.judging import interval_of, judge
from measurement.rollups.models import Cell
from measurement.rollups.selectors import Figure

_SUMMED = ("amount", "base", "based", "withheld_low", "withheld_high")
_NUMBERS = ("value", "amount", "base", "low", "high", "interval_low", "interval_high")


def frozen(
    release: Release,
    spot: Spot,
    figure: Figure,
    *,
    state: ReleaseCell.State,
    target: Target | None,
    categories: Mapping[int, Category],
) -> ReleaseCell:
    cell = figure.cell
    row = ReleaseCell(
        initiative_id=release.initiative_id,
        release=release,
        indicator_id=cell.indicator_id,
        period_id=spot.period,
        group_id=spot.group,
        category_id=spot.categories[0] if spot.categories else None,
        together=list(spot.categories) if len(spot.categories) > 1 else [],
        state=state,
        place_label=cell.group.name if cell.group else "",
        standing=figure.standing.value,
        received=figure.completeness.received,
        expected=figure.completeness.expected,
        version_number=figure.version.number,
        mixed_definitions=figure.has_mixed_definitions,
        has_estimates=cell.estimated > 0,
        has_provisional=cell.provisional > 0,
        is_carried=cell.carried > 0,
        latest_on=cell.recorded_at.date() if cell.recorded_at else None,
    )
    _name(row, [categories[each] for each in spot.categories])
    if state == ReleaseCell.State.SHOWN:
        _fill(row, figure, target if not spot.categories else None)
    return row


def _name(row: ReleaseCell, categories: list[Category]) -> None:
    if categories:
        row.category_label = ", ".join(category.name for category in categories)
        row.breakdown_label = categories[0].disaggregation.name
        row.breakdown_code = categories[0].disaggregation.code


def _fill(row: ReleaseCell, figure: Figure, target: Target | None) -> None:
    """The numbers. Of different people only the most is told: the least would be one partner's own number."""
    cell, span = figure.cell, figure.range
    row.value, row.base = figure.shown, cell.base
    row.amount = figure.value if cell.base is None else cell.amount
    row.is_small = figure.size is not GroupSize.ENOUGH
    if span is not None:
        row.low, row.high = None if figure.kind is Kind.UNIQUE_PEOPLE else span.low, span.high
        row.amount = None
    interval = interval_of(figure)
    if interval is not None:
        row.interval_low, row.interval_high = interval.low, interval.high
    judged = judge(figure, target)
    row.target_status = judged.status.value if judged else ""


def together(figures: Iterable[Figure]) -> Figure:
    """Several categories as one figure: their sums."""
    first, *others = figures
    cell = Cell(**{field.attname: getattr(first.cell, field.attname) for field in Cell._meta.concrete_fields})
    if first.cell.group_id is not None:
        cell.group = first.cell.group
    for other in others:
        for name in _SUMMED:
            ours, theirs = getattr(cell, name), getattr(other.cell, name)
            setattr(cell, name, theirs if ours is None else ours + (theirs or Decimal(0)))
        cell.figures += other.cell.figures
    return replace(first, cell=cell)


def payload_hash(rows: Iterable[ReleaseCell], about: dict[str, Any], marks: Iterable[str]) -> str:
    """The mark of everything that the release says, and of the tables that it was judged by."""
    said = sorted(json.dumps(_said(row), sort_keys=True, default=str) for row in rows)
    whole = {"cells": said, "about": about, "tables": sorted(marks)}
    return hashlib.sha256(json.dumps(whole, sort_keys=True, default=str).encode()).hexdigest()


def _said(row: ReleaseCell) -> dict[str, Any]:
    about = ("indicator_id", "period_id", "group_id", "category_id", "together", "state", "target_status")
    counts = ("received", "expected", "standing", "version_number")
    return {name: getattr(row, name) for name in (*about, *counts, *_NUMBERS)}
