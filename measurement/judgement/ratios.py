"""Two counts that belong together. A ratio is kept as its parts and divided last."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Self


@dataclass(frozen=True)
class Ratio:
    numerator: Decimal
    denominator: Decimal

    @property
    def value(self) -> Decimal | None:
        """A share (0.525, not 52.5). None where nobody had a case."""
        return self.numerator / self.denominator if self.denominator else None

    @classmethod
    def total(cls, ratios: Iterable[Self]) -> Self:
        """Sum of numerators over sum of denominators, never the mean of ratios."""
        known = list(ratios)
        return cls(
            sum((ratio.numerator for ratio in known), Decimal(0)),
            sum((ratio.denominator for ratio in known), Decimal(0)),
        )
