"""What the basic tier of the Common Impact Data Standard, version 3, asks of each class, as SHACL in our own words.

Of each property: how it is called, what it has to be, and whether it has to be there exactly once.
"""

from typing import Final

_PREFIXES: Final = {
    "cids": "https://ontology.commonapproach.org/cids#",
    "i72": "http://ontology.eil.utoronto.ca/ISO21972/iso21972#",
    "org": "http://ontology.eil.utoronto.ca/tove/organization#",
    "prov": "http://www.w3.org/ns/prov#",
    "sh": "http://www.w3.org/ns/shacl#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
_TEXT: Final = "sh:datatype xsd:string; sh:nodeKind sh:Literal"
_MOMENT: Final = "sh:datatype xsd:dateTime; sh:nodeKind sh:Literal"
_ANY: Final = "sh:nodeKind sh:BlankNodeOrIRI"
_ONE: Final = "sh:minCount 1; sh:maxCount 1"
_ORGANIZATION: Final = f"sh:class cids:Organization; {_ANY}; {_ONE}"

_ASKED: Final = {
    "cids:Organization": {
        "org:hasLegalName": f"{_TEXT}; {_ONE}",
        "cids:hasOutcome": _ANY,
        "cids:hasIndicator": _ANY,
    },
    "cids:Outcome": {
        "org:hasName": f"{_TEXT}; {_ONE}",
        "cids:hasDescription": f"{_TEXT}; {_ONE}",
        "cids:forOrganization": _ORGANIZATION,
        "cids:hasIndicator": _ANY,
    },
    "cids:Indicator": {
        "org:hasName": f"{_TEXT}; {_ONE}",
        "cids:hasDescription": f"{_TEXT}; {_ONE}",
        "cids:unitDescription": f"{_TEXT}; {_ONE}",
        "cids:forOrganization": _ORGANIZATION,
        "cids:forOutcome": _ANY,
        "cids:hasIndicatorReport": _ANY,
    },
    "cids:IndicatorReport": {
        "org:hasName": f"{_TEXT}; {_ONE}",
        "cids:forIndicator": f"sh:class cids:Indicator; {_ANY}; {_ONE}",
        "cids:forOrganization": _ORGANIZATION,
        "prov:startedAtTime": f"{_MOMENT}; {_ONE}",
        "prov:endedAtTime": f"{_MOMENT}; {_ONE}",
        "i72:value": f"sh:class i72:Measure; {_ANY}; {_ONE}",
    },
    "i72:Measure": {"i72:hasNumericalValue": f"{_TEXT}; {_ONE}"},
}


def _shape(number: int, about: str, asked: dict[str, str]) -> str:
    properties = " ".join(f"sh:property [ sh:path {path}; {what} ];" for path, what in asked.items())
    return f"<urn:shape:{number}> a sh:NodeShape; {properties} sh:targetClass {about} ."


BASIC_TIER: Final = "\n".join(
    [
        *(f"@prefix {name}: <{address}> ." for name, address in _PREFIXES.items()),
        *(_shape(number, about, asked) for number, (about, asked) in enumerate(_ASKED.items())),
    ]
)
