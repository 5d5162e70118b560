"""The statuses of an expected value, and what each one counts as. Pure.

Source: section 1 of the measurement rules (docs/measurement.md). Blank is never 0.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class FigureStatus(StrEnum):
    REPORTED = "reported"
    MISSING = "missing"
    NOT_EXPECTED = "not_expected"
    NOT_APPLICABLE = "not_applicable"
    NOT_COLLECTED = "not_collected"
    WITHHELD = "withheld"
    ESTIMATED = "estimated"
    INCLUDED_ELSEWHERE = "included_elsewhere"
    PROVISIONAL = "provisional"


@dataclass(frozen=True)
class Meaning:
    """`has_value`: carries a number into the total. `expected`, `received`: counted in completeness."""

    has_value: bool
    expected: bool
    received: bool
    sdmx: str


MEANINGS: Final[dict[FigureStatus, Meaning]] = {
    FigureStatus.REPORTED: Meaning(has_value=True, expected=True, received=True, sdmx="A"),
    FigureStatus.MISSING: Meaning(has_value=False, expected=True, received=False, sdmx="O"),
    FigureStatus.NOT_EXPECTED: Meaning(has_value=False, expected=False, received=False, sdmx=""),
    FigureStatus.NOT_APPLICABLE: Meaning(has_value=False, expected=False, received=False, sdmx="M"),
    FigureStatus.NOT_COLLECTED: Meaning(has_value=False, expected=True, received=True, sdmx="L"),
    FigureStatus.WITHHELD: Meaning(has_value=False, expected=True, received=True, sdmx="Q"),
    FigureStatus.ESTIMATED: Meaning(has_value=True, expected=True, received=True, sdmx="E"),
    FigureStatus.INCLUDED_ELSEWHERE: Meaning(has_value=False, expected=True, received=True, sdmx="K"),
    FigureStatus.PROVISIONAL: Meaning(has_value=True, expected=True, received=True, sdmx="P"),
}

WITH_VALUE: Final = tuple(status for status, meaning in MEANINGS.items() if meaning.has_value)
EXPECTED: Final = tuple(status for status, meaning in MEANINGS.items() if meaning.expected)
RECEIVED: Final = tuple(status for status, meaning in MEANINGS.items() if meaning.received)

# What a partner can answer instead of a number.
REASONS_WITHOUT_NUMBER: Final = (
    FigureStatus.NOT_APPLICABLE,
    FigureStatus.NOT_COLLECTED,
    FigureStatus.INCLUDED_ELSEWHERE,
)

# What a partner can say of a number that it gives.
BESIDE_A_NUMBER: Final = (FigureStatus.ESTIMATED, FigureStatus.PROVISIONAL)
