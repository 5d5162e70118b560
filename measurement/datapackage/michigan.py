"""Makes the package of the demo from public figures of Michigan's school districts, 1992 to 1998.

The input is the data set `mathpnl` as packages/michigan/README.md says: one row a district and school year.
Districts, intermediate districts, figures and pupils are taken from it as they are, impossible ones too. What
is ours (texts, outcomes, targets, backbone, funder and people; the agenda) stands in `michigan_texts` and
`michigan_agenda`, and says that it is fictitious where it is.
"""

import bz2
import csv
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Final

from measurement.calendars.periods import Frequency, Rule, Span, due_moment, due_on, spans_between
from measurement.datapackage import michigan_agenda
from measurement.datapackage.columns import Value
from measurement.datapackage.composing import compose, whole
from measurement.datapackage.michigan_texts import (
    BACKBONE,
    BREAKDOWN,
    CATEGORIES,
    DEMO_PARTNERS,
    FUNDER,
    INDICATORS,
    INITIATIVE,
    OUTCOMES,
    PEOPLE,
    SHEETS,
    TARGETS,
    ZONE,
)

_Row = dict[str, Value]
_RULE: Final = Rule(Frequency.SCHOOL_YEAR, first_month=7)
_CALENDAR: Final = "school-year"
_DUE_AFTER: Final = 92
_FIRST_DAY: Final = date(1991, 7, 1)
_OPEN_YEAR: Final = date(1998, 7, 1)
_BEFORE_DUE: Final = timedelta(days=15)
_FOUR_DECIMALS: Final = Decimal("0.0001")


def make(source: Path, to: Path) -> None:
    """`source` is mathpnl.csv or mathpnl.csv.bz2."""
    plain = bz2.decompress(source.read_bytes()) if source.suffix == ".bz2" else source.read_bytes()
    rows = list(csv.DictReader(plain.decode().splitlines()))
    compose({**_ours(), **_partners(rows), **_calendar(), **_asked(rows), **_answers(rows)}, to=to)


def _district(row: Mapping[str, str]) -> str:
    return f"MI-{int(Decimal(row['distid'])):05d}"


def _number(text: str) -> Decimal:
    """The source keeps numbers in single precision: beyond four decimals there is only noise."""
    return Decimal(text).quantize(_FOUR_DECIMALS)


def _ours() -> dict[str, list[_Row]]:
    return {
        "initiative": [INITIATIVE],
        "outcomes": [{**outcome, "position": place} for place, outcome in enumerate(OUTCOMES)],
        "indicators": [
            {"code": code, "level": "performance", "tier": "core", "position": place, **facts}
            for place, (code, (_name, facts)) in enumerate(INDICATORS.items())
        ],
        "indicator_versions": whole(SHEETS, number=1, effective_from=_FIRST_DAY),
        "outcome_indicators": [
            {"outcome": outcome, "indicator": indicator, "position": place}
            for outcome, indicators in _indicators_of_outcomes().items()
            for place, indicator in enumerate(indicators)
        ],
        "disaggregations": [BREAKDOWN],
        "categories": whole(CATEGORIES, disaggregation=BREAKDOWN["code"]),
        "targets": list(TARGETS),
        "people": list(PEOPLE),
        **michigan_agenda.tables(),
    }


def _indicators_of_outcomes() -> Mapping[str, tuple[str, ...]]:
    return {
        "mathematics": ("math-grade-4", "math-grade-7"),
        "graduation": ("graduation", "dropout"),
        "schools": ("enrolment", "spending-per-pupil", "free-lunch"),
    }


def _partners(rows: Iterable[Mapping[str, str]]) -> dict[str, list[_Row]]:
    districts = {_district(row): f"ISD-{int(row['intid']):02d}" for row in rows}
    named = {code: f"School district {code}" for code in districts}
    organizations: list[_Row] = [
        {"code": code, "name": name, "sector": "school"} for code, name in named.items()
    ]
    parts: list[_Row] = [
        {"organization": code, "code": code, "side": "partner", "joined_on": _FIRST_DAY} for code in named
    ]
    for side, organization in (("backbone", BACKBONE), ("funder", FUNDER)):
        organizations.append(organization)
        code = organization["code"]
        parts.append({"organization": code, "code": code, "side": side, "joined_on": _FIRST_DAY})
    return {
        "organizations": organizations,
        "participations": parts,
        "groups": [
            {"code": isd, "name": f"Intermediate district {isd}", "kind": "place"}
            for isd in sorted(set(districts.values()))
        ],
        "group_members": [{"group": isd, "organization": code} for code, isd in districts.items()],
    }


def _spans() -> list[Span]:
    return spans_between(_RULE, _FIRST_DAY, _OPEN_YEAR)


def _calendar() -> dict[str, list[_Row]]:
    return {
        "calendars": [
            {
                "code": _CALENDAR,
                "name": "School years, July to June",
                "frequency": _RULE.frequency.value,
                "first_month": _RULE.first_month,
                "months": _RULE.months,
                "due_after_days": _DUE_AFTER,
            }
        ],
        "periods": [_period(span) for span in _spans()],
    }


def _period(span: Span) -> _Row:
    made: _Row = {
        "calendar": _CALENDAR,
        "code": span.code,
        "label": span.label,
        "start": span.start,
        "end": span.end,
        "due_on": due_on(span, _DUE_AFTER),
    }
    if span.start == _OPEN_YEAR:
        return {**made, "state": "planned"}
    opened = datetime.combine(span.end, datetime.min.time(), UTC)
    return {**made, "state": "closed", "opened_at": opened, "closed_at": opened + timedelta(days=120)}


def _asked(rows: Iterable[Mapping[str, str]]) -> dict[str, list[_Row]]:
    """Every district is asked for every measure; a few for a breakdown too, from the open year on."""
    districts = sorted({_district(row) for row in rows})
    every: list[_Row] = [
        {"indicator": code, "organization": district, "calendar": _CALENDAR, "starts_on": _FIRST_DAY}
        for code in INDICATORS
        for district in districts
    ]
    broken_down: list[_Row] = [
        {"indicator": "enrolment", "organization": code, "calendar": _CALENDAR, "starts_on": _OPEN_YEAR}
        for code in DEMO_PARTNERS
    ]
    return {
        "assignments": every + broken_down,
        "assignment_breakdowns": whole(broken_down, disaggregation=BREAKDOWN["code"]),
    }


def _answers(rows: Iterable[Mapping[str, str]]) -> dict[str, list[_Row]]:
    spans = {str(span.end.year): span for span in _spans()}
    reports, figures = [], []
    for row in rows:
        span = spans[row["year"]]
        place: _Row = {"organization": _district(row), "calendar": _CALENDAR, "period": span.code}
        due = due_moment(due_on(span, _DUE_AFTER), ZONE)
        # The source does not tell when a report came.
        received = (due - _BEFORE_DUE).replace(microsecond=0)
        times = dict.fromkeys(("saved_at", "submitted_at", "decided_at"), received)
        reports.append({**place, "due_at": due, "status": "approved", **times})
        figures += [
            {**place, "indicator": code, "version": 1, "derived": False, **_figure(code, row, received)}
            for code in INDICATORS
        ]
    return {"reports": reports, "observations": figures}


def _figure(code: str, row: Mapping[str, str], received: datetime) -> _Row:
    name, _facts = INDICATORS[code]
    if not row[name]:
        return {"entry": 0, "status": "missing"}
    value, pupils = _number(row[name]), _number(row["enrol"])
    said: _Row = {"entry": 1, "status": "reported", "received_at": received, "recorded_at": received}
    if code == "enrolment":
        return {**said, "amount": value}
    return {**said, "amount": value * pupils, "base": pupils}
