"""The kinds of measure, and the two rules that each one has: across partners and across time. Pure.

Source: the table in section 2 of the measurement rules (docs/measurement.md). A figure of any kind is stored as
components: `amount` and, where the kind has one, `base`:

| kind | amount | base |
|---|---|---|
| flow, stock, peak, unique_people, money, cumulative | x | - |
| ratio, rate | numerator, events | denominator, exposure |
| mean | sum of x; beside it the sum of squares, where the standard deviation is known | n |
| milestone | 1 or 0 | 1 |
| ordinal | count at the declared level or above; beside it the count of every level | n |
| median | x, of one partner; never added up | n, where it is given |
| text | - ; the words | - |
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Kind(StrEnum):
    FLOW = "flow"
    STOCK = "stock"
    PEAK = "peak"
    UNIQUE_PEOPLE = "unique_people"
    RATIO = "ratio"
    RATE = "rate"
    MEAN = "mean"
    MEDIAN = "median"
    ORDINAL = "ordinal"
    MILESTONE = "milestone"
    MONEY = "money"
    CUMULATIVE = "cumulative"
    TEXT = "text"
    POPULATION = "population"
    DERIVED = "derived"


class OverTime(StrEnum):
    """How the figures of the parts of a period make the figure of the whole period."""

    SUM = "sum"
    LAST = "last"
    AVERAGE = "average"
    MAX = "max"
    NONE = "none"


@dataclass(frozen=True)
class Rules:
    """What a kind allows. `over_time` lists the choices; the first is taken unless declared otherwise.

    `rolls_up`: there is one figure for all. `from_partners`: partners are asked for it.
    """

    over_time: tuple[OverTime, ...]
    has_base: bool = False
    may_have_base: bool = False
    is_number: bool = True
    rolls_up: bool = True
    from_partners: bool = True


RULES: Final[dict[Kind, Rules]] = {
    Kind.FLOW: Rules((OverTime.SUM,)),
    Kind.STOCK: Rules((OverTime.LAST, OverTime.AVERAGE)),
    Kind.PEAK: Rules((OverTime.MAX,)),
    Kind.UNIQUE_PEOPLE: Rules((OverTime.SUM,)),  # at most: see rollups.kinds.range_of
    Kind.RATIO: Rules((OverTime.SUM,), has_base=True),
    Kind.RATE: Rules((OverTime.SUM,), has_base=True),
    Kind.MEAN: Rules((OverTime.SUM,), has_base=True),
    Kind.MEDIAN: Rules((OverTime.NONE,), may_have_base=True, rolls_up=False),
    Kind.ORDINAL: Rules((OverTime.SUM, OverTime.LAST), has_base=True),
    Kind.MILESTONE: Rules((OverTime.LAST,), has_base=True),
    Kind.MONEY: Rules((OverTime.SUM,)),
    Kind.CUMULATIVE: Rules((OverTime.LAST,)),
    Kind.TEXT: Rules((OverTime.NONE,), is_number=False, rolls_up=False),
    Kind.POPULATION: Rules((OverTime.LAST,), may_have_base=True, from_partners=False),
    Kind.DERIVED: Rules((OverTime.NONE,), from_partners=False),
}

# The kinds that people can choose for a measure, hand in and read rolled up today.
OFFERED: Final = (
    Kind.FLOW,
    Kind.STOCK,
    Kind.PEAK,
    Kind.CUMULATIVE,
    Kind.UNIQUE_PEOPLE,
    Kind.RATIO,
    Kind.RATE,
    Kind.MEAN,
    Kind.MILESTONE,
    Kind.MONEY,
    Kind.ORDINAL,
    Kind.MEDIAN,
    Kind.TEXT,
    Kind.POPULATION,
    Kind.DERIVED,
)

MOST_LEVELS: Final = 12  # of a rubric
