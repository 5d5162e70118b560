"""From which numbers on a figure may be published: as staff set them for the initiative and for a measure."""

from dataclasses import replace
from typing import Final

from initiatives.charter.models import Initiative
from measurement.indicators.kinds import RULES, Kind
from measurement.indicators.models import Indicator, IndicatorVersion
from measurement.releases.cube import Part, Rule

# Which of the numbers behind a figure count people, where its measure does.
_PEOPLE: Final = {
    Kind.RATIO: {Part.AMOUNT, Part.BASE, Part.REST},
    Kind.RATE: {Part.AMOUNT},
    Kind.MEAN: {Part.BASE},
    Kind.ORDINAL: {Part.AMOUNT, Part.BASE, Part.REST},
    Kind.MILESTONE: set[Part](),
    Kind.MONEY: set[Part](),
    Kind.POPULATION: {Part.AMOUNT, Part.BASE, Part.REST},
}


def rules_of(indicator: Indicator, version: IndicatorVersion, initiative: Initiative) -> dict[Part, Rule]:
    """The thresholds for each of the numbers behind a figure of the measure."""
    kind = Kind(version.kind)
    parts = [Part.AMOUNT]
    if RULES[kind].has_base or RULES[kind].may_have_base:
        parts.append(Part.BASE)
    if kind is Kind.ORDINAL or (Part.BASE in parts and version.is_proportion):
        parts.append(Part.REST)
    people = _PEOPLE.get(kind, {Part.AMOUNT}) if version.counts_people else set[Part]()
    rule = Rule(
        k=indicator.release_k or initiative.release_k,
        fewest=initiative.release_fewest if RULES[kind].from_partners else 1,
        exempt=indicator.is_exempt,
        sensitive=indicator.is_sensitive,
    )
    return {part: replace(rule, people=part in people) for part in parts}
