"""What a proportion could have been: 95 % intervals that hold for few cases too."""

from dataclasses import dataclass
from decimal import Decimal

from measurement.judgement.ratios import Ratio

Z_95 = Decimal("1.959963984540054")


@dataclass(frozen=True)
class Interval:
    low: Decimal
    high: Decimal

    def holds(self, value: Decimal | int) -> bool:
        return self.low <= value <= self.high


def wilson(proportion: Ratio) -> Interval:
    """Score interval of a proportion, as shares from 0 to 1.

    Source: Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927),
    without continuity correction.
    Errors: ValueError where there is no case, or the numerator is outside 0 to denominator.
    """
    _must_be_proportion(proportion)
    k, n = proportion.numerator, proportion.denominator
    centre = k + Z_95**2 / 2
    spread = Z_95 * (k * (n - k) / n + Z_95**2 / 4).sqrt()
    low, high = (centre - spread) / (n + Z_95**2), (centre + spread) / (n + Z_95**2)
    return Interval(low=low if k else Decimal(0), high=high if k < n else Decimal(1))


def newcombe(before: Ratio, after: Ratio) -> Interval:
    """Interval of the difference after - before of two independent proportions, as shares from -1 to 1.

    Source: Newcombe, "Interval estimation for the difference between independent proportions", Statistics in
    Medicine 17 (1998), method 10: the two Wilson intervals, squared and added.
    Errors: ValueError as in `wilson`.
    """
    first, second = wilson(before), wilson(after)
    p, q = _share(before), _share(after)
    difference = q - p
    return Interval(
        low=difference - ((q - second.low) ** 2 + (first.high - p) ** 2).sqrt(),
        high=difference + ((second.high - q) ** 2 + (p - first.low) ** 2).sqrt(),
    )


def _must_be_proportion(ratio: Ratio) -> None:
    if ratio.denominator <= 0:
        raise ValueError("a proportion needs at least one case")
    if not 0 <= ratio.numerator <= ratio.denominator:
        raise ValueError(f"{ratio.numerator} of {ratio.denominator} is no proportion")


def _share(ratio: Ratio) -> Decimal:
    return ratio.numerator / ratio.denominator
