"""Quantiles of Student's t distribution, for whole degrees of freedom."""

from decimal import Decimal
from functools import lru_cache
from math import atan, cos, pi, sin, sqrt, tan

DIGITS = 12


@lru_cache(maxsize=512)
def t_quantile(degrees: int, confidence: Decimal = Decimal("0.95")) -> Decimal:
    """The t that |T| stays under with probability `confidence` (two-sided), to 12 significant digits.

    The central probability has a closed form for whole degrees of freedom (Abramowitz and Stegun, "Handbook
    of Mathematical Functions", 26.7.3 and 26.7.4). It rises with the angle atan(t / √degrees), which lies
    between 0 and a right angle, so halving that interval finds it to the last bit.
    Errors: ValueError under 1 degree, or where the confidence is not between 0 and 1.
    """
    if degrees < 1 or not 0 < confidence < 1:
        raise ValueError(f"no t distribution for {degrees} degrees and confidence {confidence}")
    low, high, wanted = 0.0, pi / 2, float(confidence)
    while low < (middle := (low + high) / 2) < high:
        if _central_probability(middle, degrees) < wanted:
            low = middle
        else:
            high = middle
    return Decimal(f"{sqrt(degrees) * tan(middle):.{DIGITS}g}")


def central_probability(t: Decimal, degrees: int) -> Decimal:
    """Probability that |T| stays under `t` (0 or more), to about 12 digits."""
    return Decimal(f"{_central_probability(atan(float(t) / sqrt(degrees)), degrees):.{DIGITS}g}")


def _central_probability(angle: float, degrees: int) -> float:
    odd = degrees % 2
    total = 0.0
    term = cos(angle) if odd else 1.0
    for place in range(2 + odd, degrees + 1, 2):
        total += term
        term *= cos(angle) ** 2 * (place - 1) / place
    return 2 / pi * (angle + sin(angle) * total) if odd else sin(angle) * total
