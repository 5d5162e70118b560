"""The one rounding, at the moment of showing: what the worked examples print."""

from decimal import ROUND_HALF_UP, Decimal


def half_up(value: Decimal, decimals: int) -> Decimal:
    """`value` with so many decimals, a half going away from zero: 2.5 is 3, -2.5 is -3. Never minus zero."""
    return value.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0
