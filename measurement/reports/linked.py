"""A release in the Common Impact Data Standard, version 3, basic tier, as JSON-LD.

The initiative is the organization, its measures are indicators, a figure that is shown is a report of its indicator.
The standard asks for a number in every report, so a figure that is hidden or missing has none: its indicator says how
many there are. The context stands in the file, so that it is read without asking another machine.
"""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from backbone.web.numbers import exact_text
from measurement.releases.models import ReleaseCell
from measurement.releases.selectors import CellRead, MeasureRead, Reading
from measurement.reports.stamp import Stamp

_LINKS: Final = (
    *("forIndicator", "forOrganization", "forOutcome"),
    *("hasIndicator", "hasIndicatorReport", "hasOutcome"),
)
CONTEXT: Final = {
    "cids": "https://ontology.commonapproach.org/cids#",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "i72": "http://ontology.eil.utoronto.ca/ISO21972/iso21972#",
    "org": "http://ontology.eil.utoronto.ca/tove/organization#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    **{
        f"cids:{name}": {"@type": "@id"}
        for name in (
            "forIndicator",
            "forOrganization",
            "forOutcome",
            "hasIndicator",
            "hasIndicatorReport",
            "hasOutcome",
        )
    },
    **{f"prov:{name}": {"@type": "xsd:dateTime"} for name in ("startedAtTime", "endedAtTime")},
}
Node = dict[str, Any]


def linked_of(reading: Reading, stamp: Stamp) -> bytes:
    content = {
        "@context": CONTEXT,
        "@graph": list(_nodes(reading, _Names(str(reading.release.public_id)), stamp)),
    }
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


class _Names:
    """Of things in this release: the same wherever the file is read."""

    def __init__(self, release: str) -> None:
        self.release = f"urn:uuid:{release}"
        self.organization = f"{self.release}#organization"

    def indicator(self, measure: MeasureRead) -> str:
        return f"{self.release}#indicator-{measure.code}"

    def outcome(self, key: str) -> str:
        return f"{self.release}#outcome-{key}"

    def report(self, measure: MeasureRead, number: int) -> str:
        return f"{self.release}#report-{measure.code}-{number}"


def _nodes(reading: Reading, names: _Names, stamp: Stamp) -> Iterator[Node]:
    yield _dataset(names, stamp)
    outcomes = {each.key: each.name for measure in reading.measures for each in measure.outcomes}
    yield {
        "@id": names.organization,
        "@type": "cids:Organization",
        "org:hasLegalName": stamp.initiative,
        "cids:hasOutcome": [names.outcome(key) for key in outcomes],
        "cids:hasIndicator": [names.indicator(each) for each in reading.measures],
    }
    for key, name in outcomes.items():
        yield _outcome(key, name, names, reading)
    for measure in reading.measures:
        yield from _indicator(measure, names)


def _dataset(names: _Names, stamp: Stamp) -> Node:
    return {
        "@id": names.release,
        "@type": "dcat:Dataset",
        "dcterms:title": f"{stamp.initiative}: {stamp.title}",
        "dcterms:created": {"@type": "xsd:dateTime", "@value": stamp.as_of.isoformat()},
        "dcterms:identifier": stamp.hash,
        "dcterms:license": stamp.licence,
        "dcterms:source": stamp.source or stamp.initiative,
        "owl:versionInfo": str(stamp.number),
    }


def _outcome(key: str, name: str, names: _Names, reading: Reading) -> Node:
    measures = [each for each in reading.measures if key in {outcome.key for outcome in each.outcomes}]
    return {
        "@id": names.outcome(key),
        "@type": "cids:Outcome",
        "org:hasName": name,
        "cids:hasDescription": name,
        "cids:forOrganization": names.organization,
        "cids:hasIndicator": [names.indicator(each) for each in measures],
    }


def _indicator(measure: MeasureRead, names: _Names) -> Iterator[Node]:
    shown = [each for each in measure.cells if each.value is not None]
    yield {
        "@id": names.indicator(measure),
        "@type": "cids:Indicator",
        "org:hasName": measure.name,
        "cids:hasDescription": _description(measure),
        "cids:unitDescription": measure.unit or _("number"),
        "cids:forOrganization": names.organization,
        "cids:forOutcome": [names.outcome(each.key) for each in measure.outcomes],
        "cids:hasIndicatorReport": [names.report(measure, number) for number in range(len(shown))],
    }
    for number, cell in enumerate(shown):
        yield _report(measure, cell, names, number)


def _description(measure: MeasureRead) -> str:
    hidden = sum(1 for each in measure.cells if each.state == ReleaseCell.State.HIDDEN)
    if not hidden:
        return measure.definition or measure.name
    said = ngettext(
        "%(count)d figure is not shown, to protect people.",
        "%(count)d figures are not shown, to protect people.",
        hidden,
    )
    return f"{measure.definition or measure.name} ({said % {'count': hidden}})"


def _report(measure: MeasureRead, cell: CellRead, names: _Names, number: int) -> Node:
    value = "" if cell.value is None else exact_text(cell.value)
    return {
        "@id": names.report(measure, number),
        "@type": "cids:IndicatorReport",
        "org:hasName": ", ".join(filter(None, (measure.name, cell.place, cell.category, cell.period.label))),
        "cids:forIndicator": names.indicator(measure),
        "cids:forOrganization": names.organization,
        "prov:startedAtTime": _moment(cell.period.start),
        "prov:endedAtTime": _moment(cell.period.end + timedelta(days=1)),
        "i72:value": {"@type": "i72:Measure", "i72:hasNumericalValue": value},
    }


def _moment(day: date) -> str:
    return datetime.combine(day, time(), UTC).isoformat()
