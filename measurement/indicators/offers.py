"""The kinds of measure as people choose them: in words, with an example, and what is asked for each."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from measurement.indicators.kinds import OFFERED, Kind
from measurement.indicators.models import KIND_NAMES


@dataclass(frozen=True)
class Offer:
    """A kind as somebody chooses it, what is asked for it beyond the rest, and what is taken for granted."""

    kind: Kind
    what: str | Promise
    example: str | Promise
    fields: tuple[str, ...]
    initial: Mapping[str, Any]

    @property
    def name(self) -> Any:
        return KIND_NAMES[self.kind]


_PLAUSIBLE: Final = ("plausible_low", "plausible_high")
_IN_UNITS: Final = ("unit", "decimals", "multiplier", "hand_in_units")
_OFFERS: Final = (
    Offer(
        Kind.FLOW,
        gettext_lazy("How many or how much in the period. Partners and periods are added up."),
        gettext_lazy("Children tutored; hours of mentoring"),
        (
            "unit",
            "decimals",
            "multiplier",
            "hand_in_units",
            "whole_numbers",
            "allows_negative",
            "counts_people",
            *_PLAUSIBLE,
        ),
        {"unit": gettext_lazy("people"), "whole_numbers": True, "counts_people": True},
    ),
    Offer(
        Kind.STOCK,
        gettext_lazy("How many there are at the end of the period. Partners are added up, periods are not."),
        gettext_lazy("Children enrolled; beds in the shelter"),
        (
            "unit",
            "decimals",
            "over_time",
            "carry_periods",
            "multiplier",
            "hand_in_units",
            "whole_numbers",
            "allows_negative",
            "counts_people",
            *_PLAUSIBLE,
        ),
        {"unit": gettext_lazy("people"), "whole_numbers": True, "counts_people": True},
    ),
    Offer(
        Kind.PEAK,
        gettext_lazy(
            "The highest level within the period. Partners are added up; of several periods the highest counts."
        ),
        gettext_lazy("Most beds in use in one night"),
        (*_IN_UNITS, "whole_numbers", "counts_people", *_PLAUSIBLE),
        {"unit": gettext_lazy("people"), "whole_numbers": True, "counts_people": True},
    ),
    Offer(
        Kind.CUMULATIVE,
        gettext_lazy(
            "How many since the beginning of the year. Partners are added up; of several periods the last counts."
        ),
        gettext_lazy("Books given out this year so far"),
        (*_IN_UNITS, "whole_numbers", "counts_people", *_PLAUSIBLE),
        {"unit": gettext_lazy("people"), "whole_numbers": True, "counts_people": True},
    ),
    Offer(
        Kind.UNIQUE_PEOPLE,
        gettext_lazy(
            "How many different people, each counted once. Who was with several partners or came in several periods"
            " is not known, so the total is read as a range; for a year each partner is best asked once."
        ),
        gettext_lazy("Different children reached"),
        ("unit", "whole_numbers", "counts_people", *_PLAUSIBLE),
        {"unit": gettext_lazy("people"), "whole_numbers": True, "counts_people": True},
    ),
    Offer(
        Kind.RATE,
        gettext_lazy(
            "Events against an exposure, such as days that clients stayed. Both are added up before they are divided."
        ),
        gettext_lazy("Falls per 1,000 client-days"),
        (
            "amount_label",
            "base_label",
            "per",
            "unit",
            "decimals",
            "whole_numbers",
            "counts_people",
            *_PLAUSIBLE,
        ),
        {
            "per": Decimal(1000),
            "unit": gettext_lazy("per 1,000"),
            "decimals": 2,
            "whole_numbers": True,
            "counts_people": False,
        },
    ),
    Offer(
        Kind.RATIO,
        gettext_lazy("Two numbers, one out of the other. Both are added up before they are divided."),
        gettext_lazy("Graduates out of the students who began; cost for each meal"),
        (
            "amount_label",
            "base_label",
            "is_proportion",
            "per",
            "unit",
            "decimals",
            "base_over_time",
            "whole_numbers",
            "counts_people",
            *_PLAUSIBLE,
        ),
        {
            "per": Decimal(100),
            "unit": "%",
            "decimals": 1,
            "is_proportion": True,
            "whole_numbers": True,
            "counts_people": True,
        },
    ),
    Offer(
        Kind.MEAN,
        gettext_lazy(
            "An average and the number of cases behind it. Large partners weigh more than small ones."
        ),
        gettext_lazy("Average reading score of the pupils tested"),
        ("base_label", "unit", "decimals", "multiplier", "allows_negative", "counts_people", *_PLAUSIBLE),
        {"unit": gettext_lazy("points"), "decimals": 1, "counts_people": True},
    ),
    Offer(
        Kind.MILESTONE,
        gettext_lazy("Yes or no. Read as the share of partners who say yes."),
        gettext_lazy("Has a safeguarding policy"),
        ("amount_label",),
        {"per": Decimal(100), "unit": "%", "counts_people": False},
    ),
    Offer(
        Kind.MONEY,
        gettext_lazy("An amount of money in the period. Partners and periods are added up."),
        gettext_lazy("Grants paid out; money raised"),
        (*_IN_UNITS, "allows_negative", *_PLAUSIBLE),
        {"counts_people": False},
    ),
    Offer(
        Kind.ORDINAL,
        gettext_lazy(
            "How many are at each level of a rubric. Partners are added up level by level; read as the share at one"
            " level or above."
        ),
        gettext_lazy("Programs by quality level; pupils by reading level"),
        ("levels", "from_level", "over_time", "decimals", "whole_numbers", "counts_people", *_PLAUSIBLE),
        {
            "per": Decimal(100),
            "unit": "%",
            "decimals": 1,
            "is_proportion": True,
            "whole_numbers": True,
            "counts_people": True,
        },
    ),
    Offer(
        Kind.MEDIAN,
        gettext_lazy(
            "A median, an index or a rank. Such values cannot be added up: how far they lie apart is shown."
        ),
        gettext_lazy("Median days until a place is found"),
        ("base_label", "unit", "decimals", "multiplier", "allows_negative", "counts_people", *_PLAUSIBLE),
        {"unit": gettext_lazy("days"), "counts_people": False},
    ),
    Offer(
        Kind.TEXT,
        gettext_lazy("Words instead of a number. They are listed, partner by partner."),
        gettext_lazy("What helped most in this period"),
        ("amount_label",),
        {"counts_people": False},
    ),
    Offer(
        Kind.POPULATION,
        gettext_lazy(
            "A figure of the whole community from one named source, such as a census. You enter it; partners do not."
        ),
        gettext_lazy("Children in poverty; people without work"),
        (
            *("amount_label", "base_label", "is_proportion", "per", "unit", "decimals", "whole_numbers"),
            *("allows_negative", "counts_people", *_PLAUSIBLE),
        ),
        {"per": Decimal(1), "unit": gettext_lazy("people"), "counts_people": True},
    ),
    Offer(
        Kind.DERIVED,
        gettext_lazy(
            "Computed from other measures of the same period, group and category. Nobody reports it."
        ),
        gettext_lazy("Cost for each child reached; share of two totals"),
        ("expression", "unit", "decimals", "counts_people"),
        {"counts_people": False, "decimals": 1},
    ),
)
OFFERS: Final[dict[Kind, Offer]] = {
    offer.kind: offer for kind in OFFERED for offer in _OFFERS if offer.kind is kind
}
