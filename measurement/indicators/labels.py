"""What fields are called, and which must be filled in, kind by kind."""

from typing import Final

from django.utils.translation import gettext_lazy

from measurement.indicators.kinds import Kind

MUST: Final = {
    "amount_label": {Kind.RATIO, Kind.RATE},
    "base_label": {Kind.RATIO, Kind.RATE, Kind.MEAN},
    "levels": {Kind.ORDINAL},
    "from_level": {Kind.ORDINAL},
    "expression": {Kind.DERIVED},
}
LABELS: Final = {
    (Kind.RATIO, "amount_label"): gettext_lazy("The upper number"),
    (Kind.RATIO, "base_label"): gettext_lazy("The lower number"),
    (Kind.RATE, "amount_label"): gettext_lazy("What happened: the events"),
    (Kind.RATE, "base_label"): gettext_lazy("Against what: the exposure, such as client-days"),
    (Kind.MEAN, "base_label"): gettext_lazy("Name of the number of cases"),
    (Kind.MILESTONE, "amount_label"): gettext_lazy("The question"),
    (Kind.TEXT, "amount_label"): gettext_lazy("The question"),
    (Kind.MONEY, "hand_in_units"): gettext_lazy("Other currencies that may be handed in, one a line"),
    (Kind.ORDINAL, "levels"): gettext_lazy("The levels, the lowest first, one a line"),
    (Kind.ORDINAL, "from_level"): gettext_lazy("Read as the share at this level or above"),
}
HELP: Final = {
    (Kind.POPULATION, "base_label"): gettext_lazy(
        "Fill this in for a share or a rate, which is then entered as two numbers. Leave empty for one number."
    ),
    (Kind.MONEY, "hand_in_units"): gettext_lazy(
        "Codes such as EUR. They are converted at the exchange rates that you keep; each figure keeps its rate."
    ),
}
