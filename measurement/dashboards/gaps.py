"""How far the categories of a breakdown lie apart: each against the first one that is declared.

Decisions. Only of shares, rates and means: of counts the larger group always has more. Never of partial figures or few
cases, nor of those not known. Only where everybody is in one category are two shares of different people, so that
chance can be reckoned with.
"""

from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from measurement.dashboards import signs
from measurement.indicators.models import Disaggregation
from measurement.judgement.intervals import newcombe
from measurement.judgement.small_numbers import GroupSize
from measurement.rollups.judging import is_proportion, ratio_of
from measurement.rollups.selectors import Figure


def gap_lines(disaggregation: Disaggregation, figures: Sequence[Figure]) -> list[str]:
    """A sentence for each category after the first, which is what they are compared with."""
    told = [figure for figure in figures if _may_be_told(figure)]
    known = [figure for figure in figures if figure.cell.category and not figure.cell.category.is_unknown]
    if not known or known[0] not in told:
        return []
    return [_line(disaggregation, known[0], figure) for figure in told if figure is not known[0]]


def _may_be_told(figure: Figure) -> bool:
    category = figure.cell.category
    if category is None or category.is_unknown or not figure.version.rules.has_base:
        return False
    return not figure.is_partial and figure.shown is not None and figure.size is GroupSize.ENOUGH


def _line(disaggregation: Disaggregation, reference: Figure, figure: Figure) -> str:
    version = figure.version
    gap = (figure.value or Decimal(0)) - (reference.value or Decimal(0))
    words = {
        "category": str(figure.cell.category),
        "reference": str(reference.cell.category),
        "gap": signs.difference(gap, version),
    }
    apart = disaggregation.adds_up == Disaggregation.AddsUp.PARTITION
    if not (apart and is_proportion(figure) and is_proportion(reference)):
        return _("%(category)s against %(reference)s: %(gap)s.") % words
    interval = newcombe(ratio_of(reference), ratio_of(figure))
    decimals = max(version.decimals, 1)
    words["low"] = signs.signed(interval.low * version.per, decimals)
    words["high"] = signs.signed(interval.high * version.per, decimals)
    unclear = _("%(category)s against %(reference)s: %(gap)s, between %(low)s and %(high)s: no clear gap.")
    clear = _("%(category)s against %(reference)s: %(gap)s, between %(low)s and %(high)s: more than chance.")
    return (unclear if interval.holds(0) else clear) % words
