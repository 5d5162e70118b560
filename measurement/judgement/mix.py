"""Did the rates change, or who was counted? A change of an overall ratio taken apart.

Source: Kitagawa, "Components of a difference between two rates", JASA 50 (1955), form without a remainder.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from measurement.judgement.ratios import Ratio
from measurement.judgement.reasons import Reason

NOBODY = Ratio(Decimal(0), Decimal(0))


@dataclass(frozen=True)
class Mix:
    """Shares (0.315, not 31.5). `by_rates` and `by_mix` add up to `change`. None where not compared."""

    before: Decimal | None = None
    after: Decimal | None = None
    change: Decimal | None = None
    by_rates: Decimal | None = None
    by_mix: Decimal | None = None
    reason: Reason | None = None


@dataclass(frozen=True)
class _Group:
    rate_before: Decimal
    rate_after: Decimal
    weight_before: Decimal
    weight_after: Decimal

    @property
    def by_rates(self) -> Decimal:
        return (self.weight_before + self.weight_after) / 2 * (self.rate_after - self.rate_before)

    @property
    def by_mix(self) -> Decimal:
        return (self.rate_before + self.rate_after) / 2 * (self.weight_after - self.weight_before)


def decompose(before: Mapping[str, Ratio], after: Mapping[str, Ratio]) -> Mix:
    """What of the change of an overall ratio the groups' own rates give, and what their changed weights.

    Groups (partners, categories) are matched by key. A group without cases on one side has no rate there: it
    is taken to have kept the rate it has, so that coming and going count as mix. Not compared where one whole
    side has no case.
    """
    total_before, total_after = Ratio.total(before.values()), Ratio.total(after.values())
    value_before, value_after = total_before.value, total_after.value
    if value_before is None or value_after is None:
        return Mix(reason=Reason.NO_VALUE)
    groups = list(_groups(before, after, total_before.denominator, total_after.denominator))
    return Mix(
        before=value_before,
        after=value_after,
        change=value_after - value_before,
        by_rates=sum((group.by_rates for group in groups), Decimal(0)),
        by_mix=sum((group.by_mix for group in groups), Decimal(0)),
    )


def _groups(
    before: Mapping[str, Ratio], after: Mapping[str, Ratio], cases_before: Decimal, cases_after: Decimal
) -> Iterable[_Group]:
    for key in sorted(before.keys() | after.keys()):
        earlier, later = before.get(key, NOBODY), after.get(key, NOBODY)
        kept = next((rate for rate in (earlier.value, later.value) if rate is not None), Decimal(0))
        yield _Group(
            rate_before=kept,
            rate_after=kept if later.value is None else later.value,
            weight_before=earlier.denominator / cases_before,
            weight_after=later.denominator / cases_after,
        )
